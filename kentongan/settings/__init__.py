"""Settings: one `kentongan.toml`, each value also as `KENTONGAN_SECTION__KEY` in the environment."""

from kentongan.settings.loading import Loaded, load_settings
from kentongan.settings.model import PollClassSettings, Settings

__all__ = ["Loaded", "PollClassSettings", "Settings", "load_settings"]
