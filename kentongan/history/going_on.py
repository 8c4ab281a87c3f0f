"""A history goes on live: what has to hold before it can, what its installation knows then, and its clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from domain.language import _
from domain.network import Check, Inventory
from kentongan.clock import SystemClock
from kentongan.history.hearts import no_heartbeats
from kentongan.history.making import HistoryError, Wanted, credentials, recorded_up_to, story_of, whole_of
from kentongan.history.office import Office
from kentongan.installation import Installation
from lab.kabupaten.story import Story

MOST_GAP: Final = timedelta(days=92)
"""Played in less than a minute."""

LEAST_GAP: Final = timedelta(minutes=1)
SLACK: Final = timedelta(minutes=5)
"""A clock may have been set back by so much."""


class HistoryEndedError(HistoryError):
    """It ended too long ago, or has not come yet by this clock."""


class LiveClock(SystemClock):
    """The machine's own; a history that stands in 2020 is right to do so."""

    def __init__(self, not_before: datetime) -> None:
        self.not_before = not_before


def gap_before(installation: Installation, story: Story, now: datetime) -> timedelta:
    """Between the newest record and now. Raises HistoryEndedError."""
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    end = datetime.fromtimestamp(recorded_up_to(installation, story), UTC).astimezone(zone)
    words = {
        "folder": installation.loaded.folder,
        "file": installation.loaded.file,
        "end": f"{end:%Y-%m-%d %H.%M}",
        "now": f"{now.astimezone(zone):%Y-%m-%d %H.%M}",
    }
    if now < end - SLACK:
        raise HistoryEndedError(
            _(
                "The history in {folder} goes on to {end}, but the clock says {now}. Set the clock, or only look at "
                "it: kentongan --config {file} console"
            ).format(**words)
        )
    if now - end > MOST_GAP:
        raise HistoryEndedError(
            _(
                "The history in {folder} ended on {end}. It can be looked at: kentongan --config {file} console. Live "
                "it goes on only under a clock that stands there. One that reaches up to today, in another folder: "
                "kentongan demo --history 24 --keep FOLDER"
            ).format(**words)
        )
    return max(now - end, timedelta())


def bring_up_to_date(installation: Installation, wanted: Wanted, *, with_services: bool) -> Inventory:
    """Imports what its office knows today, as the simulation stands now; stores what opens it. The inventory.

    with_services: somebody serves the applications; else they keep their place in the impact, and are not asked.
    Nobody sends heartbeats while it lives: who pushed is asked, and his token is taken back.
    """
    loaded = installation.loaded
    zone = ZoneInfo(loaded.settings.language.timezone)
    whole = whole_of(replace(wanted, pushing=False), story_of(wanted, loaded.folder, zone), zone)
    no_heartbeats(installation, wanted.seed)
    office = Office(installation, whole if with_services else without_services(whole), zone)
    for credential in credentials():
        installation.vault.put(credential)
    office.import_news(installation.today())
    return installation.inventory.read()


def without_services(inventory: Inventory) -> Inventory:
    return replace(inventory, services=tuple(replace(each, url="") for each in inventory.services))


def asked_by(*, ping_goes_dark: bool) -> Check:
    """Whom ping cannot find dark is asked by SNMP alone."""
    return Check.ICMP_SNMP if ping_goes_dark else Check.SNMP


def story_in(folder: Path) -> Story:
    """Raises HistoryError where none lies."""
    story = Story.read(folder)
    if story is None:
        raise HistoryError(
            _(
                "{folder} holds no history that could go on live. Make one first: kentongan demo --history 24 "
                "--keep {folder}"
            ).format(folder=folder)
        )
    return story
