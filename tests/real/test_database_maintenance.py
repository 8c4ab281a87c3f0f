"""Announced work is kept, changed and explained later, on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.maintenance import Scope, ScopeKind, Window, WorkKind
from alerts.store.maintenance import SqlMaintenance
from kentongan.database import Database

T0 = datetime(2026, 11, 22, 2, 0, 0, 500, tzinfo=UTC)
WORK = Window(
    "m-aaaaa",
    WorkKind.PROVIDER,
    (Scope(ScopeKind.LINK, "FO A–B"), Scope(ScopeKind.AREA, "32.14.05")),
    T0,
    None,
    "Sen 22.00-24.00",
    "Asia/Jayapura",
    "penggantian kabel",
    "Nusantara",
    "asep",
    T0,
)


def test_a_window_comes_back_as_it_was(database: Database) -> None:
    store = SqlMaintenance(database.engine)
    assert store.revision() == 0
    store.save(WORK)
    assert SqlMaintenance(database.engine).read() == (WORK,)
    assert store.get("m-aaaaa") == WORK
    assert store.get("m-bbbbb") is None


def test_every_change_is_noticed(database: Database) -> None:
    store = SqlMaintenance(database.engine)
    store.save(WORK)
    before = store.revision()
    ended = replace(WORK, ended_at=T0 + timedelta(hours=1), ended_by="budi")
    store.save(ended)
    assert store.revision() > before
    assert store.read() == (ended,)
    assert store.read(since=T0 + timedelta(hours=2)) == ()
    assert store.read(since=T0) == (ended,)
