"""Numbers written a column at a time read back as what they were."""

import math
import random
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporters.exposition.numbers import integer_field, reading_field, stamp_field

EDGES = [
    0,
    1,
    9,
    10,
    9_999,
    10_000,
    10**8 - 1,
    10**8,
    10**8 + 5,
    10**12,
    10**16 - 1,
    10**16,
    10**16 + 1,
    2**63,
    2**64 - 1,
]


def texts(octets: np.ndarray) -> list[str]:
    return [bytes(row[row != 0]).decode() for row in octets]


def test_integers_are_exact_whatever_their_size() -> None:
    dice = random.Random(1)
    values = EDGES + [dice.getrandbits(dice.randrange(1, 65)) for _ in range(5_000)]
    assert texts(integer_field(np.array(values, np.uint64))) == [str(value) for value in values]


def test_small_integers_take_a_short_way_to_the_same_text() -> None:
    values = [0, 1, 7, 9_999, 10_000, 10_001, 99_999_999]
    assert texts(integer_field(np.array(values, np.uint64))) == [str(value) for value in values]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_readings_read_back_as_the_same_float(values: list[float]) -> None:
    for text, value in zip(texts(reading_field(np.array(values))), values, strict=True):
        assert float(text) == value
        assert math.isinf(value) or len(text) <= len(repr(value))


def test_readings_with_few_decimals_are_short() -> None:
    values = [0.0, -0.0, 1.0, -1.5, 0.001, -0.125, 12.5, 1234567.89, -40.0, 2.0**40]
    wanted = ["0", "0", "1", "-1.5", "0.001", "-0.125", "12.5", "1234567.89", "-40", "1099511627776"]
    assert texts(reading_field(np.array(values))) == wanted


def test_any_bits_of_a_float_are_written_so_that_they_read_back() -> None:
    dice = random.Random(2)
    values = [struct.unpack("d", struct.pack("Q", dice.getrandbits(64)))[0] for _ in range(2_000)]
    values = [value for value in values if not math.isnan(value)]
    assert [float(text) for text in texts(reading_field(np.array(values)))] == values


@pytest.mark.parametrize(("value", "text"), [(math.inf, "+Inf"), (-math.inf, "-Inf"), (5e-324, "5e-324")])
def test_extremes(value: float, text: str) -> None:
    assert texts(reading_field(np.array([value]))) == [text]


def test_no_values_are_no_text() -> None:
    assert integer_field(np.zeros(0, np.uint64)).shape == (0, 20)
    assert reading_field(np.zeros(0)).shape == (0, 24)


def test_stamps_are_milliseconds_and_a_time_that_is_none_is_zero() -> None:
    stamps = stamp_field(np.array([1_700_000_000_123.0, 999_999_999_999.0, np.nan, -5.0]))
    assert [stamp.tobytes().replace(b"\0", b"") for stamp in stamps] == [b"1700000000123", b"999999999999", b"0", b"0"]
