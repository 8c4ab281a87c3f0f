"""`kentongan pool`: from the first pool to a full one, what the doctor says, and that changes are in the journal."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from domain.network import Device, Prefix, RegionCode, Role, Site, SiteKind
from kentongan.cli.bars import cells_of
from kentongan.clock import SystemClock
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.command_line import Call, calling

SITES = [
    Site("ds-a", "Desa A", SiteKind.DESA, RegionCode("32.14.07.2003")),
    Site("ds-b", "Desa B", SiteKind.DESA, RegionCode("32.14.08.2001")),
]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """An installation with two desa; runs a command: status, output, errors."""
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)

    (tmp_path / "kentongan.toml").write_text("")
    with Installation(load_settings(None), "siti").prepare() as installation:
        installation.inventory.write(SITES)
    return calling(capsys)


def journal(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "var" / "kentongan.db")) as connection:
        return connection.execute("SELECT action, subject FROM audit ORDER BY id").fetchall()


def test_a_plan_from_the_first_pool_to_the_last_address(call: Call, tmp_path: Path) -> None:
    assert "There is no pool. Add one" in call("pool", "list")[1]
    assert call("pool", "add", "lan", "10.14.0.0/24", "--length", "26", "--purpose", "lan")[1] == (
        "Added lan: 10.14.0.0/24.\n"
    )
    carve = ("--parent", "lan", "--carve", "25", "--length", "26", "--purpose", "lan", "--region", "32.14.07")
    assert call("pool", "add", "lan-07", *carve, "--dry-run")[1] == "Would add lan-07: 10.14.0.0/25.\n"
    assert call("pool", "add", "lan-07", *carve)[1] == "Added lan-07: 10.14.0.0/25.\n"
    # The region of the site chooses the pool; what its own kecamatan has no more comes from around it.
    assert "10.14.0.0/26\t10.14.0.1/26\tlan-07\tgiven" in call("pool", "allocate", "ds-a", "lan")[1]
    assert "10.14.0.128/26\t10.14.0.129/26\tlan\tgiven" in call("pool", "allocate", "ds-b", "lan")[1]
    said = json.loads(call("pool", "allocate", "ds-a", "gedung-b", "loket", "--purpose", "lan", "--json")[1])
    assert [each["value"] for each in said["allocations"]] == ["10.14.0.64/26", "10.14.0.192/26"]
    status, _out, error = call("pool", "allocate", "ds-b", "wifi", "--purpose", "lan")
    assert status == 1
    assert "No /26 is free for ds-b in lan (10.14.0.0/24); 1 is lacking. lan: 128 given, 128 in pools inside." in error
    assert [entry for entry in journal(tmp_path) if "address" in entry[0]] == [
        ("address pool added", "lan"),
        ("address pool added", "lan-07"),
        ("addresses allocated", "ds-a"),
        ("addresses allocated", "ds-b"),
        ("addresses allocated", "ds-a"),
    ]


def test_the_list_and_one_pool_with_stable_keys(call: Call) -> None:
    call("pool", "add", "vlan", "100-103", "--kind", "vlan", "--purpose", "lan", "--region", "32.14")
    call("pool", "allocate", "ds-a", "lan", "--kind", "vlan")
    call("pool", "allocate", "ds-b", "lan", "--kind", "vlan", "--reserve")
    (listed,) = json.loads(call("pool", "list", "--json")[1])
    assert listed == {
        "name": "vlan", "kind": "vlan", "range": "100-103", "length": None, "purpose": "lan", "region": "32.14",
        "zone": None, "parent": None, "pattern": None, "quarantineDays": 30, "note": "", "size": 4, "given": 1,
        "used": 0, "pools": 0, "reserved": 1, "quarantined": 0, "free": 2, "share": 0.5, "allocations": 2,
        "largestFreeLength": None, "nextFreeAt": None,
    }  # fmt: skip
    shown = json.loads(call("pool", "show", "vlan", "--json")[1])
    assert shown["pool"] == listed
    first = shown["allocations"][0]
    assert {key: first[key] for key in first if key != "madeAt"} == {
        "site": "ds-a", "label": "lan", "kind": "vlan", "value": "100", "gateway": None, "pool": "vlan",
        "state": "given", "until": None, "new": False,
    }  # fmt: skip
    assert json.loads(call("pool", "list", "--region", "32.1", "--json")[1]) == []
    assert "ds-b\tlan\tvlan\t101" in call("pool", "show", "--site", "ds-b")[1]


def test_release_waits_and_says_until_when(call: Call, tmp_path: Path) -> None:
    call("pool", "add", "vlan", "100-100", "--kind", "vlan", "--purpose", "lan")
    call("pool", "allocate", "ds-a", "lan", "--kind", "vlan")
    assert "Nothing was released" in call("pool", "release", "ds-a", "--dry-run")[2]
    assert "in quarantine" in call("pool", "release", "ds-a", "lan")[1]
    status, _out, error = call("pool", "allocate", "ds-b", "lan", "--kind", "vlan")
    assert (status, "1 in quarantine, the first until" in error, "--quarantine 0" in error) == (1, True, True)
    assert call("pool", "remove", "vlan")[0] == 1
    released = json.loads(call("pool", "release", "ds-a", "--quarantine", "0", "--json")[1])["released"]
    assert [(each["value"], each["state"], each["until"]) for each in released] == [("100", "free", None)]
    assert call("pool", "remove", "vlan")[:2] == (0, "Removed vlan: 100.\n")
    assert [entry for entry in journal(tmp_path) if "address" in entry[0]][-3:] == [
        ("addresses released", "ds-a"),
        ("addresses released", "ds-a"),
        ("address pool removed", "vlan"),
    ]


REFUSED = [
    (("add", "x", "10.14.0.1/24", "--length", "26"), 2, "Write 10.14.0.0/24"),
    (("add", "x", "10.14.0.0/24"), 2, "--length 26"),
    (("add", "x", "10.14.0.0/24", "--length", "20"), 2, "choose from /24 to /32"),
    (("add", "x", "100-199"), 2, "--kind vlan"),
    (("add", "x", "10.14.0.0/24", "--kind", "vlan", "--length", "26"), 2, "is not of the kind vlan"),
    (("add", "x"), 2, "Give a range"),
    (("add", "x", "--carve", "24", "--parent", "y", "--length", "26"), 1, "There is no pool y"),
    (("allocate", "ds-a", "lan"), 1, "There is no pool of ipv4 for 'lan' in 32.14.07.2003"),
    (("allocate", "ds-a", "a", "b", "--exactly", "10.14.0.0/26"), 2, "names one thing"),
    (("show",), 2, "Name a pool"),
    (("show", "nothing"), 1, "There is no pool nothing"),
    (("release", "ds-a"), 1, "Nothing is allocated to ds-a"),
    (("remove", "nothing"), 1, "There is no pool nothing"),
]


def test_what_is_refused_says_what_to_do(call: Call) -> None:
    for words, status, says in REFUSED:
        ended, _out, error = call("pool", *words)
        assert (words, ended, says in error) == (words, status, True), error


def test_the_doctor_tells_whose_import_stands_on_whose_addresses(call: Call) -> None:
    call("pool", "add", "lan", "10.14.0.0/24", "--length", "26", "--purpose", "lan")
    call("pool", "allocate", "ds-a", "lan")

    def doctor() -> list[tuple[str, str]]:
        found = json.loads(call("check", "--json")[1])
        return [(each["severity"], each["message"]) for each in found if each["about"] == "address plan"]

    assert doctor() == [("ok", "1 pool, nothing given twice")]
    with Installation(load_settings(None), "siti").open() as installation:
        theirs = [Prefix("10.14.0.0/27", site="ds-b"), Device("rtr", "ds-b", Role.ROUTER, address="10.14.0.40")]
        installation.inventory.write([*theirs, Prefix("10.14.0.0/26", site="ds-a"), Prefix("10.14.0.64/26")])
    assert doctor() == [
        ("wrong", "device rtr, 10.14.0.40 of ds-b stands on 10.14.0.0/26, which was given to ds-a (lan)."),
        ("wrong", "prefix 10.14.0.0/27 of ds-b stands on 10.14.0.0/26, which was given to ds-a (lan)."),
    ]
    with Installation(load_settings(None), "siti").open() as installation:
        installation.inventory.remove(theirs)
        installation.inventory.write([Prefix("10.14.0.128/25", site="ds-b")])
    assert doctor() == [("warning", "The pool lan (10.14.0.0/24) is full.")]


def test_a_clock_of_the_past_starts_no_quarantine(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    call("pool", "add", "vlan", "100-109", "--kind", "vlan", "--purpose", "lan")
    monkeypatch.setattr("time.time", lambda: 1_609_459_200.0)  # 2021
    assert SystemClock().now().utc.year == 2021
    status, _out, error = call("pool", "release", "ds-a")
    assert (status, "The clock says 2021-01-01" in error) == (1, True)


def test_a_bar_shows_what_is_small_and_keeps_its_length() -> None:
    assert cells_of([1, 0, 0, 0, 0, 65535], 12) == [1, 0, 0, 0, 0, 11]
    assert cells_of([50, 25, 0, 0, 0, 25], 12) == [6, 3, 0, 0, 0, 3]
    assert cells_of([1, 1, 1, 1, 1, 1000], 12) == [1, 1, 1, 1, 1, 7]
    assert sum(cells_of([333, 333, 0, 333, 0, 1], 24)) == 24
    assert cells_of([0, 0], 12) == [0, 0]
