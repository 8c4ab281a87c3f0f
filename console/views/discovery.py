"""The queue of doubts for people: each with where it is, and what answers it. Cut to what an account sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final
from urllib.parse import urlencode

from console.ports import Look
from console.ports.discovery import Doubted, Found
from console.views.places import place_name
from console.views.sheet import holds
from console.views.sorting import Columns, in_order
from console.views.speech import moment
from domain.language import _
from domain.network.units import UnitQuestion


@dataclass(frozen=True, slots=True)
class Stranger:
    key: str
    name: str
    chassis: str
    protocol: str
    seen_by: str
    interface: str
    place: str
    at: str
    ignored: str
    ignored_by: str


@dataclass(frozen=True, slots=True)
class Asked:
    """replace: the address of the page that shows what a yes would do."""

    device: str
    serial: str
    place: str
    sentence: str
    seen_by: str
    last: str
    replace: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    device: str
    place: str
    known: str
    since: str
    offered: str
    at: str


@dataclass(frozen=True, slots=True)
class QueueView:
    strangers: tuple[Stranger, ...]
    ignored: tuple[Stranger, ...]
    questions: tuple[Asked, ...]
    keys: tuple[KeyRow, ...]

    @property
    def open(self) -> int:
        return len(self.strangers) + len(self.questions) + len(self.keys)


IGNORED_COLUMNS: Final[Columns[Stranger]] = {
    "name": lambda each: each.name or each.chassis,
    "why": lambda each: each.ignored,
    "by": lambda each: each.ignored_by,
    "seen": lambda each: each.seen_by,
}


def queue_of(
    look: Look,
    found: Sequence[Found],
    questions: Sequence[UnitQuestion],
    keys: Sequence[Doubted],
    zone: tzinfo,
    text: str = "",
    sort: str = "",
) -> QueueView:
    """text: that must occur in its name, its address, its place or what somebody said of it. sort: of those that are
    none of ours."""
    known = look.inventory.used_by_name
    strangers = [_stranger(each, look, zone) for each in found if each.seen_by in known]
    strangers = [
        each for each in strangers if holds((each.name, each.chassis, each.seen_by, each.place, each.ignored), text)
    ]
    asked = (_asked(each, look, zone) for each in questions if each.device in known)
    shown = (_key(each, look, zone) for each in keys if each.device in known)
    return QueueView(
        tuple(each for each in strangers if not each.ignored),
        tuple(in_order((each for each in strangers if each.ignored), IGNORED_COLUMNS, sort)),
        tuple(each for each in asked if holds((each.device, each.serial, each.place), text)),
        tuple(each for each in shown if holds((each.device, each.place), text)),
    )


def _place(look: Look, slug: str) -> str:
    site = look.inventory.site_by_slug.get(slug)
    return place_name(site, look.names) if site else slug


def _of_device(look: Look, device: str) -> str:
    return _place(look, look.inventory.used_by_name[device].site)


def _stranger(found: Found, look: Look, zone: tzinfo) -> Stranger:
    return Stranger(
        found.key,
        found.name,
        found.chassis,
        found.protocol.upper(),
        found.seen_by,
        found.interface,
        _place(look, found.site),
        moment(found.at, zone, look.at.astimezone(zone).date()),
        found.ignored,
        found.ignored_by,
    )


def _asked(question: UnitQuestion, look: Look, zone: tzinfo) -> Asked:
    today = look.at.astimezone(zone).date()
    sentence = _("{device}: {serial} answers since {since}, {known} was known. Was it replaced?").format(
        device=question.device,
        serial=" ".join(filter(None, (question.serial, question.model))),
        since=moment(question.first_at, zone, today),
        known=question.known_serial or "-",
    )
    site = look.inventory.used_by_name[question.device].site
    query = {"device": question.device, "serial": question.serial, "model": question.model, "already": "yes"}
    return Asked(
        question.device,
        question.serial,
        _place(look, site),
        sentence,
        question.seen_by,
        moment(question.last_at, zone, today),
        f"/sites/{site}/replace?{urlencode(query)}",
    )


def _key(doubted: Doubted, look: Look, zone: tzinfo) -> KeyRow:
    today = look.at.astimezone(zone).date()
    return KeyRow(
        doubted.device,
        _of_device(look, doubted.device),
        doubted.known,
        moment(doubted.known_since, zone, today) if doubted.known_since else "",
        doubted.offered,
        moment(doubted.at, zone, today) if doubted.at else "",
    )
