"""Troubles in their order, done to a world and undone: what goes wrong when, and whom it darkened."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, assert_never

from lab.kabupaten.troubles import Deed, Trouble
from lab.world.model import Effect, World

REMEMBERED_SECONDS: Final = 40 * 86_400.0


@dataclass(slots=True)
class Happened:
    """darkened: devices that fell silent by it."""

    trouble: Trouble
    darkened: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Events:
    """`add` months of troubles, `next_at` says when something is due, `do` does what is due at a time."""

    world: World
    _waiting: list[tuple[float, int, Happened, bool]] = field(default_factory=list)
    _recent: list[Happened] = field(default_factory=list)
    _count: int = 0

    def add(self, troubles: Iterable[Trouble]) -> None:
        for trouble in troubles:
            happened = Happened(trouble)
            for at, begins in ((trouble.at, True), (trouble.until, False)):
                self._count += 1
                heapq.heappush(self._waiting, (at, self._count, happened, begins))

    @property
    def next_at(self) -> float:
        return self._waiting[0][0] if self._waiting else float("inf")

    def do(self, now: float) -> bool:
        """Whether anything was due. Each at its own time, between what the world does by itself."""
        done = False
        while self._waiting and self._waiting[0][0] <= now:
            at, _number, happened, begins = heapq.heappop(self._waiting)
            self._do(happened, at, begins=begins)
            done = True
        return done | self.world.advance(now)

    def cause_of(self, names: Iterable[str], since: float) -> Trouble | None:
        """The latest trouble that explains that these devices, links or segments failed at some time after `since`."""
        wanted = set(names)
        fitting = [
            each.trouble
            for each in self._recent
            if each.trouble.until >= since and (each.darkened & wanted or wanted.intersection(each.trouble.names))
        ]
        return max(fitting, key=lambda each: each.at, default=None)

    def going_on(self, now: float) -> tuple[Trouble, ...]:
        return tuple(each.trouble for each in self._recent if each.trouble.at <= now < each.trouble.until)

    def dimmed_since(self, since: float) -> frozenset[str]:
        """Links and segments whose light fades, or was given back no longer ago."""
        fading = (each.trouble for each in self._recent if each.trouble.deed is Deed.DIM)
        return frozenset(name for each in fading if each.until >= since for name in each.names)

    def _do(self, happened: Happened, at: float, *, begins: bool) -> None:
        trouble = happened.trouble
        if begins:
            self._recent = [each for each in self._recent if each.trouble.until > at - REMEMBERED_SECONDS]
            self._recent.append(happened)
        order = self._beginning(trouble) if begins else self._end(trouble)
        for name in trouble.names:
            effect = order(name, at)
            if begins:
                happened.darkened.update(effect.darkened)

    def _beginning(self, trouble: Trouble) -> Callable[[str, float], Effect]:
        world, seconds = self.world, trouble.until - trouble.at
        match trouble.deed:
            case Deed.CUT:
                return world.cut
            case Deed.FEEDER:
                return world.feeder_off
            case Deed.POWER:
                return world.power_off
            case Deed.HANG:
                return lambda name, at: world.reboot(name, at, seconds)
            case Deed.DIM:
                return lambda name, at: world.dim(name, trouble.db, at, seconds)
            case _:
                assert_never(trouble.deed)

    def _end(self, trouble: Trouble) -> Callable[[str, float], Effect]:
        world = self.world
        match trouble.deed:
            case Deed.CUT | Deed.DIM:
                return world.restore
            case Deed.FEEDER:
                return world.feeder_on
            case Deed.POWER:
                return world.power_on
            case Deed.HANG:
                return lambda name, at: Effect(False, (), ())
            case _:
                assert_never(trouble.deed)
