"""Incidents over restarts, on both engines."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from alerts.store.incidents import IncidentDamagedError, SqlIncidentStore
from domain.incidents import Cause, CauseKind, Condition, Incident, Liable, Member, Party, Phase, Urgency, incident_id
from kentongan.database import Database

T0 = datetime(2026, 11, 21, 17, 0, 0, 123457, tzinfo=UTC)


@pytest.fixture
def store(database: Database) -> SqlIncidentStore:
    return SqlIncidentStore(database.engine)


def incident(name: str, hours: float = 0, lasts: float | None = None) -> Incident:
    cause, at = Cause(CauseKind.LINK, name), T0 + timedelta(hours=hours)
    return Incident(
        id=incident_id(cause, Condition.OUTAGE, "icmp-silent", at),
        condition=Condition.OUTAGE,
        cause=cause,
        reason="icmp-silent",
        urgency=Urgency.PAGE,
        started_at=at,
        detected_at=at + timedelta(seconds=61),
        members=(Member("r1", at), Member("r2 – “é” \x00", at)),
        phase=Phase.OPEN if lasts is None else Phase.RESOLVED,
        resolved_at=None if lasts is None else at + timedelta(hours=lasts),
        liable=Liable(Party.PROVIDER, "PT Tali"),
    )


def test_an_incident_is_kept_whole_and_replaced_by_its_id(store: SqlIncidentStore, database: Database) -> None:
    assert store.open() == ()
    store.save([])
    first, second = incident("a"), incident("b", hours=1)
    store.save([second, first])
    returning = replace(first, phase=Phase.RETURNING, returning_since=T0)
    store.save([second, second, returning])
    again = SqlIncidentStore(database.engine)
    assert again.open() == (returning, second)
    assert again.get(first.id) == returning
    assert again.get("none") is None


def test_what_overlaps_a_period_is_found_and_what_touches_it_is_not(store: SqlIncidentStore) -> None:
    early, over, open_, late = incident("a", 0, 1), incident("b", 1, 3), incident("c", 2), incident("d", 9, 1)
    store.save([late, open_, over, early])
    assert store.between(T0 + timedelta(hours=1), T0 + timedelta(hours=9)) == (over, open_)
    assert store.between(T0 + timedelta(hours=20), T0 + timedelta(hours=21)) == (open_,)
    assert store.open() == (open_,)
    assert store.of_cause(early.cause, 5) == (early,)


def test_an_incident_shares_the_fate_of_the_transaction(store: SqlIncidentStore, database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as connection:  # noqa: PT012
        store.save_in(connection, [incident("a")])
        raise RuntimeError
    assert store.open() == ()


def test_a_damaged_one_is_named(store: SqlIncidentStore, database: Database) -> None:
    kept = incident("a")
    store.save([kept])
    with database.transaction() as connection:
        connection.execute(text("UPDATE incident SET body = '{\"id\": 1'"))
    with pytest.raises(IncidentDamagedError, match=kept.id):
        store.open()
