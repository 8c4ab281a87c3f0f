"""Numbers in words: whatever is put in comes out to the last bit, and the usual ones take four octets."""

import numpy as np
import pytest

from domain.polling import Column, Conversion, Form, Kind
from exporters.exposition.templates import words_of
from exporters.exposition.words import Words

USUAL_READINGS = (0.0, 1.0, 7.0, 1000.0, 1e9, -3.0, -17.5)
UNUSUAL_READINGS = (-17.45, 2.5e9, float(2**32 - 1), 1 / 3, 5e-324)
USUAL_TOTALS = (0, 1, 2**32 - 1)
UNUSUAL_TOTALS = (2**32, 2**64 - 1)


def bits_of(readings: tuple[float, ...]) -> np.ndarray:
    return np.array(readings).view(np.uint64)


def put(words: Words, places: list[int], bits: np.ndarray, *, long: bool, counts: bool) -> None:
    number = len(places)
    words.put(np.array(places), np.full(number, long), np.full(number, counts), bits)


def pick(words: Words, places: list[int], *, long: bool, counts: bool) -> list[int]:
    return list(words.pick(np.array(places), np.full(len(places), long), counts=counts).tolist())


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("counts", [False, True])
def test_every_number_comes_out_as_it_went_in(long: bool, counts: bool) -> None:
    words = Words()
    words.make_room(64)
    readings = bits_of(USUAL_READINGS + UNUSUAL_READINGS)
    bits = np.array(USUAL_TOTALS + UNUSUAL_TOTALS, np.uint64) if counts else readings
    places = list(range(0, 2 * len(bits), 2))
    for turned in (bits, bits[::-1].copy(), bits):  # what was unusual becomes usual, and the other way round
        put(words, places, turned, long=long, counts=counts)
        assert pick(words, places, long=long, counts=counts) == turned.tolist()


def test_long_and_short_ones_stand_side_by_side() -> None:
    words = Words()
    words.make_room(8)
    place, long = np.array([0, 2, 3, 5]), np.array([True, False, True, False])
    bits = np.array([2**64 - 1, 2**40 + 3, 2**33 + 1, 9], np.uint64)
    words.put(place, long, np.ones(4, np.bool_), bits)
    assert words.pick(place, long, counts=True).tolist() == bits.tolist()


def test_a_place_that_changes_hands_keeps_nothing_of_the_number_before() -> None:
    words = Words()
    words.make_room(4)
    put(words, [0], np.array([2**40], np.uint64), long=False, counts=True)
    put(words, [0], np.array([2**40], np.uint64), long=True, counts=True)
    put(words, [0, 1], np.array([5, 6], np.uint64), long=False, counts=True)
    assert pick(words, [0, 1], long=False, counts=True) == [5, 6]


def test_what_is_usual_is_kept_in_one_word() -> None:
    words = Words()
    words.make_room(64)
    put(words, list(range(len(USUAL_READINGS))), bits_of(USUAL_READINGS), long=False, counts=False)
    put(words, list(range(32, 35)), np.array(USUAL_TOTALS, np.uint64), long=False, counts=True)
    assert not words._any_aside  # no memory was taken for a second one
    put(words, [0], bits_of((-17.45,)), long=False, counts=False)
    assert words._any_aside


@pytest.mark.parametrize(
    ("kind", "quantity", "conversion", "words"),
    [
        (Kind.COUNTER32, "ifInErrors", Conversion(), 1),
        (Kind.COUNTER64, "ifHCInOctets", Conversion(), 2),
        (Kind.GAUGE32, "ifHighSpeed", Conversion(), 1),
        (Kind.TIMETICKS, "sysUpTime", Conversion(), 2),
        (Kind.INTEGER, "sensor.dbm", Conversion(scale=0.01), 2),
        (Kind.INTEGER, "sensor.temperature", Conversion(low=-50, high=150), 1),
        (Kind.INTEGER, "sensor.dbm", Conversion(form=Form.MILLIWATT_TO_DBM), 2),
        (Kind.TEXT, "sensor.dbm", Conversion(form=Form.TEXT_DBM), 2),
        (Kind.TEXT, "sysName", Conversion(), 0),
    ],
)
def test_how_many_words_a_column_has(kind: Kind, quantity: str, conversion: Conversion, words: int) -> None:
    assert words_of(Column("1.3", kind, "table", quantity, conversion=conversion)) == words
