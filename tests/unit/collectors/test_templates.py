"""Requests made once: how a plan is cut, and what its octets are."""

import ctypes

import pytest

from collectors.snmp.templates import ANSWER_BYTES, TemplateBook, request_octets
from domain.polling import Budget, Column, Kind, Plan
from tests import scripted_agents as agents


def plan_of(count: int, kind: Kind = Kind.COUNTER64, tables: str = "t", **budget) -> Plan:
    return Plan(
        tuple(Column(f"1.3.6.1.2.1.31.1.1.1.6.{i + 1}", kind, tables[i % len(tables)], "q") for i in range(count)),
        Budget(**budget),
    )


def octets_of(book: TemplateBook, row: int, request_id: int) -> bytes:
    """What the kernel would gather."""
    head, _, rest = book.parts[row].tolist()
    return ctypes.string_at(*head) + request_id.to_bytes(4, "big") + ctypes.string_at(*rest)


def test_a_request_is_read_back_as_it_was_meant():
    book = TemplateBook()
    script = book.script(plan_of(7), b"public", 40)
    octets = octets_of(book, script.first, 0x12345678)
    assert len(octets) == book.octets[script.first]
    request = agents.read_request(octets, ("", 0))
    assert request.community == b"public"
    assert request.request_id == 0x12345678
    assert request.oids == [f"1.3.6.1.2.1.31.1.1.1.6.{i + 1}" for i in range(7)]


@pytest.mark.parametrize("count", [1, 10, 11, 60, 300])
@pytest.mark.parametrize("community", [b"", b"public", b"c" * 200])
def test_lengths_are_right_at_any_size(count, community):
    oids = [agents.oid_octets(f"1.3.6.1.4.1.14988.1.{i}") for i in range(count)]
    head, rest = request_octets(oids, community)
    request = agents.read_request(head + bytes(4) + rest, ("", 0))
    assert len(request.oids) == count
    assert request.community == community


def test_no_request_has_more_varbinds_than_the_budget_or_the_device_allows():
    book = TemplateBook()
    script = book.script(plan_of(50, Kind.INTEGER, varbinds=20), b"public", 40)
    assert [book.columns[row] for row in range(script.first, script.stop)] == [20, 20, 10]
    script = book.script(plan_of(50, Kind.INTEGER, varbinds=20), b"public", 8)
    assert max(book.columns[row] for row in range(script.first, script.stop)) == 8


def test_no_answer_is_expected_to_need_a_second_frame():
    book = TemplateBook()
    plan = plan_of(200, varbinds=1000)
    script = book.script(plan, b"public", 1000)
    for row in range(script.first, script.stop):
        request = agents.read_request(octets_of(book, row, 1 << 24), ("", 0))
        answer = agents.answer(request, [(oid, agents.number(agents.COUNTER64, 2**64 - 1)) for oid in request.oids])
        assert 900 < len(answer) <= ANSWER_BYTES or row == script.stop - 1


def test_tables_with_a_period_are_asked_apart():
    book = TemplateBook()
    columns = tuple(Column(f"1.3.6.1.2.{i}.0", Kind.INTEGER, table, "q") for i, table in enumerate("aabbba"))
    script = book.script(Plan(columns, Budget(table_seconds=(("b", 3600.0),))), b"public", 40)
    rows = range(script.first, script.stop)
    assert [[asked.table for asked in book.asked[row]] for row in rows] == [["a", "a"], ["b", "b", "b"], ["a"]]
    assert [book.period[row] for row in rows] == [("", 0), ("b", 3600.0), ("", 0)]


def test_plans_that_ask_alike_share_their_script_whatever_the_interfaces_are_called():
    book = TemplateBook()
    one, other = (
        Plan((Column("1.3.6.1.2.1.31.1.1.1.6.1", Kind.COUNTER64, "interfaces", "ifHCInOctets", name),))
        for name in ("ether1", "WAN Purwakarta")
    )
    assert book.script(one, b"public", 40) == book.script(other, b"public", 40)
    assert book.script(one, b"private", 40) != book.script(other, b"public", 40)
    assert book.lines.used == 1


def test_addresses_stay_where_they_are_while_the_book_grows():
    book = TemplateBook()
    script = book.script(plan_of(40), b"public", 40)
    before = octets_of(book, script.first, 1)
    for number in range(300):
        column = Column(f"1.3.6.1.4.1.9.{number}.0", Kind.INTEGER, "t", "q")
        book.script(Plan((column,)), b"community-%d" % number, 40)
    assert octets_of(book, script.first, 1) == before


def test_loose_rows_are_used_again():
    book = TemplateBook()
    script = book.script(plan_of(10), b"public", 40)
    asked = book.asked[script.first]
    row = book.loose(asked[:3], b"public")
    book.release(row)
    assert book.loose(asked[4:6], b"public") == row
    assert agents.read_request(octets_of(book, row, 1), ("", 0)).oids == [
        "1.3.6.1.2.1.31.1.1.1.6.5",
        "1.3.6.1.2.1.31.1.1.1.6.6",
    ]
    assert not book.predictable[row]
