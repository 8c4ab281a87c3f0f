"""What kind of fault it is, how sure that is, and whose. Pure: evidence has been gathered before."""

from alerts.verdict.boot import Boot, BootRules, Uptime, boot_of, booting_witnesses
from alerts.verdict.judge import judge
from alerts.verdict.liable import Belongings, liable_by_people, liable_for
from alerts.verdict.rules import Thresholds

__all__ = [
    "Belongings",
    "Boot",
    "BootRules",
    "Thresholds",
    "Uptime",
    "boot_of",
    "booting_witnesses",
    "judge",
    "liable_by_people",
    "liable_for",
]
