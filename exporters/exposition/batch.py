"""A few hundred devices whose lines are filled in together: small enough for the processor's cache, and a device that
changes costs its batch alone. Holds layout, no values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporters.catalogue import MetricType
from exporters.exposition.labels import escape
from exporters.exposition.lines import Lines
from exporters.exposition.templates import MARK, FamilyTemplate, PlanTemplates

PLACES = 256


class Member(NamedTuple):
    """A device on a batch, while lines are laid out."""

    device: int
    name: str
    templates: PlanTemplates


@dataclass(frozen=True, slots=True, eq=False)
class Starts:
    """By device: the first of its series, and of its groups."""

    series: NDArray[np.int64]
    groups: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class BatchLines:
    """The lines of one metric on one batch.

    series: [n] where each number begins, long: [n] whether it has two words (see `words`). groups: [u] where the time
    of those polled together is, devices: [u] whose they are. group: [n] the group of each line, as position in
    `groups`. factors: [n] or None.
    """

    lines: Lines
    series: NDArray[np.intp]
    long: NDArray[np.bool_]
    groups: NDArray[np.intp]
    devices: NDArray[np.intp]
    group: NDArray[np.intp]
    factors: tuple[NDArray[np.float64], NDArray[np.float64]] | None

    @property
    def nbytes(self) -> int:
        places = self.series.nbytes + self.long.nbytes + self.groups.nbytes + self.devices.nbytes + self.group.nbytes
        return self.lines.nbytes + places


class DeviceBatch:
    """Places for `PLACES` devices of one zone. members: templates by device. `version` changes with them; `series` and
    `repeated` are sums."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.version = 0
        self.series = 0
        self.repeated = 0
        self.members: dict[int, PlanTemplates] = {}
        self.laid_out: tuple[int, dict[str, BatchLines]] = (-1, {})

    @property
    def full(self) -> bool:
        return len(self.members) >= PLACES

    def put(self, device: int, templates: PlanTemplates) -> None:
        if device in self.members:
            self._count(self.members[device], -1)
        self.members[device] = templates
        self._count(templates, 1)

    def take(self, device: int) -> None:
        self._count(self.members.pop(device), -1)

    def _count(self, templates: PlanTemplates, sign: int) -> None:
        self.series += sign * templates.series
        self.repeated += sign * templates.repeated
        self.version += 1

    @property
    def nbytes(self) -> int:
        return sum(lines.nbytes for lines in self.laid_out[1].values())


def lay_out(members: Iterable[Member], start: Starts) -> dict[str, BatchLines]:
    """The lines of all members by metric name, devices in the order given."""
    families: dict[str, list[tuple[Member, FamilyTemplate]]] = {}
    for member in members:
        for name, template in member.templates.families.items():
            families.setdefault(name, []).append((member, template))
    return {name: _lines(parts, start) for name, parts in families.items()}


def _lines(parts: list[tuple[Member, FamilyTemplate]], start: Starts) -> BatchLines:
    members, templates = [member for member, _ in parts], [template for _, template in parts]
    labels = [escape(member.name).encode() for member in members]
    texts = [template.text.replace(MARK, label) for template, label in zip(templates, labels, strict=True)]
    counts = np.array([len(template.series) for template in templates], np.intp)
    lengths = np.array([len(text) for text in texts], np.intp)
    names = np.array([len(label) for label in labels], np.intp)
    rooms = np.concatenate([template.rooms for template in templates])
    rooms += np.repeat(np.cumsum(lengths) - lengths, counts)
    rooms += np.repeat(names, counts) * np.concatenate([template.ordinals for template in templates])
    series = np.concatenate([template.series for template in templates])
    device = np.repeat(np.array([member.device for member in members], np.intp), counts)
    series += start.series[device]
    groups = np.concatenate([template.slots for template in templates])
    groups += start.groups[device]
    distinct, first, group = np.unique(groups, return_index=True, return_inverse=True)
    integers = templates[0].metric.type is MetricType.COUNTER
    lines = Lines(np.frombuffer(b"".join(texts), np.uint8), rooms, integers, stamped=True)
    long = np.concatenate([template.long for template in templates])
    return BatchLines(lines, series, long, distinct, device[first], group, _factors(templates))


def _factors(templates: list[FamilyTemplate]) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    if all(template.factors is None for template in templates):
        return None
    pairs = [template.factors or (np.ones(len(template.series)),) * 2 for template in templates]
    return np.concatenate([times for times, _ in pairs]), np.concatenate([over for _, over in pairs])
