"""A simulated kabupaten as its office knew it on a day, and the same one some years later. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from domain.coverage.stages import recorded, standing
from domain.network import Contract, Inventory, Link, Site, Stage, StageEntry, Target

Row = TypeVar("Row")

CURVE_YEAR: Final = 2020
"""The published curve ends with this one."""

_YEAR: Final = re.compile(r"(?<!\d)20[0-4]\d(?!\d)")


def years_later(inventory: Inventory, years: int) -> Inventory:
    """Everything that people decided so many years later, in dates and in the numbers of documents."""
    if not years:
        return inventory
    return replace(
        inventory,
        villages=tuple(replace(each, year=each.year + years if each.year else None) for each in inventory.villages),
        sites=tuple(_site_later(each, years) for each in inventory.sites),
        stages=tuple(_entry_later(each, years) for each in inventory.stages),
        targets=tuple(_target_later(each, years) for each in inventory.targets),
        indicators=tuple(replace(each, half=_document_later(each.half, years)) for each in inventory.indicators),
    )


def under_contract(inventory: Inventory, first: date, last: date) -> Inventory:
    """With contracts over whole years that hold from the first day to the last."""

    def over(each: Contract) -> Contract:
        return replace(each, starts_on=date(first.year, 1, 2), ends_on=date(last.year, 12, 31))

    return replace(inventory, contracts=tuple(map(over, inventory.contracts)))


def known_on(inventory: Inventory, day: date) -> Inventory:
    """What was in the books on a day: sites and stages of which a document had come in, what stands at sites in use."""
    entries: defaultdict[str, list[StageEntry]] = defaultdict(list)
    staged = {each.slug for each in inventory.stages}
    for entry in inventory.stages:
        if recorded(entry) <= day:
            entries[entry.slug].append(entry)
    sites = tuple(
        _site_on(each, entries[each.slug], day)
        for each in inventory.sites
        if each.slug not in staged or each.slug in entries
    )
    in_use = {each.slug for each in sites if each.slug not in staged or _has_begun(entries[each.slug], day)}
    devices = tuple(each for each in inventory.devices if each.site in in_use)
    names = {each.name for each in devices} | {""}
    links = tuple(each for each in inventory.links if {each.a_device, each.z_device} <= names)
    known = {each.slug for each in sites}
    return replace(
        inventory,
        sites=sites,
        devices=devices,
        links=links,
        segments=tuple(each for each in inventory.segments if _is_needed(each.name, links, sites, inventory.links)),
        prefixes=tuple(each for each in inventory.prefixes if each.site in known),
        targets=tuple(each for each in inventory.targets if each.decided_on is None or each.decided_on <= day),
        stages=tuple(each for each in inventory.stages if recorded(each) <= day),
    )


def news(before: Inventory, after: Inventory) -> Inventory:
    """The rows that are new or otherwise."""

    return Inventory(
        villages=_fresh(before.villages, after.villages),
        sites=_fresh(before.sites, after.sites),
        devices=_fresh(before.devices, after.devices),
        links=_fresh(before.links, after.links),
        segments=_fresh(before.segments, after.segments),
        contracts=_fresh(before.contracts, after.contracts),
        services=_fresh(before.services, after.services),
        prefixes=_fresh(before.prefixes, after.prefixes),
        people=_fresh(before.people, after.people),
        targets=_fresh(before.targets, after.targets),
        stages=_fresh(before.stages, after.stages),
        indicators=_fresh(before.indicators, after.indicators),
    )


def _fresh(old: Iterable[Row], new: Iterable[Row]) -> tuple[Row, ...]:
    known = set(old)
    return tuple(each for each in new if each not in known)


def begins_on(inventory: Inventory) -> Mapping[str, date]:
    """Site → the day since which it is in use, of those whose history is known."""
    found: dict[str, date] = {}
    for entry in inventory.stages:
        if entry.stage is Stage.ACTIVE:
            found[entry.slug] = min(found.get(entry.slug, entry.on), entry.on)
    return found


def _site_on(site: Site, entries: list[StageEntry], day: date) -> Site:
    last = standing(entries, day)
    if last is None:
        return site
    return replace(site, stage=last.stage, stage_date=last.on, document_no=last.document_no)


def _has_begun(entries: list[StageEntry], day: date) -> bool:
    return any(each.stage in (Stage.ACTIVE, Stage.HANDED_OVER) and each.on <= day for each in entries)


def _is_needed(name: str, links: Collection[Link], sites: Collection[Site], all_: Collection[Link]) -> bool:
    """A cable that nobody uses yet has not been laid."""
    if any(name in each.segments for each in links) or any(each.power_feeder == name for each in sites):
        return True
    return not any(name in each.segments for each in all_)


def _site_later(site: Site, years: int) -> Site:
    on = site.stage_date
    return replace(
        site, stage_date=_later(on, years) if on else None, document_no=_document_later(site.document_no, years)
    )


def _entry_later(entry: StageEntry, years: int) -> StageEntry:
    told = entry.recorded_on
    return replace(
        entry,
        on=_later(entry.on, years),
        document_no=_document_later(entry.document_no, years),
        recorded_on=_later(told, years) if told else None,
    )


def _target_later(target: Target, years: int) -> Target:
    decided = target.decided_on
    return replace(
        target,
        due_on=_later(target.due_on, years),
        document=_document_later(target.document, years),
        decided_on=_later(decided, years) if decided else None,
    )


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _document_later(document: str, years: int) -> str:
    return _YEAR.sub(lambda found: str(int(found[0]) + years), document)
