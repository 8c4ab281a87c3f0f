"""Keeps jobs, their steps and what is known of their devices; and who holds a site."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from domain.changes import DeviceChange, Holder, Job, JobKind, JobState, Step, StepKind, StepState
from domain.intent import Change, ChangeKind
from provisioning.store.change_tables import change_device, change_job, change_step, site_holder

LEASE_SECONDS: Final = 120.0
"""A holder elsewhere that has not been seen for so long is dead. Nothing that is renewed takes longer."""
CONTACTS: Final = "contacts"


class SqlJobStore:
    """Implements domain.changes.JobStore. lives: whether a holder on this machine is still at work; None: it is on
    another machine and cannot be asked."""

    def __init__(self, engine: Engine, unix: Callable[[], float], lives: Callable[[Holder], bool | None]) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._unix = unix
        self._lives = lives
        self._written: dict[str, tuple[Step, ...]] = {}

    def get(self, id_: str) -> Job | None:
        with self._reader.connect() as connection:
            found = _jobs(connection, [change_job.c.id == id_])
        return found[0] if found else None

    def jobs(self, site: str = "") -> tuple[Job, ...]:
        with self._reader.connect() as connection:
            return tuple(_jobs(connection, [change_job.c.site == site] if site else []))

    def put(self, job: Job, kept: Mapping[str, Any] = MappingProxyType({})) -> Job:
        """Insert or replace. Approvals and what they are for are as they are stored: see `agree`. kept: of a new job,
        see `keep`."""
        row = _job_row(job)
        agreed = {name: row.pop(name) for name in ("approvers", "fingerprint")}
        once = {**agreed, "kept": json.dumps(dict(kept))}
        with self._engine.begin() as connection:
            stored = _upsert(connection, change_job, ["id"], row, once, returning=tuple(agreed))
            self._put_steps(connection, job)
        self._written[job.id] = job.steps
        return replace(job, approvers=tuple(json.loads(stored.approvers)), fingerprint=stored.fingerprint)

    def agree(self, id_: str, approvers: Sequence[str], fingerprint: str) -> None:
        """Who agrees, and to what. It may come from another process than the one that works on the job."""
        values = {"approvers": json.dumps(list(approvers)), "fingerprint": fingerprint}
        with self._engine.begin() as connection:
            connection.execute(update(change_job).where(change_job.c.id == id_).values(values))

    def kept(self, id_: str) -> dict[str, Any]:
        """What a job has to remember so that it can be undone: plain JSON values by name."""
        with self._reader.connect() as connection:
            found = connection.execute(select(change_job.c.kept).where(change_job.c.id == id_)).scalar()
        return dict(json.loads(found)) if found else {}

    def keep(self, id_: str, **values: Any) -> None:
        """Beside what is kept already; of a job that was put. What was kept under a name stays as it is."""
        with self._engine.begin() as connection:
            found = connection.execute(select(change_job.c.kept).where(change_job.c.id == id_)).scalar_one()
            held = json.dumps({**values, **json.loads(found)})
            connection.execute(update(change_job).where(change_job.c.id == id_).values(kept=held))

    def keep_contacts(self, id_: str, contacts: Mapping[str, str]) -> None:
        """Device → address of its first contact, in place of what was remembered; of a job that was put."""
        with self._engine.begin() as connection:
            found = connection.execute(select(change_job.c.kept).where(change_job.c.id == id_)).scalar_one()
            held = json.loads(found)
            held[CONTACTS] = {**held.get(CONTACTS, {}), **contacts}
            connection.execute(update(change_job).where(change_job.c.id == id_).values(kept=json.dumps(held)))

    def contacts(self, id_: str) -> Mapping[str, str]:
        found: Mapping[str, str] = self.kept(id_).get(CONTACTS, {})
        return found

    def _put_steps(self, connection: Connection, job: Job) -> None:
        """Of steps that we wrote a moment ago those that differ; nobody else works on a job that is held."""
        rows = [_step_row(job.id, position, step) for position, step in enumerate(job.steps)]
        written = self._written.get(job.id, ())
        if [(each.kind, each.device) for each in written] != [(each.kind, each.device) for each in job.steps]:
            connection.execute(delete(change_step).where(change_step.c.job == job.id))
            connection.execute(insert(change_step), rows)
            return
        fresh = [row for row, step, was in zip(rows, job.steps, written, strict=True) if step != was]
        if fresh:
            here = (change_step.c.job == bindparam("of_job"), change_step.c.position == bindparam("at"))
            values = [{"of_job": row.pop("job"), "at": row.pop("position"), **row} for row in fresh]
            connection.execute(update(change_step).where(*here), values)

    def device(self, job: str, device: str) -> DeviceChange:
        column = change_device.c
        with self._reader.connect() as connection:
            row = connection.execute(
                select(change_device).where(column.job == job, column.device == device)
            ).one_or_none()
        if row is None:
            return DeviceChange(job, device)
        sent = tuple(Change(ChangeKind(kind), *texts) for kind, *texts in json.loads(row.sent))
        return DeviceChange(job, device, row.before, sent, _moment(row.armed_at), row.login)

    def put_device(self, change: DeviceChange) -> None:
        sent = [[each.kind.value, each.place, each.line, each.before] for each in change.sent]
        row: dict[str, object] = {
            "job": change.job,
            "device": change.device,
            "before": _plain(change.before),
            "sent": json.dumps(sent),
            "armed_at": _seconds(change.armed_at),
            "login": change.login,
        }
        with self._engine.begin() as connection:
            _upsert(connection, change_device, ["job", "device"], row)

    def hold(self, holder: Holder) -> Holder:
        now = self._unix()
        self._written.clear()  # between two holds others may have worked
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE site_holder IN EXCLUSIVE MODE")
            row = connection.execute(select(site_holder).where(site_holder.c.site == holder.site)).one_or_none()
            other = None if row is None else _holder(row)
            if row is not None and other is not None and not _same(other, holder):
                lives = self._lives(other)
                if lives or (lives is None and now - row.seen_at < LEASE_SECONDS):
                    return other
            kept = other if other is not None and _same(other, holder) else holder
            values = asdict(kept) | {"since": kept.since.timestamp(), "seen_at": now}
            _upsert(connection, site_holder, ["site"], values)
        return kept

    def let_go(self, holder: Holder) -> None:
        """Harmless where somebody else holds it."""
        column = site_holder.c
        mine = (column.site == holder.site, column.machine == holder.machine, column.process == holder.process)
        with self._engine.begin() as connection:
            connection.execute(delete(site_holder).where(*mine))


def _jobs(connection: Connection, where: Sequence[Any]) -> list[Job]:
    rows = connection.execute(select(change_job).where(*where).order_by(change_job.c.made_at.desc())).all()
    steps: dict[str, list[Step]] = {row.id: [] for row in rows}
    query = select(change_step).order_by(change_step.c.job, change_step.c.position)
    if len(steps) == 1:
        query = query.where(change_step.c.job == next(iter(steps)))
    for row in connection.execute(query):
        if row.job in steps:
            steps[row.job].append(_step(row))
    return [_job(row, tuple(steps[row.id])) for row in rows]


def _job(row: Row[Any], steps: tuple[Step, ...]) -> Job:
    return Job(
        row.id,
        row.site,
        row.actor,
        datetime.fromtimestamp(row.made_at, UTC),
        steps,
        JobState(row.state),
        row.fingerprint,
        tuple(json.loads(row.approvers)),
        row.needed,
        row.reason,
        row.profile,
        row.like,
        row.why,
        _moment(row.changed_at),
        JobKind(row.kind),
        dict(json.loads(row.order)),
    )


def _job_row(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "site": job.site,
        "state": job.state.value,
        "fingerprint": job.fingerprint,
        "actor": job.actor,
        "approvers": json.dumps(list(job.approvers)),
        "needed": job.needed,
        "reason": job.reason,
        "profile": job.profile,
        "like": job.like,
        "why": _plain(job.why),
        "made_at": job.made_at.timestamp(),
        "changed_at": _seconds(job.changed_at),
        "kind": job.kind.value,
        "order": json.dumps(dict(job.order)),
    }


def _step(row: Row[Any]) -> Step:
    return Step(
        StepKind(row.kind),
        row.device,
        StepState(row.state),
        row.tries,
        row.evidence,
        _moment(row.began_at),
        _moment(row.ended_at),
    )


def _step_row(job: str, position: int, step: Step) -> dict[str, object]:
    return {
        "job": job,
        "position": position,
        "kind": step.kind.value,
        "device": step.device,
        "state": step.state.value,
        "tries": step.tries,
        "evidence": _plain(step.evidence),
        "began_at": _seconds(step.began_at),
        "ended_at": _seconds(step.ended_at),
    }


def _holder(row: Row[Any]) -> Holder:
    return Holder(row.site, row.who, datetime.fromtimestamp(row.since, UTC), row.machine, row.process)


def _same(one: Holder, other: Holder) -> bool:
    return (one.machine, one.process) == (other.machine, other.process)


def _upsert(
    connection: Connection,
    table: Any,
    keys: list[str],
    values: dict[str, object],
    once: Mapping[str, object] = MappingProxyType({}),
    returning: Sequence[str] = (),
) -> Any:
    """once: what a new row has beside, and an old one keeps. returning: columns as they are then, as a row."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rest = {name: value for name, value in values.items() if name not in keys}
    inserted = dialect.insert(table).values({**values, **once})
    wanted = inserted.on_conflict_do_update(index_elements=keys, set_=rest)
    if not returning:
        return connection.execute(wanted)
    return connection.execute(wanted.returning(*(table.c[name] for name in returning))).one()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _plain(text: str) -> str:
    """What a device wrote, without NUL and lone surrogates, which a database refuses."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
