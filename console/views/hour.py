"""The last hour of the wallboard: what broke and what came back, each as a line of sixty minutes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from console.ports import Look
from console.views.rows import Speak, shape_of
from console.views.speech import clock, number
from domain.incidents import Incident, Phase
from domain.language import _, n_
from domain.states import State

HOUR: Final = timedelta(hours=1)
MOST_LINES: Final = 8
FEW_LINES: Final = 4
NOTHING: Final = 0.5
"""Percent of the hour that also the shortest line is long."""


@dataclass(frozen=True, slots=True)
class HourLine:
    """left, width: of its bar, in percent of the hour. shape: the state whose colour the bar has."""

    id: str
    shape: State
    state: str
    title: str
    times: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Hour:
    """lines: the newest event first. ticks: (percent, time) of the quarters."""

    said: str
    lines: tuple[HourLine, ...]
    more: int
    ticks: tuple[tuple[float, str], ...]


def hour_of(incidents: Iterable[Incident], look: Look, speak: Speak, zone: tzinfo, most: int = MOST_LINES) -> Hour:
    """incidents: those that overlap the hour before the look, as far as they are shown to whoever looks."""
    since = look.at - HOUR
    told = [each for each in incidents if each.phase is not Phase.MERGED]
    broke = [each for each in told if each.started_at >= since]
    back = [each for each in told if each.resolved_at is not None and each.resolved_at >= since]
    moved = {each.id: each for each in (*broke, *back)}
    newest = sorted(moved.values(), key=lambda each: (max(each.started_at, each.resolved_at or since), each.id))[::-1]
    return Hour(
        ", ".join(
            (
                n_("{count} broke", "{count} broke", len(broke)).format(count=number(len(broke))),
                n_("{count} came back", "{count} came back", len(back)).format(count=number(len(back))),
            )
        ),
        tuple(_line(each, since, look.at, speak, zone) for each in newest[:most]),
        max(0, len(newest) - most),
        tuple(_ticks(since, look.at, zone)),
    )


def _line(incident: Incident, since: datetime, until: datetime, speak: Speak, zone: tzinfo) -> HourLine:
    words = speak(incident)
    left = _percent(max(incident.started_at, since) - since)
    right = _percent(min(incident.resolved_at or until, until) - since)
    if incident.resolved_at is None:
        times = _("since {time}").format(time=clock(incident.started_at, zone))
    else:
        times = f"{clock(incident.started_at, zone)}–{clock(incident.resolved_at, zone)}"
    shape = shape_of(incident) if incident.is_open else State.UP
    width = max(NOTHING, round(right - left, 2))
    return HourLine(incident.id, shape, words.state, words.title, times, min(left, 100 - width), width)


def _ticks(since: datetime, until: datetime, zone: tzinfo) -> Iterable[tuple[float, str]]:
    quarter = timedelta(minutes=15)
    at = since + (quarter - timedelta(minutes=since.minute % 15, seconds=since.second, microseconds=since.microsecond))
    while at < until:
        yield _percent(at - since), clock(at, zone)
        at += quarter


def _percent(span: timedelta) -> float:
    return round(100 * span / HOUR, 2)
