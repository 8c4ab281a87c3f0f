"""What state each device is in, and why: N of M misses, asked again at once, restored over restarts. Pure."""

from alerts.states.board import StateBoard, Step
from alerts.states.reasons import Reason, behind, words
from alerts.states.rules import STATES
from alerts.states.sight import BoardSight

__all__ = ["STATES", "BoardSight", "Reason", "StateBoard", "Step", "behind", "words"]
