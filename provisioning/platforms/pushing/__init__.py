"""How a configuration comes onto a device and off it again, platform by platform: what is said, purely."""

from provisioning.platforms.pushing.acts import Act, Mark, Pushing, Say, Send, Situation
from provisioning.platforms.pushing.shipped import PUSHING

__all__ = ["PUSHING", "Act", "Mark", "Pushing", "Say", "Send", "Situation"]
