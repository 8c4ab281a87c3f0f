"""The commands of a table menu: add, set, remove, find, get, enable, disable, comment, move; and of a single record.

Each changes the configuration at once, as the router writes it. Refusals are the console's.
"""

import ipaddress
from collections.abc import Callable, Sequence

from lab.cli.routeros.configuration import Configuration, Item
from lab.cli.routeros.errors import FailureError
from lab.cli.routeros.menus import Menu
from lab.cli.routeros.values import accepted

_NAMED_BY_ITSELF = {
    "/interface bridge": "bridge",
    "/interface vlan": "vlan",
    "/interface wireguard": "wireguard",
    "/interface gre": "gre-tunnel",
    "/interface l2tp-client": "l2tp-out",
    "/interface sstp-client": "sstp-out",
    "/interface ovpn-client": "ovpn-out",
    "/interface pppoe-client": "pppoe-out",
    "/interface eoip": "eoip-tunnel",
    "/interface ipip": "ipip-tunnel",
    "/interface bonding": "bonding",
    "/ip dhcp-server": "dhcp",
    "/system scheduler": "schedule",
    "/system script": "script",
    "/queue simple": "queue",
}
_CLEARED = {"ip", "range", "addresses", "text", "int", "time", "mac", "list"}


class Table:
    """One menu of a configuration, worked on."""

    def __init__(self, configuration: Configuration, menu: Menu) -> None:
        self._configuration = configuration
        self._menu = menu

    def missing(self, given: dict[str, str]) -> list[str]:
        """Required properties that `add` was not given."""
        return [each.name for each in self._menu.properties.values() if each.required and each.name not in given]

    def add(self, given: dict[str, str], place_before: str | None = None) -> Item:
        if self._menu.form != "list":
            raise FailureError("bad command name add")
        values = self._checked(given)
        path = self._menu.path
        if path in _NAMED_BY_ITSELF and "name" not in values:
            values["name"] = self._free_name(_NAMED_BY_ITSELF[path])
        self._derive(values)
        self._configuration.refuse_same(path, values)
        before = self.pick([place_before])[0] if place_before is not None else None
        item = self._configuration.add(path, values)
        if before is not None:
            items = self._configuration.items(path)
            items.remove(item)
            items.insert(items.index(before), item)
        return item

    def change(self, items: Sequence[Item], given: dict[str, str]) -> None:
        for item in items:
            renamed = self._menu.is_interface and given.get("name", item.given.get("name")) != item.given.get("name")
            values = item.given | self._checked(given)
            if "address" in given and "network" not in given:
                values.pop("network", None)
            self._derive(values)
            if set(given) & {"name", "address", "interface"}:
                self._configuration.refuse_same(self._menu.path, values, but=item)
            if renamed:
                self._configuration.rename_interface(item.given["name"], values["name"])
            item.given = values

    def remove(self, items: Sequence[Item]) -> None:
        for item in items:
            if self._menu.form != "list" or item.built_in:
                raise FailureError("failure: can not remove builtin")
            if self._menu.path == "/user" and self._is_last_full(item):
                raise FailureError("failure: last user with full rights can not be removed")
            self._configuration.items(self._menu.path).remove(item)

    def find(self, holds: Callable[[Item], bool]) -> list[Item]:
        return [item for item in self._configuration.items(self._menu.path) if holds(item)]

    def pick(self, names: Sequence[str], printed: Sequence[Item] | None = None) -> list[Item]:
        """Items by `*1A`, by name, or by their number in the last print; FailureError `no such item`."""
        items = self._configuration.items(self._menu.path)
        found: list[Item] = []
        for name in (each for joined in names for each in joined.replace(";", ",").split(",") if each):
            numbered = list(printed) if printed is not None else items
            if name.startswith("*"):
                matched = [item for item in items if item.id() == name]
            elif name.isdigit() and int(name) < len(numbered) and numbered[int(name)] in items:
                matched = [numbered[int(name)]]
            else:
                matched = [item for item in items if name in (item.given.get("name"), item.given.get("default-name"))]
            if not matched:
                raise FailureError("no such item")
            found.extend(matched)
        return found

    def move(self, items: Sequence[Item], before: Item | None) -> None:
        rows = self._configuration.items(self._menu.path)
        if before in items:
            return
        for item in items:
            rows.remove(item)
        at = len(rows) if before is None else rows.index(before)
        rows[at:at] = items

    def set_single(self, given: dict[str, str]) -> None:
        self._configuration.singles.setdefault(self._menu.path, {}).update(self._checked(given))

    def _checked(self, given: dict[str, str]) -> dict[str, str]:
        interfaces = {*self._configuration.interfaces(), *self._configuration.lists()}
        if "interface" in given and not self._menu.path.startswith("/interface list"):
            interfaces -= self._configuration.lists() - set(self._configuration.interfaces())
        values: dict[str, str] = {}
        for name, value in given.items():
            kind = self._menu.properties[name].kind
            values[name] = (
                value
                if not value and kind in _CLEARED
                else accepted(kind, name, value, interfaces=interfaces, lists=self._configuration.lists())
            )
        return values

    def _derive(self, values: dict[str, str]) -> None:
        if self._menu.path == "/ip address" and "network" not in values:
            values["network"] = str(ipaddress.IPv4Interface(values["address"]).network.network_address)
        if self._menu.path == "/ip route":
            values.setdefault("dst-address", "0.0.0.0/0")

    def _free_name(self, stem: str) -> str:
        taken = {item.given.get("name") for item in self._configuration.items(self._menu.path)}
        taken |= set(self._configuration.interfaces())
        number = 1
        while f"{stem}{number}" in taken:
            number += 1
        return f"{stem}{number}"

    def _is_last_full(self, item: Item) -> bool:
        full = [each for each in self._configuration.items("/user") if each.given.get("group") == "full"]
        return full == [item]
