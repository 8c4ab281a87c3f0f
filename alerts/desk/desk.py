"""Makes incidents of faults: waits until a fault stands, opens it once, lets it grow, merge, return and end.

Pure: knows no database, sends nothing, asks nobody. What it decides is a Decision, which the caller stores in one
transaction together with the states. Root causes come from `alerts/rootcause`, other faults from their watchers.

A step costs by what has turned and by the faults that are new or not settled yet: of a fault that is still the very
same, all of whose members its incident holds, follows what followed before, nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alerts.desk.book import Book
from alerts.desk.faults import BY_SIGHT, Fault, Key, Scene, StateView
from alerts.desk.isolated import Isolation, Unwatching
from alerts.desk.live import Live, Since
from alerts.desk.matching import Match, match
from alerts.desk.minutes import Minutes
from alerts.desk.ports import Advisor
from alerts.desk.review import Review, looked_at
from alerts.desk.rules import DeskRules
from domain.incidents import (
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
        self._book = Book()
        self._minutes = Minutes()
        self._review = Review(rules, advisor, self._book, self._minutes)
        self._settled: dict[int, Live] = {}  # by id of a fault
        self._stirred: dict[str, Live] = {}  # incidents that something happened to since the last decision
        self._pending: dict[Key, float] = {}  # steady seconds since when
        self._fallen: dict[str, float] = {}  # root of a pending outage → since when it is one, whatever it is laid to
        self._blind_since: float | None = None
        self._isolation = Isolation()

    def isolate(self, names: frozenset[str]) -> None:
        """Of suspended sites: what is open about them alone ends with the next step, and nothing is opened."""
        if names != self._isolation.names:
            self._isolation = Isolation(names)
            self.look_anew()

    def restore(self, incidents: Iterable[Incident], now: Moment) -> None:
        """Take over what was open before a restart. A return begins to hold anew."""
        for incident in incidents:
            live = Live(incident, now)
            self._put(live)
            self._book.hold(live, live.members)
        self.look_anew()

    def look_anew(self) -> None:
        """Nothing counts as settled, and everybody is looked at in the next step. Changes no decision but its cost."""
        self._settled.clear()
        self._book.unlooked = None
        self._stirred.update(self._book.lives)

    @property
    def rules(self) -> DeskRules:
        return self._rules

    @property
    def open(self) -> tuple[Incident, ...]:
        return tuple(live.incident for live in self._book.lives.values())

    def get(self, id_: str) -> Incident | None:
        live = self._book.lives.get(id_)
        return live.incident if live else None

    def step(self, scene: Scene, view: StateView) -> Decision:
        """Everything that follows from the scene. The same scene twice decides nothing twice."""
        now = scene.now
        self._go_blind(scene)
        self._review.begin(same=scene.same)
        self._book.note_turned(scene.turned)
        if self._isolation.names and not scene.blind:
            self._end_the_isolated(now)
            view = Unwatching(view, self._isolation.names)
        fell = set() if scene.blind else self._see_who_is_back(view, now)
        believed = (each for each in scene.faults.values() if not scene.blind or each.condition is Condition.BLIND)
        matches, claimed = self._match(self._isolation.without(believed), view)
        inquiries = []
        for each in matches:
            if each.home:
                self._carry_on(each, view, now)
            elif self._waits(each, now):
                inquiries.append(each.fault)
        self._forget_pending(matches, now)
        self._settle(matches)
        present = claimed.union(each.home for each in matches)
        for each in matches:
            if not each.home and each.members and self._ripe_at(each) <= now.steady_seconds:
                present.add(self._open(each, view, now))
        fell |= self._hear_the_watchers(present, scene.blind, now)
        for live in self._review.review(looked_at(self._book, blind=scene.blind), fell, view, now):
            self._stirred[live.incident.id] = live
        return self._decision(tuple(inquiries), matches, now)

    # -- what people do ---------------------------------------------------------------------------------------------

    def finish(self, id_: str, now: Moment) -> Decision | tuple[str, ...]:
        """Somebody says that it is done. Ends it if everybody is back; else the names that are still dark.

        Raises KeyError for an incident that is not open.
        """
        live = self._book.lives[id_]
        if live.dark_count:
            return tuple(sorted(name for name, member in live.members.items() if member.back_at is None))
        self._review.resolve(live, now)
        return self._decision((), (), now)

    def merge(self, child: str, into: str, now: Moment) -> Decision:
        """By hand. Raises KeyError for an incident that is not open, ValueError for one into itself."""
        if child == into:
            raise ValueError(child)
        parent, taken = self._book.lives[into], self._book.lives[child]
        adopted = (*parent.incident.handling.adopted, taken.incident.cause, *taken.incident.handling.adopted)
        parent.handle(adopted=tuple(dict.fromkeys(adopted)))
        if self._take_in(parent, [self._book.take_out(child)], now):
            self._tell_merged(parent, now)
        self._book.file(parent)
        return self._decision((), (), now)

    def split(self, id_: str, names: Iterable[str], cause: Cause, now: Moment) -> Decision:
        """By hand: these members become an incident of their own. Raises KeyError, ValueError for no or all members."""
        live = self._book.lives[id_]
        names = [name for name in sorted(set(names)) if name in live.members]
        if not names or len(names) == len(live.members):
            raise ValueError(id_)
        members = tuple(live.members[name] for name in names)
        live.let_go(names)
        self._stirred[id_] = live
        apart = self._new(Fault(live.incident.condition, cause, live.incident.reason, frozenset(names)), members, now)
        apart.handle(apart=True)
        return self._decision((), (), now)

    def _end_the_isolated(self, now: Moment) -> None:
        """Their members stay in them: the time before they were switched off is charged as it was."""
        for live in list(self._book.lives.values()):
            if live.members and live.members.keys() <= self._isolation.names:
                self._review.resolve(live, now)

    # -- which faults are looked at ---------------------------------------------------------------------------------

    def _sort(self, faults: Iterable[Fault]) -> tuple[list[Fault], set[str]]:
        """Those from which something may follow, and the incidents that the settled ones belong to."""
        before, self._settled = self._settled, {}
        moved, claimed = [], set()
        for fault in faults:
            live = before.get(id(fault))
            if live is not None and live.settled_with is fault:
                self._settled[id(fault)] = live
                claimed.add(live.incident.id)
            else:
                moved.append(fault)
        return moved, claimed

    def _match(self, faults: list[Fault], view: StateView) -> tuple[tuple[Match, ...], set[str]]:
        """Of the faults from which something may follow; and the incidents that the others belong to."""
        moved, claimed = self._sort(faults)
        if not moved:
            return (), claimed
        book = self._book
        open_ = {id_: live.incident for id_, live in book.lives.items()}
        late = self._rules.late_seconds
        matches = match(moved, claimed, book.home, open_, book.holder, view, late)
        disturbed = {id_ for each in matches for id_ in self._disturbed(each, claimed)}
        if not disturbed:
            return matches, claimed
        for id_ in disturbed:
            book.lives[id_].settled_with = None
        moved, claimed = self._sort(faults)
        return match(moved, claimed, book.home, open_, book.holder, view, late), claimed

    def _disturbed(self, each: Match, claimed: set[str]) -> Iterator[str]:
        """Incidents of settled faults that this one has a part of as well: then both are looked at, in their order."""
        if each.home in claimed:
            yield each.home
        if each.fault.condition in BY_SIGHT:
            for name in each.members:
                owner = self._book.holder.get(name, "")
                settled = self._book.lives[owner].settled_with if owner in claimed else None
                if settled is not None and name in settled.members:
                    yield owner

    def _settle(self, matches: Iterable[Match]) -> None:
        """Incidents to which one fault alone belongs, which they have taken over in full."""
        homes = Counter(each.home for each in matches if each.home)
        for each in matches:
            live = self._book.lives.get(each.home)
            if live is None:
                continue
            if homes[each.home] == 1 and self._is_settled(each, live):
                live.settled_with = each.fault
                self._settled[id(each.fault)] = live

    def _is_settled(self, each: Match, live: Live) -> bool:
        if each.takes_in or each.adopts or each.members != each.fault.members:
            return False
        if not live.has_taken(each.fault, each.members) or self._book.home(each.fault.key) != each.home:
            return False
        return each.fault.condition not in BY_SIGHT or self._book.holds_all(live, each.members)

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
            if all(name in self._book.holder for name in roots or each.members):
                return since + self._rules.straggle_seconds
            since = min(since, max((self._fallen[name] for name in roots), default=since))
        own = each.fault.settle_seconds
        return since + (self._rules.settle_seconds if own is None else own)

    def _carry_on(self, each: Match, view: StateView, now: Moment) -> None:
        live = self._book.lives[each.home]
        if not each.takes_in and live.has_taken(each.fault, each.members):
            return
        self._stirred[each.home] = live
        if each.adopts:
            live.handle(adopted=(*live.incident.handling.adopted, each.fault.cause))
        was = live.incident.cause
        live.adopt(each.fault, now, self._rules)
        self._book.file(live)
        if live.incident.cause != was:
            self._minutes.note(live, ActKind.CHANGED, now, str(live.incident.cause))
        announced = self._take_in(live, [self._book.take_out(id_) for id_ in each.takes_in], now)
        self._move(live, each.members, _since(each.fault.condition, view, now))
        if live.note_unseen(each.members, each.fault.unseen):
            self._review.weigh(live)
        if announced:
            self._tell_merged(live, now)

    def _open(self, each: Match, view: StateView, now: Moment) -> str:
        waited = now.steady_seconds - self._pending.pop(each.fault.key)
        came_up = Moment(now.steady_seconds - waited, now.unix_seconds - waited)
        since = _since(each.fault.condition, view, came_up)
        members = tuple(Member(name, since(name), unseen=name in each.fault.unseen) for name in sorted(each.members))
        children = [self._book.take_out(id_) for id_ in each.takes_in]  # first: a child keeps the members it had
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
        self._review.weigh_anew(live, now, by_impact=fault.urgency is None)
        self._put(live)
        if fault.condition in BY_SIGHT:
            for name in live.members:
                self._take_from_holder(name)
        self._book.hold(live, live.members)
        self._minutes.note(live, ActKind.OPENED, now, str(incident.cause))
        return live

    def _put(self, live: Live) -> None:
        self._book.put(live)
        self._stirred[live.incident.id] = live

    def _move(self, live: Live, names: Iterable[str], since: Since) -> None:
        new = live.hold(names, since)
        if live.incident.condition in BY_SIGHT:
            for name in new:
                self._take_from_holder(name)
        if new:
            self._book.hold(live, new)
            self._review.weigh(live)

    def _take_from_holder(self, name: str) -> None:
        before = self._book.lives.get(self._book.holder.pop(name, ""))
        if before is not None:
            before.let_go([name])
            self._review.weigh(before)
            self._stirred[before.incident.id] = before

    def _take_in(self, parent: Live, children: Iterable[Live], now: Moment) -> bool:
        """Incidents that turn out to be part of another one end in it. Returns whether one of them was announced."""
        announced = False
        for child in children:
            for name, member in child.members.items():
                parent.members.setdefault(name, member)
            self._book.hold(parent, child.members)
            announced |= child.incident.handling.announced
            parent.change(
                merged_from=(*parent.incident.merged_from, *child.incident.merged_from, child.incident.id),
                started_at=min(parent.incident.started_at, child.incident.started_at),
            )
            child.change(phase=Phase.MERGED, merged_into=parent.incident.id, resolved_at=now.utc)
            self._minutes.note(child, ActKind.MERGED, now, parent.incident.id)
            self._minutes.end(child)
            self._stirred[parent.incident.id] = parent
        parent.order_members()
        return announced

    def _tell_merged(self, parent: Live, now: Moment) -> None:
        """One word about it: the old numbers end here."""
        self._review.judge(parent, now)
        self._review.weigh(parent)
        self._minutes.say(parent, NoticeEvent.UPDATED, NoticeReason.MERGED, now)

    # -- who is back ------------------------------------------------------------------------------------------------

    def _see_who_is_back(self, view: StateView, now: Moment) -> set[str]:
        """Let the open outages look at those of their members that turned. Returns of which one has fallen again."""
        fell = set()
        for live, names in self._book.look():
            gone = [name for name in names if not view.watched(name)]
            for name in gone:
                self._book.holder.pop(name, None)
            live.let_go(gone)
            held = [name for name in names if name in live.members]
            dark = [name for name in held if view.dark(name)]
            lit = [name for name in held if view.lit(name)]
            if live.look(dark, lit, now, _since(live.incident.condition, view, now)):
                fell.add(live.incident.id)
            self._stirred[live.incident.id] = live
        return fell

    def _hear_the_watchers(self, present: set[str], blind: bool, now: Moment) -> set[str]:
        """What they say now of incidents that are not a matter of sight. Returns of which one has fallen again."""
        fell = set()
        for id_, live in self._book.by_word.items():
            if blind and live.incident.condition is not Condition.BLIND:
                continue
            stands = id_ in present
            if live.dark_count == (len(live.members) if stands else 0):
                continue
            names = tuple(live.members)
            if live.look(names if stands else (), () if stands else names, now, lambda _name: now.utc):
                fell.add(id_)
        return fell

    # -- what leaves ------------------------------------------------------------------------------------------------

    def _go_blind(self, scene: Scene) -> None:
        """Time in which we see nothing counts for no return."""
        steady = scene.now.steady_seconds
        if scene.blind and self._blind_since is None:
            self._blind_since = steady
        elif not scene.blind and self._blind_since is not None:
            lost, self._blind_since = steady - self._blind_since, None
            for id_, live in self._book.lives.items():
                if live.returning_since is not None and live.incident.condition is not Condition.BLIND:
                    live.returning_since += lost
                    self._stirred[id_] = live

    def _decision(self, inquiries: tuple[Fault, ...], matches: tuple[Match, ...], now: Moment) -> Decision:
        changed = [live.kept() for live in self._book.lives.values() if live.has_changed]
        stirred, self._stirred = self._stirred, {}
        wake_at = self._review.wakes_at([live for id_, live in stirred.items() if id_ in self._book.lives], now)
        ripe = (self._ripe_at(each) for each in matches if each.fault.key in self._pending)
        ended, acts, notices = self._minutes.take()
        return Decision(
            incidents=(*ended, *changed),
            acts=acts,
            notices=notices,
            inquiries=inquiries,
            wake_at=min([wake_at, *(at for at in ripe if at > now.steady_seconds)]),
        )


def _since(condition: Condition, view: StateView, now: Moment) -> Since:
    if condition in BY_SIGHT:
        return lambda name: view.since(name).utc
    return lambda _name: now.utc
