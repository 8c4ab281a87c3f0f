"""An open incident in the desk's hands: its members as they fall and return, its phase, its penalty for flapping."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from alerts.desk.faults import Fault
from alerts.desk.rules import DeskRules
from domain.incidents import Cause, EvidenceKind, Incident, Member, Phase, Verdict
from domain.time import Moment

Since = Callable[[str], datetime]
"""When a name fell."""


class Live:
    """All waiting is in steady seconds; the incident itself carries dates only.

    dark_count: of its members. restless: it may go on by itself as time goes by. settled_with: the fault from which
    nothing follows for it as long as it stays that very one. reviewed: number of the scene that its opinion is of.
    """

    def __init__(self, incident: Incident, now: Moment) -> None:
        self.incident = incident
        self.members = {member.name: member for member in incident.members}
        self.returning_since = now.steady_seconds if incident.phase is Phase.RETURNING else None
        self.told_steady = float("-inf")
        self.partly_back_since: float | None = None
        self._other_cause: tuple[Cause, float] | None = None  # and since when it is believed
        self._other_witnesses_since: float | None = None
        self._penalty, self._penalty_at = incident.handling.penalty, now.steady_seconds
        self._kept = incident
        self._taken: Fault | None = None
        self.settled_with: Fault | None = None
        self.reviewed = -1
        self.waits_for_review = False
        self._count()

    @property
    def has_changed(self) -> bool:
        """Since `kept` was called last."""
        return self.incident is not self._kept

    @property
    def is_new(self) -> bool:
        """Something of it has not been reviewed."""
        return self.waits_for_review or self.incident is not self._kept

    def kept(self) -> Incident:
        """The incident as it is to be stored now."""
        self._kept = self.incident
        return self.incident

    def change(self, **fields: object) -> None:
        """Replace fields of the incident, if any differs."""
        if any(getattr(self.incident, name) != value for name, value in fields.items()):
            self.incident = replace(self.incident, **fields)  # type: ignore[arg-type]
            self._rest()

    def _count(self) -> None:
        self.dark_count = sum(member.back_at is None for member in self.members.values())
        self._rest()

    def _rest(self) -> None:
        incident = self.incident
        self.restless = incident.flapping or incident.phase is not Phase.OPEN or not self.dark_count

    def handle(self, **fields: object) -> None:
        self.change(handling=replace(self.incident.handling, **fields))  # type: ignore[arg-type]

    def adopt(self, fault: Fault, now: Moment, rules: DeskRules) -> None:
        """Take over what is believed of it now, another cause once that has stood; its members are taken by `hold`."""
        self.settled_with = None
        if fault.cause != self.incident.cause and fault.cause not in self.incident.handling.adopted:
            if self._other_cause is None or self._other_cause[0] != fault.cause:
                self._other_cause = fault.cause, now.steady_seconds
            if now.steady_seconds - self._other_cause[1] < rules.rethink_seconds:
                return
        self._other_cause, self._taken = None, fault
        indistinct = tuple(cause for cause in (fault.cause, *fault.indistinct) if cause != self.incident.cause)
        self.change(
            cause=fault.cause if fault.cause not in self.incident.handling.adopted else self.incident.cause,
            reason=fault.reason,
            indistinct=fault.indistinct if fault.cause == self.incident.cause else indistinct,
            suspects=fault.suspects,
            detail=fault.detail or self.incident.detail,
        )

    def has_taken(self, fault: Fault, names: frozenset[str]) -> bool:
        """That very fault, believed since, and all of these members: there is nothing to do about it."""
        return fault is self._taken and self._other_cause is None and names <= self.members.keys()

    def believes(self, verdict: Verdict, now: Moment, rules: DeskRules) -> bool:
        """Whether a verdict is taken over now. Witnesses more, yes; other ones only once they have stood."""
        before, after = _said(self.incident.verdict), _said(verdict)
        if before <= after or self.dark_count < len(self.members):
            self._other_witnesses_since = None
            return True
        if self._other_witnesses_since is None:
            self._other_witnesses_since = now.steady_seconds
        stood = now.steady_seconds - self._other_witnesses_since >= rules.rethink_seconds
        if stood:
            self._other_witnesses_since = None
        return stood

    def rethinks_at(self, rules: DeskRules) -> float:
        """Steady seconds at which what is believed otherwise will have stood; inf: nothing is."""
        since = [self._other_cause[1]] if self._other_cause else []
        since += [self._other_witnesses_since] if self._other_witnesses_since is not None else []
        return min(since, default=float("inf")) + rules.rethink_seconds

    def hold(self, names: Iterable[str], since: Since) -> tuple[str, ...]:
        """Take names in as dark; returns those it did not hold."""
        new = tuple(sorted(name for name in names if name not in self.members))
        for name in new:
            self.members[name] = Member(name, since(name))
        if new:
            self.order_members()
        return new

    def note_unseen(self, names: Iterable[str], unseen: frozenset[str]) -> bool:
        """Which of these members we only cannot look at. Returns whether that is new."""
        other = [name for name in names if name in self.members and self.members[name].unseen != (name in unseen)]
        for name in other:
            self.members[name] = replace(self.members[name], unseen=name in unseen)
        if other:
            self.order_members()
        return bool(other)

    def let_go(self, names: Iterable[str]) -> None:
        """Names that are another incident's now, or gone from the inventory; it began with those that stay."""
        gone = [name for name in names if self.members.pop(name, None) is not None]
        if gone:
            self.settled_with = None
            self.order_members()
            self.change(started_at=self.incident.fell_at)

    def look(self, dark: Iterable[str], lit: Iterable[str], now: Moment, since: Since) -> bool:
        """dark, lit: of its members, now. Returns whether somebody who was back has fallen again."""
        fell = [name for name in dark if self.members[name].back_at is not None]
        rose = [name for name in lit if self.members[name].back_at is None]
        for name in fell:
            self.members[name] = Member(name, since(name))
        for name in rose:
            self.members[name] = replace(self.members[name], back_at=now.utc)
        if fell or rose:
            self.order_members()
        return bool(fell)

    def relapse(self, now: Moment, rules: DeskRules) -> None:
        self.returning_since = None
        self.change(phase=Phase.OPEN, returning_since=None)
        self.handle(relapses=self.incident.handling.relapses + 1)
        self.punish(now, rules)

    def punish(self, now: Moment, rules: DeskRules) -> None:
        """One fall more."""
        self._penalty = 1.0 + rules.decayed(self._penalty, now.steady_seconds - self._penalty_at)
        self._penalty_at = now.steady_seconds
        self.handle(penalty=self._penalty, penalty_at=now.utc)
        if self._penalty >= rules.flap_limit:
            self.change(flapping=True)

    def begin(self, penalty: float, now: Moment, rules: DeskRules) -> None:
        """It has fallen; `penalty` is left of earlier incidents of the same cause."""
        self._penalty, self._penalty_at = penalty, now.steady_seconds
        self.punish(now, rules)

    def penalty(self, now: Moment, rules: DeskRules) -> float:
        return rules.decayed(self._penalty, now.steady_seconds - self._penalty_at)

    def begin_return(self, now: Moment) -> None:
        self._other_cause = self._other_witnesses_since = None
        self.returning_since = now.steady_seconds
        self.change(phase=Phase.RETURNING, returning_since=now.utc)

    def return_holds_at(self, rules: DeskRules) -> float:
        """Steady seconds at which its return has held; inf while it is not returning."""
        if self.returning_since is None:
            return float("inf")
        return self.returning_since + rules.hold_seconds(self.incident.handling.relapses)

    def wait_longer(self, seconds: float, now: Moment, rules: DeskRules) -> None:
        """Its return has held so far, and is to hold this much longer from now."""
        self.returning_since = now.steady_seconds + seconds - rules.hold_seconds(self.incident.handling.relapses)

    def order_members(self) -> None:
        """Into the incident, after `members` was changed."""
        self._count()
        self.change(members=tuple(self.members[name] for name in sorted(self.members)))


def _said(verdict: Verdict) -> frozenset[tuple[EvidenceKind, str]]:
    return frozenset((each.kind, each.subject) for each in verdict.evidence)
