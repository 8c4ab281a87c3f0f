"""After a notice: who is told, how, when, and until it is delivered. Pure; stores and channels stand apart."""

from alerts.dispatch.messages import (
    Channel,
    Delivered,
    Fate,
    Later,
    Message,
    Outbox,
    Outgoing,
    Refused,
    Result,
    Sent,
    message_id,
)

__all__ = [
    "Channel",
    "Delivered",
    "Fate",
    "Later",
    "Message",
    "Outbox",
    "Outgoing",
    "Refused",
    "Result",
    "Sent",
    "message_id",
]
