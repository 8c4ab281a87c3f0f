"""Whatever is done to one row of the event log is found, and the row is named."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from alerts.store.chain import GENESIS, ChainKey, Head, Sealed, Tampering, inspect

KEY = ChainKey.derive(b"k" * 32)
WORDS = st.text(max_size=6)
FIELDS = ("incident", "at", "actor", "kind", "text", "values", "previous", "seal")


@st.composite
def logs(draw: st.DrawFn, least: int = 1) -> list[Sealed]:
    rows: list[Sealed] = []
    for number in range(1, draw(st.integers(least, 12)) + 1):
        before = rows[-1].seal if rows else GENESIS
        at = draw(st.floats(0, 2e9))
        row = Sealed(number, draw(WORDS), at, draw(WORDS), "note", draw(WORDS), "{}", before)
        rows.append(replace(row, seal=row.sealed(KEY)))
    return rows


def head_of(rows: list[Sealed], back: int = 0) -> Head:
    return Head(rows[-1 - back].seq, rows[-1 - back].seal)


def named(rows: list[Sealed], head: Head | None) -> set[int]:
    """The numbers of every row that is complained of."""
    found = inspect(KEY, rows, head).findings
    return {number for each in found for number in range(each.first, each.last + 1)}


@given(logs(), st.data())
def test_a_log_that_nobody_touched_is_whole_also_when_its_head_lags(rows: list[Sealed], data: st.DataObject) -> None:
    back = data.draw(st.integers(0, len(rows) - 1))
    found = inspect(KEY, rows, head_of(rows, back))
    assert found.is_whole
    assert (found.rows, found.lag) == (len(rows), back)
    assert inspect(KEY, rows, Head(0, GENESIS)).lag == len(rows)
    assert inspect(KEY, [], None).is_whole


@given(logs(), st.data())
def test_a_removed_row_is_named(rows: list[Sealed], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(rows) - 1))
    left = rows[:gone] + rows[gone + 1 :]
    assert named(left, head_of(rows)) == {gone + 1}
    # without the head only the last one can go unseen, and the missing head is a finding itself
    kinds = {each.kind for each in inspect(KEY, left, None).findings}
    assert (kinds == {Tampering.HEAD_MISSING}) is (0 < len(left) == gone) or not left


@given(logs(), st.data())
def test_a_changed_row_is_named(rows: list[Sealed], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(FIELDS))
    value = data.draw(st.floats(0, 2e9) if field == "at" else WORDS)
    changed = replace(rows[number], **{field: value})
    assume(changed != rows[number])
    assert named([*rows[:number], changed, *rows[number + 1 :]], head_of(rows)) >= {number + 1}
    assert min(named([*rows[:number], changed, *rows[number + 1 :]], head_of(rows))) == number + 1


@given(logs(), st.data())
def test_an_inserted_row_is_named(rows: list[Sealed], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows)))
    before = rows[place - 1].seal if place else GENESIS
    forged = Sealed(place + 1, "i", 1.0, "nobody", "note", "", "{}", before)
    forged = replace(forged, seal=data.draw(st.sampled_from([forged.sealed(ChainKey(b"guess")), rows[0].seal, ""])))
    moved = [replace(row, seq=row.seq + 1) for row in rows[place:]]
    assert place + 1 in named([*rows[:place], forged, *moved], head_of(rows))


@given(logs(least=2), st.data())
def test_two_rows_in_each_others_place_are_named(rows: list[Sealed], data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    swapped = list(rows)
    swapped[one], swapped[other] = replace(rows[other], seq=one + 1), replace(rows[one], seq=other + 1)
    assert {one + 1, other + 1} <= named(swapped, head_of(rows))


@given(logs(), st.data())
def test_rows_cut_off_the_end_are_named(rows: list[Sealed], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(rows)))
    found = inspect(KEY, rows[: len(rows) - cut], head_of(rows)).findings
    assert [(each.kind, each.first, each.last) for each in found] == [
        (Tampering.CUT, len(rows) - cut + 1, len(rows)),
    ]


@given(logs(least=2), logs())
def test_rows_written_after_a_cut_do_not_hide_it(rows: list[Sealed], others: list[Sealed]) -> None:
    assume(rows[0] != others[0])
    head = head_of(rows)
    if len(others) < len(rows):
        assert Tampering.CUT in {each.kind for each in inspect(KEY, others, head).findings}
    else:
        assert [each.kind for each in inspect(KEY, others, head).findings] == [Tampering.REPLACED]


@given(logs(least=3))
def test_a_row_of_an_older_log_does_not_fit_in(rows: list[Sealed]) -> None:
    """Sealed by us, but after another row."""
    stranger = Sealed(2, "x", 5.0, "", "note", "", "{}", "f" * 64)
    stranger = replace(stranger, seal=stranger.sealed(KEY))
    found = inspect(KEY, [rows[0], stranger, *rows[2:]], head_of(rows)).findings
    assert (Tampering.OUT_OF_PLACE, 2) in {(each.kind, each.first) for each in found}


def test_the_key_is_derived_and_does_not_print() -> None:
    """RFC 5869: HKDF-SHA256 with no salt, worked out with another implementation."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    secret = bytes(range(32))
    other = HKDF(hashes.SHA256(), 32, None, b"kentongan event log 1").derive(secret)
    assert ChainKey(other).seal("x") == ChainKey.derive(secret).seal("x")
    assert repr(ChainKey(other)) == "ChainKey(***)"
