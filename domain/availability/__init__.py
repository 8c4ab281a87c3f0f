"""Availability: intervals that partition a period exactly, who is charged for the dark ones, months that are frozen."""

from domain.availability.charging import EXPECTED_NIGHT, UNEXPLAINED, Blame, Held, Slice, slices_of
from domain.availability.figures import Figure, figure_of, together
from domain.availability.hours import PowerClass, PowerProfile, service_hours
from domain.availability.kinds import Kind, kind_of
from domain.availability.lines import Line, Restitution, line_of, restitution
from domain.availability.penalty import PenaltyError, PenaltyRule
from domain.availability.period import Period, PeriodError, half, month, months_of, period_of
from domain.availability.records import History, Records, Work
from domain.availability.report import By, Report, Reporter, Row
from domain.availability.spans import Spans, datetime_of, micros_of, spans_of
from domain.availability.timeline import Timeline, best_of, overlay, timeline_of

__all__ = [
    "EXPECTED_NIGHT",
    "UNEXPLAINED",
    "Blame",
    "By",
    "Figure",
    "Held",
    "History",
    "Kind",
    "Line",
    "PenaltyError",
    "PenaltyRule",
    "Period",
    "PeriodError",
    "PowerClass",
    "PowerProfile",
    "Records",
    "Report",
    "Reporter",
    "Restitution",
    "Row",
    "Slice",
    "Spans",
    "Timeline",
    "Work",
    "best_of",
    "datetime_of",
    "figure_of",
    "half",
    "kind_of",
    "line_of",
    "micros_of",
    "month",
    "months_of",
    "overlay",
    "period_of",
    "restitution",
    "service_hours",
    "slices_of",
    "spans_of",
    "timeline_of",
    "together",
]
