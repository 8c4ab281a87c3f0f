"""`kentongan site apply --wave` and `site waves`: many sites changed in waves, shown then and later."""

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.changes import Wave, WaveSite, WaveSiteState, WaveState, is_approved
from domain.language import _, n_
from kentongan.changing.waves import SiteWaves
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError
from provisioning.store.waves import SqlWaveStore

JSON = typer.Option(False, "--json", help=_("Print as JSON."))
SLUGS = ("slug", "site", "situs")


@dataclass(frozen=True, slots=True)
class WaveOrder:
    """What was said on the command line about a wave. resume: one that there is; its number stands in `sites`."""

    sites: tuple[str, ...]
    canary: int
    batch: int
    stop_percent: float
    resume: bool = False


def add_waves_to(app: App) -> None:
    app.command(
        "waves",
        help=_("Waves of sites, newest first; of one its sites."),
        epilog=_("Example: kentongan site waves --json"),
    )(waves)


def slugs_in(path: Path) -> tuple[str, ...]:
    """One a line, or the column `slug` of a CSV file with a header. Raises UsageError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("{file} cannot be read: {reason}.").format(file=path, reason=error)) from None
    separator = ";" if text.partition("\n")[0].count(";") else ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), delimiter=separator)]
    rows = [row for row in rows if any(row) and not row[0].startswith("#")]
    if not rows:
        return ()
    header = [cell.casefold() for cell in rows[0]]
    column = next((header.index(name) for name in SLUGS if name in header), None)
    if column is None and len(header) > 1:
        raise UsageError(_("{file} has no column `slug`.").format(file=path))
    return tuple(row[column or 0] for row in rows[0 if column is None else 1 :] if len(row) > (column or 0))


def waves(
    context: typer.Context,
    number: str = typer.Argument("", metavar="[WAVE]", help=_("Its number; without: all of them.")),
    json_: bool = JSON,
) -> None:
    with invocation(context).open() as installation:
        store = SqlWaveStore(installation.database.engine)
        found = (store.get(number),) if number else store.waves()
    chosen = [wave for wave in found if wave is not None]
    if number and not chosen:
        raise UsageError(_("There is no wave {number}. See: kentongan site waves").format(number=number))
    if json_:
        print_json([wave_as_json(wave) for wave in chosen])
    elif number:
        print_wave(chosen[0])
    else:
        words = wave_words()
        head = [_("wave"), _("state"), _("begun (UTC)"), _("by"), _("sites"), _("done"), _("failed"), _("why")]
        print_table(head, [_row(wave, words) for wave in chosen], right=(4, 5, 6))


def approve_wave(waves: SiteWaves, number: str, revoke: bool, *, json_: bool) -> None:
    """Says what was agreed to: each site's plan by its mark, the same that `site jobs` shows."""
    wave, jobs = waves.agree(number, revoke=revoke)
    if json_:
        sites = [
            {
                "site": job.site,
                "job": job.id,
                "fingerprint": job.fingerprint,
                "approvers": list(job.approvers),
                "needed": job.needed,
            }
            for job in jobs
        ]
        print_json({"wave": wave.id, "sites": sites})
        return
    rows = [(job.site, job.id, job.fingerprint[:12], ", ".join(job.approvers) or "-", job.needed) for job in jobs]
    print_table([_("site"), _("job"), _("plan"), _("agreed"), _("needed")], rows, right=(4,))
    if all(map(is_approved, jobs)):
        print(_("All are agreed to. Go on: kentongan site apply --resume {wave}").format(wave=wave.id))


def wave_as_json(wave: Wave) -> dict[str, object]:
    return {
        "wave": wave.id,
        "state": wave.state.value,
        "why": wave.why or None,
        "actor": wave.actor,
        "madeAt": wave.made_at.isoformat(),
        "canary": wave.canary,
        "batch": wave.batch,
        "stopAtPercent": wave.stop_percent,
        "emergency": wave.reason or None,
        "counts": {state.value: _count(wave, state) for state in WaveSiteState},
        "sites": [
            {
                "site": each.site,
                "state": each.state.value,
                "job": each.job or None,
                "checksPassed": each.passed,
                "checksNotMade": each.unchecked,
                "why": each.why or None,
                "beganAt": each.began_at.isoformat() if each.began_at else None,
                "endedAt": each.ended_at.isoformat() if each.ended_at else None,
            }
            for each in wave.sites
        ],
        "untouched": list(wave.untouched),
    }


def print_wave(wave: Wave) -> None:
    words = site_words()
    rows = [
        (each.site, words[each.state], each.job, _seconds(each), each.why.partition("\n")[0]) for each in wave.sites
    ]
    print_table([_("site"), _("state"), _("job"), _("seconds"), _("why")], rows, right=(3,))
    print(_("Wave {wave}: {state}.").format(wave=wave.id, state=wave_words()[wave.state]), wave.why)
    if wave.untouched and wave.state is WaveState.STOPPED:
        count = len(wave.untouched)
        print(
            n_("{count} site was left untouched: {sites}", "{count} sites were left untouched: {sites}", count).format(
                count=count, sites=", ".join(wave.untouched)
            )
        )
    if wave.failed or wave.untouched:
        print(_("What failed: kentongan site jobs SLUG. Then: kentongan site apply --resume"))


def wave_words() -> dict[WaveState, str]:
    return {WaveState.OPEN: _("under way"), WaveState.STOPPED: _("stopped"), WaveState.DONE: _("over")}


def site_words() -> dict[WaveSiteState, str]:
    return {
        WaveSiteState.WAITING: _("untouched"),
        WaveSiteState.RUNNING: _("under way"),
        WaveSiteState.DONE: _("done"),
        WaveSiteState.FAILED: _("failed"),
    }


@contextmanager
def shown_wave(*, quiet: bool) -> Iterator[Callable[[Wave], None]]:
    """A bar on a terminal, a line a site that ended in a pipe, nothing where JSON alone is printed."""
    if quiet:
        yield lambda _wave: None
    elif sys.stderr.isatty():
        with _bar() as progress:
            task = progress.add_task("", total=None)
            yield lambda wave: progress.update(
                task, total=len(wave.sites), completed=wave.ended, description=_described(wave)
            )
    else:
        told: set[tuple[str, str]] = set()
        words = site_words()

        def line(wave: Wave) -> None:
            for each in wave.sites:
                if each.has_ended and (each.site, each.state.value) not in told:
                    told.add((each.site, each.state.value))
                    note(f"{wave.ended}/{len(wave.sites)} {each.site}: {words[each.state]} {each.why}".rstrip())

        yield line


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False),
    )


def _described(wave: Wave) -> str:
    running = _count(wave, WaveSiteState.RUNNING)
    part = _("canaries") if any(not each.has_ended for each in wave.canaries) else _("wave")
    return _("{part}: {running} under way, {failed} failed").format(part=part, running=running, failed=len(wave.failed))


def _row(wave: Wave, words: dict[WaveState, str]) -> tuple[object, ...]:
    return (
        wave.id,
        words[wave.state],
        f"{wave.made_at:%Y-%m-%d %H:%M}",
        wave.actor,
        len(wave.sites),
        _count(wave, WaveSiteState.DONE),
        len(wave.failed),
        wave.why,
    )


def _count(wave: Wave, state: WaveSiteState) -> int:
    return sum(each.state is state for each in wave.sites)


def _seconds(site: WaveSite) -> str:
    if site.began_at is None or site.ended_at is None:
        return ""
    return f"{(site.ended_at - site.began_at).total_seconds():.0f}"
