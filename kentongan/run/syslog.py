"""Syslog in the running service: who is listened to, what is kept of it, and which device is read again for it.

Without `syslog.host` nobody listens. A change without a place is completed by the login it was made in.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from ipaddress import ip_network
from typing import Final

import structlog

from collectors.errors import CollectorError
from collectors.store.change_log import SqlChangeLog
from collectors.syslog import Intake, LogEntry, LogKind, Patterns, SyslogReceiver, Told, shipped_patterns
from domain.network import DeviceStatus, Inventory, Role
from domain.secrets import Credential, Secret
from domain.shell.masking import masked
from exporters.catalogue import own
from exporters.own_health import OwnHealth
from kentongan.backups import secrets_in
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.run.recorder import Recorder
from provisioning.platforms import PLATFORMS, mask
from provisioning.store.backups import SqlBackupStates

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 10.0
WAITING_LIMIT: Final = 5000
LONGEST_TEXT: Final = 500
REPEATED_SECONDS: Final = 60.0
LOGIN_SECONDS: Final = 12 * 3600.0
MOST_LOGINS: Final = 4096
OWN_SIDE: Final = ("link", "tunnel")
SMALL: Final = 4
Numbers = Mapping[tuple[str, ...], float]


class SyslogError(KentonganError):
    """What devices log cannot be listened to."""


class SyslogDesk:
    """`know` each inventory; `start`, `look` now and then, `stop`. changed: told of each device that was changed."""

    def __init__(
        self, installation: Installation, platform_of: Callable[[str], str], changed: Callable[[str], None]
    ) -> None:
        settings = installation.loaded.settings.syslog
        engine = installation.database.engine
        self._clock = installation.clock
        self._platform_of = platform_of
        self._changed = changed
        self._kept, self._states = SqlChangeLog(engine), SqlBackupStates(engine)
        self._secrets: tuple[Secret, ...] = ()
        self._said: dict[LogEntry, float] = {}
        self._logins: dict[tuple[str, str], tuple[str, float]] = {}
        self.recorder: Recorder[LogEntry] = Recorder(self._kept.put, limit=WAITING_LIMIT, what="change_log")
        patterns = shipped_patterns() if settings.host else Patterns(())
        self.intake = Intake(patterns, platform_of, self.take, per_minute=settings.per_minute, flood=_note_flood)
        self._receiver: SyslogReceiver | None = None
        if settings.host:
            self._receiver = SyslogReceiver(
                self.intake, settings.host, settings.port, tcp=settings.tcp, steady=self._steady
            )

    @property
    def address(self) -> str:
        """Where it listens; empty if it does not."""
        return "{}:{}".format(*self._receiver.address) if self._receiver else ""

    @property
    def receive_drops(self) -> int:
        return self._receiver.receive_drops if self._receiver else 0

    def know(self, inventory: Inventory, credentials: Iterable[Credential]) -> None:
        """Whatever is in use may log, also what nobody polls. Nothing is held where nobody listens."""
        if self._receiver is None:
            return
        self.intake.know(sources_of(inventory))
        self._secrets = tuple(secret for each in credentials for secret in secrets_in(each))

    async def start(self) -> None:
        """Raises SyslogError."""
        if self._receiver is None:
            return
        try:
            await self._receiver.start()
        except CollectorError as error:
            raise SyslogError(str(error)) from error
        self.recorder.start()
        await self._resume()

    async def stop(self) -> None:
        if self._receiver is not None:
            await self._receiver.stop()
            await asyncio.to_thread(self.recorder.stop)

    async def look(self) -> None:
        now = self._steady()
        self.intake.look(now)
        self._said = {entry: at for entry, at in self._said.items() if now - at < REPEATED_SECONDS}
        self._logins = {key: (at, since) for key, (at, since) in self._logins.items() if now - since < LOGIN_SECONDS}

    def take(self, device: str, told: Told) -> None:
        """One line that says who did what. The same again within a minute is no news."""
        now = self._clock.now()
        origin = self._origin(device, told, now.steady_seconds)
        if told.kind is LogKind.CHANGED:
            self._changed(device)
        who, text = masked(told.who, self._secrets), self._text(device, told)
        entry = LogEntry(device, 0.0, told.kind, who, origin, text)
        if now.steady_seconds - self._said.get(entry, float("-inf")) >= REPEATED_SECONDS:
            self._said[entry] = now.steady_seconds
            self.recorder.put([replace(entry, at=now.unix_seconds)])

    def lend(self, health: OwnHealth) -> None:
        """Our numbers to the metrics."""
        counts = self.intake.counts

        def messages() -> Numbers:
            return {
                ("read",): counts.received,
                ("unknown-source",): counts.unknown,
                ("flood",): counts.cut_total,
                ("ambiguous",): counts.ambiguous,
                ("broken-stream",): counts.streams_broken,
            }

        health.read(own.SYSLOG_MESSAGES, messages)
        health.read(own.SYSLOG_FLOOD, lambda: {(device,): count for device, count in counts.cut.items()})
        health.read(own.SYSLOG_TOLD, lambda: {(): counts.told})

    async def _resume(self) -> None:
        """Changes that were told before a restart and not fetched since."""
        told = await asyncio.to_thread(self._kept.last_changes)
        states = await asyncio.to_thread(self._states.read)
        for device, at in told.items():
            if device in states and at > states[device].good_at:
                self._changed(device)

    def _text(self, device: str, told: Told) -> str:
        """The command as its platform hides secrets; ours nowhere."""
        text, platform = told.text, PLATFORMS.get(self._platform_of(device))
        if platform is not None and told.command:
            text = text.replace(told.command, mask(platform, told.command, lambda _secret: ""))
        return masked(text, self._secrets)[:LONGEST_TEXT]

    def _origin(self, device: str, told: Told, now: float) -> str:
        """RouterOS 6 says who changed something, and only at his login from where."""
        key = device, told.who
        match told.kind:
            case LogKind.LOGIN if told.origin and len(self._logins) < MOST_LOGINS:
                self._logins[key] = told.origin, now
            case LogKind.LOGOUT:
                self._logins.pop(key, None)
            case LogKind.CHANGED | LogKind.SAVED if told.who and not told.origin:
                origin, since = self._logins.get(key, ("", now))
                return origin if now - since < LOGIN_SECONDS else ""
            case _:
                pass
        return told.origin

    def _steady(self) -> float:
        return self._clock.now().steady_seconds


def sources_of(inventory: Inventory) -> list[tuple[str, str]]:
    """(address, device): those of the devices, and what a site's router has on its own side of a link or tunnel, by
    which its log leaves it unless it is told otherwise."""
    used = [each for each in inventory.devices if each.status is DeviceStatus.IN_USE]
    found = {(each.address, each.name) for each in used if each.address}
    routers: dict[str, list[str]] = {}
    for each in used:
        if each.role is Role.ROUTER:
            routers.setdefault(each.site, []).append(each.name)
    for prefix in inventory.prefixes:
        here = routers.get(prefix.site, [])
        network = ip_network(prefix.prefix)
        if prefix.purpose in OWN_SIDE and len(here) == 1 and prefix.gateway and network.num_addresses <= SMALL:
            found |= {(str(host), here[0]) for host in network.hosts() if str(host) != prefix.gateway}
    return sorted(found)


def _note_flood(device: str, cut: int) -> None:
    if cut:
        log.info("syslog_flood_over", device=device, cut=cut)
    else:
        log.warning("syslog_flood", device=device)
