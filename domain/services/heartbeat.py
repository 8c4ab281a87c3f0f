"""What a site tells of itself: uptime, voltage, whether internet and DNS work from there, who is connected.

The sender is a router we do not trust: every field is optional, bounded, and refused by name when it cannot be true.
Only the time of arrival counts; the site's own clock is not asked.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.services.errors import HeartbeatRefusedError
from domain.time import Moment

MOST_TESTS: Final = 8
_LONGEST_VALUE: Final = 128
_TARGET = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:@_-]{0,99}")
_NAME = re.compile(r"[\w .:/+-]{1,64}", re.ASCII)
_ROUTEROS_UPTIME = re.compile(r"(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,3}):(\d{2}):(\d{2})(?:\.\d+)?)?")
_ROUTEROS_WORDS = re.compile(r"(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,3})h)?(?:(\d{1,3})m)?(?:(\d{1,3})s)?")


@dataclass(frozen=True, slots=True)
class PathTest:
    """One test made at the site. loss: 0 to 1, 1 is dead. rtt_seconds: None if not measured."""

    target: str
    loss: float
    rtt_seconds: float | None = None

    @property
    def ok(self) -> bool:
        return self.loss < 1


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One push. received: our time. None and empty: the site did not say."""

    site: str
    received: Moment
    sender: str = ""
    uptime_seconds: float | None = None
    voltage_volts: float | None = None
    internet: tuple[PathTest, ...] = ()
    dns: tuple[PathTest, ...] = ()
    dhcp_leases: int | None = None
    dhcp_pool: int | None = None
    hotspot_users: int | None = None
    pppoe_users: int | None = None
    serial: str = ""
    version: str = ""


Value = str | int | float | bool | None


def read_heartbeat(
    site: str, fields: Mapping[str, object] | Iterable[tuple[str, str]], received: Moment, sender: str = ""
) -> Heartbeat:
    """From a JSON object, or from the pairs of a form or query. Fields that are not known are ignored.

    Known: uptime (seconds, or RouterOS's 1w2d03:04:05), voltage (volts), internet and dns (tests: `target,loss
    percent,milliseconds`, repeated or separated by `;`; in JSON also {"target", "loss", "ms"}), leases, pool, hotspot,
    pppoe, serial, version. Raises HeartbeatRefusedError naming the field.
    """
    values: dict[str, list[object]] = {}
    for key, value in fields.items() if isinstance(fields, Mapping) else fields:
        values.setdefault(key, []).extend(value if isinstance(value, list) else [value])
    one = _Fields(values)
    return Heartbeat(
        site,
        received,
        sender,
        one.uptime("uptime"),
        one.number("voltage", 0, 1_000),
        one.tests("internet"),
        one.tests("dns"),
        one.count("leases"),
        one.count("pool"),
        one.count("hotspot"),
        one.count("pppoe"),
        one.name("serial"),
        one.name("version"),
    )


class _Fields:
    def __init__(self, values: Mapping[str, list[object]]) -> None:
        self._values = values

    def number(self, key: str, least: float, most: float) -> float | None:
        text = self._text(key)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise HeartbeatRefusedError(f"{key} is not a number") from None
        if not (math.isfinite(value) and least <= value <= most):
            raise HeartbeatRefusedError(f"{key} is not between {least:g} and {most:g}")
        return value

    def count(self, key: str) -> int | None:
        value = self.number(key, 0, 1_000_000)
        if value is not None and value != int(value):
            raise HeartbeatRefusedError(f"{key} is not a whole number")
        return None if value is None else int(value)

    def uptime(self, key: str) -> float | None:
        text = self._text(key)
        for pattern, units in (
            (_ROUTEROS_UPTIME, (604_800, 86_400, 3_600, 60, 1)),
            (_ROUTEROS_WORDS, (604_800, 86_400, 3_600, 60, 1)),
        ):
            match = pattern.fullmatch(text)
            if text and match:
                return float(sum(int(part or 0) * unit for part, unit in zip(match.groups(), units, strict=True)))
        return self.number(key, 0, 4e9)

    def name(self, key: str) -> str:
        text = self._text(key)
        if text and not _NAME.fullmatch(text):
            raise HeartbeatRefusedError(f"{key} holds characters that are none of a name")
        return text

    def tests(self, key: str) -> tuple[PathTest, ...]:
        given = [part for value in self._values.get(key, ()) for part in _parts(value)]
        if len(given) > MOST_TESTS:
            raise HeartbeatRefusedError(f"{key} holds more than {MOST_TESTS} tests")
        return tuple(_test(key, part) for part in given)

    def _text(self, key: str) -> str:
        values = self._values.get(key, [])
        if len(values) > 1:
            raise HeartbeatRefusedError(f"{key} is given more than once")
        value = values[0] if values else None
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise HeartbeatRefusedError(f"{key} is neither text nor a number")
        text = str(value).strip()
        if len(text) > _LONGEST_VALUE:
            raise HeartbeatRefusedError(f"{key} is longer than {_LONGEST_VALUE} characters")
        return text


def _parts(value: object) -> list[object]:
    if value is None:
        return []
    return [part for part in value.split(";") if part.strip()] if isinstance(value, str) else [value]


def _test(key: str, part: object) -> PathTest:
    if isinstance(part, str):
        target, loss, milliseconds = [*(piece.strip() for piece in part.split(",")), "", ""][:3]
    elif isinstance(part, Mapping):
        target, loss, milliseconds = (_shown(part.get(name)) for name in ("target", "loss", "ms"))
    else:
        raise HeartbeatRefusedError(f"{key} holds something that is no test")
    if not _TARGET.fullmatch(target):
        raise HeartbeatRefusedError(f"a test of {key} names no target")
    fields = _Fields({f"{key}'s loss": [loss], f"{key}'s ms": [milliseconds]})
    lost = fields.number(f"{key}'s loss", 0, 100)
    if lost is None:
        raise HeartbeatRefusedError(f"a test of {key} says no loss")
    took = fields.number(f"{key}'s ms", 0, 600_000)
    return PathTest(target, lost / 100, took / 1000 if took is not None and lost < 100 else None)


def _shown(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
