"""Serials as devices write them: what is one, what is none, which may be compared with the plan; and uptimes."""

import subprocess

import pytest

from domain.intent import Platform
from provisioning.platforms.pushing.onus import waiting
from provisioning.platforms.routeros import ROUTEROS
from provisioning.platforms.serials import QUESTIONS, SerialQuestion, comparable

SWITCH = """\
Processor board ID FOC1010X104
Model number                    : WS-C2960-24TT-L
System serial number            : FOC1010X104
"""
MANUFACTURED = """\
Slot  Sub  Serial-number          Manu-date
- - - - - - - - - - - - - - - - - - - - - -
0     -    21023518840123456789   2011-05-11
"""
LABEL = """\
[Main_Board]
[Board Properties]
BoardType=AR01SRU2A
BarCode=2102351BTJ10C1000006
Item=02351BTJ
"""
DEBIAN = """\
serial To be filled by O.E.M.
serial 5CG1234XYZ
machine-id 0123456789abcdef0123456789abcdef
mac 00:00:00:00:00:00
mac 52:54:00:12:34:56
"""
UBOOT = """\
serial 4f2a9c1d
"macaddr": "e8:94:f6:aa:bb:cc"
mac e8:94:f6:aa:bb:cc
"""


def question(platform: Platform, number: int = 0) -> SerialQuestion:
    return QUESTIONS[platform][number]


@pytest.mark.parametrize(
    ("asked", "answer", "told"),
    [
        (question(Platform.IOS), "Processor board ID FGL2000LAB1\n", ("FGL2000LAB1",)),
        (question(Platform.IOS), SWITCH, ("FOC1010X104",)),
        (question(Platform.IOS), "          ^\n% Invalid input detected at '^' marker.\n", ()),
        (question(Platform.VRP), "ESN of slot 0: 2102359575LAB0000001\n", ("2102359575LAB0000001",)),
        (question(Platform.VRP), "ESN of master:2102352962P0E5000123\n", ("2102352962P0E5000123",)),
        (question(Platform.VRP), "Error: Unrecognized command found at '^' position.\n", ()),
        (question(Platform.VRP, 1), MANUFACTURED, ("21023518840123456789",)),
        (question(Platform.VRP, 2), LABEL, ("2102351BTJ10C1000006",)),
        (
            question(Platform.FRR),
            DEBIAN,
            ("5CG1234XYZ", "0123456789abcdef0123456789abcdef", "52:54:00:12:34:56"),
        ),
        (question(Platform.OPENWRT), UBOOT, ("4f2a9c1d", "e8:94:f6:aa:bb:cc")),
    ],
)
def test_a_serial_is_found_where_the_maker_writes_it(asked: SerialQuestion, answer: str, told: tuple[str, ...]) -> None:
    assert asked.found_in(answer) == told


def test_only_the_same_kind_is_compared() -> None:
    told = question(Platform.FRR).found_in(DEBIAN)
    assert comparable("5cg-0000", told) == ("5CG1234XYZ",)
    assert comparable("52-54-00-99-99-99", told) == ("52:54:00:12:34:56",)
    assert comparable("f" * 32, told) == ("0123456789abcdef0123456789abcdef",)
    assert comparable("5CG1234XYZ", told[1:]) == ()


@pytest.mark.parametrize("platform", [Platform.FRR, Platform.OPENWRT])
def test_what_a_linux_is_asked_runs_in_any_shell(platform: Platform) -> None:
    done = subprocess.run(
        ["sh", "-euc", question(platform).asks], capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.split()[0] in ("serial", "machine-id", "mac", '"macaddr":') for line in done.stdout.splitlines())


def test_onus_that_wait_are_read_as_each_firmware_writes_them() -> None:
    old = "OnuIndex                 Sn                  State\ngpon-onu_1/1/3:1         ZTEGC0FFEE09        unknown\n"
    new = "OltIndex            Model      SN             PW\ngpon-olt_1/1/3      F670L      ZTEGD0FFEE09   N/A\n"
    assert list(waiting(old)) == [("1/1/3", "ZTEGC0FFEE09")]
    assert list(waiting(new)) == [("1/1/3", "ZTEGD0FFEE09")]
    assert list(waiting("%Code 32310: No related information to show.\n")) == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("45s", 45.0),
        ("3m", 180.0),
        ("1w2d3h4m5s", 788645.0),
        ("2d03:04:05", 183845.0),
        ("00:00:07", 7.0),
        ("830ms", 0.0),
        ("soon", None),
    ],
)
def test_since_when_a_router_runs(written: str, seconds: float | None) -> None:
    assert ROUTEROS.up_seconds_in(f"                   uptime: {written}\n                  version: 7.16\n") == seconds
    assert ROUTEROS.up_seconds_in("bad command name") is None
