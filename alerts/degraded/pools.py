"""Addresses that a site's DHCP has left, as its heartbeat tells. A heartbeat that is missing changes nothing."""

from alerts.degraded.complaints import SOURCE, Complaint, ComplaintBook, Who
from alerts.degraded.figures import shown
from alerts.degraded.measures import Measure, unit_of
from alerts.degraded.rulebook import NONE, Rulebook
from alerts.degraded.subjects import Subjects
from domain.incidents import Cause, CauseKind, Evidence, EvidenceKind


class PoolWatch:
    def __init__(self, rules: Rulebook, book: ComplaintBook) -> None:
        self._rules, self._book = rules, book
        self._subjects = Subjects()

    def know(self, subjects: Subjects) -> None:
        self._subjects = subjects
        for who in self._book.all_of(Measure.DHCP_POOL):
            if who[1] not in subjects.kinds:
                self._book.withdraw(who)

    def forget(self, site: str) -> None:
        for who in self._book.of(Measure.DHCP_POOL, site):
            self._book.withdraw(who)

    def note(self, site: str, pool_used: float | None) -> None:
        """pool_used: 0 to 1, None: it does not say."""
        if site not in self._subjects.kinds or pool_used is None:
            return
        number = self._rules.one(Measure.DHCP_POOL, None, self._subjects.kinds[site])
        if number == NONE:
            return
        threshold = self._rules[number]
        who: Who = (Measure.DHCP_POOL, site, threshold.reason, "")
        percent = round(100 * pool_used, 6)
        held = who in self._book
        if not threshold.holds(percent, held):
            self._book.withdraw(who)
        elif not held:
            values = {
                SOURCE: Measure.DHCP_POOL.value,
                "what": "DHCP",
                "value": shown(percent),
                "limit": shown(threshold.raise_above),
                "unit": unit_of(Measure.DHCP_POOL),
            }
            cause = Cause(CauseKind.SITE, site)
            member = self._subjects.gateway(site)
            evidence = Evidence(EvidenceKind.THRESHOLD, member, None, values)
            self._book.say(who, Complaint(cause, threshold.reason, frozenset({member}), evidence, threshold.urgency))
