"""How a configuration comes onto a device and off it again, platform by platform: what is said, purely."""

from provisioning.platforms.pushing.acts import Act, Mark, Pushing, Say, Send, Situation
from provisioning.platforms.pushing.onus import Registration, registered_anew, registrations
from provisioning.platforms.pushing.shipped import PUSHING, UNTIMED

__all__ = [
    "PUSHING",
    "UNTIMED",
    "Act",
    "Mark",
    "Pushing",
    "Registration",
    "Say",
    "Send",
    "Situation",
    "registered_anew",
    "registrations",
]
