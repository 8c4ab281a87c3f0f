"""Whether the router's own configuration lets a manager's SSH packets in and its answers out again.

Looked at: the address we manage it at, its interface, `/ip service ssh`, the input chain, and a way back. Rules by
help.mikrotik.com "Filter": in order, first match decides, no match accepts; log and add-to-list pass on.
"""

import ipaddress
from collections.abc import Callable

from lab.cli.routeros.configuration import Configuration, Item


def admits(configuration: Configuration, reached_at: str, manager: str, *, established: bool) -> bool:
    """`reached_at` is the router's address (without length; empty: by console, always admitted)."""
    if not reached_at:
        return True
    here = [name for address, name in configuration.networks() if str(address.ip) == reached_at]
    if not here or not _way_back(configuration, manager):
        return False
    if not established and not _service(configuration, manager):
        return False
    return _input(configuration, "input", here[0], reached_at, manager, established=established) is not False


def _service(configuration: Configuration, manager: str) -> bool:
    ssh = next(item for item in configuration.items("/ip service") if item.given["name"] == "ssh")
    allowed = ssh.given.get("address", "")
    return not ssh.disabled and (not allowed or any(_within(manager, each) for each in allowed.split(",")))


def _way_back(configuration: Configuration, manager: str) -> bool:
    networks = configuration.networks()
    if any(ipaddress.ip_address(manager) in address.network for address, _name in networks):
        return True
    return any(
        not item.disabled
        and _within(manager, item.given["dst-address"])
        and _gateway_up(configuration, item.given.get("gateway", ""))
        for item in configuration.tables.get("/ip route", ())
        if item.given.get("routing-table", "main") == "main"
    )


def _gateway_up(configuration: Configuration, gateway: str) -> bool:
    name = gateway.partition("%")[0]
    if name in configuration.interfaces():
        return configuration.interface_up(name)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return any(address in network.network for network, _name in configuration.networks())


def _input(
    configuration: Configuration,
    chain: str,
    interface: str,
    to: str,
    manager: str,
    *,
    established: bool,
    depth: int = 0,
) -> bool | None:
    """True accepted, False dropped, None: the chain ended without a word."""
    for rule in configuration.tables.get("/ip firewall filter", ()):
        if rule.disabled or rule.given.get("chain") != chain:
            continue
        if not _matches(configuration, rule, interface, to, manager, established=established):
            continue
        action = rule.given.get("action", "accept")
        if action == "accept":
            return True
        if action in ("drop", "reject", "tarpit"):
            return False
        if action == "return":
            return None
        if action == "jump" and depth < 8:
            target = rule.given.get("jump-target", "")
            decided = _input(configuration, target, interface, to, manager, established=established, depth=depth + 1)
            if decided is not None:
                return decided
    return None


def _matches(
    configuration: Configuration, rule: Item, interface: str, to: str, manager: str, *, established: bool
) -> bool:
    given = rule.given
    tests: dict[str, Callable[[str], bool]] = {
        "protocol": lambda value: _named(value, {"tcp", "6"}),
        "dst-port": lambda value: _port(value, 22),
        "src-port": lambda value: False,
        "src-address": lambda value: _within(manager, value),
        "dst-address": lambda value: _within(to, value),
        "src-address-list": lambda value: _on_list(configuration, manager, value),
        "dst-address-list": lambda value: _on_list(configuration, to, value),
        "in-interface": lambda value: _named(value, {interface, "all"}),
        "in-interface-list": lambda value: _in_list(configuration, interface, value),
        "out-interface": lambda value: False,
        "out-interface-list": lambda value: False,
        "connection-state": lambda value: _state(value, "established" if established else "new"),
        "icmp-options": lambda value: False,
        "connection-nat-state": lambda value: value.startswith("!"),
    }
    return all(test(given[name]) for name, test in tests.items() if given.get(name))


def _named(value: str, names: set[str]) -> bool:
    return (value.lstrip("!") in names) != value.startswith("!")


def _state(value: str, state: str) -> bool:
    return (state in value.lstrip("!").split(",")) != value.startswith("!")


def _port(value: str, port: int) -> bool:
    found = False
    for each in value.lstrip("!").split(","):
        low, _dash, high = each.partition("-")
        found = found or (low.isdigit() and int(low) <= port <= int(high or low))
    return found != value.startswith("!")


def _within(address: str, value: str) -> bool:
    bare, negated = value.lstrip("!"), value.startswith("!")
    at = ipaddress.ip_address(address)
    try:
        if "-" in bare:
            low, _dash, high = bare.partition("-")
            inside = int(ipaddress.ip_address(low)) <= int(at) <= int(ipaddress.ip_address(high))
        else:
            network = ipaddress.ip_network(bare, strict=False)
            inside = network.version == at.version and at in network
    except ValueError:
        return False
    return inside != negated


def _on_list(configuration: Configuration, address: str, value: str) -> bool:
    entries = configuration.tables.get("/ip firewall address-list", ())
    inside = any(
        not item.disabled and item.given["list"] == value.lstrip("!") and _within(address, item.given["address"])
        for item in entries
    )
    return inside != value.startswith("!")


def _in_list(configuration: Configuration, interface: str, value: str) -> bool:
    name = value.lstrip("!")
    members = {
        item.given["interface"]
        for item in configuration.tables.get("/interface list member", ())
        if item.given["list"] == name and not item.disabled
    }
    return (interface in members or name == "all") != value.startswith("!")
