"""What other systems call what the inventory knows: a device by its name or address, a site by its slug, an application
by its code or address. Looks it up in what the inventory shares; a country of names of its own would be 70 megabytes.
"""

from domain.network import Inventory


class Names:
    """Of one inventory, devices in use alone."""

    def __init__(self, inventory: Inventory) -> None:
        self._devices, self._at_site = inventory.used_by_name, inventory.used_at_site
        self._at_address: dict[str, str] = {}
        self._more: dict[str, list[str]] = {}  # where several devices have one address: the others
        for name, device in self._devices.items():
            if device.address and self._at_address.setdefault(device.address, name) != name:
                self._more.setdefault(device.address, []).append(name)
        self._services: dict[str, list[str]] = {}
        for service in inventory.services:
            for called in {service.code, service.url} - {""}:
                self._services.setdefault(called, []).append(service.code)

    def of(self, called: str) -> frozenset[str]:
        """Devices with their site, a site with its devices, applications; nothing for a name that nobody has."""
        devices = [*self._more.get(called, ()), *(device.name for device in self._at_site.get(called, ()))]
        if called in self._devices:
            devices.append(called)
        if called in self._at_address:
            devices.append(self._at_address[called])
        sites = [self._devices[name].site for name in devices]
        return frozenset((*devices, *sites, *self._services.get(called, ())))
