"""After the desk has decided that something is told: to whom, on which channel, now or later, and up which ladder.

Pure: what leaves is returned and stored in the transaction of the decision. Machines hear everything at once and in
order; people hear it grouped, by day unless it may wake them, and never in a flood. Escalations, repeats and
acknowledgements are made here; the desk makes the rest.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from alerts.dispatch import burst
from alerts.dispatch.agenda import Agenda
from alerts.dispatch.contacts import MACHINES
from alerts.dispatch.directory import Directory
from alerts.dispatch.ledger import Ledger
from alerts.dispatch.memory import Memory
from alerts.dispatch.round import Round, Step
from alerts.dispatch.routing import LAST, Ring, Routing
from alerts.dispatch.sending import Sending
from alerts.dispatch.timing import Timing
from alerts.dispatch.track import KIND, Known, Pending, Track, track_of
from alerts.dispatch.writing import Writer
from alerts.texts import Surroundings
from domain.incidents import (
    MACHINE,
    Act,
    ActKind,
    Incident,
    Notice,
    NoticeEvent,
    NoticeReason,
    Party,
    Phase,
    Urgency,
    VerdictKind,
)
from domain.time import Moment

JUMP_SECONDS = 5.0


class Dispatcher:
    """machines: channels that hear everything. provider_tickets: send ticket texts to the provider's NOC by mail."""

    def __init__(
        self,
        routing: Routing,
        directory: Directory,
        writer: Writer,
        timing: Timing,
        machines: Collection[str] = (),
        *,
        provider_tickets: bool = False,
    ) -> None:
        self._ledger = Ledger(routing, directory, writer.wording.elsewhere())
        self._sending = Sending(self._ledger, writer, timing)
        self._writer = writer
        self._timing = timing
        self._machines = tuple(machines)
        self._provider_tickets = provider_tickets
        self._gone: list[Memory] = []
        self._agenda = Agenda()
        self._planned_on: date | None = None  # the day of people's contracts; None: everybody's agenda is made anew
        self._last: Moment | None = None

    def take_over(self, routing: Routing, directory: Directory) -> None:
        """A changed inventory: from now on these people and places count."""
        self._ledger.take_over(routing, directory)
        self._planned_on = None
        self._hope_again()

    def restore(self, memories: Iterable[Memory], get: Callable[[str], Incident | None], now: Moment) -> None:
        """What was known before a restart. get: an incident by its id, also one that is over."""
        for memory in memories:
            if memory.kind == KIND:
                incident = get(memory.key)
                if incident is None:
                    self._gone.append(Memory(KIND, memory.key))
                    continue
                self._ledger.tracks[memory.key] = track_of(memory, now.utc)
                self._ledger.incidents[memory.key] = incident
            elif memory.kind == burst.KIND:
                self._sending.restore(memory, now.utc)
        self._planned_on = None
        self._hope_again()
        self._last = now

    @property
    def tracks(self) -> Mapping[str, Track]:
        """How far the telling of each incident has come, to be read."""
        return self._ledger.tracks

    @property
    def writer(self) -> Writer:
        return self._writer

    @property
    def directory(self) -> Directory:
        return self._ledger.directory

    @property
    def held_total(self) -> int:
        """Messages that went in a summary, ever."""
        return self._sending.held_total

    def seen(self, incident: Incident, channel: str, now: datetime) -> tuple[Incident, Surroundings]:
        """An incident and what lies around it, as a channel is told of it: a machine of the settings of everything."""
        if channel in self._machines:
            return incident, self._ledger.around(incident)
        return self._ledger.seen(incident, channel, self._timing.local(now).date())

    def told(self, channel: str) -> tuple[Incident, ...]:
        """The incidents that a channel knows to be going on."""
        return tuple(
            self._ledger.incidents[track.incident]
            for track in self._ledger.tracks.values()
            if channel in track.known and not track.over
        )

    def _hope_again(self) -> None:
        """What no people could be found for is asked of the people of now."""
        for track in self._ledger.tracks.values():
            if track.ring >= LAST and not track.over and not track.is_heard_by_people:
                track.ring, track.ring_at = -1, None

    def step(self, notices: Iterable[Notice], acts: Iterable[Act], incidents: Iterable[Incident], now: Moment) -> Step:
        """notices, acts: new ones, in order. incidents: as they stand now, those that changed or all that are open.

        Costs by what has changed and whose time has come, not by how many are open.
        """
        self._follow_clock(now)
        round_ = Round(now.utc, set(self._agenda.due(now.utc)))
        today = self._timing.local(now.utc).date()
        if today != self._planned_on:
            round_.stirred.update(self._ledger.tracks)
            self._planned_on = today
        for incident in incidents:
            if incident.id in self._ledger.tracks and self._ledger.incidents[incident.id] is not incident:
                self._ledger.incidents[incident.id] = incident
                round_.stirred.add(incident.id)
                if incident.phase is Phase.MERGED:
                    self._end_quietly(incident.id, round_)
        for notice in notices:
            self._take(notice, round_)
        for act in acts:
            self._hear(act, round_)
        for id_ in self._seen(round_):
            self._climb(self._ledger.tracks[id_], round_)
        self._sending.flush(self._seen(round_), round_)
        return self._result(round_, now)

    # -- what the desk says -----------------------------------------------------------------------------------------

    def _take(self, notice: Notice, round_: Round) -> None:
        incident = notice.incident
        if incident.urgency is Urgency.RECORD:
            return
        track = self._ledger.follow(incident)
        round_.touched.add(incident.id)
        around = self._ledger.around(incident)
        if notice.reason is NoticeReason.MERGED:
            self._inherit(track, incident, round_)
        self._tell_machines(track, notice, round_)
        if notice.event is NoticeEvent.RESOLVED:
            track.over = True
            for channel in [channel for channel in track.pending if channel not in track.known]:
                del track.pending[channel]  # what nobody was told of is not over for anybody
        if notice.event in (NoticeEvent.OPENED, NoticeEvent.UPDATED) and track.ring < 0:
            self._ask(track, incident, around, notice, round_)
        if notice.event is not NoticeEvent.OPENED:
            for channel, known in sorted(track.known.items()):
                if not _is_machine(channel):
                    track.wait_for(channel, _pending(notice, known.person, round_.now))
        if self._provider_tickets and notice.event is NoticeEvent.OPENED and around.noc_email:
            liable = incident.liable.party if incident.liable else None
            if liable is Party.PROVIDER or incident.verdict.kind is VerdictKind.PROVIDER:
                round_.messages.append(self._writer.ticket(incident, around, round_.now))

    def _ask(self, track: Track, incident: Incident, around: Surroundings, notice: Notice, round_: Round) -> None:
        """The next ring in which there is anybody who has not been asked. Nobody at all is said aloud."""
        track.ring_at = round_.now
        may_wake = self._ledger.may_wake(incident, self._timing.local(round_.now).date())
        local = self._timing.local(round_.now if may_wake else self._timing.morning_after(round_.now))
        while track.ring < LAST:
            track.ring += 1
            audience = self._ledger.routing.audience(incident, around, Ring(track.ring), local, self._timing.holidays)
            new = [each for each in audience if each.channel not in track.known and not _is_machine(each.channel)]
            for contact in new:
                track.wait_for(contact.channel, _pending(notice, contact.name, round_.now))
            own = [each.channel for each in audience if _is_machine(each.channel)]
            for channel in own:
                self._tell_machine(track, notice, channel, round_)
            if new or own or (audience and notice.event is not NoticeEvent.ESCALATED):
                return
        if track.is_unheard and incident.urgency is Urgency.PAGE:
            round_.nobody.append(incident.id)

    def _inherit(self, parent: Track, incident: Incident, round_: Round) -> None:
        """Who knew of a child knows of the parent: one update ends the old numbers for them."""
        for child_id in incident.merged_from:
            child = self._ledger.tracks.get(child_id)
            if child is None:
                continue
            for channel, known in child.known.items():
                parent.known.setdefault(channel, known)
            if child.ring > parent.ring:
                parent.ring, parent.ring_at = -1, None  # the parent's own people are asked from the beginning
            if child.acknowledged_until and not parent.acknowledged_until:
                parent.acknowledged_until, parent.acknowledged_by = child.acknowledged_until, child.acknowledged_by
            self._end_quietly(child_id, round_)

    def _end_quietly(self, id_: str, round_: Round) -> None:
        track = self._ledger.tracks.get(id_)
        if track is not None:
            track.over = True
            track.pending.clear()
            round_.touched.add(id_)

    def _tell_machines(self, track: Track, notice: Notice, round_: Round) -> None:
        told = [channel for channel in track.known if _is_machine(channel)]
        for channel in dict.fromkeys((*self._machines, *sorted(told))):
            self._tell_machine(track, notice, channel, round_)

    def _tell_machine(self, track: Track, notice: Notice, channel: str, round_: Round) -> None:
        known = track.known.get(channel)
        if known is None:
            if notice.event is NoticeEvent.RESOLVED:
                return
            if notice.reason is not NoticeReason.MERGED:
                notice = replace(notice, event=NoticeEvent.OPENED)
        elif notice.event is NoticeEvent.OPENED:
            return
        after = known.message if known and notice.event is NoticeEvent.RESOLVED else ""
        incident, around = self.seen(notice.incident, channel, round_.now)
        message = self._writer.for_machine(replace(notice, incident=incident), channel, around, after)
        round_.messages.append(message)
        track.known.setdefault(channel, Known(message.id, round_.now))

    # -- what people do ---------------------------------------------------------------------------------------------

    def _hear(self, act: Act, round_: Round) -> None:
        track = self._ledger.tracks.get(act.incident)
        if track is None:
            return
        match act.kind:
            case ActKind.ACKNOWLEDGED | ActKind.DEPARTED | ActKind.ON_SITE:
                self._acknowledge(track, act, round_)
            case ActKind.ACKNOWLEDGEMENT_ENDED if act.actor != MACHINE:
                track.acknowledged_until, track.ring, track.ring_at = None, -1, round_.now
            case ActKind.CLOSED:
                track.closing, track.closing_note = act.values.get("cause", ""), act.text
            case _:
                return
        round_.touched.add(track.incident)

    def _acknowledge(self, track: Track, act: Act, round_: Round) -> None:
        until = _instant(act.values.get("until", ""))
        until = until or round_.now + timedelta(seconds=self._timing.acknowledged_seconds)
        again = track.acknowledged_by == act.actor and track.acknowledged_until is not None
        track.acknowledged_until, track.acknowledged_by = until, act.actor
        if again or track.over:
            return
        incident = self._ledger.incidents[track.incident]
        notice = self._own(track, NoticeEvent.ACKNOWLEDGED, NoticeReason.ACKNOWLEDGED, incident, round_.now)
        self._tell_machines(track, notice, round_)
        for channel in [channel for channel in track.pending if channel not in track.known]:
            if track.pending[channel].event is NoticeEvent.ESCALATED:
                del track.pending[channel]  # somebody took it in the meantime
        for channel, known in sorted(track.known.items()):
            if not _is_machine(channel) and channel not in track.pending:  # else the news says who has it
                track.wait_for(channel, _pending(notice, known.person, round_.now))

    # -- what time does ---------------------------------------------------------------------------------------------

    def _climb(self, track: Track, round_: Round) -> None:
        incident, now = self._ledger.incidents[track.incident], round_.now
        if self._may_hope(track):
            notice = self._own(track, NoticeEvent.OPENED, NoticeReason.NEW, incident, now)
            self._ask(track, incident, self._ledger.around(incident), notice, round_)
            round_.touched.add(track.incident)
        if track.over or not self._may_climb(incident):
            return
        if track.acknowledged_until is not None:
            if now < track.acknowledged_until:
                return
            ended = Act(track.incident, now, MACHINE, ActKind.ACKNOWLEDGEMENT_ENDED, track.acknowledged_by)
            round_.acts.append(ended)
            track.acknowledged_until, track.ring, track.ring_at = None, min(track.ring, 0), now
            self._remind(track, incident, NoticeEvent.ESCALATED, NoticeReason.NOT_ACKNOWLEDGED, round_)
        elif track.ring_at is not None and track.ring < LAST and now >= self._climbs_at(track):
            self._escalate(track, incident, round_)
        elif track.last_told_at is not None and now >= self._repeats_at(track):
            self._remind(track, incident, NoticeEvent.UPDATED, NoticeReason.REPEAT, round_)

    def _may_climb(self, incident: Incident) -> bool:
        return incident.urgency is Urgency.PAGE and incident.phase is Phase.OPEN and not incident.silenced_by

    def _may_hope(self, track: Track) -> bool:
        """There may be people now, where there were none."""
        hopes = track.ring < 0 and track.ring_at is None and track.acknowledged_until is None and not track.over
        return hopes and not self._ledger.incidents[track.incident].silenced_by

    def _climbs_at(self, track: Track) -> datetime:
        assert track.ring_at is not None
        return track.ring_at + timedelta(seconds=self._timing.escalate_seconds)

    def _repeats_at(self, track: Track) -> datetime:
        assert track.last_told_at is not None
        return track.last_told_at + timedelta(seconds=self._timing.repeat_seconds)

    def _escalate(self, track: Track, incident: Incident, round_: Round) -> None:
        notice = self._own(track, NoticeEvent.ESCALATED, NoticeReason.NOT_ACKNOWLEDGED, incident, round_.now)
        around = self._ledger.around(incident)
        before = set(track.pending)
        self._ask(track, incident, around, notice, round_)
        if set(track.pending) - before:
            self._tell_machines(track, notice, round_)
        round_.touched.add(track.incident)

    def _remind(
        self, track: Track, incident: Incident, event: NoticeEvent, reason: NoticeReason, round_: Round
    ) -> None:
        notice = self._own(track, event, reason, incident, round_.now)
        if event is NoticeEvent.ESCALATED:
            self._tell_machines(track, notice, round_)
        for channel, known in sorted(track.known.items()):
            if not _is_machine(channel):
                track.wait_for(channel, _pending(notice, known.person, round_.now))
        track.last_told_at = round_.now
        round_.touched.add(track.incident)

    def _own(self, track: Track, event: NoticeEvent, reason: NoticeReason, incident: Incident, now: datetime) -> Notice:
        return Notice(track.next_id(event), event, reason, now, incident)

    # -- what is left -----------------------------------------------------------------------------------------------

    def _seen(self, round_: Round) -> list[str]:
        """The incidents of this round that are still told of, in order."""
        return sorted((round_.stirred | round_.touched) & self._ledger.tracks.keys())

    def _result(self, round_: Round, now: Moment) -> Step:
        memories, self._gone = self._gone, []
        for id_ in self._seen(round_):
            track = self._ledger.tracks[id_]
            self._agenda.put(id_, self._next_at(track, round_))
            if id_ not in round_.touched:
                continue
            if track.over and not track.pending:
                memories.append(Memory(KIND, id_))
                self._agenda.put(id_, None)
                self._ledger.drop(id_)
            else:
                memories.append(track.as_memory())
        memories += self._sending.memories({message.channel for message in round_.messages})
        wake = self._agenda.first()
        steady = float("inf") if wake is None else now.steady_seconds + max(0.0, (wake - round_.now).total_seconds())
        return Step(tuple(round_.messages), tuple(memories), tuple(round_.acts), tuple(round_.nobody), steady)

    def _next_at(self, track: Track, round_: Round) -> datetime | None:
        """When time alone gives it something to do."""
        times, incident = self._sending.next_times(track, round_), self._ledger.incidents[track.incident]
        if not track.over and self._may_climb(incident):
            if track.acknowledged_until is not None:
                times.append(track.acknowledged_until)
            else:
                times += self._climbing_times(track, round_)
        return min(times, default=None)

    def _climbing_times(self, track: Track, round_: Round) -> list[datetime]:
        times = [round_.now] if track.ring < 0 and track.ring_at is None else []
        if track.ring_at is not None and track.ring < LAST:
            times.append(self._climbs_at(track))
        if track.last_told_at is not None:
            times.append(self._repeats_at(track))
        return times

    def _follow_clock(self, now: Moment) -> None:
        """A wall clock that was set makes nothing older or younger."""
        if self._last is not None:
            jump = (now.unix_seconds - self._last.unix_seconds) - (now.steady_seconds - self._last.steady_seconds)
            if abs(jump) > JUMP_SECONDS:
                by, self._planned_on = timedelta(seconds=jump), None
                for track in self._ledger.tracks.values():
                    track.shift(by)
                self._sending.shift(by)
        self._last = now


def _is_machine(channel: str) -> bool:
    return channel.partition(":")[0] in MACHINES


def _pending(notice: Notice, person: str, now: datetime) -> Pending:
    return Pending(notice.id, notice.event, notice.reason, now, person)


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
