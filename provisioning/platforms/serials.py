"""Whose serial answers: where a device tells its own, and which of what it tells can be compared with the plan. Pure.

Sources: Cisco, `show version` (Processor board ID, System serial number); Huawei, `display esn`, `display device
manufacture-info`, `display elabel`; Linux, Documentation/ABI/testing/sysfs-class-dmi and machine-id(5); OpenWrt,
/etc/board.json. An OLT is known by its address and key; of it the ONUs' serials count (`pushing.onus`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from domain.intent import Platform
from domain.network.units import plain_serial


@dataclass(frozen=True, slots=True)
class SerialQuestion:
    """One command, and where serials stand in its answer (group 1, sought in every line). seconds: it may take."""

    asks: str
    finds: tuple[str, ...]
    seconds: float = 30.0

    def found_in(self, answer: str) -> tuple[str, ...]:
        """Each once, in the order of the patterns; what makers write where they have no serial is left out."""
        told = (text for pattern in self.finds for text in re.findall(pattern, answer, re.MULTILINE | re.IGNORECASE))
        return tuple(dict.fromkeys(text for each in told if (text := each.strip()) and not _NOTHING.fullmatch(text)))


_NOTHING: Final = re.compile(
    r"(?i)0+|-+|n/?a|none|null|unknown|default string|not (?:specified|applicable|available)|"
    r"to be filled by o\.?e\.?m\.?|o\.?e\.?m\.?|(?:system|base ?board|chassis) ?serial ?(?:number)?|123456789|"
    r"00:00:00:00:00:00"
)

WRITTEN: Final[Mapping[Platform, str]] = {
    Platform.ROUTEROS: r"^# serial number = (\S+)",
    Platform.IOS: r"^license udi pid \S+ sn (\S+)",
}
"""Where the configuration itself tells whose it is; then nobody is asked."""

# Of the firmware's files some are root's alone; the program that applies changes reads those.
_FIRMWARE: Final = (
    "for f in product board chassis; do f=/sys/class/dmi/id/${f}_serial; "
    '[ ! -r "$f" ] || echo "serial $(cat "$f" 2>/dev/null)"; done; f=/sys/firmware/devicetree/base/serial-number; '
    '[ ! -r "$f" ] || echo "serial $(tr -d \'\\000\' <"$f")"; '
)
_MACS: Final = 'for f in /sys/class/net/*/address; do [ ! -r "$f" ] || echo "mac $(cat "$f")"; done; '
_LINES: Final = (r"^serial (.+)$", r"^machine-id ([0-9a-f]{32})$", r"^mac ([0-9a-f:]{17})$")
_PROGRAM: Final = "/usr/local/sbin/kentongan-apply"
_LINUX: Final = SerialQuestion(
    f'{_FIRMWARE}if [ "$(id -u)" != 0 ] && [ -x {_PROGRAM} ]; then sudo -n {_PROGRAM} serials 2>/dev/null; fi; '
    f'[ ! -r /etc/machine-id ] || echo "machine-id $(cat /etc/machine-id)"; {_MACS}true',
    _LINES,
)
_OPENWRT: Final = SerialQuestion(
    f'{_FIRMWARE}[ ! -r /etc/board.json ] || grep -o \'"macaddr": *"[^"]*"\' /etc/board.json; {_MACS}true',
    (*_LINES, r'"macaddr": *"([0-9a-f:]{17})"'),
)

QUESTIONS: Final[Mapping[Platform, tuple[SerialQuestion, ...]]] = {
    Platform.IOS: (
        SerialQuestion("show version", (r"^system serial number\s*: *(\S+)", r"^processor board id (\S+)")),
    ),
    Platform.VRP: (
        SerialQuestion("display esn", (r"\bESN of [^:\n]*: *(\S+)",)),
        SerialQuestion(
            "display device manufacture-info", (r"^\s*\d+\s+\S+\s+(?:\S+\s+)?([0-9A-Z]{12,24})\s+\d{4}-\d\d-\d\d",)
        ),
        SerialQuestion("display elabel", (r"^\s*BarCode=(\S+)",), 60.0),
    ),
    Platform.FRR: (_LINUX,),
    Platform.OPENWRT: (_OPENWRT,),
}
"""Asked one after the other until one tells something."""


def comparable(planned: str, told: tuple[str, ...]) -> tuple[str, ...]:
    """Of what a device told: the same kind as what was planned. A box of the office is written down by the serial on
    its label, by the address of its first port, or, where it has neither, by its machine-id; none is compared with
    another."""
    kind = _kind(planned)
    return tuple(each for each in told if _kind(each) == kind)


def _kind(text: str) -> str:
    if re.fullmatch(r"(?i)[0-9a-f]{2}([:-][0-9a-f]{2}){5}", text.strip()):
        return "mac"
    return "machine-id" if re.fullmatch(r"[0-9a-f]{32}", plain_serial(text).lower()) else "serial"
