"""What a property accepts, by its kind; the value comes back as the router would print it, or the console's refusal.

Refusals follow what the console prints: `input does not match any value of interface`, `value of vlan-id out of
range (1..4094)`, `invalid value for argument address`.
"""

import ipaddress
import re
from collections.abc import Collection

from lab.cli.routeros.errors import FailureError

_TIME_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_ACTIONS = (
    "accept", "add-dst-to-address-list", "add-src-to-address-list", "drop", "dst-nat", "fasttrack-connection", "jump",
    "log", "masquerade", "netmap", "notrack", "passthrough", "redirect", "reject", "return", "same", "src-nat",
    "tarpit", "mark-connection", "mark-packet", "mark-routing", "change-mss", "change-dscp", "change-ttl",
    "encrypt", "discard", "none",
)  # fmt: skip
_CLOCK = re.compile(r"^(?:(\d+)d)?\s*(\d{1,2}):(\d{2})(?::(\d{2}))?$")
_PIECE = re.compile(r"(\d+(?:\.\d+)?)(ms|[wdhms])")
_MAC = re.compile(r"^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$")


def accepted(kind: str, name: str, value: str, *, interfaces: Collection[str] = (), lists: Collection[str] = ()) -> str:
    """The value as kept; FailureError with the console's words."""
    match kind:
        case "bool":
            return _choice(name, value, ("yes", "no"), {"true": "yes", "false": "no"})
        case "int":
            if not re.fullmatch(r"-?\d+", value):
                raise FailureError(f"invalid value for argument {name}")
            return str(int(value))
        case "vlan":
            if not value.isdigit():
                raise FailureError(f"invalid value for argument {name}")
            if not 1 <= int(value) <= 4094:
                raise FailureError(f"value of {name} out of range (1..4094)")
            return value
        case "ip":
            return _address(name, value)
        case "cidr" | "cidr6":
            return _interface_address(name, value)
        case "prefix" | "prefix6":
            return _prefix(name, value)
        case "range" | "addresses":
            return ",".join(_range(name, each) for each in value.split(",")) if value else ""
        case "mac":
            if not _MAC.match(value):
                raise FailureError(f"invalid value of mac-address, mac address required for argument {name}")
            return value.upper()
        case "time":
            return printed_time(seconds_of(name, value))
        case "action":
            return _choice(name, value, _ACTIONS, {})
        case "interface" | "bridge":
            if value not in interfaces and value not in ("all", ""):
                raise FailureError(f"input does not match any value of {name}")
            return value
        case "list":
            if value.lstrip("!") not in {*lists, "all", "none", "static", "dynamic"}:
                raise FailureError(f"input does not match any value of {name}")
            return value
    return value


def seconds_of(name: str, value: str) -> float:
    """`1w2d3h4m5s`, `10m`, `00:05:00`, `90` (seconds), `300ms`."""
    if matched := _CLOCK.match(value):
        days, hours, minutes, seconds = (int(part or 0) for part in matched.groups())
        return days * 86400 + hours * 3600 + minutes * 60 + seconds
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    pieces = _PIECE.findall(value)
    if not pieces or "".join(number + unit for number, unit in pieces) != value:
        raise FailureError(f"invalid time value for argument {name}")
    return sum(float(number) * (0.001 if unit == "ms" else _TIME_UNITS[unit]) for number, unit in pieces)


def printed_time(seconds: float) -> str:
    """As the router prints it: `1w2d3h4m5s`."""
    if 0 < seconds < 1:
        return f"{round(seconds * 1000)}ms"
    left, text = int(seconds), ""
    for unit, size in _TIME_UNITS.items():
        count, left = divmod(left, size)
        text += f"{count}{unit}" if count else ""
    return text or "0s"


def _choice(name: str, value: str, values: Collection[str], also: dict[str, str]) -> str:
    value = also.get(value, value)
    if value not in values:
        raise FailureError(f"input does not match any value of {name}")
    return value


def _address(name: str, value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise FailureError(f"invalid value for argument {name}") from None


def _interface_address(name: str, value: str) -> str:
    try:
        made = ipaddress.ip_interface(value)
    except ValueError:
        raise FailureError(f"invalid value for argument {name}") from None
    return made.with_prefixlen


def _prefix(name: str, value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=True))
    except ValueError:
        raise FailureError(f"invalid value for argument {name}") from None


def _range(name: str, value: str) -> str:
    """An address, a prefix or `a-b`, with an optional `!` before it."""
    bare = value.removeprefix("!")
    if "-" in bare:
        low, _dash, high = bare.partition("-")
        return value[: len(value) - len(bare)] + f"{_address(name, low)}-{_address(name, high)}"
    try:
        network = ipaddress.ip_network(bare, strict=False)
    except ValueError:
        raise FailureError(f"invalid value for argument {name}") from None
    full = network.prefixlen == network.max_prefixlen
    return value[: len(value) - len(bare)] + (
        str(network.network_address) if full and "/" not in bare else str(network)
    )
