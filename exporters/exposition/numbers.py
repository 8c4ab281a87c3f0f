"""Numbers as text, a column at a time.

A number stands in a field of fixed width in which every byte that is not part of it is NUL; the NULs are squeezed out
when the lines are done. So nothing has to know how long a number is. Integers are exact, other numbers are written
with the fewest digits that read back as the same float64.
"""

import numpy as np
from numpy.typing import NDArray

INTEGER_WIDTH = 20  # 18446744073709551615
READING_WIDTH = 24  # -1.7976931348623157e+308
STAMP_WIDTH = 13  # milliseconds since 1970, good until the year 2286

_GROUP = 10_000
_SMALL = _GROUP**2
_FIRST, _LAST = _GROUP, 2 * _GROUP  # offsets of the tables without leading zeros; the last group keeps one zero
_THOUSANDTHS = 1000.0
_EXACT_BELOW = 2.0**53 / 1000 - 1

Octets = NDArray[np.uint8]


def _group_texts() -> NDArray[np.uint32]:
    padded = [b"%04d" % number for number in range(_GROUP)]
    short = [b"%d" % number if number else b"" for number in range(_GROUP)]
    last = [b"%d" % number for number in range(_GROUP)]
    texts = padded + [text.rjust(4, b"\0") for text in short + last]
    return np.frombuffer(b"".join(texts), np.uint32)


def _fraction_texts() -> NDArray[np.uint32]:
    texts = [(b".%03d" % number).rstrip(b"0").rstrip(b".").ljust(4, b"\0") for number in range(1000)]
    return np.frombuffer(b"".join(texts), np.uint32)


_GROUPS = _group_texts()
_FRACTIONS = _fraction_texts()


def write_integers(values: NDArray[np.uint64], field: NDArray[np.uint32]) -> None:
    """Write n unsigned values into `field` [n, 5], four digits per element."""
    if len(values) == 0 or int(values.max()) < _SMALL:
        _write_small(values.astype(np.uint32), field)
        return
    upper = values // np.uint64(10**8)
    lower = (values - upper * np.uint64(10**8)).astype(np.uint32)
    top = upper // np.uint64(10**8)
    middle = (upper - top * np.uint64(10**8)).astype(np.uint32)
    group = np.uint32(_GROUP)
    second, fourth = middle // group, lower // group
    # Remainders by multiplication: numpy divides by a constant in vectors, but has no such way for %.
    third, fifth = middle - second * group, lower - fourth * group
    leading = np.full(len(values), _FIRST, np.uint32)  # where the number has not begun yet
    for position, digits in enumerate((top.astype(np.uint32), second, third, fourth)):
        digits += leading
        field[:, position] = _GROUPS.take(digits)
        leading *= digits == _FIRST
    field[:, 4] = _GROUPS.take(fifth + 2 * leading)


def _write_small(values: NDArray[np.uint32], field: NDArray[np.uint32]) -> None:
    """As write_integers, for values of eight digits at most: statuses, errors, temperatures."""
    group = np.uint32(_GROUP)
    upper = values // group
    field[:, :3] = 0
    field[:, 3] = _GROUPS.take(upper + np.uint32(_FIRST))
    field[:, 4] = _GROUPS.take(values - upper * group + np.uint32(_LAST) * (upper == 0))


def integer_field(values: NDArray[np.uint64]) -> Octets:
    """[n, INTEGER_WIDTH] octets."""
    field = np.empty((len(values), 5), np.uint32)
    write_integers(values, field)
    return field.view(np.uint8)


def reading_field(values: NDArray[np.float64]) -> Octets:
    """[n, READING_WIDTH] octets; infinities as Prometheus writes them. NaN has no text: leave those lines out."""
    magnitude = np.abs(values)
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.rint(magnitude * _THOUSANDTHS)
        short = (magnitude < _EXACT_BELOW) & (scaled / _THOUSANDTHS == magnitude)
        thousandths = np.where(short, scaled, 0.0).astype(np.uint64)
    field = np.empty((len(values), 6), np.uint32)
    whole = thousandths // np.uint64(1000)
    write_integers(whole, field[:, :5])
    field[:, 5] = _FRACTIONS.take((thousandths - whole * np.uint64(1000)).astype(np.int64))
    octets = field.view(np.uint8)
    # 2^53 / 1000 has 13 digits, so the first octet of a short number is free for its sign.
    octets[:, 0] = np.where(np.signbit(values) & (thousandths != 0), ord("-"), 0)
    if not short.all():
        _write_long(values, ~short, octets)
    return octets


def _write_long(values: NDArray[np.float64], long: NDArray[np.bool_], octets: Octets) -> None:
    distinct, which = np.unique(values[long], return_inverse=True)
    texts = np.array([_text(value) for value in distinct.tolist()], f"S{READING_WIDTH}")
    octets[long] = texts.view(np.uint8).reshape(-1, READING_WIDTH)[which]


def _text(value: float) -> bytes:
    if value in (float("inf"), float("-inf")):
        return b"+Inf" if value > 0 else b"-Inf"
    return repr(value).encode()


def stamp_field(milliseconds: NDArray[np.float64]) -> NDArray[np.void]:
    """[n] records of STAMP_WIDTH octets: times since 1970; a time before it or NaN is written as 0."""
    with np.errstate(invalid="ignore"):
        whole = np.where(milliseconds > 0, milliseconds, 0.0).astype(np.uint64)
    return records_of(np.ascontiguousarray(integer_field(whole)[:, INTEGER_WIDTH - STAMP_WIDTH :]))


def records_of(octets: Octets) -> NDArray[np.void]:
    """Each row of [n, width] octets as one thing that can be assigned."""
    records: NDArray[np.void] = octets.view(np.dtype((np.void, octets.shape[1])))[:, 0]
    return records
