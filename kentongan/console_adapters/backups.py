"""Kept configurations for the console: how old, what changed, what drifted; and orders to read a device now."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from console.ports.backups import BackupRow, Drifted, Drifting, Kept
from console.ports.sites import ConflictError, RefusedError
from domain.language import _
from kentongan.backups import ConfigBackups
from kentongan.changing.intent import intended_folder
from kentongan.console_adapters.sites import tasks_of
from kentongan.console_adapters.task_process import BACKUP
from kentongan.console_adapters.tasks import TaskRecord, Tasks, UnderWayError
from kentongan.installation import Installation
from provisioning.backup import BackupState, NoBackupError, is_stale
from provisioning.drift import Drift, judge
from provisioning.errors import ProvisioningError
from provisioning.platforms import PLATFORMS

SUBJECT = f"{BACKUP} "


class RepositoryBackups:
    """Implements console.ports.backups.Backups."""

    def __init__(self, installation: Installation, tasks: Tasks | None = None) -> None:
        self._installation = installation
        self._config = ConfigBackups(installation)
        self._intents = intended_folder(installation.loaded.folder)
        self._tasks = tasks or tasks_of(installation)
        self._lock = threading.Lock()
        self._judged: dict[str, tuple[tuple[str, str], Drift]] = {}

    def rows(self) -> Sequence[BackupRow]:
        with self._lock:
            planned = self._config.plan()
        states, now = self._config.states.read(), self._installation.clock.now().utc
        sites = {each.name: each.site for each in self._installation.inventory.read().devices}
        rows = []
        for name in (*planned.subjects, *planned.lacking):
            state = states.get(name) or BackupState(name)
            subject = planned.subjects.get(name)
            rows.append(
                BackupRow(
                    name,
                    sites.get(name, ""),
                    subject.platform.name if subject else state.platform,
                    _at(state.good_at),
                    _at(state.changed_at),
                    state.lines,
                    state.cause if subject else "no-login",
                    state.message,
                    state.failures,
                    is_stale(states.get(name), self._config.timetable, now),
                    subject is not None,
                )
            )
        ordered = {
            subject.removeprefix(SUBJECT): found
            for subject, found in self._tasks.all().items()
            if subject.startswith(SUBJECT)
        }
        return [
            replace(row, under_way=ordered[row.device][1], trouble=ordered[row.device][0].trouble)
            if row.device in ordered
            else row
            for row in rows
        ]

    def history(self, device: str) -> Sequence[Kept]:
        return [
            Kept(each.id, each.at, each.who, each.why, each.added, each.removed)
            for each in self._config.repository.history(device)
        ]

    def text(self, device: str, revision: str) -> str:
        try:
            return self._config.repository.at(device, revision)
        except NoBackupError as error:
            raise RefusedError(str(error)) from error

    def drift(self) -> Mapping[str, Drifting]:
        with self._lock:
            subjects = self._config.plan().subjects
            states = self._config.states.read()
            return {name: self._state_of(name, states.get(name)) for name in subjects}

    def drifted(self, device: str) -> Drifted:
        with self._lock:
            found = self._drift_of(device, self._config.states.get(device))
        lines = found.difference.shown().splitlines() if found.difference and not found.difference.matches else []
        return Drifted(Drifting(found.state.value), tuple(lines))

    def _state_of(self, device: str, state: BackupState | None) -> Drifting:
        try:
            return Drifting(self._drift_of(device, state).state.value)
        except RefusedError:
            return Drifting.UNREAD  # the page of the device says why

    def _drift_of(self, device: str, state: BackupState | None) -> Drift:
        """Judged again when another text was read, or something else is intended."""
        try:
            intended = self._intents.intended(device)
            key = (intended.fingerprint if intended else "", f"{state.revision} {state.good_at > 0}" if state else "")
            kept = self._judged.get(device)
            if kept is not None and kept[0] == key:
                return kept[1]
            read = self._config.repository.latest(device) if intended else None
            drift = judge(device, intended, read)
        except ProvisioningError as error:
            raise RefusedError(str(error)) from error
        self._judged[device] = (key, drift)
        return drift

    def read_now(self, device: str, who: str, token: str = "") -> None:
        with self._lock:
            planned = self._config.plan()
        if device not in planned.subjects:
            raise RefusedError(
                _(
                    "{device} cannot be read: it is not in use, has no address or no SSH login, or is of a platform "
                    "without backups ({platforms})."
                ).format(device=device, platforms=", ".join(PLATFORMS))
            )
        record = TaskRecord(SUBJECT + device, BACKUP, who, self._installation.clock.now().utc, {"device": device})
        by = {"by": "api", "token": token} if token else {"by": "console"}
        # first: what cannot be written down is not begun
        self._installation.record_as(who, "config backup ordered", device, **by)
        try:
            self._tasks.begin(record)
        except UnderWayError as error:
            self._installation.record_as(who, "config backup ordered refused", device, **by)
            raise ConflictError(_("{device} is being read already.").format(device=device)) from error


def _at(unix_seconds: float) -> datetime | None:
    return datetime.fromtimestamp(unix_seconds, UTC) if unix_seconds else None
