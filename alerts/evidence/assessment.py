"""The desk's advisor: impact from the inventory, verdict from the witnesses, who is liable, what is muted."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from alerts.desk.impact import ImpactBook
from alerts.desk.ports import Opinion
from alerts.desk.urgency import urgency_of
from alerts.evidence.witnesses import Witnesses
from alerts.verdict import Belongings, judge, liable_for
from domain.incidents import CauseKind, Condition, Evidence, EvidenceKind, Impact, Incident, Urgency
from domain.network import Inventory, Medium
from domain.time import Moment

NOT_DARK = frozenset({Condition.DEGRADED, Condition.MANAGEMENT, Condition.BLIND})
OF_BOOTS = frozenset(
    {
        EvidenceKind.BOOTED_ON_RETURN,
        EvidenceKind.STAYED_ON,
        EvidenceKind.RESTARTED_DURING,
        EvidenceKind.REBOOTED,
    }
)
OF_NOTICES = frozenset({EvidenceKind.PLN_NOTICE, EvidenceKind.PROVIDER_NOTICE})


def _nobody_mutes(_incident: Incident, _now: Moment) -> str:
    return ""


@dataclass(slots=True)
class Assessment:
    """Implements alerts.desk.Advisor. muted: the maintenance window of an incident; planned: whether it is our own
    work; announced: what a provider's or PLN's notice says of it."""

    witnesses: Witnesses
    muted: Callable[[Incident, Moment], str] = _nobody_mutes
    planned: Callable[[str], bool] = lambda _window: False
    announced: Callable[[Incident, Moment], tuple[Evidence, ...]] = lambda _incident, _now: ()
    _impacts: ImpactBook = field(default_factory=lambda: ImpactBook(Inventory(), {}))
    _belongings: Belongings = field(default_factory=Belongings)

    def know(self, inventory: Inventory, region_names: Mapping[str, str]) -> None:
        """A new inventory."""
        self._impacts = ImpactBook(inventory, region_names)
        self._belongings = Belongings.of(inventory)
        self.witnesses.know(inventory)

    def impact(self, condition: Condition, names: Iterable[str]) -> Impact:
        """Where nothing is dark only the devices are counted."""
        impact = self._impacts.of(names)
        return Impact(devices=impact.devices) if condition in NOT_DARK else impact

    def urgency(self, incident: Incident) -> Urgency:
        return urgency_of(incident)

    def opinion(self, incident: Incident, now: Moment, *, closing: bool) -> Opinion:
        verdict = judge(
            (*self._evidence(incident), *self.announced(incident, now)),
            incident.cause,
            self._medium(incident),
            closing=closing,
        )
        names = [member.name for member in incident.members]
        planned = bool(incident.silenced_by) and self.planned(incident.silenced_by)
        return Opinion(verdict, liable_for(verdict, incident.cause, self._belongings, names, planned=planned))

    def _evidence(self, incident: Incident) -> tuple[Evidence, ...]:
        """Once somebody is back, ports and light tell of the mended way: what they said before stands."""
        if incident.condition is not Condition.OUTAGE or len(incident.dark) == len(incident.members):
            return self.witnesses.about(incident)
        anew = OF_BOOTS | OF_NOTICES
        before = tuple(each for each in incident.verdict.evidence if each.kind not in anew)
        return (*before, *self.witnesses.of_return(incident))

    def silenced_by(self, incident: Incident, now: Moment) -> str:
        return self.muted(incident, now)

    def _medium(self, incident: Incident) -> Medium | None:
        """Of the link that is the cause; of a device's or site's, the way into it."""
        links = self._belongings.links
        if incident.cause.kind is CauseKind.LINK and incident.cause.name in links:
            return links[incident.cause.name].medium
        if incident.cause.kind is CauseKind.SEGMENT:
            return Medium.FIBRE
        return None
