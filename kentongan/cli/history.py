"""`kentongan demo --history`: months of the simulated kabupaten, by the parts of `run` on a fast clock."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from domain.language import _, n_
from domain.network import Region
from kentongan.cli.context import Invocation, actor
from kentongan.cli.output import note
from kentongan.coverage import open_coverage
from kentongan.errors import UsageError
from kentongan.history.making import Made, Wanted, make_history
from kentongan.history.picture import curve_of, curve_svg
from kentongan.installation import Installation
from kentongan.logging import configure_logging
from kentongan.settings.loading import DEMO, FILE_NAME
from kentongan.settings.template import settings_file
from lab.kabupaten.story import FILE

FOLDER: Final = DEMO.parent.parent / "history"
MOST_MONTHS: Final = 120
PICTURE: Final = "coverage.svg"


def history_folder(keep: Path | None) -> Path:
    """Where a history lies or is to lie. Raises UsageError for a folder that holds something else."""
    folder = (keep or FOLDER).absolute()
    if folder.exists() and any(folder.iterdir()) and not (folder / FILE).exists() and not _is_begun(folder):
        raise UsageError(_("{folder} holds something else: choose an empty folder.").format(folder=folder))
    return folder


def history_end(until: date | None, zone: ZoneInfo) -> datetime:
    """Now, or the end of a day that is over."""
    now = datetime.now(zone)
    if until is None or until >= now.date():
        if until is not None and until > now.date():
            raise UsageError(_("--until: {day} has not come yet.").format(day=until))
        return now
    return datetime.combine(until + timedelta(days=1), time(), zone)


def make(
    call: Invocation,
    folder: Path,
    kabupaten: str,
    regions: Sequence[Region],
    seed: int,
    months: int,
    until: date | None,
    port: int,
) -> Made:
    """Make or extend it, with its progress on the terminal. Ctrl-C leaves what has been made."""
    folder.mkdir(parents=True, exist_ok=True)
    call.config = folder / FILE_NAME
    if not call.config.exists():
        call.config.write_text(settings_file({"state.folder": "."}), encoding="utf-8")
    loaded = call.load()
    configure_logging("error", loaded.settings.log.format)  # what happened years ago is no news
    installation = Installation(loaded, actor()).prepare()
    with installation:
        if installation.regions.home() != kabupaten:
            installation.regions.load_all()
            installation.regions.set_home(kabupaten)
        end = history_end(until, ZoneInfo(loaded.settings.language.timezone))
        wanted = Wanted(kabupaten, regions, seed, months, end, port)
        made = asyncio.run(play(installation, wanted))
        _draw(installation, made, folder / PICTURE)
    if made.story.reached < end.timestamp():
        note(_("Stopped. The same command goes on from there."))
    return made


def show_made(made: Made, folder: Path) -> None:
    zone_free = datetime.fromtimestamp(made.story.reached).astimezone()
    count = made.incidents
    print(
        n_("{count} incident up to {at}.", "{count} incidents up to {at}.", count).format(
            count=count, at=f"{zone_free:%Y-%m-%d %H.%M}"
        )
    )
    print(_("Look at it: kentongan --config {file} console").format(file=folder / FILE_NAME))


def plain_made(made: Made, folder: Path) -> dict[str, Any]:
    """Keys are a promise."""
    story = made.story
    return {
        "folder": str(folder),
        "kabupaten": story.kabupaten,
        "seed": story.seed,
        "from": datetime.fromtimestamp(story.began).astimezone().isoformat(),
        "until": datetime.fromtimestamp(story.reached).astimezone().isoformat(),
        "incidents": made.incidents,
        "turns": made.turns,
    }


def _draw(installation: Installation, made: Made, file: Path) -> None:
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    home = installation.regions.get(made.story.kabupaten)
    book = replace(open_coverage(installation), today=datetime.fromtimestamp(made.story.reached, zone).date())
    curve = curve_of(book, datetime.fromtimestamp(made.story.began, zone).date())
    if curve.months:
        title = _("{name} (simulated): desa connected and served").format(name=home.name if home else "")
        file.write_text(curve_svg(curve, title), encoding="utf-8")


async def play(installation: Installation, wanted: Wanted) -> Made:
    """With its progress on the terminal; a signal ends it early."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    if not sys.stderr.isatty():
        return await make_history(installation, wanted, _tell_months(), stopping.is_set)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[found]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(_("reading"), total=None, found="")

        def told(first: date, day: date, last: date, incidents: int) -> None:
            found = n_("{count} incident", "{count} incidents", incidents).format(count=incidents)
            progress.update(
                task,
                description=f"{day:%Y-%m}",
                total=(last - first).days,
                completed=(day - first).days,
                found=found,
            )

        return await make_history(installation, wanted, told, stopping.is_set)


def _tell_months() -> Callable[[date, date, date, int], None]:
    """A line a month, where no bar can be drawn."""

    def told(_first: date, day: date, _last: date, incidents: int) -> None:
        if (day + timedelta(days=1)).day == 1:
            note(
                n_("{month}: {count} incident", "{month}: {count} incidents", incidents).format(
                    month=f"{day:%Y-%m}", count=incidents
                )
            )

    return told


def _is_begun(folder: Path) -> bool:
    """Stopped before its first day was over."""
    return {each.name for each in folder.iterdir()} <= {
        FILE_NAME, "kentongan.db", "kentongan.db-wal", "kentongan.db-shm", "key", "audit.key", "audit.head",
        "run.lock", "traffic.json",
    }  # fmt: skip
