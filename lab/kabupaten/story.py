"""What a history of a simulated kabupaten is made of, kept beside its database: with it the same world comes again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Final, Self

from domain.language import _
from domain.network import Check, Inventory, Medium, Role
from lab.errors import LabError
from lab.kabupaten.cameras import CAMERA_CREDENTIAL
from lab.kabupaten.troubles import Calendar, Trouble
from lab.kabupaten.unfolding import begins_on, under_contract, years_later

FILE: Final = "history.json"
APP_SECONDS: Final = {True: 20, False: 60}  # between two checks of an application, by whether the public uses it
QUOTA_GB: Final = 560.0  # most simulated villages get along with it
RECENT: Final = timedelta(days=100)
"""A light may fade for 65 days, a cut lasts for two: what ended before that has left nothing but an older boot."""


@dataclass(frozen=True, slots=True)
class Story:
    """began, reached, untils: unix seconds; untils: where earlier runs were to end. years: the curve was moved by."""

    kabupaten: str
    seed: int
    years: int
    began: float
    reached: float
    untils: tuple[float, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """None if there is none. Raises LabError for a file that tells no story."""
        file = folder / FILE
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
            return cls(**{**found, "untils": tuple(found["untils"])})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError) as error:
            raise LabError(_("{file} tells of no history: {error}").format(file=file, error=error)) from error

    def write(self, folder: Path) -> None:
        plain = {name: getattr(self, name) for name in self.__slots__}
        beside = folder / f"{FILE}.new"
        beside.write_text(json.dumps(plain), encoding="utf-8")
        beside.replace(folder / FILE)


def told(generated: Inventory, *, pushing: bool = True) -> Inventory:
    """People who can be reached, quotas that suffice, applications that somebody watches.

    pushing: villages behind a low orbit tell of themselves by heartbeats; else they are asked like all others.
    """
    reachable = [replace(each, channel=f"wa:{each.phone}") for each in generated.people]
    ample = [replace(each, quota_gb=QUOTA_GB) if each.quota_gb else each for each in generated.links]
    whole = watched_closely(replace(generated, people=tuple(reachable), links=tuple(ample)))
    return by_heartbeats(whole) if pushing else whole


def by_heartbeats(inventory: Inventory) -> Inventory:
    """Nobody reaches these routers from outside: they push, and what stands behind them is not asked."""
    routers = {link.a_device for link in inventory.links if link.medium is Medium.LEO and not link.z_device}
    sites = {device.site for device in inventory.devices if device.name in routers}
    devices = [
        replace(each, check=Check.PUSH if each.name in routers else Check.NONE) if each.site in sites else each
        for each in inventory.devices
    ]
    return replace(inventory, devices=tuple(devices))


def watched_closely(inventory: Inventory) -> Inventory:
    """Applications are checked more often, and the cameras' streams beside their ping."""
    services = [replace(each, interval=APP_SECONDS[each.public]) for each in inventory.services]
    devices = [
        replace(each, credential=CAMERA_CREDENTIAL) if each.role is Role.CAMERA and each.check is Check.ICMP else each
        for each in inventory.devices
    ]
    return replace(inventory, services=tuple(services), devices=tuple(devices))


def moved(inventory: Inventory, story: Story, last: date, zone: tzinfo) -> Inventory:
    """All that will ever be in the books of a history that lasts up to a day."""
    first = datetime.fromtimestamp(story.began, zone).date()
    return under_contract(years_later(inventory, story.years), first, last)


def calendar_of(whole: Inventory, story: Story, zone: tzinfo) -> Calendar:
    return Calendar(whole, story.seed, zone, begins_on(whole))


def troubles_up_to(calendar: Calendar, story: Story, at: float, zone: tzinfo) -> Iterator[Trouble]:
    """Those that had begun by then, so far as they still tell, and what the ends of runs bring, also later."""
    since = at - RECENT.total_seconds()
    first = datetime.fromtimestamp(max(story.began, since - RECENT.total_seconds()), zone).date().replace(day=1)
    while datetime.combine(first, time(), zone).timestamp() <= at:
        begun = (each for each in calendar.month(first) if story.began <= each.at <= at)
        yield from (each for each in begun if each.until > since)
        first = month_after(first)
    for until in story.untils:
        yield from (each for each in calendar.last(datetime.fromtimestamp(until, UTC)) if each.until > since)


def month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
