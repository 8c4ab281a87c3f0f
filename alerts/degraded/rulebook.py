"""Which threshold holds for which thing: thresholds as columns of numbers, and their numbers by device and plan."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.degraded.measures import measure_of
from alerts.degraded.thresholds import Threshold
from domain.network import Device, Role, SiteKind
from domain.polling import Plan

NONE: Final = 0
"""The number of no threshold: raises nothing."""

_WILD: Final = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Levels:
    """The thresholds in columns, by their number; entry 0 is that of no threshold."""

    raise_above: NDArray[np.float32]
    clear_below: NDArray[np.float32]
    raise_below: NDArray[np.float32]
    clear_above: NDArray[np.float32]
    believe_from: NDArray[np.float32]
    believe_to: NDArray[np.float32]
    polls: NDArray[np.uint8]
    seconds: NDArray[np.float32]
    least: NDArray[np.float32]


class Rulebook:
    """Thresholds are numbered from 1 in their order; of several that fit the last one counts."""

    def __init__(self, thresholds: Iterable[Threshold]) -> None:
        self.thresholds = tuple(thresholds)
        self.measures = frozenset(each.measure for each in self.thresholds)
        self.levels = _levels(self.thresholds)
        self._patterns = [re.compile(each.sensor, re.IGNORECASE) for each in self.thresholds]
        self._general: dict[tuple[Role, SiteKind | None], tuple[int, ...]] = {}
        self._named: dict[str, list[int]] = {}
        self._wild: list[int] = []
        for number, each in enumerate(self.thresholds, 1):
            for name in each.devices:
                if _WILD.isdisjoint(name):
                    self._named.setdefault(name, []).append(number)
                elif not self._wild or self._wild[-1] != number:
                    self._wild.append(number)
        self._laid_out: dict[tuple[int, tuple[int, ...], frozenset[str]], tuple[Plan, NDArray[np.uint16]]] = {}

    def __getitem__(self, number: int) -> Threshold:
        return self.thresholds[number - 1]

    def fitting(self, device: Device, site: SiteKind | None) -> tuple[int, ...]:
        """The numbers of all that hold for a device, in order."""
        general = self._general.get((device.role, site))
        if general is None:
            general = self._general[device.role, site] = tuple(
                number
                for number, each in enumerate(self.thresholds, 1)
                if not each.devices and self._suits(each, device.role, site)
            )
        own = [*self._named.get(device.name, ()), *(n for n in self._wild if self._names(n, device.name))]
        own = [number for number in own if self._suits(self[number], device.role, site)]
        return tuple(sorted({*general, *own})) if own else general

    def one(self, measure: str, device: Device | None, site: SiteKind | None) -> int:
        """The number of the threshold for what is no column: a measure of a device (None: of a site)."""
        if device is not None:
            numbers: Iterable[int] = self.fitting(device, site)
        else:
            numbers = (
                number
                for number, each in enumerate(self.thresholds, 1)
                if not each.devices and not each.roles and (not each.sites or site in each.sites)
            )
        return max((number for number in numbers if self[number].measure == measure), default=NONE)

    def for_sensor(self, measure: str, device: Device, site: SiteKind | None, sensor: str) -> Threshold | None:
        """The threshold that holds for one sensor by its name; those for ports of links count too."""
        number = self._last(self.fitting(device, site), measure, sensor, on_link=True)
        return self[number] if number else None

    def of_columns(self, plan: Plan, fitting: tuple[int, ...], linked: frozenset[str]) -> NDArray[np.uint16]:
        """For each column of a plan the number of its threshold. linked: interfaces that are ends of links."""
        has_ports = any(self[number].on_links for number in fitting)
        key = id(plan), fitting, linked if has_ports else frozenset()
        known = self._laid_out.get(key)
        if known is None:
            numbers = np.zeros(len(plan.columns), np.uint16)
            for place, column in enumerate(plan.columns):
                measure = measure_of(column)
                if measure in self.measures:
                    on_link = column.interface in linked if column.interface else False
                    numbers[place] = self._last(fitting, measure, column.instance, on_link)
            known = self._laid_out[key] = plan, numbers  # the plan is held, so that its id stays its own
        return known[1]

    def _last(self, fitting: tuple[int, ...], measure: str, name: str, on_link: bool) -> int:
        for number in reversed(fitting):
            each = self[number]
            if each.measure == measure and (on_link or not each.on_links) and self._patterns[number - 1].search(name):
                return number
        return NONE

    def _suits(self, each: Threshold, role: Role, site: SiteKind | None) -> bool:
        return (not each.roles or role in each.roles) and (not each.sites or site in each.sites)

    def _names(self, number: int, device: str) -> bool:
        return any(fnmatchcase(device, pattern) for pattern in self[number].devices)


def _levels(thresholds: tuple[Threshold, ...]) -> Levels:
    def column(field: str, none: float) -> NDArray[np.float32]:
        return np.array([none, *(getattr(each, field) for each in thresholds)], np.float32)

    return Levels(
        raise_above=column("raise_above", np.inf),
        clear_below=column("clear_below", np.inf),
        raise_below=column("raise_below", -np.inf),
        clear_above=column("clear_above", -np.inf),
        believe_from=column("believe_from", -np.inf),
        believe_to=column("believe_to", np.inf),
        polls=np.array([1, *(each.polls for each in thresholds)], np.uint8),
        seconds=column("seconds", 0.0),
        least=column("least", 0.0),
    )
