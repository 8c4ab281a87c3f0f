"""The whole examination, from the settings to the records; each step goes on where an earlier one failed."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from collectors.errors import ProfileError
from collectors.profiles import shipped_profiles
from domain.language import _
from domain.polling import Plan, PlanBook
from inventory.errors import InventoryError
from kentongan.clock import SystemClock
from kentongan.doctor.addresses import look_at_addresses
from kentongan.doctor.backups import look_at_backups
from kentongan.doctor.files import look_at_files
from kentongan.doctor.findings import Finding, Severity
from kentongan.doctor.machine import look_at_machine
from kentongan.doctor.records import look_at_records
from kentongan.doctor.telling import look_at_telling
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.settings import Loaded
from provisioning.errors import ProvisioningError


def examine(loaded: Loaded, actor: str) -> Iterator[Finding]:
    """Everything that can be looked at from here."""
    folder = loaded.folder
    yield Finding(Severity.OK, _("settings"), str(loaded.file or _("defaults, no file")))
    if not folder.exists():
        yield Finding(
            Severity.WRONG,
            _("state folder"),
            _("{folder} is not there.").format(folder=folder),
            "kentongan init --kabupaten CODE",
        )
        return
    yield from _key(loaded)
    yield from _audit_key(loaded)
    yield from _profiles(loaded)
    today = SystemClock().now().utc.astimezone(ZoneInfo(loaded.settings.language.timezone)).date()
    yield from look_at_files(loaded, today)
    newest: datetime | None = None
    installation = Installation(loaded, actor)
    try:
        with installation.open():
            yield Finding(Severity.OK, _("database"), installation.database.where)
            changes = installation.states.changes(datetime(1970, 1, 1, tzinfo=UTC), 1)
            newest = changes[0].at if changes else None
            yield from _records(installation)
            yield from look_at_addresses(installation)
            yield from look_at_backups(installation)
            yield from look_at_telling(installation, installation.inventory.read().people, today)
    except (KentonganError, InventoryError, ProvisioningError) as error:
        yield Finding(Severity.WRONG, _("database"), str(error), "kentongan db upgrade · kentongan db restore FILE")
    yield from look_at_machine(loaded.settings, folder, newest, installation.clock.now().utc)


def _key(loaded: Loaded) -> Iterator[Finding]:
    about = _("key of the credentials")
    if loaded.settings.secrets.key.get_secret_value():
        yield Finding(Severity.OK, about, _("from the settings or the environment"))
        return
    path = loaded.key_file
    if not path.exists():
        yield Finding(
            Severity.WRONG,
            about,
            _("{path} is not there: stored credentials cannot be read.").format(path=path),
            _("Bring back your copy of it, or add the credentials anew after kentongan init."),
        )
        return
    yield _mode(about, path)


def _audit_key(loaded: Loaded) -> Iterator[Finding]:
    about, path = _("key of the event log"), loaded.audit_key_file
    if path.exists():
        yield _mode(about, path)
        return
    yield Finding(
        Severity.WRONG,
        about,
        _("{path} is not there: the event log cannot be written or verified.").format(path=path),
        _("Bring back your copy, or make a new one: kentongan db upgrade; then kentongan check --anchor-again WHY"),
    )


def _mode(about: str, path: Path) -> Finding:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Finding(Severity.WRONG, about, _("{path} can be read by others.").format(path=path), f"chmod 600 {path}")
    return Finding(Severity.OK, about, str(path))


def _profiles(loaded: Loaded) -> Iterator[Finding]:
    if loaded.profiles is None:
        return
    about = _("device profiles")
    try:
        shipped_profiles(loaded.profiles)
    except ProfileError as error:
        yield Finding(Severity.WRONG, about, str(error), _("Correct the file; kentongan run does not start with it."))
    else:
        yield Finding(Severity.OK, about, str(loaded.profiles))


def _records(installation: Installation) -> Iterator[Finding]:
    home = installation.regions.home()
    if home is None:
        yield Finding(Severity.WRONG, _("kabupaten"), _("None is chosen."), "kentongan init --kabupaten CODE")
        return
    yield from look_at_records(
        installation.inventory.read(),
        installation.regions.within(home),
        installation.vault.names(),
        {name: interface_names(plan) for name, plan in installation.plans.read(PlanBook()).items()},
    )


def interface_names(plan: Plan) -> frozenset[str]:
    """The interfaces that a plan polls, by their names."""
    return frozenset(column.instance for column in plan.columns if column.table == "interfaces")
