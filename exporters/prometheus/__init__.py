"""What a Prometheus beside Kentongan needs: its configuration, its rules, the command that starts it."""

from exporters.prometheus.config import RULES_FILE, render_config, start_command
from exporters.prometheus.render import rules_text

__all__ = ["RULES_FILE", "render_config", "rules_text", "start_command"]
