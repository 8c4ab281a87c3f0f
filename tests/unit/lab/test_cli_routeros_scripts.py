"""RouterOS's scripting language: what templates, armed restores and people use of it."""

import pytest

from lab.cli import SimulatedDevice
from lab.cli.conversation import Login


def _put(*lines: str, version: str = "7.16") -> str:
    device = SimulatedDevice.routeros(version)
    device.model.add_login("admin", "x", "")
    console = device.open(Login("admin", device.manager, rows=0))
    return [device.take(console, "admin", line).text for line in lines][-1].rstrip("\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (':put "a$[:len "abc"]b"', "a3b"),
        (':put ("a" . "b")', "ab"),
        (":put (2 + 3 * 4)", "14"),
        (":put (1 = 1 && 2 > 3)", "false"),
        (":put [:pick abcdef 1 3]", "bc"),
        (":local x 5; :put $x", "5"),
        (":local x; :set x [/system identity get name]; :put $x", "MikroTik"),
        (':if ([:len [/interface find name="ether1"]] = 1) do={ :put ada } else={ :put tidak }', "ada"),
        (':if ([:len [/interface find name="ether9"]] = 1) do={ :put ada } else={ :put tidak }', "tidak"),
        (":do { /ip address remove 99 } on-error={ :put gagal }", "gagal"),
        (":for i from=1 to=3 do={ :put $i }", "1\n2\n3"),
        (":foreach n in={a;b} do={ :put $n }", "a\nb"),
        (":put [:len [/ip address find where interface=ether1 and !disabled]]", "1"),
        (':put "x\\24y\\_z"', "x$y z"),
        (":error rusak", "rusak"),
        ("{ :local a 1; :put ($a + 1) }", "2"),
    ],
)
def test_it_says(line: str, said: str) -> None:
    assert _put(line) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('/system identity set name="a', "expected closing quote (line 1 column 27)"),
        ("/system identity set name=[", "expected closing bracket (line 1 column 28)"),
        (":if (1=1) do={ :put x", "expected closing brace (line 1 column 22)"),
        ("/system identity set name=a nama=b", "expected end of command (line 1 column 29)"),
        ("/sistem identity print", "bad command name sistem (line 1 column 2)"),
        ("]", "expected command name (line 1 column 1)"),
    ],
)
def test_it_refuses_with_a_place(line: str, said: str) -> None:
    assert _put(line) == said


def test_a_name_may_hold_what_would_be_a_command() -> None:
    assert _put('/system identity set name="a; /system reboot [x] \\$y"', "/system identity print") == (
        "  name: a; /system reboot [x] $y"
    )


def test_an_export_reads_back() -> None:
    first = SimulatedDevice.routeros()
    first.model.add_login("admin", "x", "")
    console = first.open(Login("admin", first.manager, rows=0))
    for line in (
        '/ip firewall filter add chain=input comment="panjang sekali \\"dengan kutip\\" dan \\$dolar; titik koma" '
        "protocol=tcp dst-port=22,8291 src-address=10.0.0.0/8 action=accept",
        "/interface bridge add name=lan",
        "/interface bridge port add bridge=lan interface=ether3",
        "/interface ethernet set ether2 name=wan comment=ke-pusat",
        "/ip pool add name=warga ranges=10.1.0.10-10.1.0.99",
        '/system script add name=s source=":put \\"a\\"\\n:put b"',
    ):
        assert first.take(console, "admin", line).text == ""
    second = SimulatedDevice.routeros(address="")
    second.model.write_file("semua.rsc", first.configuration(), second.clock.now())
    console = second.open(Login("admin", second.manager, rows=0))
    second.take(console, "admin", "\x03")
    assert "loaded and executed successfully" in second.take(console, "admin", "/import semua.rsc").text
    assert second.configuration().splitlines()[1:] == first.configuration().splitlines()[1:]


@pytest.mark.parametrize("version", ["6.49.10", "7.16"])
def test_a_router_asks_for_the_missing_and_a_script_refuses(version: str) -> None:
    assert (
        _put("/ip address add interface=ether2", "10.1.1.1/24", ":put [:len [/ip address find]]", version=version)
        == "2"
    )
    said = _put(
        '/system script add name=s source="/ip address add interface=ether2"', "/system script run s", version=version
    )
    assert said == "missing value(s) of argument(s) address"
