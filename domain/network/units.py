"""Units: the pieces of hardware that stood under a device's name one after the other, and questions about them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.network.devices import DeviceStatus

_SEPARATORS: Final = re.compile(r"[\s:./_-]+")
FATES: Final = (DeviceStatus.SPARE, DeviceStatus.RMA, DeviceStatus.LOST)
"""What may become of a unit that was taken down."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """A unit took another's place. old_name: the row that the old one has since. revision: of the old one's last kept
    configuration ('' where there is none). job: the change that did it.
    """

    job: str
    device: str
    old_name: str
    old_serial: str
    old_model: str
    old_platform: str
    fate: DeviceStatus
    new_serial: str
    new_model: str
    new_platform: str
    reason: str
    revision: str
    who: str
    at: datetime


class Answer(StrEnum):
    """To the question whether a unit was replaced."""

    REPLACED = "replaced"
    DISMISSED = "dismissed"  # a person says that it is no replacement: the serial is read or written wrong
    WITHDRAWN = "withdrawn"  # the known unit is there again, or the inventory says so by now


@dataclass(frozen=True, slots=True)
class UnitQuestion:
    """At a known place another serial was seen: was the unit replaced? seen_by: the device that told it, itself or its
    OLT. first_at, last_at: when it was seen. answer: None while it is open.
    """

    device: str
    serial: str
    known_serial: str
    model: str
    platform: str
    seen_by: str
    first_at: datetime
    last_at: datetime
    answer: Answer | None = None
    answered_by: str = ""
    answered_at: datetime | None = None


def plain_serial(serial: str) -> str:
    """For comparing: people and devices write the same serial with and without separators, in either case, and an
    ONU's first four letters as letters or in hexadecimal (ITU-T G.984.3, 9.2.4.1)."""
    text = _SEPARATORS.sub("", serial).upper()
    if re.fullmatch(r"[0-9A-F]{16}", text):
        letters = bytes.fromhex(text[:8])
        if letters.isalpha() and letters.isascii():
            return letters.decode().upper() + text[8:]
    return text


def is_same_unit(one: str, other: str) -> bool:
    """By serial. An empty one tells nothing."""
    return not one or not other or plain_serial(one) == plain_serial(other)


def spare_name(device: str, serial: str, taken: Mapping[str, object], on: datetime) -> str:
    """`rtr-cibodas-HE108PZ0`: the row of a unit that was taken down; by the day where its serial is not known."""
    mark = re.sub(r"[^A-Za-z0-9]+", "-", serial).strip("-") or f"{on:%Y%m%d}"
    name = f"{device}-{mark}"
    number = 2
    while name in taken:
        name = f"{device}-{mark}-{number}"
        number += 1
    return name
