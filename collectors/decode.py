"""Raw values to readings, by what the device's profile says of each column. Pure and by columns.

A value that means 'no reading' and one that cannot be true become NaN; the second kind is counted. Rates of counters
are made elsewhere, from the raw values.
"""

import re
from dataclasses import dataclass, replace
from math import inf, log10, nan

import numpy as np
from numpy.typing import NDArray

from domain.polling import Column, Conversion, Fleet, Form, Kind, Plan, Sweep
from domain.polling.strips import with_room

_FIGURES = r"(?:[-+]|(?<![\w.]))\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(rf"({_FIGURES})(?![xX\d])")
_DBM = re.compile(rf"({_FIGURES})\s*dBm", re.IGNORECASE)
_MILLIWATT = re.compile(rf"({_FIGURES})\s*mW")
_PERCENT = re.compile(rf"({_FIGURES})\s*%")
_MINUS_SIGN = "\u2212".encode()
FAINTEST_DBM = -150.0
"""Below it a power is no darkness but a value on a wrong scale."""
EDGES = (-2147483648, -32768, -128, -1, 127, 128, 255, 32767, 65535, 2147483647, 4294967295)
"""Raw numbers at the edge of a type: where one cannot be true, it is its maker's word for 'no reading'."""
_EDGES = np.array(EDGES)
_MOST_LESS = 2
_MOST_ABSENT = 6
_FORMS = tuple(Form)
TEXT_FORMS = frozenset((Form.TEXT_NUMBER, Form.TEXT_DBM, Form.TEXT_PERCENT, Form.TEXT_MILLIWATT, Form.TEXT_LEAST))
_NEVER = np.iinfo(np.int64).min
_POWERS = ("sensor.dbm", "sensor.signal")


@dataclass(frozen=True, slots=True)
class Readings:
    """value: one per cell of the sweep, NaN where there is none. implausible: cells outside what can be true."""

    value: NDArray[np.float64]
    implausible: int


def reading_of(raw: int | bytes | float, conversion: Conversion, *, is_power: bool = False) -> tuple[float, bool]:
    """One value: its reading (NaN for none) and whether it is plausible. What `Decoder` does, for discovery.

    is_power: of light or radio, of which too little is darkness. That is nothing strange, nor is one of the `EDGES`.
    """
    if isinstance(raw, bytes) or conversion.form in TEXT_FORMS:
        value = text_reading(raw if isinstance(raw, bytes) else str(raw).encode(), conversion)
    elif raw in conversion.absent:
        return nan, True
    else:
        value = _number_reading(float(raw), conversion)
    if value != value or conversion.low <= value <= conversion.high:
        return value, True
    if isinstance(raw, int) and (turn := _turned(raw, conversion)):
        again, plausible = reading_of(raw + turn, conversion, is_power=is_power)
        if plausible:
            return again, True
    return nan, raw in EDGES or (is_power and FAINTEST_DBM <= value < conversion.low)


def _turned(raw: int, conversion: Conversion) -> int:
    """What brings a number round the circle of 32 bits that was sent with the wrong sign; 0 if none can be meant.

    Some agents send the two's complement of what is below nought in a Gauge32, others the parts of a disk of more than
    2^31 blocks in an Integer32.
    """
    if conversion.low < 0 and 2**31 <= raw < 2**32 and raw not in EDGES:
        return -(2**32)
    is_share = conversion.low >= 0 and conversion.high <= 100
    return 2**32 if is_share and -(2**31) < raw < -(10**7) else 0


def text_reading(octets: bytes, conversion: Conversion) -> float:
    """The number in a text, converted; NaN for a text without one. A power in dBm or mW is taken by its own unit."""
    text = octets.replace(_MINUS_SIGN, b"-").decode("latin-1")
    form = conversion.form
    if form is Form.TEXT_LEAST:
        parts = [
            text_reading(part.encode(), replace(conversion, form=Form.TEXT_NUMBER))
            for part in re.split(r"[,;/\s]+", text)
        ]
        return min((value for value in parts if value == value), default=nan)
    found = _PERCENT.search(text) if form is Form.TEXT_PERCENT else None
    if form in (Form.TEXT_DBM, Form.TEXT_MILLIWATT):
        found = _DBM.search(text)
        if found is not None:
            form = Form.TEXT_DBM
        elif (found := _MILLIWATT.search(text)) is not None:
            form = Form.TEXT_MILLIWATT
    found = found or _NUMBER.search(text)
    if found is None:
        return nan
    number = float(found.group(1).replace(",", "."))
    if number in conversion.absent:
        return nan
    if form is not conversion.form:
        conversion = replace(conversion, form=form, scale=1.0)
    return _number_reading(number, conversion)


def _number_reading(number: float, conversion: Conversion) -> float:
    match conversion.form:
        case Form.MILLIWATT_TO_DBM | Form.TEXT_MILLIWATT:
            milliwatts = number * conversion.scale
            return 10 * log10(milliwatts) + conversion.offset if milliwatts > 0 else nan
        case Form.DBM_OR_MICROWATT if number > 0:
            return 10 * log10(number / 1000) + conversion.offset
        case Form.ZTE_OPTICAL if number > 30000:
            number -= 65536
    return number * conversion.scale + conversion.offset


class Decoder:
    """Conversions of all plans seen, laid out as arrays; nothing for each device."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._conversions: list[Conversion] = []
        self._special: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._numbers: NDArray[np.float64] = np.zeros((0, 4))  # scale, offset, low, high
        self._form: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._signed: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._power: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._absent: NDArray[np.int64] = np.zeros((0, _MOST_ABSENT), np.int64)
        self._less: NDArray[np.int64] = np.zeros((0, _MOST_LESS), np.int64)
        self._texts: dict[int, float] = {}
        self._entry = fleet.table(self._lay_out, np.int64)
        fleet.watch(self._forget)

    def read(self, sweep: Sweep) -> Readings:
        """Rows polled with a layout that is no longer the device's come out as NaN."""
        value = sweep.raw.astype(np.float64)
        current = self._fleet.generation[sweep.device] == sweep.generation
        alive = sweep.valid if current.all() else sweep.valid & current[sweep.row]
        value[~alive] = nan
        key = self._entry.values[self._fleet.columns(sweep)]
        if not len(self._special):
            return Readings(value, 0)
        chosen = np.flatnonzero(self._special[key] & alive)
        implausible = self._convert(sweep, value, chosen, key[chosen]) if len(chosen) else 0
        return Readings(value, implausible)

    def _convert(
        self, sweep: Sweep, value: NDArray[np.float64], chosen: NDArray[np.intp], key: NDArray[np.int64]
    ) -> int:
        """Fill `value` at `chosen`; returns how many were implausible."""
        raw = sweep.raw[chosen].view(np.int64)
        number = np.where(self._signed[key], raw.astype(np.float64), value[chosen])
        number = number - self._taken_off(sweep, chosen, key)
        scale, offset, low, high = self._numbers[key].T
        form = self._form[key]
        reading = number * scale + offset
        with np.errstate(divide="ignore", invalid="ignore"):
            at = np.flatnonzero(form == _FORMS.index(Form.MILLIWATT_TO_DBM))
            reading[at] = np.where(number[at] * scale[at] > 0, 10 * np.log10(number[at] * scale[at]) + offset[at], nan)
            at = np.flatnonzero((form == _FORMS.index(Form.DBM_OR_MICROWATT)) & (number > 0))
            reading[at] = 10 * np.log10(number[at] / 1000) + offset[at]
        at = np.flatnonzero((form == _FORMS.index(Form.ZTE_OPTICAL)) & (number > 30000))
        reading[at] = (number[at] - 65536) * scale[at] + offset[at]
        reading[(self._absent[key] == raw[:, None]).any(axis=1)] = nan
        for name in TEXT_FORMS:
            for i in np.flatnonzero(form == _FORMS.index(name)).tolist():
                reading[i] = self._text(sweep, int(sweep.cell[chosen[i]]), int(key[i]))
        wrong = np.flatnonzero((reading < low) | (reading > high))
        turned = (low[wrong] < 0) & (number[wrong] >= 2**31) & (number[wrong] < 2**32)
        for i in wrong[turned | ((number[wrong] > -(2**31)) & (number[wrong] < -(10**7)))].tolist():
            conversion = self._conversions[int(key[i])]
            if conversion.form not in TEXT_FORMS:  # of a text the raw number is none
                again, plausible = reading_of(int(number[i]), conversion, is_power=bool(self._power[key[i]]))
                reading[i] = again if plausible else reading[i]
        wrong = wrong[(reading[wrong] < low[wrong]) | (reading[wrong] > high[wrong])]
        if len(wrong):
            off = reading[wrong]
            none = self._power[key[wrong]] & (off < low[wrong]) & (off >= FAINTEST_DBM)
            none |= (raw[wrong, None] == _EDGES).any(axis=1)
            reading[wrong] = nan
            value[chosen] = reading
            return int(len(wrong) - none.sum())
        value[chosen] = reading
        return 0

    def _taken_off(self, sweep: Sweep, chosen: NDArray[np.intp], key: NDArray[np.int64]) -> NDArray[np.float64]:
        """The raw values of the `less` columns, NaN where one of them is missing."""
        off = np.zeros(len(chosen))
        for step in self._less[key].T:
            at = np.flatnonzero(step)
            if not len(at):
                continue
            other = np.clip(chosen[at] + step[at], 0, len(sweep.cell) - 1)
            same = (sweep.cell[other] == sweep.cell[chosen[at]] + step[at]) & sweep.valid[other]
            off[at] += np.where(same, sweep.raw[other].astype(np.float64), nan)
        return off

    def _text(self, sweep: Sweep, cell: int, key: int) -> float:
        octets = sweep.texts.get(cell)
        if octets is not None:
            self._texts[cell] = text_reading(octets, self._conversions[key])
        return self._texts.get(cell, nan)

    def _forget(self, start: int, stop: int) -> None:
        for cell in range(start, stop) if self._texts else ():
            self._texts.pop(cell, None)

    def _lay_out(self, plan: Plan) -> NDArray[np.int64]:
        """Where each column of a plan is found in the arrays."""
        base = len(self._conversions)
        columns = plan.columns
        conversions = [column.conversion for column in columns]
        self._conversions += conversions
        numbers = np.array([(c.scale, c.offset, c.low, c.high) for c in conversions]).reshape(-1, 4)
        form = np.array([_FORMS.index(c.form) for c in conversions], np.uint8)
        signed = np.array([column.kind is Kind.INTEGER for column in columns], np.bool_)
        absent = np.array([_padded(c.absent, _MOST_ABSENT, _NEVER) for c in conversions], np.int64)
        less = _steps(columns)
        special = signed | (form != 0) | (numbers != (1.0, 0.0, -inf, inf)).any(axis=1)
        special |= (absent != _NEVER).any(axis=1) | less.any(axis=1)
        stop = base + len(columns)
        for name, rows in (
            ("_numbers", numbers),
            ("_form", form),
            ("_signed", signed),
            ("_power", np.array([column.quantity in _POWERS for column in columns], np.bool_)),
            ("_absent", absent.reshape(-1, _MOST_ABSENT)),
            ("_less", less),
            ("_special", special),
        ):
            array = with_room(getattr(self, name), stop)
            array[base:stop] = rows
            setattr(self, name, array)
        return np.arange(base, stop)


def _padded(values: tuple[int, ...], size: int, filler: int) -> tuple[int, ...]:
    if len(values) > size:
        raise ValueError(f"at most {size} values can mean 'no reading', here are {len(values)}")
    return values + (filler,) * (size - len(values))


def _steps(columns: tuple[Column, ...]) -> NDArray[np.int64]:
    """How far from its column each `less` OID lies, 0 for none."""
    place = {column.oid: i for i, column in enumerate(columns)}
    steps = np.zeros((len(columns), _MOST_LESS), np.int64)
    for i, column in enumerate(columns):
        for k, oid in enumerate(column.less):
            steps[i, k] = place[oid] - i
    return steps
