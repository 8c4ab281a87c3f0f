"""The evaluation of a smart-city master plan: pillars, indicators with target and figure, and how they are judged.

Imports nothing of the network, for the network's inventory holds its records.
"""

from domain.evaluation.indicators import Level, Measure, Pillar, PlanIndicator, half_before, pillar_of
from domain.evaluation.judging import Figure, Judgement, Standing, judged

__all__ = [
    "Figure",
    "Judgement",
    "Level",
    "Measure",
    "Pillar",
    "PlanIndicator",
    "Standing",
    "half_before",
    "judged",
    "pillar_of",
]
