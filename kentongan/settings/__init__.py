"""Settings: one `kentongan.toml`, each value also as `KENTONGAN_SECTION__KEY` in the environment."""

from kentongan.settings.loading import Loaded, load_settings
from kentongan.settings.model import (
    ChangesSettings,
    HeartbeatSettings,
    PollClassSettings,
    ServicesSettings,
    Settings,
)

__all__ = [
    "ChangesSettings",
    "HeartbeatSettings",
    "Loaded",
    "PollClassSettings",
    "ServicesSettings",
    "Settings",
    "load_settings",
]
