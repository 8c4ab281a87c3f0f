"""How things stand with the telling, for whoever asks: who has an incident, what a person was told last. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.track import Track
from alerts.dispatch.writing import Writer
from alerts.texts import Surroundings
from domain.incidents import Incident, Notice, NoticeEvent, NoticeReason, Phase


@dataclass(frozen=True, slots=True)
class Hands:
    """Who has taken an incident, and until when it counts."""

    person: str
    until: datetime


def in_hands(dispatcher: Dispatcher, incident: str, now: datetime) -> Hands | None:
    track = dispatcher.tracks.get(incident)
    if track is None or track.acknowledged_until is None or track.acknowledged_until <= now:
        return None
    return Hands(track.acknowledged_by, track.acknowledged_until)


def latest_of(tracks: Iterable[Track], channels: Collection[str]) -> str | None:
    """The incident that one of the channels was told of last and that goes on; None if several came together."""
    told = [
        (known.at, track.incident)
        for track in tracks
        if not track.over
        for channel, known in track.known.items()
        if channel in channels
    ]
    last = {incident for at, incident in told if at == max(told)[0]}
    return last.pop() if len(last) == 1 else None


def unheard(tracks: Iterable[Track]) -> int:
    """Incidents that may wake people and that nobody could be told of."""
    return sum(track.is_unheard for track in tracks)


def news(writer: Writer, incident: Incident, around: Surroundings, now: datetime) -> str:
    """The text that people get of it now, without links."""
    match incident.phase:
        case Phase.RESOLVED:
            event, reason = NoticeEvent.RESOLVED, NoticeReason.OVER
        case Phase.RETURNING:
            event, reason = NoticeEvent.UPDATED, NoticeReason.RETURNING
        case Phase.OPEN | Phase.MERGED:
            event, reason = NoticeEvent.OPENED, NoticeReason.NEW
    return writer.wording.message(Notice(f"{incident.id}-shown", event, reason, now, incident), around)
