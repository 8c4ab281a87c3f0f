"""Wires SSH, git, vault and inventory into backups of configurations; the command line and the service both use it."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from collectors.ssh import DeviceLocks, SshShells
from collectors.store.change_log import SqlChangeLog
from collectors.store.host_keys import SqlHostKeys
from collectors.store.ssh_access import SqlSshAccess, SshAccess
from domain.audit import AuditEntry
from domain.network import Device, DeviceStatus
from domain.secrets import Credential, Secret, SnmpCommunity, SnmpUser, SshLogin, Token
from domain.shell import HostKey, ShellLimits, ShellTarget
from inventory.store.key import read_key
from kentongan.installation import Installation
from kentongan.settings import Settings
from provisioning.backup import Backups, ConfigRepository, Subject, Timetable, ToldChange, Why, why_told
from provisioning.platforms import PLATFORMS
from provisioning.store.backups import SqlBackupStates

FOLDER = "configs.git"
TURNS = "ssh"
SEAL_DIGITS = 6
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Planned:
    """subjects: by device, what can be fetched. lacking: devices that could be read and have no login."""

    subjects: Mapping[str, Subject] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()


def plan_subjects(
    devices: Iterable[Device],
    discovered: Mapping[str, str],
    credentials: Mapping[str, Credential],
    access: Mapping[str, SshAccess],
    settings: Settings,
    turn_seconds: float = 60.0,
) -> Planned:
    """discovered: device → platform, where the inventory names none. A device's own login goes before the common."""
    limits = ShellLimits(settings.ssh.connect_seconds, settings.backup.timeout_seconds, turn_seconds)
    subjects: dict[str, Subject] = {}
    lacking: list[str] = []
    for device in devices:
        platform = PLATFORMS.get(device.platform or discovered.get(device.name, ""))
        if platform is None or device.status is not DeviceStatus.IN_USE or not device.address:
            continue
        own = access.get(device.name, SshAccess())
        names = (own.credential, device.credential, settings.ssh.credential)
        login = next((each for name in names if isinstance(each := credentials.get(name), SshLogin)), None)
        if login is None:
            lacking.append(device.name)
            continue
        target = ShellTarget(
            device.name,
            device.address,
            login,
            platform.dialect,
            device.ssh_port,
            device.zone,
            own.legacy,
            limits,
        )
        subjects[device.name] = Subject(device.site, platform, target)
    return Planned(subjects, tuple(lacking))


class ConfigBackups:
    """Everything around configurations of one installation. Opens nothing until it is used."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        engine = installation.database.engine
        self.settings = installation.loaded.settings
        self.repository = ConfigRepository(installation.loaded.folder / FOLDER)
        self.states = SqlBackupStates(engine)
        self.access = SqlSshAccess(engine)
        self.changes = SqlChangeLog(engine)
        self.keys = host_keys(installation, "host key trusted at first use")
        self.shells = SshShells(self.keys, DeviceLocks(installation.loaded.folder / TURNS))
        self.backups = Backups(self.shells, self.repository, self.states, self._seal, self._secrets, self._utc)
        self._stored: tuple[Secret, ...] = ()
        self._key = b""

    @property
    def timetable(self) -> Timetable:
        """When devices are due."""
        backup = self.settings.backup
        return Timetable(
            zone=ZoneInfo(self.settings.language.timezone),
            hour=backup.hour,
            spread_seconds=backup.spread_minutes * 60,
            stale_seconds=backup.stale_days * 86400,
        )

    def plan(
        self, devices: Iterable[Device] | None = None, discovered: Mapping[str, str] | None = None, turn: float = 60.0
    ) -> Planned:
        """Who can be fetched now; reads inventory (unless given), vault and records. Blocks."""
        installation = self._installation
        vault = installation.vault
        credentials = {name: vault.get(name) for name in vault.names()}
        self._stored = tuple(secret for each in credentials.values() for secret in secrets_in(each))
        return plan_subjects(
            installation.inventory.read().devices if devices is None else devices,
            installation.plans.platforms() if discovered is None else discovered,
            credentials,
            self.access.read(),
            self.settings,
            turn,
        )

    def has_login(self) -> bool:
        """Whether there is anything that a device could be logged in to with."""
        vault = self._installation.vault
        return any(isinstance(vault.get(name), SshLogin) for name in vault.names())

    def why(self, device: str, otherwise: Why) -> Why:
        """With who changed the device since it was last read, and from where, as far as its log told. Blocks."""
        state = self.states.get(device)
        lines = self.changes.changes(device, state.good_at if state else 0.0, MOST_TOLD)
        return why_told([ToldChange(each.who, each.origin, each.text) for each in lines], otherwise)

    def _secrets(self) -> tuple[Secret, ...]:
        return self._stored

    def _seal(self, device: str, secret: str) -> str:
        """Of this installation and device alone: nobody without its key can try words against it."""
        if not self._key:
            key = read_key(self._installation.loaded.audit_key_file).reveal()
            self._key = hmac.digest(key, b"kentongan: seals in configurations", "sha256")
        return hmac.new(self._key, f"{device}\0{secret}".encode(), "sha256").hexdigest()[:SEAL_DIGITS]

    def _utc(self) -> datetime:
        return self._installation.clock.now().utc


def host_keys(installation: Installation, action: str) -> SqlHostKeys:
    """action: what the journal calls it when a key is believed."""

    def journal(connection: Connection, device: str, key: HostKey) -> None:
        detail = {"fingerprint": key.fingerprint, "algorithm": key.algorithm}
        entry = AuditEntry(installation.clock.now(), installation.actor, action, device, detail)
        installation.journal.record_in(connection, entry)

    return SqlHostKeys(
        installation.database.engine,
        lambda: installation.clock.now().unix_seconds,
        actor=installation.actor,
        first_use=installation.loaded.settings.ssh.first_use,
        trusted=journal,
    )


def secrets_in(credential: Credential) -> tuple[Secret, ...]:
    """Every secret text of a credential."""
    match credential:
        case SnmpCommunity(community=community):
            found: tuple[Secret | None, ...] = (community,)
        case SnmpUser(auth_password=auth, priv_password=priv):
            found = (auth, priv)
        case SshLogin(password=password, private_key=key, enable=enable):
            found = (password, key, enable)
        case Token(token=token):
            found = (token,)
    return tuple(secret for secret in found if secret)
