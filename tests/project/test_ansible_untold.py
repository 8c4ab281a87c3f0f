"""Which lines a device is told: those that it does not say of itself, and no other."""

import importlib.util
from collections.abc import Callable

import pytest

from tests.project.tracked_files import ROOT

FILE = ROOT / "ansible" / "roles" / "network" / "filter_plugins" / "untold.py"
EXPORT = """\
# 2026-11-22 21:03:39 by RouterOS 7.16
/ip service set telnet disabled=yes
/ip service set ssh address=10.14.0.0/16 port=22
/system logging action add name=kentongan remote=10.14.0.10 target=remote
/system logging add action=kentongan topics=info
/system note set note="telnet \\"disabled=yes"
/system ntp client set enabled=yes
"""
IOS = """\
hostname Router
no ip http server
ip http secure-server
service timestamps log datetime msec localtime show-timezone
interface GigabitEthernet0/0
 ntp server 10.14.0.9
ntp server 10.14.0.1
"""


@pytest.fixture(scope="module")
def untold() -> Callable[..., list[str]]:
    spec = importlib.util.spec_from_file_location("untold", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., list[str]] = module.FilterModule().filters()["untold"]
    return found


@pytest.mark.parametrize(
    ("line", "is_there"),
    [
        ("/ip service set telnet disabled=yes", True),
        ("/ip service set ftp disabled=yes", False),
        ("/ip service set ssh port=22", True),
        ("/ip service set ssh port=2222", False),
        ("/system logging add action=kentongan topics=info", True),
        ("/system logging add action=kentongan topics=error", False),
        ("/system logging action add name=kentongan remote=10.14.0.11 target=remote", False),
        ("/system ntp client set enabled=yes", True),
        ("/system ntp client servers add address=10.14.0.1", False),
    ],
)
def test_routeros_is_compared_by_what_a_line_sets(untold: Callable[..., list[str]], line: str, is_there: bool) -> None:
    assert untold(f"{line}\n\n", EXPORT, "mikrotik-routeros") == ([] if is_there else [line])


@pytest.mark.parametrize(
    ("platform", "line", "is_there"),
    [
        ("cisco-ios", "ntp server 10.14.0.1", True),
        ("cisco-ios", "ntp server 10.14.0.9", False),  # it stands in a section
        ("cisco-ios", "no ip http server", True),
        ("cisco-ios", "no ip http secure-server", False),
        ("cisco-ios", "no ip bootp server", True),
        ("cisco-ios", "service timestamps log datetime", False),
        ("huawei-vrp", "undo ftp server enable", True),
        ("huawei-vrp", "undo ip http", False),  # something of it is there
    ],
)
def test_others_line_by_line(
    untold: Callable[..., list[str]], platform: str, line: str, is_there: bool
) -> None:  # fmt: skip
    assert untold([line], IOS, platform) == ([] if is_there else [line])
