"""What an uptime says of an outage: did the device lose its power, run through, or was it restarted by hand meanwhile?

Staff switch routers off and on when the internet dies. So a boot counts for power only if it fits the return: it ended
in the minutes before the first answer, and the neighbours of the same cut do not contradict it. sysUpTime counts
hundredths of a second on a circle of 2^32 (497 days; RFC 3418, RFC 2578 TimeTicks): day 497 is no boot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.incidents import Evidence, EvidenceKind

CIRCLE: Final = 2**32


class Boot(StrEnum):
    ON_RETURN = "on-return"
    STAYED_ON = "stayed-on"
    DURING = "during"
    UNKNOWN = "unknown"  # the uptime cannot be, or nobody read it


@dataclass(frozen=True, slots=True)
class Uptime:
    """ticks: hundredths of a second as read, at a time that no jump of our clock lies behind."""

    ticks: int
    at: datetime


@dataclass(frozen=True, slots=True)
class BootRules:
    """boot: the longest from power to the first answer, an OLT's five minutes aside. slack: of clocks and polls."""

    boot: timedelta = timedelta(seconds=180)
    slack: timedelta = timedelta(seconds=30)
    majority: float = 0.8


RULES: Final = BootRules()


def boot_of(
    began: datetime, answered: datetime, after: Uptime | None, before: Uptime | None = None, rules: BootRules = RULES
) -> Boot:
    """began: first miss. answered: first answer after it. after: read after the return. before: the last before.

    `before` tells a counter that went round from a boot; without it a boot is believed.
    """
    if after is None or answered < began or after.at < answered - rules.slack:
        return Boot.UNKNOWN
    if before is not None and _went_on(before, after, rules.slack):
        return Boot.STAYED_ON
    booted = after.at - timedelta(milliseconds=10 * (after.ticks % CIRCLE))
    if booted > answered + rules.slack:
        return Boot.UNKNOWN  # restarted again after it was back
    if booted < began - rules.slack:
        return Boot.STAYED_ON
    return Boot.ON_RETURN if booted >= answered - rules.boot - rules.slack else Boot.DURING


def _went_on(before: Uptime, after: Uptime, slack: timedelta) -> bool:
    """Compared on the circle, both ways round; only while it can go round less than half between the readings."""
    elapsed = round((after.at - before.at) / timedelta(milliseconds=10))
    distance = (after.ticks - before.ticks - elapsed) % CIRCLE
    return min(distance, CIRCLE - distance) <= slack / timedelta(milliseconds=10)


def booting_witnesses(
    boots: Mapping[str, Boot], at: datetime, alone: bool = False, rules: BootRules = RULES
) -> tuple[Evidence, ...]:
    """What the devices of one cut say together, one line for each that says something, sorted by name.

    A few that booted while the most ran through were restarted by hand just before the return. alone: it was one
    device whose neighbours at the site lived on, so that a boot is a restart of its own.
    """
    ran = sum(boot in (Boot.STAYED_ON, Boot.DURING) for boot in boots.values())
    booted = sum(boot is Boot.ON_RETURN for boot in boots.values())
    outvoted = ran >= rules.majority * (ran + booted)
    said = {
        Boot.STAYED_ON: EvidenceKind.STAYED_ON,
        Boot.DURING: EvidenceKind.RESTARTED_DURING,
        Boot.ON_RETURN: EvidenceKind.RESTARTED_DURING if outvoted else EvidenceKind.BOOTED_ON_RETURN,
    }
    if alone:
        said[Boot.ON_RETURN] = EvidenceKind.REBOOTED
    return tuple(Evidence(said[boot], name, at) for name, boot in sorted(boots.items()) if boot in said)
