"""An ONU that was replaced: which one is registered where on an OLT, and its registration with another serial. Pure.

What comes out is an intent of one line, so that it is planned, told, looked at again and taken back as any other.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.intent import Configuration, Platform, Section
from provisioning.difference.blocks import known_as, read_blocks

PART = "registration"


@dataclass(frozen=True, slots=True)
class Registration:
    """port: `1/1/3` on ZTE, `0/1/3` on Huawei. serial: four letters and eight hexadecimal digits. line: as the OLT
    shows it, under heading.
    """

    port: str
    onu: int
    serial: str
    heading: str
    line: str


def registrations(platform: Platform, read: str) -> Iterator[Registration]:
    """read: the OLT's configuration as a backup keeps it. Nothing for what is no OLT."""
    for heading, block in read_blocks(read.splitlines()).below.items():
        for line in block.below:
            if platform is Platform.ZTE_OLT and (
                found := re.match(r"interface gpon-olt_(\S+)\nonu (\d+) type \S+ sn (\S+)", f"{heading}\n{line}")
            ):
                yield Registration(found[1], int(found[2]), found[3].upper(), heading, line)
            elif platform is Platform.HUAWEI_OLT and (
                found := re.match(r"interface gpon (\S+)\nont add (\d+) (\d+) sn-auth (\S+)", f"{heading}\n{line}")
            ):
                yield Registration(f"{found[1]}/{found[2]}", int(found[3]), _letters(found[4]), heading, line)


WAITING: Final[Mapping[Platform, str]] = {
    Platform.ZTE_OLT: "show gpon onu uncfg",
    Platform.HUAWEI_OLT: "display ont autofind all",
}
"""What an OLT is asked for the ONUs that have light and that nobody registered."""


_WAITS: Final = re.compile(r"\s*gpon[-_]o(?:nu|lt)[-_](\d+/\d+/\d+)(?::\d+)?\s.*?\b([A-Za-z]{4}[0-9A-Fa-f]{8})\b")


def waiting(answer: str) -> Iterator[tuple[str, str]]:
    """Port and serial of each of them. ZTE writes one a line (`gpon-onu_1/1/3:1`, on newer firmware `gpon-olt_1/1/3`),
    Huawei a block (`F/S/P`, `Ont SN`)."""
    port = ""
    for line in answer.splitlines():
        if found := re.match(
            r"\s*gpon[-_]o(?:nu|lt)[-_](\d+/\d+/\d+)(?::\d+)?\s.*?\b([A-Za-z]{4}[0-9A-Fa-f]{8})\b", line
        ):
            yield found[1], found[2].upper()
        elif found := re.match(r"\s*F/S/P\s*: *(\d+/\d+/\d+)", line):
            port = found[1]
        elif port and (found := re.match(r"\s*Ont SN\s*: *([0-9A-Fa-f]{16})\b", line)):
            yield port, _letters(found[1])


def registered_anew(device: str, platform: Platform, held: Registration, serial: str) -> Configuration:
    """The OLT's intent for one ONU: as it is registered, with this serial. serial: as on the label, `ZTEGC0FFEE01`."""
    word = "sn" if platform is Platform.ZTE_OLT else "sn-auth"
    line = known_as(re.sub(rf"\b{word} \S+", f"{word} {serial.upper()}", held.line))
    return Configuration(device, platform, 0, (Section(PART, (held.heading, f" {line}")),))


def _letters(serial: str) -> str:
    """Huawei shows the maker's four letters in hexadecimal."""
    if re.fullmatch(r"[0-9A-Fa-f]{16}", serial):
        return (bytes.fromhex(serial[:8]).decode("ascii", "replace") + serial[8:]).upper()
    return serial.upper()
