"""The timeline language: what happens when, and what must be told of it, in lines that an operator can write.

The language is described in docs/reference/scenarios.md.
"""

from kentongan.drill.timeline.playing import Judgement, play
from kentongan.drill.timeline.reading import TimelineError, read_timeline

__all__ = ["Judgement", "TimelineError", "play", "read_timeline"]
