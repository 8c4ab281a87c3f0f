"""Waves and jobs over restarts, on both engines: as they were put, newest first; what a wave remembers meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.changes import Holder, StepKind, WaveSiteState, WaveState, begin, finish, new_job
from domain.changes.waves import begun, ended, judged, new_wave
from domain.network import Inventory, RegionCode, Site, SiteKind
from domain.secrets import Secret, SshLogin
from inventory.store import SqlInventoryStore
from kentongan.changing.caches import CachedInstallation
from kentongan.database import Database
from kentongan.installation import Installation
from kentongan.settings import load_settings
from provisioning.store.changes import SqlJobStore
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


def test_a_job_is_put_step_by_step_and_others_agree_meanwhile(database: Database) -> None:
    ours, theirs = (SqlJobStore(database.engine, lambda: 0.0, lambda _holder: None) for _ in range(2))
    job = ours.put(new_job("ab12cd", "desa-a", ["rtr-a"], "siti", NOW))
    for number in range(3):
        step = job.steps[number]
        job = ours.put(begin(job, step, NOW))
        job = finish(job, step, NOW, f"done {number}")
    theirs.agree("ab12cd", ["budi"], "f" * 64)
    job = ours.put(job)
    assert (job.approvers, job.fingerprint) == (("budi",), "f" * 64)
    assert theirs.get("ab12cd") == job
    # Between two holds somebody else has worked on it.
    later = finish(begin(job, job.steps[3], NOW), job.steps[3], NOW, "by budi")
    theirs.put(later)
    ours.hold(Holder("desa-a", "siti", NOW, "here", "1"))
    assert ours.put(job) == job
    found = theirs.get("ab12cd")
    assert found == job
    assert found.step(StepKind.APPROVE) == job.steps[3]


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    settings = tmp_path / "office" / "kentongan.toml"
    settings.parent.mkdir()
    settings.write_text(f'[database]\nurl = "{database_url}"\n', encoding="utf-8")
    with Installation(load_settings(settings), "siti").prepare() as installation:
        yield installation


def test_others_change_what_is_remembered(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    reads, read = [], SqlInventoryStore.read

    def counted(store: SqlInventoryStore) -> Inventory:
        reads.append(store)
        return read(store)

    monkeypatch.setattr(SqlInventoryStore, "read", counted)
    remembering = CachedInstallation(installation)
    sites = [Site(f"desa-{number}", "x", SiteKind.DESA, RegionCode("32.14.01.2010")) for number in range(2)]
    for number, site in enumerate(sites):
        installation.inventory.write([site])
        assert remembering.inventory.read().sites == tuple(sites[: number + 1])
        assert remembering.inventory.read() is remembering.inventory.read()
    assert len(reads) == 2
    for password in ("satu", "dua"):
        installation.vault.put(SshLogin("noc", "siti", Secret(password)))
        assert remembering.vault.names() == ("noc",)
        held = remembering.vault.get("noc")
        assert isinstance(held, SshLogin)
        assert held.password == Secret(password)
    remembering.vault.put(SshLogin("lain", "siti", Secret("tiga")))
    assert installation.vault.names() == remembering.vault.names() == ("lain", "noc")
    remembering.record("tried", "desa-0")
    assert [each.actor for each in installation.journal.read(0, 9) if each.action == "tried"] == ["siti"]
