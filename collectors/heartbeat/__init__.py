"""Sites that cannot be asked push: the receiver of their heartbeats, and the scripts that send them."""

from collectors.heartbeat.receiver import HeartbeatCounts, HeartbeatLimits, heartbeat_routes
from collectors.heartbeat.scripts import ScriptKind, render_script

__all__ = [
    "HeartbeatCounts",
    "HeartbeatLimits",
    "ScriptKind",
    "heartbeat_routes",
    "render_script",
]
