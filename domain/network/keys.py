"""What tells one record of a kind from another: the fields that make its key."""

from dataclasses import fields
from datetime import date
from typing import Final

from domain.evaluation.indicators import PlanIndicator
from domain.network.administration import Contract, Person, Prefix, Service, Target
from domain.network.devices import Device
from domain.network.inventory import Inventory, Record
from domain.network.links import Link, Segment
from domain.network.sites import Site, Village
from domain.network.stages import StageEntry

KEY_FIELDS: Final[dict[type[Record], tuple[str, ...]]] = {
    Village: ("region_code", "year"),
    Site: ("slug",),
    Device: ("name",),
    Link: ("name",),
    Segment: ("name",),
    Contract: ("id",),
    Service: ("code",),
    Prefix: ("prefix",),
    Person: ("name",),
    Target: ("region_code", "due_on", "indicator", "kind", "decided_on"),
    StageEntry: ("slug", "on", "stage", "document_no"),
    PlanIndicator: ("half", "code"),
}
KINDS: Final[dict[str, type[Record]]] = dict(zip((f.name for f in fields(Inventory)), KEY_FIELDS, strict=True))


_DAYS: Final = frozenset({"due_on", "decided_on", "on"})


def key_of(record: Record) -> tuple[str | int, ...]:
    """The key as plain values that sort: no year is 0, a date is its ISO text, no date an empty one."""
    return tuple(plain_key(name, getattr(record, name)) for name in KEY_FIELDS[type(record)])


def plain_key(name: str, value: str | int | date | None) -> str | int:
    """One part of a key."""
    if value is None:
        return "" if name in _DAYS else 0
    return value.isoformat() if isinstance(value, date) else value
