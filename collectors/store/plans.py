"""What discovery found, kept so that a restart polls at once what it polled before."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from sys import intern
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from collectors.store.documents import PlanReader, UnreadableError, digest, encode, pack
from collectors.store.tables import device_plans, plans
from domain.polling import Plan, PlanBook
from domain.polling.facts import Discovery

log = structlog.get_logger(__name__)

BATCH_ROWS = 5000
BATCH_NAMES = 500


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What a device said about itself. `discovered_at`: unix seconds. `more`: plain JSON values, free.

    if_number and if_table_last_change (hundredths of sysUpTime) as IF-MIB gives them; None where not answered.
    """

    discovered_at: float
    sys_object_id: str = ""
    platform: str = ""
    version: str = ""
    model: str = ""
    serial: str = ""
    if_number: int | None = None
    if_table_last_change: int | None = None
    more: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, found: Discovery, discovered_at: float) -> "DeviceFacts":
        system = found.system
        more: dict[str, object] = {
            "vendor": found.vendor,
            "sysName": system.name,
            "sysDescr": system.description,
            "neighbours": [asdict(neighbour) for neighbour in found.neighbours],
            "errors": {error.table: error.reason for error in found.errors},
        }
        return cls(
            discovered_at,
            system.object_id,
            found.platform,
            found.version,
            found.model,
            found.serial,
            system.if_number,
            system.table_last_change,
            {name: value for name, value in more.items() if value},
        )


Discovered = tuple[str, Plan, DeviceFacts]


class SqlPlanStore:
    """Plans and facts by the device's name."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def read(self, book: PlanBook) -> dict[str, Plan]:
        """Every device's plan, interned in `book`, each distinct plan decoded once.

        A plan that cannot be read is left out and logged: its devices are discovered again.
        """
        with self._reader.connect() as connection:
            documents = connection.execute(select(plans.c.hash, plans.c.document)).all()
            owners = connection.execute(select(device_plans.c.device, device_plans.c.plan)).all()
        reader = PlanReader(book)
        known: dict[str, Plan] = {}
        for key, packed in documents:
            try:
                known[key] = reader.read(packed)
            except UnreadableError as error:
                log.warning("plan_unreadable", plan=key, reason=str(error))
        return {device: known[key] for device, key in owners if key in known}

    def of(self, device: str) -> tuple[Plan | None, DeviceFacts] | None:
        """Of one device; its plan is None where it cannot be read. None if it was never discovered."""
        asked = select(device_plans, plans.c.document).outerjoin(plans, plans.c.hash == device_plans.c.plan)
        with self._reader.connect() as connection:
            row = connection.execute(asked.where(device_plans.c.device == device)).first()
        if row is None:
            return None
        try:
            plan = PlanReader(PlanBook()).read(row.document) if row.document is not None else None
        except UnreadableError:
            plan = None
        return plan, _facts(row)

    def platforms(self) -> dict[str, str]:
        """Of every device that was discovered; equal ones are one string."""
        with self._reader.connect() as connection:
            rows = connection.execute(select(device_plans.c.device, device_plans.c.platform)).all()
        return {device: intern(platform) for device, platform in rows}

    def serials(self, names: Iterable[str]) -> dict[str, str]:
        """As the last discovery of these devices found them; those without one are left out."""
        wanted = sorted(set(names))
        found: dict[str, str] = {}
        with self._reader.connect() as connection:
            for first in range(0, len(wanted), BATCH_NAMES):
                some = device_plans.c.device.in_(wanted[first : first + BATCH_NAMES])
                rows = connection.execute(select(device_plans.c.device, device_plans.c.serial).where(some))
                found |= {device: serial for device, serial in rows if serial}
        return found

    def facts(self) -> dict[str, DeviceFacts]:
        with self._reader.connect() as connection:
            rows = connection.execute(select(device_plans)).all()
        return {row.device: _facts(row) for row in rows}

    def write(self, name: str, plan: Plan, facts: DeviceFacts) -> None:
        self.write_all([(name, plan, facts)])

    def write_all(self, found: Iterable[Discovered]) -> None:
        """Insert or replace, in one transaction; of two for one device the later one counts."""
        by_name = {name: (plan, facts) for name, plan, facts in found}
        if not by_name:
            return
        documents = {plan: encode(plan) for plan in {plan for plan, _facts in by_name.values()}}
        keys = {plan: digest(document) for plan, document in documents.items()}
        packed = {keys[plan]: pack(document) for plan, document in documents.items()}
        rows = [_row(name, keys[plan], facts) for name, (plan, facts) in sorted(by_name.items())]
        with self._engine.begin() as connection:
            _insert_plans(connection, packed)
            _upsert_devices(connection, rows)

    def forget(self, names: Iterable[str]) -> None:
        """Drop what is known of devices, and plans nobody has any more."""
        rows = [{"gone": name} for name in names]
        with self._engine.begin() as connection:
            if rows:
                connection.execute(delete(device_plans).where(device_plans.c.device == bindparam("gone")), rows)
            used = select(device_plans.c.plan)
            connection.execute(delete(plans).where(plans.c.hash.not_in(used)))


def _insert_plans(connection: Connection, packed: Mapping[str, bytes]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = [{"hash": key, "document": packed[key]} for key in sorted(packed)]
    connection.execute(dialect.insert(plans).on_conflict_do_nothing(), rows)


def _upsert_devices(connection: Connection, rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(device_plans)
    rest = {column.name: insert.excluded[column.name] for column in device_plans.columns if not column.primary_key}
    statement = insert.on_conflict_do_update(index_elements=["device"], set_=rest)
    for first in range(0, len(rows), BATCH_ROWS):
        connection.execute(statement, rows[first : first + BATCH_ROWS])


def _row(name: str, plan: str, facts: DeviceFacts) -> dict[str, Any]:
    return {
        "device": name,
        "plan": plan,
        "discovered_at": facts.discovered_at,
        "sys_object_id": _text(facts.sys_object_id),
        "platform": _text(facts.platform),
        "version": _text(facts.version),
        "model": _text(facts.model),
        "serial": _text(facts.serial),
        "if_number": facts.if_number,
        "if_table_last_change": facts.if_table_last_change,
        # Escaped to ASCII: a device's name may hold what PostgreSQL refuses in a text.
        "facts": json.dumps(dict(facts.more)),
    }


def _facts(row: Any) -> DeviceFacts:
    return DeviceFacts(
        row.discovered_at,
        row.sys_object_id,
        row.platform,
        row.version,
        row.model,
        row.serial,
        row.if_number,
        row.if_table_last_change,
        json.loads(row.facts),
    )


def _text(said: str) -> str:
    """What a device said, without NUL and lone surrogates, which a database refuses."""
    return said.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
