"""Raw values to readings: forms, absent values, bounds, and that a column and one value are read alike."""

from math import inf, isnan, nan

import numpy as np
import pytest

from collectors.decode import Decoder, reading_of
from domain.polling import Budget, Column, Conversion, Fleet, Form, Kind, Outcome, Plan, PlanBook, Sweep

CASES = [
    (Kind.GAUGE32, 450, Conversion(0.1), 45.0, True),
    (Kind.INTEGER, -5673, Conversion(0.001), -5.673, True),
    (Kind.INTEGER, -40000, Conversion(0.001, absent=(-40000,)), nan, True),
    (Kind.GAUGE32, 4294967168, Conversion(absent=(4294967168, 65408)), nan, True),
    (Kind.GAUGE32, 900, Conversion(0.1, low=-40, high=85), nan, False),
    (Kind.INTEGER, 12, Conversion(-1, offset=100), 88.0, True),
    (Kind.INTEGER, 2, Conversion(0.0001, form=Form.MILLIWATT_TO_DBM), -36.989700, True),
    (Kind.INTEGER, 0, Conversion(form=Form.MILLIWATT_TO_DBM), nan, True),
    (Kind.INTEGER, -849, Conversion(0.01, form=Form.DBM_OR_MICROWATT), -8.49, True),
    (Kind.INTEGER, 316, Conversion(0.01, form=Form.DBM_OR_MICROWATT), -5.003129, True),
    (Kind.INTEGER, 4500, Conversion(0.002, -30, form=Form.ZTE_OPTICAL), -21.0, True),
    (Kind.INTEGER, 62036, Conversion(0.002, -30, form=Form.ZTE_OPTICAL), -37.0, True),
    (Kind.INTEGER, 65535, Conversion(0.002, -30, absent=(65535,), form=Form.ZTE_OPTICAL), nan, True),
    (Kind.TEXT, b"0.02 mW (-17.06 dBm)", Conversion(form=Form.TEXT_DBM), -17.06, True),
    (Kind.TEXT, b"6.66 dbm", Conversion(form=Form.TEXT_DBM), 6.66, True),
    (Kind.TEXT, b"30,67 C", Conversion(form=Form.TEXT_NUMBER), 30.67, True),
    (Kind.TEXT, b"N/A", Conversion(form=Form.TEXT_NUMBER), nan, True),
    (Kind.TEXT, b"--", Conversion(form=Form.TEXT_DBM), nan, True),
    (Kind.TEXT, b"0.5", Conversion(form=Form.TEXT_MILLIWATT), -3.010300, True),
    (Kind.TEXT, b"5 Secs ( 31.1134%)", Conversion(form=Form.TEXT_PERCENT), 31.1134, True),
    # what is below nought as the two's complement of an unsigned type; -4000 is this maker's darkness
    (Kind.GAUGE32, 2**32 - 1853, Conversion(0.01, low=-40, high=15, absent=(-4000,)), -18.53, True),
    (Kind.GAUGE32, 2**32 - 4000, Conversion(0.01, low=-45, high=15, absent=(-4000,)), nan, True),
    (Kind.GAUGE32, 2**32 - 1, Conversion(0.01, low=-40, high=15), nan, True),
    (Kind.GAUGE32, 2**32 - 1853, Conversion(0.1, low=0, high=400), nan, False),
    (Kind.GAUGE32, 2**32 - 99999, Conversion(0.01, low=-40, high=15), nan, False),
    (Kind.TEXT, b"-123,-130,-98,-255", Conversion(0.01, low=-39, absent=(-255,), form=Form.TEXT_LEAST), -1.30, True),
    (Kind.TEXT, b"-1, -1, -1, -1", Conversion(0.01, low=-39, absent=(-1,), form=Form.TEXT_LEAST), nan, True),
    # blocks of a disk, 3,000,000,000 of 4,000,000,000 in 32 bits
    (Kind.INTEGER, 3_000_000_000 - 2**32, Conversion(100 / 4e9, low=0, high=100), 75.0, True),
    (Kind.INTEGER, -20_000_000, Conversion(0.01, low=0, high=400), nan, False),
    (Kind.TEXT, b"99 C", Conversion(form=Form.TEXT_NUMBER, high=85), nan, False),
]


def polled(fleet: Fleet, device: int, values: list[int | bytes | None]) -> Sweep:
    start = int(fleet.start[device])
    cells = np.arange(start, start + len(values))
    raw = [hash(v) & (2**64 - 1) if isinstance(v, bytes) else (v or 0) & (2**64 - 1) for v in values]
    return Sweep(
        device=np.array([device]),
        generation=fleet.generation[[device]].copy(),
        outcome=np.array([Outcome.OK], np.uint8),
        started=np.zeros(1),
        answered_at=np.zeros(1),
        answered_steady=np.zeros(1),
        round_trip=np.zeros(1),
        attempts=np.ones(1, np.int64),
        bytes_used=np.zeros(1, np.int64),
        row=np.zeros(len(values), np.int64),
        cell=cells,
        raw=np.array(raw, np.uint64),
        valid=np.array([value is not None for value in values]),
        texts={start + i: value for i, value in enumerate(values) if isinstance(value, bytes)},
    )


def plan_of(*columns: tuple[Kind, Conversion]) -> Plan:
    return PlanBook().intern(
        [Column(f"1.3.6.1.4.1.9.{i}", kind, "t", "sensor.x", conversion=c) for i, (kind, c) in enumerate(columns)],
        Budget(),
    )


@pytest.mark.parametrize(("kind", "raw", "conversion", "wanted", "plausible"), CASES)
def test_one_value(kind: Kind, raw: int | bytes, conversion: Conversion, wanted: float, plausible: bool) -> None:
    value, fits = reading_of(raw, conversion)
    assert value == pytest.approx(wanted, abs=1e-5, nan_ok=True)
    assert fits is plausible


def test_columns_are_read_as_single_values_are() -> None:
    fleet = Fleet()
    decoder = Decoder(fleet)
    fleet.put("before", plan_of((Kind.COUNTER64, Conversion())))
    device = fleet.put("box", plan_of(*((kind, conversion) for kind, _raw, conversion, _w, _p in CASES)))
    readings = decoder.read(polled(fleet, device, [raw for _k, raw, _c, _w, _p in CASES]))
    for got, (_kind, _raw, _conversion, wanted, _plausible) in zip(readings.value, CASES, strict=True):
        assert got == pytest.approx(wanted, abs=1e-5, nan_ok=True)
    assert readings.implausible == sum(not plausible for *_case, plausible in CASES)


def test_plain_numbers_pass_and_what_did_not_answer_is_nan() -> None:
    fleet = Fleet()
    device = fleet.put("box", plan_of((Kind.COUNTER64, Conversion()), (Kind.INTEGER, Conversion())))
    readings = Decoder(fleet).read(polled(fleet, device, [2**63 + 2048, None]))
    assert readings.value[0] == 2.0**63 + 2048
    assert isnan(readings.value[1])
    assert readings.implausible == 0


def test_a_text_that_did_not_change_keeps_its_reading_until_the_cell_is_somebody_elses() -> None:
    fleet = Fleet()
    decoder = Decoder(fleet)
    plan = plan_of((Kind.TEXT, Conversion(form=Form.TEXT_NUMBER)))
    device = fleet.put("box", plan)
    first = polled(fleet, device, [b"21.5 C"])
    again = Sweep(**{name: getattr(first, name) for name in first.__slots__ if name != "texts"})
    assert decoder.read(first).value[0] == 21.5
    assert decoder.read(again).value[0] == 21.5
    fleet.remove("box")
    other = fleet.put("other", plan_of((Kind.TEXT, Conversion(form=Form.TEXT_NUMBER))))
    silent = polled(fleet, other, [b"x"])
    silent = Sweep(**{name: getattr(silent, name) for name in silent.__slots__ if name != "texts"})
    assert isnan(decoder.read(silent).value[0])


def test_a_poll_with_a_layout_of_the_past_reads_nothing() -> None:
    fleet = Fleet()
    decoder = Decoder(fleet)
    device = fleet.put("box", plan_of((Kind.GAUGE32, Conversion(0.1))))
    sweep = polled(fleet, device, [215])
    assert decoder.read(sweep).value[0] == 21.5
    fleet.put("box", plan_of((Kind.GAUGE32, Conversion(0.01))))
    assert isnan(decoder.read(sweep).value[0])
    assert decoder.read(polled(fleet, device, [215])).value[0] == 2.15


def test_memory_without_what_is_only_cache() -> None:
    fleet, book = Fleet(), PlanBook()
    size = 49225180
    used = Column(
        "1.1", Kind.INTEGER, "memory", "sensor.memory", conversion=Conversion(100 / size), less=("1.6", "1.7")
    )
    parts = [Column(f"1.{i}", Kind.INTEGER, "memory", "part") for i in (6, 7)]
    device = fleet.put("linux", book.intern([used, *parts], Budget()))
    decoder = Decoder(fleet)
    assert decoder.read(polled(fleet, device, [27274104, 5324, 12962116])).value[0] == pytest.approx(29.0637, abs=1e-3)
    assert isnan(decoder.read(polled(fleet, device, [27274104, None, 12962116])).value[0])
    assert used.conversion.high == inf


def test_darkness_and_edges_of_types_are_masked_and_not_counted() -> None:
    """Darkness of light and radio alone: too little of anything else cannot be true."""
    optical = Conversion(0.01, low=-39.99, high=15)
    plan = PlanBook().intern(
        [
            Column(f"1.3.6.1.4.1.9.{i}", Kind.INTEGER, "t", quantity, conversion=optical)
            for i, quantity in enumerate(
                ("sensor.dbm", "sensor.dbm", "sensor.signal", "sensor.dbm", "sensor.voltage", "sensor.voltage")
            )
        ],
        Budget(),
    )
    fleet = Fleet()
    readings = Decoder(fleet).read(polled(fleet, fleet.put("d", plan), [-2150, -4000, -9000, -300000, -4000, 65535]))
    assert readings.value[0] == pytest.approx(-21.5)
    assert np.isnan(readings.value[1:]).all()
    assert readings.implausible == 2
