"""Kept reports in both kinds of database: octets come back as they were, and no revision is written twice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from kentongan.database import Database
from kentongan.reporting.records import Edition, EditionFile, Format, ReportKind
from kentongan.reporting.store import SqlReportStore

OCTETS = {each: bytes(range(256)) + each.value.encode() for each in Format}
EDITION = Edition(
    *("coverage-2026-06-30-r1", ReportKind.COVERAGE, "", "2026-06-30", 1, "Cakupan", "Purwakarta", "id"),
    made_at=datetime(2026, 7, 14, 3, 0, 0, 250_000, tzinfo=UTC),
    made_by="siti",
    why="",
    source="ab",
    previous="",
    hash="cd",
    files=tuple(EditionFile(each, f"c.{each.value}", "ef", len(OCTETS[each])) for each in Format),
)


@pytest.mark.real
def test_what_was_kept_comes_back(database: Database) -> None:
    store = SqlReportStore(database.engine)
    second = replace(EDITION, id="coverage-2026-06-30-r2", revision=2, why="BAST 14", previous="cd")
    for each in (EDITION, second):
        with database.transaction() as connection:
            store.add_in(connection, each, '{"a":1}', OCTETS)
    assert store.get(EDITION.id) == EDITION
    assert store.of(ReportKind.COVERAGE, "", "2026-06-30") == (EDITION, second)
    assert store.all() == (second, EDITION)
    assert store.get("x") is None
    assert {each: store.octets(EDITION.id, each) for each in Format} == OCTETS
    assert store.document(second.id) == '{"a":1}'
    with pytest.raises(IntegrityError), database.transaction() as connection:
        store.add_in(connection, replace(EDITION, id="other"), "{}", OCTETS)
    assert len(store.all()) == 2
