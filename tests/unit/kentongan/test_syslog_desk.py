"""What the service keeps of what devices log: who, from where, without secrets; and whom it has read again."""

import asyncio
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.store.change_log import SqlChangeLog
from collectors.syslog import LogEntry, LogKind, Told
from domain.network import Device, DeviceStatus, Inventory, Prefix, Role
from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from exporters.own_health import OwnHealth
from kentongan.backups import ConfigBackups
from kentongan.installation import Installation
from kentongan.run.syslog import SyslogDesk, SyslogError, sources_of
from kentongan.settings import load_settings
from provisioning.backup import BackupState, Why
from provisioning.store.backups import SqlBackupStates
from tests.command_line import calling

KEPT = SnmpCommunity("desa", SnmpVersion.V2C, Secret("Sandi-kita"))


def device(name: str, address: str, status: DeviceStatus = DeviceStatus.IN_USE) -> Device:
    return Device(name, "pop-a", Role.ROUTER, platform="mikrotik-routeros", address=address, status=status)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    file = tmp_path / "kentongan.toml"
    file.write_text('[syslog]\nhost = "127.0.0.1"\nport = 0\nper_minute = 600\n', encoding="utf-8")
    with Installation(load_settings(file, {}), "test").prepare() as made:
        yield made


class Office:
    def __init__(self, installation: Installation) -> None:
        self.changed: list[str] = []
        self.desk = SyslogDesk(installation, lambda _name: "mikrotik-routeros", self.changed.append)
        devices = (device("rtr-a", "127.0.0.1"), device("shelf", "127.0.0.9", DeviceStatus.SPARE))
        self.desk.know(Inventory(devices=devices), [KEPT])
        self.log = SqlChangeLog(installation.database.engine)

    def kept(self) -> list[tuple[LogKind, str, str, str]]:
        """The oldest first."""
        return [(each.kind, each.who, each.origin, each.text) for each in reversed(self.log.read("rtr-a"))]


def test_a_change_without_a_place_has_that_of_its_login(installation: Installation) -> None:
    office = Office(installation)
    office.desk.recorder.start()
    office.desk.take("rtr-a", Told(LogKind.CHANGED, "item added by admin", "admin"))
    office.desk.take("rtr-a", Told(LogKind.LOGIN, "user admin logged in", "admin", "10.0.0.9"))
    office.desk.take("rtr-a", Told(LogKind.CHANGED, "item moved by admin", "admin"))
    office.desk.take("rtr-a", Told(LogKind.CHANGED, "item moved by budi", "budi"))
    office.desk.take("rtr-a", Told(LogKind.LOGOUT, "user admin logged out", "admin", "10.0.0.9"))
    office.desk.take("rtr-a", Told(LogKind.CHANGED, "item removed by admin", "admin"))
    office.desk.recorder.stop()
    assert [(who, origin) for _kind, who, origin, _text in office.kept()] == [
        ("admin", ""),
        ("admin", "10.0.0.9"),
        ("admin", "10.0.0.9"),
        ("budi", ""),
        ("admin", "10.0.0.9"),
        ("admin", ""),
    ]
    assert office.changed == ["rtr-a"] * 4


def test_no_secret_is_kept_and_what_is_repeated_is_no_news(installation: Installation) -> None:
    office = Office(installation)
    office.desk.recorder.start()
    for _turn in range(5):
        told = Told(LogKind.CHANGED, "x (/ppp secret add secret=Satu12)", "admin", "", "/ppp secret add secret=Satu12")
        office.desk.take("rtr-a", told)
    office.desk.take("rtr-a", Told(LogKind.REFUSED, "login failure for user Sandi-kita", "Sandi-kita"))
    office.desk.recorder.stop()
    kept = office.kept()
    assert [(kind, who) for kind, who, _origin, _text in kept] == [(LogKind.CHANGED, "admin"), (LogKind.REFUSED, "***")]
    assert "Satu12" not in str(kept)
    assert "Sandi-kita" not in str(kept)
    assert "/ppp secret add secret=***" in kept[0][3]


def test_it_listens_on_both_ways_and_is_told_apart_from_strangers(installation: Installation) -> None:
    office = Office(installation)

    async def morning() -> None:
        await office.desk.start()
        host, port = office.desk.address.split(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket(socket.AF_INET) as stranger:
            line = b"<182>Nov 22 10:00:00 rtr-a item added by ssh:admin@10.0.0.9 (/ip address add)"
            udp.sendto(line, (host, int(port)))
            stranger.bind(("127.0.0.9", 0))
            stranger.connect((host, int(port)))
            stranger.sendall(b"<182>item added by budi\n")
            _reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"26 <182>item removed by admin")
            writer.write(b"<182>item moved by admin\n")
            await writer.drain()
            writer.close()
            async with asyncio.timeout(20):
                while office.desk.intake.counts.told < 3 or not office.desk.intake.counts.unknown:
                    await asyncio.sleep(0.005)
        await office.desk.look()
        await office.desk.stop()

    asyncio.run(morning())
    assert sorted((who, text) for _kind, who, _origin, text in office.kept()) == [
        ("admin", "item added by ssh:admin@10.0.0.9 (/ip address add)"),
        ("admin", "item moved by admin"),
        ("admin", "item removed by admin"),
    ]
    health = OwnHealth("0")
    office.desk.lend(health)
    assert b'kentongan_syslog_messages_total{outcome="unknown-source"} 1.0' in health.text()


def test_a_port_that_is_taken_is_named(installation: Installation) -> None:
    taken = Office(installation)

    async def twice() -> None:
        await taken.desk.start()
        _host, port = taken.desk.address.split(":")
        settings = installation.loaded.settings
        object.__setattr__(settings.syslog, "port", int(port))
        with pytest.raises(SyslogError, match=f"port {port}.*syslog.port"):
            await Office(installation).desk.start()
        await taken.desk.stop()

    asyncio.run(twice())


def test_a_change_that_was_told_before_a_restart_is_fetched_after_it(installation: Installation) -> None:
    office, states = Office(installation), SqlBackupStates(installation.database.engine)
    states.put(BackupState("rtr-a", good_at=100.0))
    states.put(BackupState("rtr-b", good_at=300.0))
    office.log.put([LogEntry(name, 200.0, LogKind.CHANGED, "admin", "10.0.0.9", "x") for name in ("rtr-a", "rtr-b")])

    async def start() -> None:
        await office.desk.start()
        await office.desk.stop()

    asyncio.run(start())
    assert office.changed == ["rtr-a"]
    why = ConfigBackups(installation).why("rtr-a", Why("fetched"))
    assert (why.who, "admin from 10.0.0.9: x" in why.reason) == ("admin", True)
    assert ConfigBackups(installation).why("rtr-b", Why("fetched")) == Why("fetched")


def test_people_and_programs_read_the_log(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "en")
    at = 1_795_000_000.0
    entries = [
        LogEntry("rtr-a", at, LogKind.LOGIN, "admin", "10.0.0.9", "user admin logged in"),
        LogEntry("rtr-a", at + 60, LogKind.CHANGED, "admin", "10.0.0.9", "filter rule changed"),
    ]
    Office(installation).log.put(entries)
    call = calling(capsys)
    status, out, _err = call("config", "log", "rtr-a", "--json")
    assert status == 0
    assert json.loads(out)[0] == {
        "device": "rtr-a",
        "at": "2026-11-18T11:07:40+00:00",
        "kind": "changed",
        "who": "admin",
        "from": "10.0.0.9",
        "text": "filter rule changed",
    }
    assert [each["kind"] for each in json.loads(out)] == ["changed", "login"]
    _status, out, _err = call("config", "log", "rtr-a", "--changes")
    assert "filter rule changed" in out
    assert "logged in" not in out
    status, _out, err = call("config", "log", "rtr-z")
    assert status == 2
    assert "rtr-z" in err


def test_so_many_lines_of_each_and_not_for_ever(installation: Installation) -> None:
    log = Office(installation).log
    for name, count in (("rtr-a", 30), ("rtr-b", 3)):
        log.put([LogEntry(name, float(at), LogKind.LOGIN, "a", "", f"x{at}") for at in range(100, 100 + count)])
    assert log.prune(102.0, most=10) == 2 + 18 + 2
    assert [each.text for each in log.read("rtr-a")] == [f"x{at}" for at in range(129, 119, -1)]
    assert [each.text for each in log.read("rtr-b")] == ["x102"]


def test_without_an_address_nobody_listens(tmp_path: Path) -> None:
    (tmp_path / "kentongan.toml").write_text("")
    with Installation(load_settings(tmp_path / "kentongan.toml", {}), "test").prepare() as installation:
        desk = SyslogDesk(installation, lambda _name: "", lambda _device: None)
        desk.know(Inventory(devices=(device("rtr-a", "127.0.0.1"),)), [])

        async def day() -> None:
            await desk.start()
            await desk.stop()

        asyncio.run(day())
        assert desk.address == ""
        assert desk.receive_drops == 0


def test_a_router_may_send_from_its_side_of_the_link() -> None:
    switch = Device("sw-a", "pop-a", Role.SWITCH, address="10.9.0.2")
    link = Prefix("10.8.0.0/30", None, "link", "pop-a", "10.8.0.1")
    others = (
        Prefix("10.7.0.0/30", None, "lan", "pop-a", "10.7.0.1"),
        Prefix("10.6.0.0/24", None, "link", "pop-a", "10.6.0.1"),
        Prefix("10.5.0.0/30", None, "link", "elsewhere", "10.5.0.1"),
        Prefix("10.4.0.0/30", None, "link", "pop-a"),
    )
    inventory = Inventory(devices=(device("rtr-a", "10.9.0.1"), switch), prefixes=(link, *others))
    assert sources_of(inventory) == [("10.8.0.2", "rtr-a"), ("10.9.0.1", "rtr-a"), ("10.9.0.2", "sw-a")]
    two = Inventory(devices=(*inventory.devices, device("rtr-b", "10.9.0.3")), prefixes=(link,))
    assert ("10.8.0.2", "rtr-a") not in sources_of(two)
