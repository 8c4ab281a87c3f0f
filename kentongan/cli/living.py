"""`kentongan demo --keep DIR`: the simulated kabupaten of a history goes on live, on that history's installation."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.language import _, n_
from domain.network import Region, RegionLevel, VillageKind, village_kind
from kentongan.cli.context import Invocation, actor
from kentongan.cli.history import play
from kentongan.cli.output import note
from kentongan.errors import UsageError
from kentongan.history.going_on import LEAST_GAP, LiveClock, asked_by, bring_up_to_date, gap_before, story_in
from kentongan.history.making import Wanted
from kentongan.history.telephones import simulated
from kentongan.installation import Installation
from kentongan.run.foreground import serve
from kentongan.run.report import demo_report
from kentongan.run.simulation import WorldProcess
from kentongan.run.town import TownProcess
from kentongan.run_lock import RunLock
from kentongan.settings.loading import FILE_NAME
from lab.kabupaten import DEFAULT_RTSP_PORT
from lab.kabupaten.story import Story


@dataclass(frozen=True, slots=True)
class Live:
    """How it is to run. settings: the demo's own patience, for as long as it lives. regions: with the kabupaten's."""

    regions: Sequence[Region]
    port: int
    seconds: float
    settings: Mapping[str, object]
    machines: Sequence[str] = ()
    on_screen: bool = False


def known_story(folder: Path, kabupaten: str | None, seed: int | None) -> Story:
    """The history in a folder. kabupaten, seed: as somebody gave them. Raises UsageError and HistoryError."""
    story = story_in(folder)
    if kabupaten not in (None, story.kabupaten) or seed not in (None, story.seed):
        raise UsageError(
            _("{folder} holds the history of {code} with seed {seed}: leave out --kabupaten and --seed.").format(
                folder=folder, code=story.kabupaten, seed=story.seed
            )
        )
    return story


def go_on(call: Invocation, folder: Path, story: Story, live: Live) -> Mapping[str, object] | None:
    """Until a signal or for so many seconds; what `--json` prints, None if it was stopped before it lived.

    Raises HistoryError, AlreadyRunningError, WorldError.
    """
    call.config = folder / FILE_NAME
    loaded = call.load()
    zone = ZoneInfo(loaded.settings.language.timezone)
    with RunLock(loaded.folder / "run.lock"), Installation(loaded, actor()).prepare() as installation:
        gap = gap_before(installation, story, datetime.now(zone))
    wanted = Wanted(story.kabupaten, live.regions, story.seed, 0, datetime.now(zone), live.port, closing=False)
    place = loaded.folder
    with (
        WorldProcess(story.kabupaten, story.seed, live.port, place, live.regions, zone.key) as world,
        TownProcess(story.kabupaten, story.seed, place, world.regions_file, DEFAULT_RTSP_PORT, zone.key) as town,
    ):
        if gap > LEAST_GAP:
            note(_gap_told(gap))
            with Installation(loaded, actor()).prepare() as installation:
                made = asyncio.run(play(installation, wanted))
            if made.story.reached < wanted.until.timestamp():
                note(_("Stopped. The same command goes on from there."))
                return None
        if not world.ready.darkens_ping:
            note(_("Without nftables the simulation cannot silence ping: devices are watched by SNMP alone."))
        if not town.wait():
            note(_("The applications and cameras are not simulated: {reason}").format(reason=town.reason))
        call.overrides |= live.settings
        with Installation(call.load(), actor()).prepare() as installation:
            installation.clock = LiveClock(datetime.fromtimestamp(story.began, zone))
            wanted = replace(wanted, check=asked_by(ping_goes_dark=world.ready.darkens_ping), until=datetime.now(zone))
            inventory = bring_up_to_date(installation, wanted, with_services=town.stands)
            served = serve(
                installation,
                title_of(story.kabupaten, live.regions),
                live.seconds,
                live=live.on_screen,
                hints=hints(f"kentongan --config {call.config}"),
                machines=live.machines,
                channels=simulated(),
            )
            tally = asyncio.run(served)
    return demo_report(story.kabupaten, desa_of(live.regions), inventory, tally)


def title_of(kabupaten: str, regions: Sequence[Region]) -> str:
    name = next(region.name for region in regions if region.code == kabupaten)
    return _("{name} (simulated): {count} desa").format(name=name, count=len(desa_of(regions)))


def desa_of(regions: Sequence[Region]) -> list[Region]:
    villages = (each for each in regions if each.level is RegionLevel.VILLAGE)
    return [each for each in villages if village_kind(each.code) is VillageKind.DESA]


def hints(command: str) -> tuple[str, ...]:
    """command: how this installation is spoken to."""
    return (
        _(
            "Cut a link: {command} lab cut LINK · power: {command} lab power-off SITE · names: {command} lab status"
        ).format(command=command),
        _("Spoil an application: {command} lab spoil NAME defaced · mend it: {command} lab mend NAME").format(
            command=command
        ),
        _("Stop: Ctrl-C"),
    )


def _gap_told(gap: timedelta) -> str:
    hours = max(round(gap.total_seconds() / 3600), 1)
    if hours < 48:
        return n_("Playing the last {count} hour…", "Playing the last {count} hours…", hours).format(count=hours)
    return n_("Playing the last {count} day…", "Playing the last {count} days…", gap.days).format(count=gap.days)
