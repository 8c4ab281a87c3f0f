"""Settings: one `kentongan.toml`, each value also as `KENTONGAN_SECTION__KEY` in the environment."""

from kentongan.settings.loading import Loaded, load_settings
from kentongan.settings.model import Settings
from kentongan.settings.sections.changing import ChangesSettings
from kentongan.settings.sections.watching import HeartbeatSettings, PollClassSettings, ServicesSettings

__all__ = [
    "ChangesSettings",
    "HeartbeatSettings",
    "Loaded",
    "PollClassSettings",
    "ServicesSettings",
    "Settings",
    "load_settings",
]
