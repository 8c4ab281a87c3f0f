"""What a check found, as one line for people: known figures with their units, whatever else by its name."""

from collections.abc import Mapping
from typing import Final

from domain.changes import Checked
from domain.language import _
from exporters.documents.figures import number

SILENT: Final = frozenset({"planned", "lowest", "highest", "sent", "wanted", "answer", "service"})
"""Told together with another figure, or of use to programs alone."""


def finding(check: Checked) -> str:
    """Why it did not pass, then what was seen."""
    seen = ", ".join(filter(None, (_figure(name, value, check.evidence) for name, value in check.evidence.items())))
    return ". ".join(filter(None, (check.why.rstrip("."), seen)))


def _figure(name: str, value: object, around: Mapping[str, object]) -> str:
    if value in (None, "", [], {}) or name in SILENT:
        return ""
    match name, value:
        case "dbm", int() | float():
            return _level(value, around.get("lowest"), around.get("highest"))
        case "rttSeconds", int() | float():
            return f"{number(value * 1000, 1)} ms"
        case "received", int():
            sent = around.get("sent")
            return _("{received} of {sent} came back").format(received=value, sent=sent) if sent is not None else ""
        case "octets", int():
            return _("{octets} octets").format(octets=number(value))
        case "serial", str():
            return _("serial {serial}").format(serial=value)
        case (("address" | "name" | "model" | "version" | "url"), str()):
            return value
        case "seen", dict():
            return ", ".join(f"{other} ({port})" if port else str(other) for other, port in value.items())
        case _, (int() | float()) if not isinstance(value, bool):
            return f"{name} {number(value)}"
        case _:
            return f"{name} {value}"


def _level(dbm: float, lowest: object, highest: object) -> str:
    if isinstance(lowest, int | float) and isinstance(highest, int | float):
        return _("{dbm} dBm (allowed {lowest} to {highest})").format(
            dbm=number(dbm, 1), lowest=number(lowest, 1), highest=number(highest, 1)
        )
    return f"{number(dbm, 1)} dBm"
