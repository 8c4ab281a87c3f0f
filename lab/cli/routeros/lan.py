"""Who stands behind a simulated router: hosts with leases, what answers to ARP, foreign DHCP servers, neighbours.

Rows as the router prints them. Source: help.mikrotik.com "DHCP" (leases and their status, alerts and the line they
log), "ARP", "Neighbor discovery". Nothing of it is
configuration: export does not show it, and a restore does not change it.
"""

from dataclasses import dataclass, field

from lab.cli.routeros.configuration import Configuration, Item

LEASES, ARP, ALERTS, NEIGHBOURS = "/ip dhcp-server lease", "/ip arp", "/ip dhcp-server alert", "/ip neighbor"
_FIRST_NUMBER = 0x100000  # far behind the configuration's own items


@dataclass(slots=True)
class Lan:
    """Tests and trainers fill it; MAC addresses and times are written as the router writes them."""

    leases: list[dict[str, str]] = field(default_factory=list)
    arp: list[dict[str, str]] = field(default_factory=list)
    neighbours: list[dict[str, str]] = field(default_factory=list)
    _strangers: list[tuple[str, str, str]] = field(default_factory=list)

    def lease(self, address: str, mac: str, server: str, *, host: str = "", arp: str = "", interface: str = "") -> None:
        """One that is bound. arp: the MAC address that answers for it, its own unless said. interface: empty: none
        answers."""
        row = {"address": address, "mac-address": mac, "server": server, "status": "bound", "expires-after": "3h12m5s",
               "last-seen": "47m55s"}  # fmt: skip
        row |= {"active-address": address, "active-mac-address": mac, "active-server": server}
        self.leases.append(row | ({"host-name": host} if host else {}))
        if interface:
            self.answers(address, arp or mac, interface)

    def conflict(self, address: str, server: str, mac: str = "") -> None:
        """The server found that somebody has the address already."""
        row = {"address": address, "server": server, "status": "conflict", "expires-after": "6m59s", "last-seen": "1m",
               "active-address": address, "active-server": server}  # fmt: skip
        self.leases.append(row | ({"src-mac-address": mac} if mac else {}))

    def answers(self, address: str, mac: str, interface: str) -> None:
        self.arp.append({"address": address, "mac-address": mac, "interface": interface, "complete": "yes"})

    def neighbour(self, interface: str, identity: str, mac: str, **more: str) -> None:
        row = {"interface": interface, "mac-address": mac, "identity": identity, "platform": "MikroTik"}
        self.neighbours.append(row | {name.replace("_", "-"): value for name, value in more.items()})

    def stranger(self, configuration: Configuration, interface: str, mac: str, address: str) -> str:
        """A foreign DHCP server answers on a wire. The line that the router logs, '' if nobody there listens for it."""
        self._strangers.append((interface, mac, address))
        listens = any(
            item.given.get("interface") == interface and not item.disabled and mac not in _valid(item)
            for item in configuration.tables.get(ALERTS, ())
        )
        return f"dhcp alert on {interface}: discovered unknown dhcp server, mac {mac}, ip {address}" if listens else ""

    def quiet(self) -> None:
        """The foreign servers are gone and their alerts have run out."""
        self._strangers.clear()

    def items(self, path: str) -> list[Item]:
        """What a table holds beside what was configured."""
        rows = {LEASES: self.leases, ARP: self.arp}.get(path, [])
        return [Item(_FIRST_NUMBER + number, row | {"dynamic": "yes"}) for number, row in enumerate(rows)]

    def state(self, path: str, item: Item) -> dict[str, str]:
        """Read-only properties of a configured item, as they are now."""
        if path == LEASES and "status" not in item.given:
            return {"status": "waiting"}
        if path == ALERTS:
            unknown = [
                mac
                for interface, mac, _address in self._strangers
                if interface == item.given.get("interface") and mac not in _valid(item) and not item.disabled
            ]
            return {"unknown-server": ",".join(dict.fromkeys(unknown))} if unknown else {}
        if path == ARP and "complete" not in item.given:
            return {"complete": "yes"}
        return {}


def _valid(item: Item) -> list[str]:
    return item.given.get("valid-server", "").split(",")
