"""Asks routers what happens on the networks behind them while the service runs: seldom, a few at a time, in threads
beside the event loop. What they say goes to the watch for what is degraded.
"""

import asyncio
import zlib
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import structlog

from collectors.ssh import DeviceLocks, SshShells
from domain.lan import LanReading
from domain.network import PollClassName, Role
from domain.shell import LoginRefusedError, ShellError, ShellTarget
from kentongan.backups import TURNS, host_keys
from provisioning.backup import Subject
from provisioning.lan import LAN_READERS, LanPart, read_lan

if TYPE_CHECKING:
    from kentongan.run.service import Service

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 60.0
SETTLE_SECONDS: Final = 600.0  # backups and a network that wakes go first
CONFIRM_SECONDS: Final = 600.0
REFUSED_SECONDS: Final = 86400.0  # so that no account is locked
TURN_SECONDS: Final = 5.0
WATCHED: Final = frozenset({LanPart.STRANGERS, LanPart.DOUBLES, LanPart.POOLS})
_ROLES: Final = (Role.ROUTER, Role.FIREWALL)
_COSTLY: Final = (PollClassName.METERED, PollClassName.SLOW)


@dataclass(frozen=True, slots=True)
class Answer:
    """octets: what the conversation cost. error: why there is no reading."""

    reading: LanReading | None
    octets: int = 0
    error: ShellError | None = None


class LanDesk:
    """`start` when the jobs run, `stop` before the database closes. Who is asked is whom the backups can log in to."""

    def __init__(self, service: "Service", settle_seconds: float = SETTLE_SECONDS) -> None:
        self._service = service
        self._settle_seconds = settle_seconds
        self._settings = service.installation.loaded.settings.lan
        self._shells = SshShells(
            host_keys(service.installation, "host key trusted at first use"),
            DeviceLocks(service.installation.loaded.folder / TURNS),
        )
        self._pool = ThreadPoolExecutor(self._settings.workers, "lan")
        self._due_at: dict[str, float] = {}
        self._asked: set[str] = set()
        self._failing: dict[str, str] = {}
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._began = service.clock.now().steady_seconds
        self._settled = False
        self._stopped = False

    def start(self) -> None:
        if self._settings.interval_minutes:
            self._service.jobs.add("lan", self.look, LOOK_SECONDS)
        else:
            self._forget({member.device.name for member in self._service.roster.members()})

    async def stop(self) -> None:
        """Conversations under way are cut."""
        self._stopped = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        for task in self._under_way.values():
            task.cancel()
        self._shells.cut()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        await asyncio.to_thread(self._pool.shutdown, True)

    async def look(self) -> None:
        """Begin with those that are due and fit into the pool; the others wait for the next look."""
        subjects = self._subjects()
        now = self._service.clock.now().steady_seconds
        if not self._settled and now - self._began >= self._settle_seconds:
            # Before a restart others may have been asked, and something of them may stand since.
            self._asked |= {member.device.name for member in self._service.roster.members()}
            self._settled = True
        self._forget(self._asked - subjects.keys())
        self._asked &= subjects.keys()
        self._due_at = {name: at for name, at in self._due_at.items() if name in subjects}
        for name in subjects.keys() - self._due_at.keys():
            self._due_at[name] = now + self._settle_seconds + _share(name) * self._interval(name)
        due = sorted((at, name) for name, at in self._due_at.items() if at <= now and self._may(name))
        for _at, name in due[: max(self._settings.workers - len(self._under_way), 0)]:
            self._begin(subjects[name])

    def _forget(self, names: Collection[str]) -> None:
        for name in names:
            self._service.degraded.watch.forget_lan(name)
            self._failing.pop(name, None)

    def _subjects(self) -> Mapping[str, Subject]:
        roster = self._service.roster
        return {
            name: subject
            for name, subject in self._service.backups.subjects.items()
            if subject.platform.name in LAN_READERS and name in roster and roster[name].device.role in _ROLES
        }

    def _interval(self, name: str) -> float:
        """Seconds. A line that is paid by the megabyte is not asked so often."""
        costly = self._service.roster[name].poll_class.name in _COSTLY
        return 3600 * self._settings.metered_hours if costly else 60.0 * self._settings.interval_minutes

    def _may(self, name: str) -> bool:
        """Not who is asked already, who is dark, or whose line is over its month's traffic."""
        service = self._service
        if self._stopped or name in self._under_way or service.outage.dark(name):
            return False
        limit = service.roster[name].poll_class.month_megabytes * 1e6
        return not limit or bool(service.allowance.used[service.fleet.index(name)] < limit)

    def _begin(self, subject: Subject) -> None:
        name = subject.device
        now, interval = self._service.clock.now().steady_seconds, self._interval(name)
        # Looks come a little late each time; who waited long in the dark keeps a distance all the same.
        self._due_at[name] = max(self._due_at[name] + interval, now + interval / 2)
        self._under_way[name] = asyncio.create_task(self._ask(subject), name=f"lan {name}")

    async def _ask(self, subject: Subject) -> None:
        try:
            loop = asyncio.get_running_loop()
            self._note(subject, await loop.run_in_executor(self._pool, self.ask, subject))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("lan_broken", device=subject.device, error=str(error))
        finally:
            del self._under_way[subject.device]

    def ask(self, subject: Subject) -> Answer:
        """One conversation, in a worker's thread."""
        try:
            shell = self._shells.open(self._target(subject.target))
        except ShellError as error:
            return Answer(None, error=error)
        try:
            return Answer(read_lan(subject.platform.name, shell, WATCHED), shell.octets)
        except ShellError as error:
            return Answer(None, shell.octets, error)
        finally:
            shell.close()

    def _target(self, target: ShellTarget) -> ShellTarget:
        whole = float(self._settings.timeout_seconds)
        return replace(target, limits=replace(target.limits, whole_seconds=whole, turn_seconds=TURN_SECONDS))

    def _note(self, subject: Subject, answer: Answer) -> None:
        service, name = self._service, subject.device
        if name not in service.roster:
            return
        if answer.octets:
            service.allowance.spend(np.array([service.fleet.index(name)]), answer.octets)
        now = service.clock.now()
        if answer.reading is None:
            self._note_failure(name, answer.error, now.steady_seconds)
            return
        if self._failing.pop(name, ""):
            log.info("lan_read_again", device=name)
        self._asked.add(name)
        if service.degraded.watch.note_lan(name, service.roster[name].device.site, answer.reading, now):
            soon = now.steady_seconds + min(CONFIRM_SECONDS, self._interval(name))
            self._due_at[name] = min(self._due_at.get(name, soon), soon)

    def _note_failure(self, name: str, error: ShellError | None, steady_seconds: float) -> None:
        cause = error.cause if error else "failed"
        if self._failing.get(name) != cause:
            log.warning("lan_not_read", device=name, cause=cause, reason=str(error))
        self._failing[name] = cause
        if isinstance(error, LoginRefusedError):
            self._due_at[name] = steady_seconds + REFUSED_SECONDS


def _share(name: str) -> float:
    """0 to 1, the same for a name at each start: the first readings are spread over the interval."""
    return zlib.crc32(name.encode()) / 2**32
