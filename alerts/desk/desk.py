"""Makes incidents of faults: waits until a fault stands, opens it once, lets it grow, merge, return and end.

Pure: knows no database, sends nothing, asks nobody. What it decides is a Decision, which the caller stores in one
transaction together with the states. Root causes come from `alerts/rootcause`, other faults from their watchers.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.desk.faults import BY_SIGHT, Fault, Key, Scene, StateView
from alerts.desk.isolated import Isolation, Unwatching
from alerts.desk.live import Live, Since
from alerts.desk.matching import Match, match
from alerts.desk.ports import Advisor
from alerts.desk.rules import DeskRules
from alerts.desk.telling import may_tell, news, news_times, tell
from domain.incidents import (
    MACHINE,
    Act,
    ActKind,
    Cause,
    Condition,
    Incident,
    Member,
    Notice,
    NoticeEvent,
    NoticeReason,
    Phase,
    Urgency,
    incident_id,
)
from domain.time import Moment

WAVER_SECONDS = 10.0
MOST_REVIEWS = 100
"""In one step: an opinion takes a third of a millisecond, and the poller waits. The others come at once after."""

REVIEW_PAUSE_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """To be stored together. inquiries: faults that have just come up, evidence for which is wanted soon.

    wake_at: steady seconds when the desk wants to be asked even if nothing happens.
    """

    incidents: tuple[Incident, ...] = ()
    acts: tuple[Act, ...] = ()
    notices: tuple[Notice, ...] = ()
    inquiries: tuple[Fault, ...] = ()
    wake_at: float = float("inf")

    def __bool__(self) -> bool:
        return bool(self.incidents or self.acts or self.notices)


class Desk:
    """Ask it with `step` whenever a state or a fault has changed, and at `wake_at`."""

    def __init__(self, rules: DeskRules, advisor: Advisor) -> None:
        self._rules = rules
        self._advisor = advisor
        self._live: dict[str, Live] = {}
        self._holder: dict[str, str] = {}  # name → the open outage that holds it
        self._pending: dict[Key, float] = {}  # steady seconds since when
        self._fallen: dict[str, float] = {}  # root of a pending outage → since when it is one, whatever it is laid to
        self._penalties: dict[Cause, tuple[float, float]] = {}  # of what has ended lately
        self._blind_since: float | None = None
        self._acts: list[Act] = []
        self._notices: list[Notice] = []
        self._ended: list[Incident] = []
        self._scenes = 0  # how many have been seen
        self._reviewed: dict[str, int] = {}  # by incident, which of them its opinion is of
        self._postponed = False
        self._isolation = Isolation()

    def isolate(self, names: frozenset[str]) -> None:
        """Of suspended sites: what is open about them alone ends with the next step, and nothing is opened."""
        if names != self._isolation.names:
            self._isolation = Isolation(names)

    def restore(self, incidents: Iterable[Incident], now: Moment) -> None:
        """Take over what was open before a restart. A return begins to hold anew."""
        for incident in incidents:
            live = Live(incident, now)
            self._live[incident.id] = live
            if incident.condition in BY_SIGHT:
                for name in live.members:
                    self._holder[name] = incident.id

    @property
    def rules(self) -> DeskRules:
        return self._rules

    @property
    def open(self) -> tuple[Incident, ...]:
        return tuple(live.incident for live in self._live.values())

    def get(self, id_: str) -> Incident | None:
        live = self._live.get(id_)
        return live.incident if live else None

    def step(self, scene: Scene, view: StateView) -> Decision:
        """Everything that follows from the scene. The same scene twice decides nothing twice."""
        now = scene.now
        self._go_blind(scene)
        self._scenes += not scene.same
        if self._isolation.names and not scene.blind:
            self._end_the_isolated(now)
            view = Unwatching(view, self._isolation.names)
        fell = set() if scene.blind else self._see_who_is_back(view, now)
        believed = (each for each in scene.faults.values() if not scene.blind or each.condition is Condition.BLIND)
        faults = self._isolation.without(believed)
        open_ = {id_: live.incident for id_, live in self._live.items()}
        matches = match(faults, open_, self._holder, view, self._rules.late_seconds)
        inquiries = []
        for each in matches:
            if each.home:
                self._carry_on(each, view, now)
            elif self._waits(each, now):
                inquiries.append(each.fault)
        self._forget_pending(matches, now)
        present = {each.home for each in matches}
        for each in matches:
            if not each.home and each.members and self._ripe_at(each) <= now.steady_seconds:
                present.add(self._open(each, view, now))
        looked_at = [
            live for live in self._live.values() if not scene.blind or live.incident.condition is Condition.BLIND
        ]
        for live in looked_at:
            if live.incident.condition not in BY_SIGHT and self._holds_on(live, live.incident.id in present, now):
                fell.add(live.incident.id)
        self._review_all(looked_at, fell, view, now)
        return self._decision(tuple(inquiries), matches, now)

    # -- what people do ---------------------------------------------------------------------------------------------

    def finish(self, id_: str, now: Moment) -> Decision | tuple[str, ...]:
        """Somebody says that it is done. Ends it if everybody is back; else the names that are still dark.

        Raises KeyError for an incident that is not open.
        """
        live = self._live[id_]
        if live.dark_count:
            return tuple(sorted(name for name, member in live.members.items() if member.back_at is None))
        self._resolve(live, now)
        return self._decision((), (), now)

    def merge(self, child: str, into: str, now: Moment) -> Decision:
        """By hand. Raises KeyError for an incident that is not open, ValueError for one into itself."""
        if child == into:
            raise ValueError(child)
        parent, taken = self._live[into], self._live[child]
        adopted = (*parent.incident.handling.adopted, taken.incident.cause, *taken.incident.handling.adopted)
        parent.handle(adopted=tuple(dict.fromkeys(adopted)))
        if self._take_in(parent, [self._live.pop(child)], now):
            self._tell_merged(parent, now)
        return self._decision((), (), now)

    def split(self, id_: str, names: Iterable[str], cause: Cause, now: Moment) -> Decision:
        """By hand: these members become an incident of their own. Raises KeyError, ValueError for no or all members."""
        live = self._live[id_]
        names = [name for name in sorted(set(names)) if name in live.members]
        if not names or len(names) == len(live.members):
            raise ValueError(id_)
        members = tuple(live.members[name] for name in names)
        live.let_go(names)
        apart = self._new(Fault(live.incident.condition, cause, live.incident.reason, frozenset(names)), members, now)
        apart.handle(apart=True)
        return self._decision((), (), now)

    def _end_the_isolated(self, now: Moment) -> None:
        """Their members stay in them: the time before they were switched off is charged as it was."""
        for live in list(self._live.values()):
            if live.members and live.members.keys() <= self._isolation.names:
                self._resolve(live, now)

    # -- one fault --------------------------------------------------------------------------------------------------

    def _waits(self, each: Match, now: Moment) -> bool:
        """Whether it has come up only now."""
        if each.fault.key in self._pending:
            return False
        self._pending[each.fault.key] = now.steady_seconds
        return True

    def _forget_pending(self, matches: Iterable[Match], now: Moment) -> None:
        waiting = [each.fault for each in matches if not each.home]
        wanted = {fault.key for fault in waiting}
        for key in [key for key in self._pending if key not in wanted]:
            del self._pending[key]
        roots = {name for fault in waiting if fault.condition in BY_SIGHT for name in fault.roots}
        self._fallen = {name: self._fallen.get(name, now.steady_seconds) for name in roots}

    def _ripe_at(self, each: Match) -> float:
        """What has stood is the dark, not what it is laid to: another explanation of the same roots waits no longer."""
        since, roots = self._pending[each.fault.key], each.fault.roots
        if each.fault.condition in BY_SIGHT:
            if all(name in self._holder for name in roots or each.members):
                return since + self._rules.straggle_seconds
            since = min(since, max((self._fallen[name] for name in roots), default=since))
        own = each.fault.settle_seconds
        return since + (self._rules.settle_seconds if own is None else own)

    def _carry_on(self, each: Match, view: StateView, now: Moment) -> None:
        live = self._live[each.home]
        if not each.takes_in and live.has_taken(each.fault, each.members):
            return
        if each.adopts:
            live.handle(adopted=(*live.incident.handling.adopted, each.fault.cause))
        was = live.incident.cause
        live.adopt(each.fault, now, self._rules)
        if live.incident.cause != was:
            self._note(live, ActKind.CHANGED, now, str(live.incident.cause))
        announced = self._take_in(live, [self._live.pop(id_) for id_ in each.takes_in], now)
        self._move(live, each.members, _since(each.fault.condition, view, now))
        if live.note_unseen(each.members, each.fault.unseen):
            self._weigh(live)
        if announced:
            self._tell_merged(live, now)

    def _open(self, each: Match, view: StateView, now: Moment) -> str:
        waited = now.steady_seconds - self._pending.pop(each.fault.key)
        came_up = Moment(now.steady_seconds - waited, now.unix_seconds - waited)
        since = _since(each.fault.condition, view, came_up)
        members = tuple(Member(name, since(name), unseen=name in each.fault.unseen) for name in sorted(each.members))
        children = [self._live.pop(id_) for id_ in each.takes_in]  # first: a child keeps the members it had
        live = self._new(each.fault, members, now)
        if self._take_in(live, children, now):
            self._tell_merged(live, now)
        return live.incident.id

    def _new(self, fault: Fault, members: tuple[Member, ...], now: Moment) -> Live:
        incident = Incident(
            id=incident_id(fault.cause, fault.condition, fault.reason, now.utc),
            condition=fault.condition,
            cause=fault.cause,
            reason=fault.reason,
            urgency=fault.urgency or Urgency.PAGE,
            started_at=min((member.since for member in members), default=now.utc),
            detected_at=now.utc,
            members=members,
            indistinct=fault.indistinct,
            suspects=fault.suspects,
            detail=fault.detail,
        )
        live = Live(incident, now)
        self._weigh(live)
        if fault.urgency is None:
            live.change(urgency=self._advisor.urgency(live.incident))
        penalty, at = self._penalties.pop(fault.cause, (0.0, now.steady_seconds))
        live.begin(self._rules.decayed(penalty, now.steady_seconds - at), now, self._rules)
        self._live[incident.id] = live
        if fault.condition in BY_SIGHT:
            for name in live.members:
                self._take_from_holder(name)
                self._holder[name] = incident.id
        self._note(live, ActKind.OPENED, now, str(incident.cause))
        return live

    def _move(self, live: Live, names: Iterable[str], since: Since) -> None:
        new = live.hold(names, since)
        if live.incident.condition in BY_SIGHT:
            for name in new:
                self._take_from_holder(name)
                self._holder[name] = live.incident.id
        if new:
            self._weigh(live)

    def _weigh(self, live: Live) -> None:
        names = [member.name for member in live.members.values() if not member.unseen]
        live.change(impact=self._advisor.impact(live.incident.condition, names))

    def _take_from_holder(self, name: str) -> None:
        before = self._live.get(self._holder.pop(name, ""))
        if before is not None:
            before.let_go([name])
            self._weigh(before)

    def _take_in(self, parent: Live, children: Iterable[Live], now: Moment) -> bool:
        """Incidents that turn out to be part of another one end in it. Returns whether one of them was announced."""
        announced = False
        for child in children:
            for name, member in child.members.items():
                parent.members.setdefault(name, member)
                if parent.incident.condition in BY_SIGHT:
                    self._holder[name] = parent.incident.id
            announced |= child.incident.handling.announced
            parent.change(
                merged_from=(*parent.incident.merged_from, *child.incident.merged_from, child.incident.id),
                started_at=min(parent.incident.started_at, child.incident.started_at),
            )
            child.change(phase=Phase.MERGED, merged_into=parent.incident.id, resolved_at=now.utc)
            self._note(child, ActKind.MERGED, now, parent.incident.id)
            self._ended.append(child.incident)
        parent.order_members()
        return announced

    def _tell_merged(self, parent: Live, now: Moment) -> None:
        """One word about it: the old numbers end here."""
        self._judge(parent, now)
        self._weigh(parent)
        self._say(parent, NoticeEvent.UPDATED, NoticeReason.MERGED, now)

    # -- one open incident ------------------------------------------------------------------------------------------

    def _review_all(self, lives: list[Live], fell: set[str], view: StateView, now: Moment) -> None:
        """Who is back is seen of all; what to think and to tell of them of so many as a step has time for."""
        self._reviewed = {live.incident.id: self._reviewed.get(live.incident.id, -1) for live in lives}
        left, many = MOST_REVIEWS, len(lives) > MOST_REVIEWS
        if many:  # those of which something is new, then whose opinion is oldest
            lives = sorted(lives, key=lambda live: (not live.has_changed, self._reviewed[live.incident.id]))
        self._postponed = False
        for live in lives:
            over = self._follow(live, live.incident.id in fell, view, now)
            if many and not over and not live.has_changed and self._reviewed[live.incident.id] == self._scenes:
                continue
            if left == 0:
                self._postponed = True
                continue
            left -= many
            if over:
                self._resolve(live, now)
            else:
                self._review(live, now)

    def _follow(self, live: Live, fell: bool, view: StateView, now: Moment) -> bool:
        """Let it return, fall again and become calm. Whether it is over."""
        if not live.members:
            return True  # everything it was about has left the inventory
        if live.incident.phase is Phase.RETURNING:
            if fell or live.dark_count:
                live.relapse(now, self._rules)
                self._note(live, ActKind.CHANGED, now, "fell again")
            elif now.steady_seconds >= live.return_holds_at(self._rules):
                if not _falls_again(live, view):
                    return True
                live.wait_longer(WAVER_SECONDS, now, self._rules)
        elif not live.dark_count:
            live.begin_return(now)
            self._note(live, ActKind.RETURNING, now)
        if live.incident.flapping and live.penalty(now, self._rules) < self._rules.flap_calm:
            live.change(flapping=False)
        return False

    def _review(self, live: Live, now: Moment) -> None:
        live.change(silenced_by=self._advisor.silenced_by(live.incident, now))
        self._judge(live, now)
        self._tell_news(live, now)
        self._reviewed[live.incident.id] = self._scenes

    def _see_who_is_back(self, view: StateView, now: Moment) -> set[str]:
        """Let the open outages look at their members. Returns those of which somebody has fallen again."""
        fell = set()
        for id_, live in self._live.items():
            if live.incident.condition not in BY_SIGHT:
                continue
            gone = [name for name in live.members if not view.watched(name)]
            for name in gone:
                self._holder.pop(name, None)
            live.let_go(gone)
            dark = [name for name in live.members if view.dark(name)]
            lit = [name for name in live.members if view.lit(name)]
            if live.look(dark, lit, now, _since(live.incident.condition, view, now)):
                fell.add(id_)
        return fell

    def _holds_on(self, live: Live, present: bool, now: Moment) -> bool:
        """What its watcher says of it now, for incidents that are not a matter of sight."""
        names, since = tuple(live.members), (lambda _name: now.utc)
        return live.look(names, (), now, since) if present else live.look((), names, now, since)

    def _judge(self, live: Live, now: Moment) -> None:
        opinion = self._advisor.opinion(live.incident, now, closing=False)
        if live.believes(opinion.verdict, now, self._rules):
            live.change(verdict=opinion.verdict, liable=opinion.liable)

    def _tell_news(self, live: Live, now: Moment) -> None:
        if not live.incident.handling.announced:
            if live.incident.phase is Phase.OPEN and may_tell(live):
                self._say(live, NoticeEvent.OPENED, NoticeReason.NEW, now)
            return
        reason = news(live, now, self._rules)
        if reason is not None and may_tell(live):
            self._say(live, NoticeEvent.UPDATED, reason, now)

    def _resolve(self, live: Live, now: Moment) -> None:
        self._judge_finally(live, now)
        back = [member.back_at for member in live.members.values() if member.back_at is not None]
        live.returning_since = None
        live.change(phase=Phase.RESOLVED, resolved_at=max(back, default=now.utc))
        self._note(live, ActKind.RESOLVED, now)
        if live.incident.handling.announced:
            self._say(live, NoticeEvent.RESOLVED, NoticeReason.OVER, now)
        for name in live.members:
            if self._holder.get(name) == live.incident.id:
                del self._holder[name]
        del self._live[live.incident.id]
        self._penalties[live.incident.cause] = (live.penalty(now, self._rules), now.steady_seconds)
        self._ended.append(live.incident)

    def _judge_finally(self, live: Live, now: Moment) -> None:
        """Both verdicts are kept: what was said while it was open, and what is known at the end."""
        opinion = self._advisor.opinion(live.incident, now, closing=True)
        live.change(preliminary_verdict=live.incident.verdict, verdict=opinion.verdict, liable=opinion.liable)

    # -- what leaves ------------------------------------------------------------------------------------------------

    def _say(self, live: Live, event: NoticeEvent, reason: NoticeReason, now: Moment) -> None:
        notice = tell(live, event, reason, now)
        self._notices.append(notice)
        self._note(live, ActKind.ANNOUNCED, now, event.value, notice=notice.id, reason=reason.value)

    def _note(self, live: Live, kind: ActKind, now: Moment, text: str = "", **values: str) -> None:
        self._acts.append(Act(live.incident.id, now.utc, MACHINE, kind, text, values))

    def _go_blind(self, scene: Scene) -> None:
        """Time in which we see nothing counts for no return."""
        steady = scene.now.steady_seconds
        if scene.blind and self._blind_since is None:
            self._blind_since = steady
        elif not scene.blind and self._blind_since is not None:
            lost, self._blind_since = steady - self._blind_since, None
            for live in self._live.values():
                if live.returning_since is not None and live.incident.condition is not Condition.BLIND:
                    live.returning_since += lost

    def _decision(self, inquiries: tuple[Fault, ...], matches: tuple[Match, ...], now: Moment) -> Decision:
        changed = [live.kept() for live in self._live.values() if live.has_changed]
        ripe = [self._ripe_at(each) for each in matches if each.fault.key in self._pending]
        waits = [
            at
            for live in self._live.values()
            for at in (
                live.return_holds_at(self._rules),
                live.rethinks_at(self._rules),
                *news_times(live, self._rules),
            )
        ]
        if self._postponed:
            waits.append(now.steady_seconds + REVIEW_PAUSE_SECONDS)
        half_lives = 4 * self._rules.flap_half_life_seconds
        for cause, (_penalty, at) in list(self._penalties.items()):
            if now.steady_seconds - at > half_lives:
                del self._penalties[cause]
        decision = Decision(
            incidents=(*self._ended, *changed),
            acts=tuple(self._acts),
            notices=tuple(self._notices),
            inquiries=inquiries,
            # what is due and did not come of itself in this step waits for something else than time
            wake_at=min((at for at in (*ripe, *waits) if at > now.steady_seconds), default=float("inf")),
        )
        self._acts, self._notices, self._ended = [], [], []
        return decision


def _falls_again(live: Live, view: StateView) -> bool:
    """Most of its members have just missed an answer: nobody says that it is over while it may be falling again."""
    if live.incident.condition not in BY_SIGHT:
        return False
    return 2 * sum(view.wavers(name) for name in live.members) > len(live.members)


def _since(condition: Condition, view: StateView, now: Moment) -> Since:
    if condition in BY_SIGHT:
        return lambda name: view.since(name).utc
    return lambda _name: now.utc
