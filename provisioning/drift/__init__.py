"""Whether devices are as they are meant to be, judged by what was last read of them."""

from provisioning.drift.drift import Drift, DriftState, IntendedConfigs, judge
from provisioning.drift.intended import IntendedFolder

__all__ = ["Drift", "DriftState", "IntendedConfigs", "IntendedFolder", "judge"]
