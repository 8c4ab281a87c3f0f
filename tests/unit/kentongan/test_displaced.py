"""Counters that stepped back are remembered by the next process."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from domain.polling import Column, Kind, Plan, Sweep
from kentongan.installation import Installation
from kentongan.run.displaced import read_displaced, write_displaced
from kentongan.run.service import Service
from kentongan.settings import load_settings

PLAN = Plan(
    (
        Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime"),
        Column("1.3.6.1.2.1.31.1.1.1.6.1", Kind.COUNTER64, "interfaces", "ifHCInOctets", "ether1", port_bps=1e9),
        Column("1.3.6.1.2.1.31.1.1.1.6.2", Kind.COUNTER64, "interfaces", "ifHCInOctets", "ether2", port_bps=1e9),
    )
)
DISPLACED = {"rtr-desa": ["ifHCInOctets ether1"]}


def poll(service: Service, at: float, octets: int) -> list[int]:
    """One poll of the only device; the totals that are exported."""
    cells = np.arange(3)
    return list(
        service.pipeline.counters.advance(
            Sweep(
                np.zeros(1, np.int64), service.fleet.generation[:1], np.zeros(1, np.uint8), np.full(1, at),
                np.full(1, at), np.full(1, at), np.zeros(1), np.ones(1, np.int64), np.ones(1, np.int64),
                np.zeros(3, np.int64), cells, np.array([100 * at, octets, 5], np.uint64), np.ones(3, np.bool_),
            )
        ).total
    )  # fmt: skip


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    (tmp_path / "kentongan.toml").write_text("")
    return Installation(load_settings(tmp_path / "kentongan.toml", {}), "test").prepare()


def test_the_next_process_begins_a_displaced_counter_at_nought(installation: Installation) -> None:
    with installation:
        service = Service(installation)
        service.fleet.put("rtr-desa", PLAN)
        for at, octets in ((1000.0, 10**12), (1060.0, 10**11)):
            poll(service, at, octets)
            asyncio.run(service.reload())
        assert read_displaced(installation.loaded.folder) == DISPLACED
        again = Service(installation)
        again.pipeline.counters.displaced.expect(read_displaced(installation.loaded.folder))
        again.fleet.put("rtr-desa", PLAN)
        assert poll(again, 50.0, 10**11) == [0, 5]


def test_no_file_or_a_broken_one_is_no_knowledge(tmp_path: Path) -> None:
    assert read_displaced(tmp_path) == {}
    write_displaced(tmp_path, DISPLACED)
    assert read_displaced(tmp_path) == DISPLACED
    for text in ("", "[1]", '{"a": 1}', "\x00"):
        (tmp_path / "displaced.json").write_text(text)
        assert read_displaced(tmp_path) == {}
