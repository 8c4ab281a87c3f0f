"""What waits to be told to people goes when its time has come: grouped, by day unless it may wake, never in a flood."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from alerts.dispatch import burst
from alerts.dispatch.burst import Load, load_of
from alerts.dispatch.ledger import Ledger
from alerts.dispatch.memory import Memory
from alerts.dispatch.round import Round
from alerts.dispatch.timing import Timing
from alerts.dispatch.track import Known, Track
from alerts.dispatch.writing import Writer
from alerts.texts import Said, Surroundings
from domain.incidents import Notice, NoticeEvent, Urgency

MOST_AT_ONCE: Final = 40  # texts take milliseconds each; the step must not hold up the poller


class Sending:
    """Of the tracks in `ledger`. Remembers what has gone to each channel lately."""

    def __init__(self, ledger: Ledger, writer: Writer, timing: Timing) -> None:
        self._ledger = ledger
        self._writer = writer
        self._timing = timing
        self._window = timedelta(seconds=timing.window_seconds)
        self._loads: dict[str, Load] = {}

    @property
    def held_total(self) -> int:
        """Messages that went in a summary, ever."""
        return sum(load.held_total for load in self._loads.values())

    def restore(self, memory: Memory, now: datetime) -> None:
        self._loads[memory.key] = load_of(memory, now)

    def shift(self, by: timedelta) -> None:
        """The wall clock was set."""
        for load in self._loads.values():
            load.shift(by)

    def memories(self, channels: Collection[str]) -> list[Memory]:
        return [self._loads[channel].as_memory() for channel in sorted(channels & self._loads.keys())]

    def flush(self, ids: Iterable[str], round_: Round) -> None:
        """Of these incidents what is due; of more than can be written at once the rest waits for the next step."""
        due: dict[str, list[str]] = {}
        for id_ in ids:
            for channel, at in self._times(self._ledger.tracks[id_], round_):
                if at <= round_.now:
                    due.setdefault(channel, []).append(id_)
        for channel, incidents in sorted(due.items()):
            if len(round_.messages) >= MOST_AT_ONCE:
                break
            load = self._loads.setdefault(channel, Load(channel))
            incidents.sort(key=self._weight, reverse=True)
            alone, together = burst.split(incidents, load.room(self._timing.burst, self._window, round_.now))
            for id_ in alone:
                self._send(self._ledger.tracks[id_], channel, round_)
            if together:
                self._send_together(channel, together, round_)
            load.sent += [round_.now] * (len(alone) + bool(together))
            load.held_total += len(together)

    def next_times(self, track: Track, round_: Round) -> list[datetime]:
        """When each of what waits may go, by its own time and by the room of its channel."""
        return [max(at, self._free_at(channel, at, round_.now)) for channel, at in self._times(track, round_)]

    # -- when --------------------------------------------------------------------------------------------------------

    def _times(self, track: Track, round_: Round) -> list[tuple[str, datetime]]:
        if not track.pending:
            return []
        today = self._timing.local(round_.now).date()
        may_wake = self._ledger.may_wake(self._ledger.incidents[track.incident], today)
        return [(channel, self._due_at(track, channel, may_wake, round_)) for channel in track.pending]

    def _due_at(self, track: Track, channel: str, may_wake: bool, round_: Round) -> datetime:
        each, known = track.pending[channel], track.known.get(channel)
        match each.event:
            case NoticeEvent.OPENED | NoticeEvent.UPDATED | NoticeEvent.ESCALATED if known is None:
                due = each.since + timedelta(seconds=self._timing.group_wait_seconds)
            case NoticeEvent.UPDATED if known is not None:
                due = max(each.since, known.at + timedelta(seconds=self._timing.group_interval_seconds))
            case _:
                due = each.since
        return due if may_wake else max(due, self._morning_after(max(due, round_.now), round_))

    def _morning_after(self, at: datetime, round_: Round) -> datetime:
        morning = round_.mornings.get(at)
        if morning is None:
            morning = round_.mornings[at] = self._timing.morning_after(at)
        return morning

    def _free_at(self, channel: str, at: datetime, now: datetime) -> datetime:
        load = self._loads.get(channel)
        if load is None or load.room(self._timing.burst, self._window, now):
            return at
        return load.free_at(self._window) or at

    # -- what --------------------------------------------------------------------------------------------------------

    def _weight(self, id_: str) -> tuple[bool, int, int]:
        incident = self._ledger.incidents[id_]
        impact = incident.impact
        return incident.urgency is Urgency.PAGE, len(impact.villages) + len(impact.opd), impact.devices

    def _notice(self, track: Track, channel: str, now: datetime) -> tuple[Notice, Surroundings]:
        """As the channel's people may read it."""
        each, day = track.pending[channel], self._timing.local(now).date()
        incident, around = self._ledger.seen(self._ledger.incidents[track.incident], channel, day)
        return Notice(each.notice, each.event, each.reason, now, incident), around

    def _send(self, track: Track, channel: str, round_: Round) -> None:
        (notice, around), known = self._notice(track, channel, round_.now), track.known.get(channel)
        note = "" if around.is_part else track.closing_note  # people write of places as they are called
        said = Said(track.acknowledged_by, track.acknowledged_until, track.closing, note)
        after = known.message if known else ""
        message = self._writer.for_people(notice, channel, track.pending[channel].person, around, said, after)
        round_.messages.append(message)
        self._went(track, channel, message.id, round_)

    def _send_together(self, channel: str, ids: Iterable[str], round_: Round) -> None:
        tracks = [self._ledger.tracks[id_] for id_ in ids]
        notices = [self._notice(track, channel, round_.now) for track in tracks]
        message = self._writer.summary(notices, channel, tracks[0].pending[channel].person, round_.now)
        round_.messages.append(message)
        for track in tracks:
            self._went(track, channel, message.id, round_)

    def _went(self, track: Track, channel: str, message: str, round_: Round) -> None:
        each, known = track.pending.pop(channel), track.known.get(channel)
        track.known[channel] = Known(known.message if known else message, round_.now, each.person)
        track.last_told_at = round_.now
        round_.touched.add(track.incident)
