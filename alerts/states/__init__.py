"""What state each device is in, and why: N of M misses, asked again at once, restored over restarts. Pure."""

from alerts.states.board import StateBoard, Step
from alerts.states.lookup import BoardView
from alerts.states.reasons import Reason, behind, words
from alerts.states.rules import STATES

__all__ = ["STATES", "BoardView", "Reason", "StateBoard", "Step", "behind", "words"]
