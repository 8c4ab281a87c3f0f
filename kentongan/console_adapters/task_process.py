"""The process that carries out one order from the console, as the command line would.

`python -m kentongan.console_adapters.task_process RECORD LOCK` calls what `kentongan site`, `device replace` and
`config backup` call, in the name of whoever gave the order. What a change came to stands in its job; what went wrong
before there was one, in the record.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from console.ports.sites import OrderKind
from domain.changes import Job, JobKind, JobState, Outcome, WaveSite, WaveSiteState, WaveState
from domain.language import _
from domain.network import DeviceStatus
from domain.shell import ShellError
from kentongan.backups import ConfigBackups
from kentongan.changing.changes import SiteChanges, fingerprint_of
from kentongan.changing.ending import prepare as prepare_ending
from kentongan.changing.ports import lives
from kentongan.changing.replacing import Replacement
from kentongan.changing.replacing import prepare as prepare_replacement
from kentongan.changing.sheet import checks_kept
from kentongan.changing.swapping import first_kept
from kentongan.changing.waves import SiteWaves
from kentongan.cli.heartbeat import address
from kentongan.console_adapters.tasks import TaskRecord, keep, read
from kentongan.errors import KentonganError, UsageError
from kentongan.installation import Installation
from kentongan.logging import configure_logging
from kentongan.settings import load_settings
from kentongan.words import choose_language, speak
from provisioning.backup import Fate, Why
from provisioning.errors import ProvisioningError
from provisioning.store.changes import SqlJobStore

BACKUP = "backup"
ENDINGS: Mapping[OrderKind, JobKind] = {
    OrderKind.SUSPEND: JobKind.SUSPEND,
    OrderKind.RESUME: JobKind.RESUME,
    OrderKind.DECOMMISSION: JobKind.DECOMMISSION,
}


def main(path: Path, lock: int) -> None:
    os.set_inheritable(lock, False)
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    record = read(path)
    if record is None or record.ended_at is not None:
        return
    loaded = load_settings(None)
    configure_logging(loaded.settings.log.level, loaded.settings.log.format)
    speak(choose_language(loaded.settings.language.language))
    with Installation(loaded, record.who).open() as installation:
        trouble = carried(installation, record)
        keep(path, replace(record, ended_at=installation.clock.now().utc, trouble=trouble))
        os.close(lock)  # whoever reads that it has ended may order the next thing


def carried(installation: Installation, record: TaskRecord) -> str:
    """Why nothing came of it; '' if a change, a wave or a backup says itself what became of it."""
    try:
        if record.kind == BACKUP:
            return back_up(installation, record)
        return _carry_out(installation, OrderKind(record.kind), record)
    except (KentonganError, ProvisioningError, ShellError, KeyError, ValueError) as error:
        return str(error)
    except KeyboardInterrupt:
        return _("stopped")


def _carry_out(installation: Installation, kind: OrderKind, record: TaskRecord) -> str:
    url, words = address(installation.loaded.settings), {str(name): str(text) for name, text in record.words.items()}
    slug = words.get("site", "")
    changes = SiteChanges(installation, url)
    if kind is OrderKind.BUILD:
        _build(changes, slug, words)
    elif kind is OrderKind.ROLLBACK:
        _roll_back(changes, slug, words)
    elif kind is OrderKind.REPLACE:
        _replace(changes, slug, words)
    elif kind in ENDINGS:
        _end(changes, ENDINGS[kind], slug, words)
    else:
        _wave(SiteWaves(installation, url), kind, words)
    return ""


def _build(changes: SiteChanges, slug: str, words: Mapping[str, str]) -> None:
    if changes.open_job(slug) is None:
        _same(words, lambda: fingerprint_of(changes.planned(slug, words["profile"], words["like"])[0]))
    changes.apply(slug, profile=words["profile"], like=words["like"], reason=words["emergency"])


def _roll_back(changes: SiteChanges, slug: str, words: Mapping[str, str]) -> None:
    newest = next(iter(changes.store.jobs(slug)), None)
    if newest is None or newest.id != words["mark"]:
        raise UsageError(_("Another change was begun since. Look at it first."))
    changes.rollback(slug)


def replacement_of(words: Mapping[str, str]) -> Replacement:
    """Raises ValueError for a fate that there is not."""
    return Replacement(
        words["device"],
        words["serial"],
        words["model"],
        words["platform"],
        DeviceStatus(words["fate"]),
        words["contact"],
        words["login"],
        words["reason"],
        words["already"] == "yes",
    )


def _replace(changes: SiteChanges, slug: str, words: Mapping[str, str]) -> None:
    if _goes_on(changes, slug, {JobKind.REPLACE, JobKind.SWAPPED}, words["device"]):
        changes.apply(slug)
        return
    prepared = prepare_replacement(changes, replacement_of(words))
    _same(words, lambda: fingerprint_of(prepared.plan))
    kept = first_kept(changes, prepared)
    changes.begin(prepared.before.site, prepared.kind, prepared.told, prepared.order, kept, prepared.profile)


def _end(changes: SiteChanges, kind: JobKind, slug: str, words: Mapping[str, str]) -> None:
    if _goes_on(changes, slug, {kind}):
        changes.apply(slug)
        return
    ending = prepare_ending(changes, kind, slug, words["reason"], DeviceStatus(words["fate"]))
    _same(words, lambda: fingerprint_of(ending.plan))
    changes.begin(slug, kind, ending.told, ending.order, ending.kept, ending.profile)


def _goes_on(changes: SiteChanges, slug: str, kinds: set[JobKind], device: str = "") -> bool:
    """Whether the change that this order began is open still: it was cut off, and is said again."""
    job: Job | None = changes.open_job(slug)
    return job is not None and job.kind in kinds and job.order.get("device", "") == device


def _same(words: Mapping[str, str], found: Callable[[], str]) -> None:
    if found() != words["mark"]:
        raise UsageError(_("The plan was changed after you saw it. Nothing was done. Look at it again."))


def _wave(waves: SiteWaves, kind: OrderKind, words: Mapping[str, str]) -> None:
    try:
        if kind is OrderKind.RESUME_WAVE:
            waves.resume(words["wave"])
        elif (begun := _begun_for(waves, words)) is not None:
            waves.resume(begun)
        else:
            waves.begin(
                words["sites"].split(),
                canary=int(words["canary"]),
                batch=int(words["batch"]),
                stop_percent=float(words["stop_at"]),
                profile=words["profile"],
                like=words["like"],
                reason=words["emergency"],
            )
    except KeyboardInterrupt:
        stop_wave(waves, words.get("wave", ""))
        raise


def _begun_for(waves: SiteWaves, words: Mapping[str, str]) -> str | None:
    """The wave that this very order had begun before it was cut off."""
    newest = next(iter(waves.store.waves()), None)
    given = datetime.fromisoformat(words["given_at"])
    mine = newest is not None and newest.made_at >= given and newest.actor == waves.installation.actor
    return newest.id if newest is not None and mine and newest.state is not WaveState.DONE else None


def stop_wave(waves: SiteWaves, number: str = "") -> None:
    """Writes down that it was interrupted, and what became of those that were begun. number: empty for the newest."""
    found = waves.store.get(number) if number else next(iter(waves.store.waves()), None)
    if found is not None and found.state is WaveState.OPEN:
        why = _("Somebody stopped it from the console.")
        sites = tuple(_come_to(waves.installation, each) for each in found.sites)
        waves.store.put(replace(found, state=WaveState.STOPPED, why=why, sites=sites))
        waves.installation.record("wave stopped", found.id)


def _come_to(installation: Installation, site: WaveSite) -> WaveSite:
    """Those that were begun have come to their end; nobody was there to write it down."""
    if site.state is not WaveSiteState.RUNNING:
        return site
    clock = installation.clock
    store = SqlJobStore(installation.database.engine, lambda: clock.now().unix_seconds, lives)
    job = next(iter(store.jobs(site.site)), None)
    if job is None or site.began_at is None or job.made_at < site.began_at:
        return replace(site, state=WaveSiteState.WAITING, began_at=None)
    checks = checks_kept(installation.loaded.folder, job)
    return replace(
        site,
        state=WaveSiteState.DONE if job.state is JobState.DONE else WaveSiteState.FAILED,
        job=job.id,
        passed=sum(each.outcome is Outcome.PASSED for each in checks),
        unchecked=sum(each.outcome is Outcome.UNCHECKED for each in checks),
        why=job.why,
        ended_at=job.changed_at,
    )


def back_up(installation: Installation, record: TaskRecord) -> str:
    """Reads one device's configuration now."""
    config, name = ConfigBackups(installation), str(record.words["device"])
    subject = config.plan().subjects.get(name)
    if subject is None:
        return _("{device} cannot be read: it is not in use, or has no address or no SSH login.").format(device=name)
    why = config.why(name, Why(_("ordered in the console"), installation.actor))
    outcome = config.backups.take(subject, why)
    installation.record("config backup", name, fate=outcome.fate.value, by="console")
    return outcome.message if outcome.fate is Fate.FAILED else ""


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main(Path(sys.argv[1]), int(sys.argv[2]))
