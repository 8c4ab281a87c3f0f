"""What a device is and has: asked slowly and rarely, so that polling needs no walks."""

from collectors.discovery.discover import discover
from collectors.discovery.plans import needs_rediscovery, plan_for

__all__ = ["discover", "needs_rediscovery", "plan_for"]
