"""Waves over restarts, on both engines: as they were put, newest first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.changes import WaveSiteState, WaveState
from domain.changes.waves import begun, ended, judged, new_wave
from kentongan.database import Database
from provisioning.store.waves import SqlWaveStore

pytestmark = pytest.mark.real

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_a_wave_comes_back_as_it_was_put(database: Database) -> None:
    store = SqlWaveStore(database.engine)
    assert (store.get("w1"), store.waves()) == (None, ())
    first = replace(
        new_wave("w1", ["desa-a", "desa-b"], "siti", NOW),
        canary=1,
        batch=2,
        stop_percent=12.5,
        reason="banjir",
        like="x",
    )
    store.put(first)
    assert store.get("w1") == first
    failed = replace(first.site("desa-a"), state=WaveSiteState.FAILED, job="j1", passed=1, why="says \0 no")
    stopped = judged(ended(begun(first, ["desa-a"], NOW), failed, NOW + timedelta(minutes=1)), NOW)
    store.put(stopped)
    store.put(new_wave("w2", ["desa-c"], "budi", NOW + timedelta(hours=1)))
    kept = store.get("w1")
    assert kept is not None
    assert (kept.state, kept.untouched) == (WaveState.STOPPED, ("desa-b",))
    assert kept.site("desa-a").why == "says  no", "what a device wrote is kept as far as a database takes it"
    assert [wave.id for wave in store.waves()] == ["w2", "w1"]
