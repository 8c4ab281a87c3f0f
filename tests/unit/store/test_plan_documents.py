"""Plans as documents: every field survives, equal plans share a hash, damage means discovery."""

import dataclasses
import zlib
from math import inf

import pytest

from collectors.store.documents import PlanReader, UnreadableError, digest, encode, pack
from domain.polling import Budget, Column, Conversion, Form, Kind, Plan, PlanBook

CONVERSION = Conversion(0.001, -1.5, -60.0, 10.0, (0, -2147483648), Form.MILLIWATT_TO_DBM)
COLUMNS = (
    Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime"),
    Column("1.3.6.1.2.1.31.1.1.1.6.1", Kind.COUNTER64, "interfaces", "ifHCInOctets", "ether1 \n", port_bps=1e9),
    Column(
        "1.3.6.1.4.1.14988.1.1.19.1.1.9.1",
        Kind.INTEGER,
        "optics",
        "sensor.dbm",
        "sfp1 rx",
        "sfp1",
        CONVERSION,
    ),
)
BUDGET = Budget(20, 0.25, 5, (("optics", 3600.0), ("storage", 900.0)))


def test_a_plan_comes_back_field_by_field() -> None:
    plan = PlanReader(PlanBook()).read(pack(encode(Plan(COLUMNS, BUDGET))))
    assert plan.columns == COLUMNS
    assert plan.budget == BUDGET
    assert plan.columns[0].port_bps == inf
    assert plan.columns[0].conversion.low == -inf
    hash(plan.columns)  # tuples all the way down: it must be interned


def test_every_field_of_the_vocabulary_is_kept() -> None:
    """Values that differ from every default: a field that joins the vocabulary must be given one here."""
    full = Column("1.3.6.1.4.1.9.1", Kind.GAUGE32, "health", "sensor.memory", "ram", "sfp1", CONVERSION, 1e6, ("1.2",))
    for record in (full, BUDGET, CONVERSION):
        for field in dataclasses.fields(record):
            assert getattr(record, field.name) != field.default, field.name
    plan = PlanReader(PlanBook()).read(pack(encode(Plan((full,), BUDGET))))
    assert plan.columns == (full,)
    assert plan.budget == BUDGET


def test_equal_plans_have_one_hash_and_one_object() -> None:
    one, two = encode(Plan(COLUMNS, BUDGET)), encode(Plan(tuple(COLUMNS), Budget(20, 0.25, 5, BUDGET.table_seconds)))
    assert digest(one) == digest(two)
    assert digest(one) != digest(encode(Plan(COLUMNS[:2], BUDGET)))
    reader = PlanReader(PlanBook())
    assert reader.read(pack(one)) is reader.read(pack(two))
    assert reader.read(pack(encode(Plan((), Budget())))).columns == ()


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"garbage",
        pack(b""),
        pack(b"[]"),
        pack(b"{}\n{}"),
        pack(b'{}\n{"oid":"1","kind":"COUNTER128","table":"t","quantity":"q"}'),
        pack(b'{"colour":1}'),
        pack(b'{}\n{"oid":"1","kind":"INTEGER","table":"t","quantity":"q","later":1}'),
        zlib.compress(b"\xff"),
        pack(encode(Plan(COLUMNS)))[:-3],
    ],
)
def test_what_cannot_be_read_says_so(packed: bytes) -> None:
    with pytest.raises(UnreadableError):
        PlanReader(PlanBook()).read(packed)
