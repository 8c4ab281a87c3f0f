"""What tells one record of a kind from another: the fields that make its key."""

from dataclasses import fields
from datetime import date
from typing import Final

from domain.network.administration import Contract, Person, Prefix, Service, Target
from domain.network.devices import Device
from domain.network.inventory import Inventory, Record
from domain.network.links import Link, Segment
from domain.network.sites import Site, Village

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
    Target: ("region_code", "due_on", "indicator", "kind"),
}
KINDS: Final[dict[str, type[Record]]] = dict(zip((f.name for f in fields(Inventory)), KEY_FIELDS, strict=True))


def key_of(record: Record) -> tuple[str | int, ...]:
    """The key as plain values that sort: no year is 0, a date is its ISO text."""
    return tuple(_plain(getattr(record, name)) for name in KEY_FIELDS[type(record)])


def _plain(value: str | int | date | None) -> str | int:
    if value is None:
        return 0
    return value.isoformat() if isinstance(value, date) else value
