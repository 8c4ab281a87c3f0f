"""What devices log about themselves (syslog, RFC 3164 and RFC 5424): taken in, read, and asked who changed what."""

from collectors.syslog.framing import Frames
from collectors.syslog.intake import Intake, IntakeCounts
from collectors.syslog.messages import Message, read_message
from collectors.syslog.patterns import Patterns, shipped_patterns
from collectors.syslog.receiver import SyslogReceiver
from collectors.syslog.records import LogEntry, LogKind, Told

__all__ = [
    "Frames",
    "Intake",
    "IntakeCounts",
    "LogEntry",
    "LogKind",
    "Message",
    "Patterns",
    "SyslogReceiver",
    "Told",
    "read_message",
    "shipped_patterns",
]
