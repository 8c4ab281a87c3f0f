"""What a router says of the networks behind it, held against thresholds: foreign DHCP servers, addresses that two hosts
use, pools that run out.

Readings are rare and cost a conversation, so that patience is counted in readings (`polls`): what one says, the next
has to confirm. A reading that does not tell changes nothing.
"""

from collections.abc import Mapping
from typing import Final

from alerts.degraded.complaints import SOURCE, Complaint, ComplaintBook, Who
from alerts.degraded.figures import shown
from alerts.degraded.measures import Measure, unit_of
from alerts.degraded.rulebook import NONE, Rulebook
from alerts.degraded.subjects import Subjects
from alerts.degraded.thresholds import Threshold
from domain.incidents import Cause, CauseKind, Evidence, EvidenceKind
from domain.lan import LanReading, fullest

NAMED: Final = 5
"""More hosts than that are counted, not listed."""

_MEASURES: Final = (Measure.DHCP_ROGUE, Measure.ADDRESS_DUPLICATE, Measure.DHCP_POOL)


class LanWatch:
    def __init__(self, rules: Rulebook, book: ComplaintBook) -> None:
        self._rules, self._book = rules, book
        self._subjects = Subjects()
        self._streaks: dict[Who, int] = {}

    def know(self, subjects: Subjects) -> None:
        self._subjects = subjects
        for measure in _MEASURES:
            for who in self._book.all_of(measure):
                known = subjects.devices.get(who[3]) if who[3] else None
                if who[3] and (known is None or known.site != who[1]):
                    self._withdraw(who)

    def forget(self, device: str) -> None:
        """Nobody asks it any more."""
        for measure in _MEASURES:
            for who in self._book.all_of(measure):
                if who[3] == device:
                    self._withdraw(who)

    def note(self, device: str, reading: LanReading, *, pool_is_told: bool) -> bool:
        """pool_is_told: the site itself tells of its pool, more often than we ask. True: something waits for another
        reading to confirm it.
        """
        waits = False
        if reading.strangers is not None:
            told = [" ".join(filter(None, (each.mac, each.address, each.interface))) for each in reading.strangers]
            waits |= self._judge(Measure.DHCP_ROGUE, device, len(told), _listed(told))
        if reading.doubles is not None:
            told = [" ".join((str(each.address), *each.macs)) for each in reading.doubles]
            waits |= self._judge(Measure.ADDRESS_DUPLICATE, device, len(told), _listed(told))
        worst = fullest(reading.pools or ())
        if pool_is_told:
            self._end(Measure.DHCP_POOL, device)
        elif worst is not None:
            percent = round(100 * worst.share, 6)
            waits |= self._judge(Measure.DHCP_POOL, device, percent, {"what": f"DHCP {worst.name}"})
        return waits

    def _judge(self, measure: Measure, device: str, value: float, values: Mapping[str, str]) -> bool:
        known = self._subjects.devices.get(device)
        if known is None:
            return False
        number = self._rules.one(measure, known, self._subjects.kind(known))
        if number == NONE:
            return False
        threshold = self._rules[number]
        who: Who = (measure, known.site, threshold.reason, device)
        held = who in self._book
        wanted = threshold.holds(value, held)
        if wanted == held:
            self._streaks.pop(who, None)
            if held and measure is not Measure.DHCP_POOL:
                self._say(who, threshold, value, values)  # somebody else stands there now
            return False
        self._streaks[who] = self._streaks.get(who, 0) + 1
        if self._streaks[who] < threshold.polls:
            return True
        if wanted:
            self._streaks.pop(who)
            self._say(who, threshold, value, values)
        else:
            self._withdraw(who)
        return False

    def _say(self, who: Who, threshold: Threshold, value: float, values: Mapping[str, str]) -> None:
        measure, site, reason, device = who
        told = {SOURCE: str(measure), "device": device, **values}
        match measure:
            case Measure.DHCP_ROGUE:
                kind = EvidenceKind.DHCP_STRANGER
            case Measure.ADDRESS_DUPLICATE:
                kind = EvidenceKind.ADDRESS_TWICE
            case _:
                kind = EvidenceKind.THRESHOLD
                told |= {"value": shown(value), "limit": shown(threshold.raise_above), "unit": unit_of(measure)}
        cause = Cause(CauseKind.SITE, site)
        evidence = Evidence(kind, device, None, told)
        self._book.say(who, Complaint(cause, reason, frozenset({device}), evidence, threshold.urgency))

    def _end(self, measure: Measure, device: str) -> None:
        known = self._subjects.devices.get(device)
        for who in self._book.of(measure, known.site) if known else ():
            if who[3] == device:
                self._withdraw(who)

    def _withdraw(self, who: Who) -> None:
        self._streaks.pop(who, None)
        self._book.withdraw(who)


def _listed(told: list[str]) -> dict[str, str]:
    return {"count": str(len(told)), "what": ", ".join(told[:NAMED]) + (", …" if len(told) > NAMED else "")}
