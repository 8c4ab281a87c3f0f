"""Whether silence is the others' or our own: routes as the kernel writes them, links by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from collectors.ownpath import Finding, Link, OwnPath, SystemPaths, WayOut, look, no_way_out
from collectors.routes import Route, best_route, parse_ipv4_routes, parse_ipv6_routes
from domain.time import Moment

IPV4 = """\
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	010200C0	0003	0	0	100	00000000	0	0	0
wlan0	00000000	0102A8C0	0003	0	0	600	00000000	0	0	0
eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
wg0	0000000A	00000000	0001	0	0	0	000000FF	0	0	0
*	0000010A	00000000	0201	0	0	0	0000FFFF	0	0	0
nonsense
"""
IPV6 = """\
fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000002 00000000 00000003     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
"""  # noqa: E501
ROUTES = (*parse_ipv4_routes(IPV4), *parse_ipv6_routes(IPV6))
UP, DOWN, TUNNEL = Link(True, True), Link(False, True), Link(True, False)


@pytest.mark.parametrize(
    ("address", "interface", "gateway"),
    [
        ("8.8.8.8", "eth0", "192.0.2.1"),
        ("192.0.2.77", "eth0", ""),
        ("10.9.9.9", "wg0", ""),
        ("fd00::5", "eth0", ""),
        ("2001:db8::1", "eth0", "fd00::1"),
    ],
)
def test_the_longest_prefix_and_then_the_lowest_metric_serves(address: str, interface: str, gateway: str) -> None:
    route = best_route(ROUTES, address)
    assert route is not None
    assert (route.interface, route.gateway) == (interface, gateway)
    assert best_route([], address) is None


@dataclass
class Machine:
    """A PathReader by hand. sources: address → what the kernel would send from; others go from 192.0.2.5."""

    interfaces: dict[str, Link] = field(default_factory=lambda: {"eth0": UP})
    sources: dict[str, str | None] = field(default_factory=dict)
    looks: int = 0

    def source(self, address: str) -> str | None:
        return self.sources.get(address, "192.0.2.5")

    def routes(self) -> Sequence[Route]:
        self.looks += 1
        return ROUTES

    def links(self) -> Mapping[str, Link]:
        return self.interfaces


@pytest.mark.parametrize(
    ("machine", "address", "way"),
    [
        (Machine(), "8.8.8.8", WayOut.OPEN),
        (Machine({"eth0": DOWN}), "8.8.8.8", WayOut.NO_CARRIER),
        (Machine({"eth0": DOWN, "wlan0": UP}), "8.8.8.8", WayOut.NO_CARRIER),
        (Machine(sources={"8.8.8.8": None}), "8.8.8.8", WayOut.NO_ROUTE),
        (Machine({}, {"127.1.2.3": "127.0.0.1"}), "127.1.2.3", WayOut.LOCAL),
        (Machine({}, {"192.0.2.5": "192.0.2.5"}), "192.0.2.5", WayOut.LOCAL),
        (Machine({"eth0": UP, "wg0": TUNNEL}), "10.1.2.3", WayOut.OPEN),
        (Machine({"eth0": DOWN, "wg0": TUNNEL}), "10.1.2.3", WayOut.NO_CARRIER),
        (Machine({"wg0": TUNNEL}), "10.1.2.3", WayOut.OPEN),
        (Machine({"ppp7": UP}), "8.8.8.8", WayOut.OPEN),
        (Machine({"ppp7": DOWN}), "8.8.8.8", WayOut.NO_CARRIER),
    ],
)
def test_how_the_way_to_an_address_begins(machine: Machine, address: str, way: WayOut) -> None:
    assert look([address], machine)[0].way is way


def test_blind_is_only_when_every_way_is_closed_at_our_end() -> None:
    closed, opened = Finding("a", WayOut.NO_CARRIER), Finding("b", WayOut.OPEN)
    assert no_way_out([closed, Finding("c", WayOut.NO_ROUTE)])
    assert not no_way_out([closed, opened])
    assert not no_way_out([closed, Finding("d", WayOut.LOCAL)])
    assert not no_way_out([])


def moment(steady: float) -> Moment:
    return Moment(steady, 0.0)


def test_while_anybody_answers_nobody_is_blind_and_nothing_is_read() -> None:
    machine = Machine({"eth0": DOWN})
    path = OwnPath(machine)
    path.aim(["8.8.8.8"])
    assert not path.is_blind(moment(100.0), last_answer=98.0)
    assert machine.looks == 0
    assert path.is_blind(moment(100.0), last_answer=90.0)


def test_the_machine_is_looked_at_once_a_second() -> None:
    machine = Machine({"eth0": DOWN})
    path = OwnPath(machine)
    path.aim([f"198.51.100.{k}" for k in range(200)])
    for tick in range(20):
        assert path.is_blind(moment(100 + tick / 10), float("-inf"))
    assert machine.looks == 2
    machine.interfaces["eth0"] = UP
    assert not path.is_blind(moment(103.0), float("-inf"))
    assert [finding.gateway for finding in path.findings] == ["192.0.2.1"] * 8


def test_without_an_aim_we_are_never_blind() -> None:
    named = OwnPath(Machine({"eth0": DOWN}))
    named.aim(["router.desa.id"])
    assert not named.is_blind(moment(100.0), float("-inf"))
    assert not OwnPath(Machine({"eth0": DOWN})).is_blind(moment(100.0), float("-inf"))


def test_this_machine_reaches_itself() -> None:
    findings = look(["127.9.9.9"], SystemPaths())
    assert [finding.way for finding in findings] == [WayOut.LOCAL]


def test_links_are_read_as_the_kernel_shows_them(tmp_path: Path) -> None:
    for name, carrier in (("lo", "1"), ("eth0", "1"), ("eth1", "0"), ("off", None)):
        (tmp_path / name).mkdir()
        if carrier is not None:
            (tmp_path / name / "carrier").write_text(f"{carrier}\n")
    (tmp_path / "eth0" / "device").mkdir()
    assert SystemPaths(interfaces=tmp_path).links() == {
        "eth0": Link(True, True),
        "eth1": Link(False, False),
        "off": Link(False, False),
    }
    assert SystemPaths(proc=tmp_path / "none", interfaces=tmp_path / "none").routes() == ()
    assert SystemPaths(interfaces=tmp_path / "none").links() == {}
