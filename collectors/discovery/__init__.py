"""What a device is and has: asked slowly and rarely, so that polling needs no walks."""

from collectors.discovery.discover import discover
from collectors.discovery.mains import mains_signs
from collectors.discovery.plans import plan_for

__all__ = ["discover", "mains_signs", "plan_for"]
