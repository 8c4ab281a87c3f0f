"""How an indicator stands: its figure and where it comes from, the half-year before, and whether the target is reached.

Missing stays missing: without a figure nothing is judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.evaluation.indicators import Measure, PlanIndicator


class Standing(StrEnum):
    REACHED = "reached"
    SHORT = "short"
    NO_TARGET = "no-target"
    NO_FIGURE = "no-figure"


@dataclass(frozen=True, slots=True)
class Figure:
    """value: None where it could not be measured. source: from which records, one sentence."""

    value: float | None
    source: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """typed_instead: the office typed another value than was measured; what was measured counts."""

    indicator: PlanIndicator
    figure: Figure
    before: float | None
    standing: Standing
    reached_percent: float | None = None
    change: float | None = None
    typed_instead: float | None = None


def judged(
    indicator: PlanIndicator,
    now: Mapping[Measure, Figure],
    earlier: PlanIndicator | None,
    before: Mapping[Measure, Figure],
) -> Judgement:
    """now and before: what we measured of this half-year and the one before. earlier: the same indicator then."""
    figure = _figure(indicator, now)
    was = _figure(earlier or indicator, before).value if indicator.measured or earlier else None
    typed = indicator.value if indicator.measured and indicator.value not in (None, figure.value) else None
    return Judgement(
        indicator,
        figure,
        was,
        _standing(indicator, figure.value),
        _percent(indicator, figure.value),
        None if figure.value is None or was is None else round(figure.value - was, 4),
        typed,
    )


def _figure(indicator: PlanIndicator, measured: Mapping[Measure, Figure]) -> Figure:
    if indicator.measured is not None:
        return measured.get(indicator.measured, Figure(None, ""))
    return Figure(indicator.value, indicator.source if indicator.value is not None else "")


def _standing(indicator: PlanIndicator, value: float | None) -> Standing:
    if value is None:
        return Standing.NO_FIGURE
    if indicator.target is None:
        return Standing.NO_TARGET
    reached = value <= indicator.target if indicator.lower_is_better else value >= indicator.target
    return Standing.REACHED if reached else Standing.SHORT


def _percent(indicator: PlanIndicator, value: float | None) -> float | None:
    """Of the target; of what should be low there is no such share."""
    if value is None or not indicator.target or indicator.lower_is_better:
        return None
    return round(100 * value / indicator.target, 2)
