"""The tables against the records, and the page against the tables."""

from dataclasses import fields
from pathlib import Path

import pytest

from domain.network import KINDS
from inventory.importing.columns import HELPERS
from inventory.importing.reference import import_files_page
from inventory.importing.tables import TABLES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "import-files.md"


def test_the_page_is_fresh():
    stale = "run `python -m inventory.importing.reference > docs/reference/import-files.md`"
    assert PAGE.read_text(encoding="utf-8") == import_files_page(), stale


def test_there_is_a_table_for_every_kind_of_record():
    assert {name: table.record for name, table in TABLES.items()} == KINDS


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_columns_are_the_fields_in_order(table):
    assert [column.attribute for column in table.columns] == [each.name for each in fields(table.record)]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_heading_means_two_columns(table):
    headings = [heading for column in (*table.columns, *HELPERS) for heading in column.known_as]
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_has_no_default_is_required(table):
    without = {each.name for each in fields(table.record) if each.default.__class__.__name__ == "_MISSING_TYPE"}
    assert without == {column.attribute for column in table.columns if column.required}
