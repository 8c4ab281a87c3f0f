"""A router's configuration: tables of items and single records, by menu. A value with a deep copy for backups."""

import ipaddress
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lab.cli.routeros.errors import FailureError
from lab.cli.routeros.menus import Menu, menus_of

_SERVICES = (
    ("telnet", "23", "no"),
    ("ftp", "21", "no"),
    ("www", "80", "no"),
    ("ssh", "22", "no"),
    ("www-ssl", "443", "yes"),
    ("api", "8728", "no"),
    ("winbox", "8291", "no"),
    ("api-ssl", "8729", "no"),
)
_ACTIONS = (("memory", "memory"), ("disk", "disk"), ("echo", "echo"), ("remote", "remote"))
_GROUPS = ("read", "write", "full")


@dataclass(slots=True)
class Item:
    """`given` holds what differs from nothing at all; defaults come from the menu. `built_in` items cannot be removed,
    `base` is what they were at the factory: export prints only what differs from it."""

    number: int
    given: dict[str, str]
    built_in: bool = False
    base: dict[str, str] = field(default_factory=dict)

    def id(self) -> str:
        return f"*{self.number:X}"

    def value(self, menu: Menu, name: str) -> str:
        return self.given[name] if name in self.given else menu.default(name)

    @property
    def disabled(self) -> bool:
        return self.given.get("disabled") == "yes"


@dataclass(slots=True)
class Configuration:
    major: int
    tables: dict[str, list[Item]] = field(default_factory=dict)
    singles: dict[str, dict[str, str]] = field(default_factory=dict)
    next_number: int = 1

    @property
    def menus(self) -> dict[str, Menu]:
        return menus_of(self.major)

    def copy(self) -> "Configuration":
        return deepcopy(self)

    def items(self, path: str) -> list[Item]:
        return self.tables.setdefault(path, [])

    def single(self, path: str, name: str) -> str:
        return self.singles.get(path, {}).get(name, self.menus[path].default(name))

    def add(self, path: str, given: dict[str, str], *, built_in: bool = False) -> Item:
        base = dict(given) if built_in else {}
        item = Item(self.next_number, dict(given), built_in, base)
        self.next_number += 1
        self.items(path).append(item)
        return item

    def interfaces(self) -> dict[str, tuple[str, Item]]:
        """Every interface by its name: the menu it lives in, and its item."""
        return {
            item.given["name"]: (path, item)
            for path, menu in self.menus.items()
            if menu.is_interface
            for item in self.tables.get(path, ())
            if "name" in item.given
        }

    def lists(self) -> set[str]:
        return {item.given["name"] for item in self.tables.get("/interface list", ())}

    def interface_up(self, name: str) -> bool:
        """Not disabled, and neither is what it rides on."""
        found = self.interfaces().get(name)
        if found is None or found[1].disabled:
            return False
        under = found[1].given.get("interface")
        return under is None or self.interface_up(under)

    def rename_interface(self, old: str, new: str) -> None:
        """References follow the interface, as on the router."""
        for path, menu in self.menus.items():
            for item in self.tables.get(path, ()):
                for name, value in item.given.items():
                    kind = menu.properties[name].kind if name in menu.properties else ""
                    if kind in ("interface", "bridge") and value == old:
                        item.given[name] = new
                    elif name in ("tagged", "untagged", "interfaces", "slaves"):
                        item.given[name] = ",".join(new if each == old else each for each in value.split(","))

    def networks(self) -> list[tuple[ipaddress.IPv4Interface, str]]:
        """Addresses that are in force, with their interfaces."""
        return [
            (ipaddress.IPv4Interface(item.given["address"]), item.given["interface"])
            for item in self.tables.get("/ip address", ())
            if not item.disabled and self.interface_up(item.given["interface"])
        ]

    def refuse_same(self, path: str, given: dict[str, str], but: Item | None = None) -> None:
        """The router's own checks for what is there already."""
        others = [item for item in self.items(path) if item is not but]
        menu = self.menus[path]
        if menu.is_interface and "name" in given:
            holder = self.interfaces().get(given["name"])
            if holder is not None and holder[1] is not but:
                raise FailureError("failure: already have interface with such name")
        elif path == "/ip address" and any(
            (item.given["address"], item.given["interface"]) == (given.get("address"), given.get("interface"))
            for item in others
        ):
            raise FailureError("failure: already have such address")
        elif path == "/user" and any(item.given["name"] == given.get("name") for item in others):
            raise FailureError("failure: user with the same name already exists")
        elif path == "/interface bridge port" and any(
            item.given["interface"] == given.get("interface") for item in others
        ):
            raise FailureError("failure: device already added as bridge port")
        elif path == "/ip firewall address-list" and any(
            (item.given["list"], item.given["address"]) == (given.get("list"), given.get("address")) for item in others
        ):
            raise FailureError("failure: already have such entry")
        elif "name" in given and any(item.given.get("name") == given["name"] for item in others):
            raise FailureError(f"failure: {path.split()[-1]} with such name exists")


HEX_S = ("ether1", "ether2", "ether3", "ether4", "ether5", "sfp1")


def factory(major: int, *, interfaces: Sequence[str] = HEX_S, mac: int = 0x4C5E0C000100) -> Configuration:
    """A router without the default configuration (`reset-configuration no-defaults=yes`)."""
    made = Configuration(major)
    for number, name in enumerate(interfaces, start=1):
        address = ":".join(f"{mac + number:012X}"[at : at + 2] for at in range(0, 12, 2))
        given = {"name": name, "default-name": name, "mac-address": address}
        path = "/interface ethernet"
        if name.startswith(("wlan", "wifi")):
            path = "/interface wifi" if name.startswith("wifi") else "/interface wireless"
            given = {"name": name, "default-name": name, "disabled": "yes"}
        made.add(path, given, built_in=True)
    for name, port_number, disabled in _SERVICES:
        made.add("/ip service", {"name": name, "port": port_number, "disabled": disabled}, built_in=True)
    for name in _GROUPS:
        made.add("/user group", {"name": name}, built_in=True)
    made.add("/user", {"name": "admin", "group": "full", "password": ""}, built_in=False)
    made.add("/snmp community", {"name": "public", "addresses": "::/0" if major == 7 else "0.0.0.0/0"}, built_in=True)
    for name, target in _ACTIONS:
        made.add("/system logging action", {"name": name, "target": target}, built_in=True)
    for topics in ("info", "error", "warning", "critical"):
        made.add(
            "/system logging",
            {"topics": topics, "action": "echo" if topics == "critical" else "memory"},
            built_in=True,
        )
    for name in ("default", "default-encryption"):
        made.add("/ppp profile", {"name": name}, built_in=True)
    made.add("/interface wireless security-profiles", {"name": "default"}, built_in=True)
    if major > 6:
        made.add("/routing table", {"name": "main", "fib": "yes"}, built_in=True)
    return made
