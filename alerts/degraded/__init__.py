"""What still works, but not well: thresholds over readings and rates, loss and delay, trends, and its reasons."""

from alerts.degraded.thresholds import Threshold, ThresholdsError, load_thresholds
from alerts.degraded.watch import DegradedWatch

__all__ = ["DegradedWatch", "Threshold", "ThresholdsError", "load_thresholds"]
