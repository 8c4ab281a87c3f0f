"""Reachability by echo requests: batched through a raw socket, or through fping where that is not allowed."""

from collectors.icmp.choice import Choice, Pings, choose
from collectors.icmp.fping import FpingPinger
from collectors.icmp.pinger import Pinger
from domain.polling.classes import ECHO_BYTES

__all__ = ["ECHO_BYTES", "Choice", "FpingPinger", "Pinger", "Pings", "choose"]
