"""The course of a world whose history is told: what happened before now silently, what comes at its time. Pure."""

from datetime import datetime, time, tzinfo
from typing import Protocol

from lab.kabupaten.story import Story, month_after, troubles_up_to
from lab.kabupaten.troubles import Calendar
from lab.world.events import Events
from lab.world.model import World


class Course(Protocol):
    """When something is due (unix seconds, None for never), and doing it: True if the dark set may have changed."""

    @property
    def next_at(self) -> float | None: ...

    def do(self, now: float) -> bool: ...


class Undisturbed:
    """A world to which nothing happens but by orders."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def next_at(self) -> float | None:
        return self._world.next_event

    def do(self, now: float) -> bool:
        return self._world.advance(now)


class ToldCourse:
    """A world that goes on as its calendar says, from `now` on; what went before is done when this is made."""

    def __init__(self, world: World, calendar: Calendar, story: Story, zone: tzinfo, now: float) -> None:
        self._world, self._calendar, self._zone = world, calendar, zone
        self.events = Events(world)
        replay(self.events, calendar, story, now, zone)
        month = datetime.fromtimestamp(now, zone).date().replace(day=1)
        self.events.add(each for each in calendar.month(month) if each.at > now)
        self._month = month_after(month)

    @property
    def next_at(self) -> float | None:
        own = self._world.next_event
        return min(self.events.next_at, self._month_begins, own if own is not None else float("inf"))

    def do(self, now: float) -> bool:
        while self._month_begins <= now:
            self.events.add(self._calendar.month(self._month))
            self._month = month_after(self._month)
        return self.events.do(now)

    @property
    def _month_begins(self) -> float:
        return datetime.combine(self._month, time(), self._zone).timestamp()


def replay(events: Events, calendar: Calendar, story: Story, now: float, zone: tzinfo) -> None:
    """What happened up to now is done to the world, each at its time; its ends that are to come wait."""
    events.add(troubles_up_to(calendar, story, now, zone))
    while events.next_at <= now:
        events.do(events.next_at)
    events.do(now)
