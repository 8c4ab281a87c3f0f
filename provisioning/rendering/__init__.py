"""Intent and variables become the text that a device is told; secrets stay holes until it is sent."""

from provisioning.rendering.device import Given, GivenPart, render, variables_read
from provisioning.rendering.environment import shipped_templates
from provisioning.rendering.filling import Secrets, fill
from provisioning.rendering.quoting import Language, nested, write

__all__ = [
    "Given",
    "GivenPart",
    "Language",
    "Secrets",
    "fill",
    "nested",
    "render",
    "shipped_templates",
    "variables_read",
    "write",
]
