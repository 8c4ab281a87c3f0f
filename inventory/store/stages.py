"""Keeps the way of each site: whoever changes a site's stage adds to its history, and nobody loses what was before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy import Connection, delete, select, update

from domain.coverage.stages import PLACES, standing
from domain.network import Record, Site, Stage, StageEntry
from inventory.store.tables import sites, stages

FEW: Final = 500
Stored = tuple[Stage, date | None, str]
"""A site's stage, since when, and the document, as they are kept."""


def keep_stages(connection: Connection, records: Iterable[Record], today: date | None) -> list[Record]:
    """What is to be written in place of `records`: entries are dated, changed stages become entries.

    today: without it nothing is dated or added. A site that is written as its history says adds nothing. One whose
    day lies before the end of its history keeps the newer stage: an old file does not turn the site back.
    """
    found = list(records)
    if today is None:
        return found
    told = [each for each in found if isinstance(each, StageEntry)]
    changed = [each for each in found if isinstance(each, Site)]
    if not told and not changed:
        return found
    slugs = sorted({each.slug for each in told} | {each.slug for each in changed})
    known = _entries(connection, slugs)
    dated = [_dated(each, known, today) for each in told]
    for entry in dated:
        known[entry.slug].append(entry)
    before = _stages(connection, slugs)
    added: list[StageEntry] = []
    settled: dict[str, Site] = {}
    for site in changed:
        new = _entry_of(site, before.get(site.slug), known.get(site.slug, ()), today)
        if new is not None:
            taken_back = _take_back(connection, new, known[site.slug])
            last = standing(known[site.slug], today)
            if not (taken_back and last is not None and last.stage is new.stage):
                known[site.slug].append(new)
                added.append(new)
        settled[site.slug] = _settled(site, known.get(site.slug, ()), today)
    _settle_others(connection, {each.slug for each in dated} - settled.keys(), known, today)
    rest = [each for each in found if not isinstance(each, Site | StageEntry)]
    return [*rest, *settled.values(), *dated, *added]


def forget_stages(connection: Connection, records: Iterable[Record]) -> None:
    """A site that is removed takes its history with it."""
    slugs = [each.slug for each in records if isinstance(each, Site)]
    for first in range(0, len(slugs), FEW):
        connection.execute(delete(stages).where(stages.c.slug.in_(slugs[first : first + FEW])))


def _entries(connection: Connection, slugs: Sequence[str]) -> defaultdict[str, list[StageEntry]]:
    query = select(stages)
    if len(slugs) <= FEW:
        query = query.where(stages.c.slug.in_(slugs))
    found: defaultdict[str, list[StageEntry]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.slug].append(StageEntry(*row))
    return found


def _stages(connection: Connection, slugs: Sequence[str]) -> Mapping[str, Stored]:
    query = select(sites.c.slug, sites.c.stage, sites.c.stage_date, sites.c.document_no)
    if len(slugs) <= FEW:
        query = query.where(sites.c.slug.in_(slugs))
    return {slug: (stage, on, document) for slug, stage, on, document in connection.execute(query)}


def _dated(entry: StageEntry, known: Mapping[str, Sequence[StageEntry]], today: date) -> StageEntry:
    """The day it was first told stays."""
    if entry.recorded_on is not None:
        return entry
    same = next((each for each in known.get(entry.slug, ()) if _key(each) == _key(entry)), None)
    return replace(entry, recorded_on=today if same is None else same.recorded_on)


def _entry_of(site: Site, before: Stored | None, known: Sequence[StageEntry], today: date) -> StageEntry | None:
    """What the history does not say yet. A stage that changes while its day stays the old one holds from today on."""
    old_stage, old_day, old_document = before or (None, None, "")
    moved = old_stage is not None and old_stage is not site.stage
    document = "" if moved and site.document_no == old_document else site.document_no
    if site.stage_date is None or (moved and site.stage_date == old_day):
        if before is None and not known:
            return None  # since when nobody says
        last = standing(known, today)
        now = last.stage if last is not None else old_stage
        return None if now is site.stage else StageEntry(site.slug, site.stage, today, document, today)
    said = {each.document_no for each in known if (each.on, each.stage) == (site.stage_date, site.stage)}
    if said and site.document_no in (*said, old_document):
        return None
    return StageEntry(site.slug, site.stage, site.stage_date, document, today)


def _take_back(connection: Connection, entry: StageEntry, known: list[StageEntry]) -> bool:
    """What was said today and is not so: of the same day, without a document, and further than what is said now."""
    taken = False
    for each in list(known):
        further = PLACES[each.stage] > PLACES[entry.stage]
        if further and each.on == entry.on and each.recorded_on == entry.recorded_on and not each.document_no:
            taken = True
            known.remove(each)
            same = (stages.c.slug == each.slug) & (stages.c.stage == each.stage) & (stages.c.on == each.on)
            connection.execute(delete(stages).where(same & (stages.c.document_no == "")))
    return taken


def _settled(site: Site, known: Sequence[StageEntry], today: date) -> Site:
    """The site with the stage at the end of its history, if that is later than what it says itself."""
    last = standing(known, today)
    if last is None:
        return site
    if last.stage is site.stage:
        return site if last.on == site.stage_date else replace(site, stage_date=last.on, document_no=last.document_no)
    if site.stage_date is not None and last.on <= site.stage_date:
        return site
    return replace(site, stage=last.stage, stage_date=last.on, document_no=last.document_no)


def _settle_others(
    connection: Connection, slugs: Iterable[str], known: Mapping[str, Sequence[StageEntry]], today: date
) -> None:
    """Sites that are not written themselves follow their history."""
    for slug in sorted(slugs):
        last = standing(known[slug], today)
        if last is not None:
            values = {"stage": last.stage, "stage_date": last.on, "document_no": last.document_no}
            connection.execute(update(sites).where(sites.c.slug == slug).values(values))


def _key(entry: StageEntry) -> tuple[date, Stage, str]:
    return entry.on, entry.stage, entry.document_no
