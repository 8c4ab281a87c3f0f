"""Makes the history of a simulated kabupaten in an installation, or goes on with the one that is there.

What it is made of stands in `history.json` of the state folder: with the same seed the world is what it was, so it is
played silently up to where the records end, and from there on to the parts of the service.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import event

from domain.language import _
from domain.network import Check, Inventory, Region
from domain.secrets import Credential, Secret, SnmpCommunity, SnmpVersion, SshLogin
from kentongan.errors import KentonganError
from kentongan.history.clock import FastClock
from kentongan.history.office import Office
from kentongan.history.people import People
from kentongan.history.player import Player
from kentongan.installation import Installation
from kentongan.run.service import Service
from kentongan.run_lock import RunLock
from kentongan.shapes import simulate_shapes
from lab.kabupaten import CAMERA_CREDENTIAL, DEFAULT_CREDENTIAL, generate
from lab.kabupaten.story import Story, calendar_of, moved, told
from lab.kabupaten.unfolding import CURVE_YEAR
from lab.services.course import AppCalendar, AppCourse
from lab.services.plan import CAMERA_PASSWORD, CAMERA_USER
from lab.world.clock import utc_offset_seconds
from lab.world.course import replay
from lab.world.events import Events
from lab.world.model import World
from lab.world.users import COMMUNITY, USERS

ACTOR: Final = "Kepala Bidang Simulasi"
LATE_IN_THE_YEAR: Final = 11  # from this month on the curve's own year is this one


class HistoryError(KentonganError):
    """There is a history of something else."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """until: where it is to end. inventory: makes the whole kabupaten; a smaller one in tests.

    closing: something is to go on at its end, a cut and a light that fades. check: what devices are asked by.
    pushing: who sends heartbeats is known by them alone; else everybody is asked.
    """

    kabupaten: str
    regions: Sequence[Region]
    seed: int
    months: int
    until: datetime
    snmp_port: int
    inventory: Callable[[Inventory], Inventory] = lambda whole: whole
    closing: bool = True
    check: Check = Check.ICMP_SNMP
    pushing: bool = True


@dataclass(slots=True)
class Made:
    """What came of it. events: with the troubles that go on. dark: how it really was, see WorldSight."""

    story: Story
    whole: Inventory
    incidents: int = 0
    turns: int = 0
    events: Events | None = None
    dark: dict[str, list[list[float]]] = field(default_factory=dict)


Told = Callable[[date, date, date, int], None]
"""first day, day that is over, last day, incidents so far"""


def story_of(wanted: Wanted, folder: Path, zone: ZoneInfo) -> Story:
    """The one that is there, or a new one. Raises HistoryError if that is of another kabupaten or seed."""
    known = Story.read(folder)
    if known is not None:
        if (known.kabupaten, known.seed) != (wanted.kabupaten, wanted.seed):
            raise HistoryError(
                _("{folder} holds the history of {code} with seed {seed}: choose another folder.").format(
                    folder=folder, code=known.kabupaten, seed=known.seed
                )
            )
        return known
    end = wanted.until.astimezone(zone).date()
    month = end.year * 12 + end.month - 1 - wanted.months
    began = datetime(month // 12, month % 12 + 1, 1, tzinfo=zone).timestamp()
    years = end.year - CURVE_YEAR - (end.month < LATE_IN_THE_YEAR)
    return Story(wanted.kabupaten, wanted.seed, years, began, began)


async def make_history(
    installation: Installation,
    wanted: Wanted,
    told: Told = lambda first, day, last, incidents: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Made:
    """installation: prepared, its regions loaded. Ends early, and whole, once `stopping`. Raises HistoryError."""
    folder, zone = installation.loaded.folder, ZoneInfo(installation.loaded.settings.language.timezone)
    story = story_of(wanted, folder, zone)
    until = wanted.until.timestamp()
    whole = whole_of(wanted, story, zone)
    if story.reached >= until:
        return Made(story, whole)
    with RunLock(folder / "run.lock"):
        story = replace(story, reached=recorded_up_to(installation, story))
        if story.reached >= until:
            return Made(story, whole)
        clock = FastClock(story.began)
        world = World(whole, story.began, wanted.seed, utc_offset_seconds(wanted.kabupaten))
        calendar = calendar_of(whole, story, zone)
        events = Events(world)
        if wanted.closing:
            story = replace(story, untils=tuple(dict.fromkeys((*story.untils, until))))
        replay(events, calendar, story, story.reached, zone)
        clock.move_to(story.reached)
        installation.actor, installation.clock = ACTOR, clock
        _hurry(installation)
        for credential in credentials():
            installation.vault.put(credential)
        simulate_shapes(installation, whole)
        service = Service(installation)
        office = Office(installation, whole, zone)
        apps = AppCourse(AppCalendar(whole, wanted.seed, zone), story.reached)
        people = People(installation, service.orders, (events, apps), wanted.seed, zone)
        first, last = _day(story.began, zone), _day(until, zone)

        def played(day: date) -> None:
            replace(story, reached=clock.unix_seconds).write(folder)
            told(first, day, last, len(player.incidents))

        player = Player(service, clock, world, events, calendar, office, people, apps, played)
        await player.begin()
        day = _day(story.reached, zone)
        while clock.unix_seconds < until and not stopping():
            day += timedelta(days=1)
            await player.play(min(until, datetime.combine(day, time(0, 30), zone).timestamp()))
        await player.end()
        story = replace(story, reached=clock.unix_seconds)
        story.write(folder)
        await _put_away(service)
    return Made(story, whole, len(player.incidents), player.turns, events, player.sight.dark)


def recorded_up_to(installation: Installation, story: Story) -> float:
    """Unix seconds of the newest record: later than the story says after a life, and where it was killed on its way."""
    since, ever = datetime.fromtimestamp(story.reached, UTC), datetime(9000, 1, 1, tzinfo=UTC)
    found = [story.reached, *(seen for _began, seen in installation.watches.between(since, ever))]
    found += [each.at.timestamp() for each in installation.states.changes(since, 1)]
    found += [each.at.timestamp() for each in installation.acts.between(since, ever)]
    return max(found)


def credentials() -> tuple[Credential, ...]:
    """What opens the simulated devices and cameras."""
    community = SnmpCommunity(DEFAULT_CREDENTIAL, SnmpVersion.V2C, Secret(COMMUNITY))
    return community, *USERS, SshLogin(CAMERA_CREDENTIAL, CAMERA_USER, Secret(CAMERA_PASSWORD))


def whole_of(wanted: Wanted, story: Story, zone: ZoneInfo) -> Inventory:
    """All that will ever be in its books."""
    generated = generate(
        wanted.kabupaten, wanted.regions, seed=wanted.seed, snmp_port=wanted.snmp_port, check=wanted.check
    )
    return moved(
        wanted.inventory(told(generated, pushing=wanted.pushing)), story, wanted.until.astimezone(zone).date(), zone
    )


def _hurry(installation: Installation) -> None:
    """SQLite need not wait for the disk at each commit: what a loss of power takes is made again."""
    if installation.database.is_sqlite:
        engine = installation.database.engine
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = NORMAL"))
        engine.dispose()


async def _put_away(service: Any) -> None:
    """What was begun and never started: its pools of threads and its client."""
    await service.telling.stop()


def _day(unix_seconds: float, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(unix_seconds, zone).date()
