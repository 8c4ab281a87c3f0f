"""Whether a site works as it is to work: named checks, each with its evidence. What cannot be asked is not passed."""

from provisioning.verification.checks import CHECKS, verify
from provisioning.verification.ground import Ground

__all__ = ["CHECKS", "Ground", "verify"]
