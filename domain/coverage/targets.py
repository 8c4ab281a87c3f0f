"""What was promised: which target holds on a day, which ones it has replaced, and whether kecamatan sum up.

A revision replaces what was decided before it for the same region, date and indicator; what it replaced stays visible.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from domain.language import _
from domain.network import Indicator, RegionCode, RegionLevel, Target, TargetKind, level_of, parent_of

_WEIGHT: Final = {TargetKind.RPJMD: 0, TargetKind.RKPD: 1, TargetKind.REVISION: 2}


@dataclass(frozen=True, slots=True)
class Promise:
    """The target in force for a region, a date and an indicator. replaced: the earlier ones, the newest first."""

    target: Target
    replaced: tuple[Target, ...] = ()


def promises(targets: Iterable[Target], on: date) -> tuple[Promise, ...]:
    """What is in force on a day, by region, date and indicator. A target without a day of decision always counted."""
    found: dict[tuple[str, date, str], list[Target]] = defaultdict(list)
    for target in targets:
        if (target.decided_on or date.min) <= on:
            found[target.region_code, target.due_on, target.indicator.value].append(target)
    made = []
    for _key, same in sorted(found.items()):
        newest, *rest = sorted(same, key=_rank, reverse=True)
        made.append(Promise(newest, tuple(rest)))
    return tuple(made)


def sum_warnings(made: Sequence[Promise]) -> tuple[str, ...]:
    """Where the targets of kecamatan do not sum up to their kabupaten's, in words."""
    values = {(each.target.region_code, each.target.due_on, each.target.indicator): each.target.value for each in made}
    inside: dict[tuple[RegionCode, date, Indicator], list[int]] = defaultdict(list)
    for code, due_on, indicator in values:
        parent = parent_of(code)
        if level_of(code) is RegionLevel.DISTRICT and parent is not None:
            inside[parent, due_on, indicator].append(values[code, due_on, indicator])
    warnings = []
    for (regency, due_on, indicator), parts in sorted(inside.items()):
        whole = values.get((regency, due_on, indicator))
        if whole is not None and whole != sum(parts):
            warnings.append(
                _(
                    "{indicator} by {day}: the {count} kecamatan with a target promise {parts} together, "
                    "{region} promises {whole}."
                ).format(
                    indicator=indicator.value,
                    day=due_on,
                    count=len(parts),
                    parts=sum(parts),
                    region=regency,
                    whole=whole,
                )
            )
    return tuple(warnings)


def _rank(target: Target) -> tuple[date, int]:
    return target.decided_on or date.min, _WEIGHT[target.kind]
