"""Doubts, configurations and waves over a real installation: stored once, in the name of whoever said it."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collectors.store.plans import DeviceFacts
from console.ports.backups import Drifting
from console.ports.discovery import Taken
from console.ports.sites import ConflictError, RefusedError
from domain.changes import JobState, Wave, WaveSiteState, WaveState, new_job
from domain.changes.waves import WaveSite
from domain.network import Check, Device, RegionCode, Role, Site, SiteKind, Stage
from domain.network.units import UnitQuestion
from domain.secrets import Secret, SshLogin
from domain.shell import HostKey
from inventory.store.units import SqlUnits
from kentongan.backups import host_keys
from kentongan.changing.waves import SiteWaves
from kentongan.console_adapters.backups import RepositoryBackups
from kentongan.console_adapters.discovery import InstallationDoubts, Neighbours
from kentongan.console_adapters.ignored import IgnoredBook
from kentongan.console_adapters.sites import TaskOrders
from kentongan.console_adapters.task_process import carried, stop_wave
from kentongan.console_adapters.tasks import TaskRecord, Tasks
from kentongan.installation import Installation
from kentongan.settings import load_settings
from provisioning.backup import Why
from provisioning.store.changes import SqlJobStore
from provisioning.store.waves import SqlWaveStore
from tests.unit.console.console_office import NOW

LATER = "2100-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("doubts")
    settings = folder / "kentongan.toml"
    settings.write_text('[ssh]\ncredential = "ssh-baca"\n')
    with Installation(load_settings(settings), "console").prepare() as installation:
        routers = [
            Device(name, "pop", Role.ROUTER, platform="mikrotik-routeros", address=f"127.0.0.{n}", serial=f"S{n}")
            for n, name in enumerate(("rtr-a", "rtr-b", "rtr-c"))
        ]
        installation.inventory.write([Site("pop", "PoP", SiteKind.POP), *routers])
        installation.vault.put(SshLogin("ssh-baca", "kentongan", Secret("sandi")))
        yield installation


def written(installation: Installation) -> list[tuple[str, str, str]]:
    return [(each.actor, each.action, each.subject) for each in installation.journal.read(0, 100)]


def key(letter: bytes) -> HostKey:
    return HostKey("ssh-ed25519", base64.b64encode(letter * 51).decode())


def test_a_neighbour_is_taken_in_once(installed: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {"protocol": "lldp", "local_interface": "ether5", "chassis_id": "d4:ca:6d:00:00:01", "sys_name": "sw"}
    facts = {"rtr-a": DeviceFacts(NOW.timestamp(), more={"neighbours": [seen]})}
    monkeypatch.setattr(installed.plans, "facts", lambda: facts)
    strangers = Neighbours(installed)
    (found,) = strangers.found()
    strangers.ignore(found.key, "milik sekolah", "siti")
    assert strangers.found()[0].ignored == "milik sekolah"
    strangers.ignore(found.key, "", "siti")
    assert strangers.found()[0].ignored == ""
    with pytest.raises(RefusedError):
        strangers.ignore("never-seen", "x", "siti")
    for name, address in (("bad name", ""), ("../etc", ""), ("rtr-a", ""), ("sw-pop", "10.0.0")):
        with pytest.raises(RefusedError):
            strangers.take(Taken(found.key, name, Role.SWITCH, address=address), "siti")
    strangers.take(Taken(found.key, "sw-pop", Role.SWITCH, "CRS112"), "siti")
    taken = installed.inventory.read().used_by_name["sw-pop"]
    assert (taken.site, taken.check, taken.uplink, taken.mac) == ("pop", Check.NONE, ("rtr-a",), "d4:ca:6d:00:00:01")
    assert strangers.found() == []
    with pytest.raises(ConflictError):
        strangers.take(Taken(found.key, "sw-pop-2", Role.SWITCH), "wati")
    assert ("siti", "neighbour taken in", "sw-pop") in written(installed)


@pytest.mark.parametrize("torn", ["", '{"d4ca6d000002": {"rea', "[]", '{"d4ca6d000002": 1}', None])
def test_what_is_none_of_ours_outlives_a_torn_file(installed: Installation, torn: str | None) -> None:
    book, file = IgnoredBook(installed), installed.loaded.folder / "ignored-neighbours.json"
    book.put("d4ca6d000002", "milik sekolah", "siti")
    book.put("d4ca6d000003", "milik warga", "siti")
    book.put("d4ca6d000003", "", "wati")
    before = dict(book.read())
    assert before["d4ca6d000002"]["reason"] == "milik sekolah"
    assert "d4ca6d000003" not in before
    if torn is None:
        file.unlink()
    else:
        file.write_text(torn, encoding="utf-8")
    again = IgnoredBook(installed).read()
    assert (again["d4ca6d000002"]["who"], again.keys()) == ("siti", before.keys())
    if torn is None:
        file.unlink()
    else:
        file.write_text(torn, encoding="utf-8")
        assert file.with_suffix(".torn").read_text(encoding="utf-8") == torn
    book.put("d4ca6d000004", "milik toko", "siti")
    assert set(book.read()) == {*before, "d4ca6d000004"}, "nothing that was said before is lost by the next word"
    book.put("d4ca6d000004", "", "siti")
    assert ("siti", "neighbour ignored", "d4ca6d000004") in written(installed)
    assert ("siti", "neighbour asked again", "d4ca6d000004") in written(installed)


def test_a_host_key_is_believed_if_it_is_the_one_that_was_seen(installed: Installation) -> None:
    keys, doubts = host_keys(installed, "test"), InstallationDoubts(installed)
    keys.trust("rtr-b", key(b"a"))
    keys.refuse("rtr-b", key(b"b"))
    (doubted,) = doubts.host_keys()
    keys.refuse("rtr-b", key(b"c"))  # while somebody looks at the page
    with pytest.raises(ConflictError, match="showed"):
        doubts.believe("rtr-b", doubted.offered, "siti")
    known = keys.known("rtr-b")
    assert known == key(b"a")
    doubts.believe("rtr-b", doubts.host_keys()[0].offered, "siti")
    assert keys.known("rtr-b") == key(b"c")
    assert ("siti", "host key accepted", "rtr-b") in written(installed)
    with pytest.raises(ConflictError):
        doubts.believe("rtr-b", doubted.offered, "wati")


def test_a_question_is_denied_for_the_serial_that_was_seen(installed: Installation) -> None:
    doubts = InstallationDoubts(installed)
    asked = UnitQuestion("rtr-c", "HE-108", "S2", "", "", "rtr-c", NOW, NOW)
    SqlUnits(installed.database.engine).ask([asked])
    with pytest.raises(ConflictError):
        doubts.dismiss("rtr-c", "another", "", "siti")
    doubts.dismiss("rtr-c", "HE108", "salah baca", "siti")
    assert doubts.questions() == ()
    with pytest.raises(ConflictError):
        doubts.dismiss("rtr-c", "HE108", "", "wati")


def test_configurations_are_read_masked_and_ordered_once(installed: Installation, tmp_path: Path) -> None:
    begun: list[Path] = []
    tasks = Tasks(tmp_path, lambda: NOW, lambda path, _lock: begun.append(path))
    backups = RepositoryBackups(installed, tasks)
    assert {row.device for row in backups.rows() if row.stale} == {"rtr-a", "rtr-b", "rtr-c"}
    config = backups._config.repository
    for n, text in enumerate(("/ip one\n", "/ip two\n")):
        config.put("rtr-a", "pop", text, Why("test", f"person {n}"), (1, n), NOW)
    newest, oldest = backups.history("rtr-a")
    assert (newest.who, backups.text("rtr-a", newest.id), backups.text("rtr-a", oldest.id)) == (
        "person 1", "/ip two\n", "/ip one\n",
    )  # fmt: skip
    with pytest.raises(RefusedError):
        backups.text("rtr-a", "f" * 40)
    assert set(backups.drift().values()) == {Drifting.NO_INTENT}
    backups.read_now("rtr-a", "siti")
    assert len(begun) == 1
    with pytest.raises(RefusedError, match="no SSH login"):
        backups.read_now("sw-pop", "siti")
    assert ("siti", "config backup ordered", "rtr-a") in written(installed)


def test_a_wave_is_begun_once_and_stopped_with_what_it_came_to(installed: Installation) -> None:
    code = RegionCode("32.14.06.2007")
    names = ("desa-1", "desa-2")
    installed.inventory.write([Site(each, each, SiteKind.DESA, code, stage=Stage.PLANNED) for each in names])
    more = {"canary": "1", "batch": "1", "stop_at": "10", "profile": "", "like": "", "emergency": ""}
    given = {**more, "sites": " ".join(names), "given_at": installed.clock.now().utc.isoformat()}
    record = TaskRecord("wave", "wave", "console", installed.clock.now().utc, given)
    assert carried(installed, record) == ""
    store = SqlWaveStore(installed.database.engine)
    (wave,) = store.waves()
    assert (wave.state, [each.state.value for each in wave.sites]) == (WaveState.STOPPED, ["failed", "waiting"])
    # The same order once more, as after a power cut, goes on with the same wave.
    assert carried(installed, record) == ""
    assert [each.id for each in store.waves()] == [wave.id]
    assert "There is no site" in carried(
        installed, replace(record, words={**given, "sites": "nowhere", "given_at": LATER})
    )
    # Stopped while a site was under way whose change came to its end meanwhile.
    jobs = SqlJobStore(installed.database.engine, lambda: 0.0, lambda _holder: True)
    began = installed.clock.now().utc
    jobs.put(replace(new_job("0ff1ce", "desa-1", (), "console", began), state=JobState.DONE, changed_at=began))
    running = [replace(each, state=WaveSiteState.RUNNING, began_at=began) for each in wave.sites]
    store.put(replace(wave, state=WaveState.OPEN, sites=tuple(running)))
    stop_wave(SiteWaves(installed, "http://127.0.0.1"))
    (wave,) = store.waves()
    assert (wave.state, [(each.state.value, each.job) for each in wave.sites]) == (
        WaveState.STOPPED, [("done", "0ff1ce"), ("waiting", "")],
    )  # fmt: skip


class Carrying(Tasks):
    """As if this order were being carried out now."""

    held: TaskRecord
    interrupted = 0

    def all(self) -> Mapping[str, tuple[TaskRecord, bool]]:
        return {"wave": (self.held, True)}

    def interrupt(self, subject: str) -> bool:
        self.interrupted += 1
        return True


def test_only_the_wave_that_moves_is_stopped(installed: Installation, tmp_path: Path) -> None:
    """Else who sees one kecamatan would stop another one's by the number of an own one that is long over."""
    store, began = SqlWaveStore(installed.database.engine), installed.clock.now().utc
    rows = (WaveSite("desa-1"),)
    store.put(Wave("aaa111", "siti", began - timedelta(hours=1), rows, state=WaveState.STOPPED))
    tasks = Carrying(tmp_path, lambda: NOW, lambda _path, _lock: None)
    orders = TaskOrders(installed, tasks)
    tasks.held = TaskRecord("wave", "wave", "budi", began, {"wave": ""})
    with pytest.raises(RefusedError):
        orders.stop("aaa111", "siti")
    store.put(Wave("bbb222", "budi", began, rows))
    with pytest.raises(RefusedError):
        orders.stop("aaa111", "siti")
    orders.stop("bbb222", "siti")
    tasks.held = TaskRecord("wave", "resume-wave", "budi", began, {"wave": "aaa111"})
    orders.stop("aaa111", "siti", token="t1")
    assert tasks.interrupted == 2
    waves = SiteWaves(installed, "http://127.0.0.1")
    store.put(Wave("aaa111", "siti", began - timedelta(hours=1), rows))
    stop_wave(waves, "aaa111")
    states = {each.id: each.state for each in store.waves() if each.id in ("aaa111", "bbb222")}
    assert states == {"aaa111": WaveState.STOPPED, "bbb222": WaveState.OPEN}
