"""An installation: its settings, its database opened, and every store a command may need."""

from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from alerts.store import SqlStateStore
from alerts.store.acts import SqlActStore
from alerts.store.chain import ChainKey
from alerts.store.incidents import SqlIncidentStore
from alerts.store.watches import SqlWatchStore
from collectors.store import SqlPlanStore
from domain.audit import AuditEntry
from inventory.store import SqlInventoryStore, SqlRegionStore, SqlVault
from inventory.store.key import create_key_file, read_key
from inventory.store.rotation import Rotation, key_in_force, key_lock, rotate_key
from kentongan.clock import DatedClock, SystemClock
from kentongan.database import Database
from kentongan.settings import Loaded
from kentongan.store import CommandTable, SqlJournal
from kentongan.store.schema import check_schema, upgrade


class Installation:
    """Opened by `open()`, which refuses a database of another version; `prepare()` makes or upgrades it first."""

    def __init__(self, loaded: Loaded, actor: str) -> None:
        self.loaded = loaded
        self.actor = actor
        self.clock: DatedClock = SystemClock()
        self.database = Database(loaded.database_url)

    def prepare(self) -> Self:
        """Make the state folder, the key and the database, or bring the database up to date."""
        self.loaded.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        if not self.loaded.settings.secrets.key.get_secret_value() and not self.loaded.key_file.exists():
            create_key_file(self.loaded.key_file)
        if not self.loaded.audit_key_file.exists():
            create_key_file(self.loaded.audit_key_file)
        self.database.start()
        upgrade(self.database.engine)
        return self._wire()

    def open(self) -> Self:
        """Raises DatabaseMissingError or NotInitialisedError before `init`, and what else the database refuses."""
        self.database.start(create=False)
        check_schema(self.database.engine)
        return self._wire()

    def _wire(self) -> Self:
        engine = self.database.engine
        self.inventory = SqlInventoryStore(engine, self.today)
        self.regions = SqlRegionStore(engine)
        self.states = SqlStateStore(engine)
        self.plans = SqlPlanStore(engine)
        self.journal = SqlJournal(engine)
        self.commands = CommandTable(engine)
        self.incidents = SqlIncidentStore(engine)
        self.watches = SqlWatchStore(engine)
        return self

    @property
    def vault(self) -> SqlVault:
        """Needs the key; commands that touch no credential work without it."""
        given = self.loaded.settings.secrets.key.get_secret_value()
        engine, file = self.database.engine, self.loaded.key_file
        return SqlVault(engine, read_key(file, given) if given else key_in_force(engine, file))

    @cached_property
    def acts(self) -> SqlActStore:
        """The event log. Its seals have a key of their own, which outlives that of the credentials."""
        key = ChainKey.derive(read_key(self.loaded.audit_key_file).reveal())
        return SqlActStore(self.database.engine, key, self.loaded.folder / "audit.head")

    def today(self) -> date:
        """In the kabupaten's zone."""
        return self.clock.now().utc.astimezone(ZoneInfo(self.loaded.settings.language.timezone)).date()

    def changing_credentials(self) -> AbstractContextManager[None]:
        """Keeps the key as it is until the change is stored."""
        return key_lock(self.loaded.key_file)

    def rotate_key(self) -> Rotation:
        """A new key file, and every credential sealed with it; in the journal by the same transaction."""

        def journal(connection: Connection, done: Rotation) -> None:
            detail = {"from": done.old, "to": done.new, "credentials": done.count}
            entry = AuditEntry(self.clock.now(), self.actor, "key rotated", "credentials", detail)
            self.journal.record_in(connection, entry)

        return rotate_key(self.database.engine, self.loaded.key_file, journal)

    def record(self, action: str, subject: str, **detail: object) -> None:
        """Write to the audit journal who did what now."""
        self.journal.record(AuditEntry(self.clock.now(), self.actor, action, subject, detail))

    def record_as(self, actor: str, action: str, subject: str, **detail: object) -> None:
        """The same for somebody who gives orders through us."""
        self.journal.record(AuditEntry(self.clock.now(), actor, action, subject, detail))

    def close(self) -> None:
        self.database.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
