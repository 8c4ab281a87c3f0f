"""What each check of a site finds, and what it says where the means are missing; the network is a script."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from types import SimpleNamespace
from typing import Any

import pytest

from domain.changes import Checked, Outcome, PingAnswer, SpeedAnswer
from domain.intent import DeviceIntent, LinkIntent, Platform, SecretHole, SiteIntent, SubnetIntent
from domain.network import Check, PollClassName, Role, SiteKind
from domain.polling import Discovery
from domain.polling.facts import (
    Conversion,
    InterfaceFacts,
    Kind,
    NeighbourFacts,
    OnuFacts,
    SensorClass,
    SensorFacts,
    SystemFacts,
)
from domain.secrets import Secret, SshLogin
from domain.shell import Command, LoginRefusedError, UnreachableError
from provisioning.profiles import site_profiles
from provisioning.verification import CHECKS, Ground, verify
from provisioning.verification.budget import OpticalPath
from provisioning.verification.speed_test import BandwidthServer, Rate, SpeedTest

HOLE = SecretHole("office-snmp", "auth")
ROUTER = DeviceIntent(
    "router",
    "rtr-desa",
    Role.ROUTER,
    Platform.ROUTEROS,
    7,
    variables={"snmp_auth": HOLE, "wan_interface": "ether1", "lan_interfaces": ("ether2", "ether3")},
    address="10.9.0.1",
    uplink=("pop",),
    serial="HE108",
)
POP = DeviceIntent("upstream", "pop", Role.ROUTER, Platform.ROUTEROS, elsewhere=True, address="10.9.0.9")
OLT = DeviceIntent("olt", "olt-a", Role.OLT, elsewhere=True, address="10.9.0.8", variables={"snmp_auth": HOLE})
ONU = DeviceIntent("onu", "onu-desa", Role.ONU, serial="ZTEG1")
SITE = SiteIntent(
    "desa",
    "Desa",
    SiteKind.DESA,
    "desa-fibre",
    devices=(ROUTER, ONU, POP, OLT),
    links=(LinkIntent("up", "rtr-desa", "pop"),),
)
FOUND = Discovery(
    "10.9.0.1",
    SystemFacts(name="rtr-desa"),
    serial="HE108",
    interfaces=(InterfaceFacts(1, "ether1", oper_status=1), InterfaceFacts(2, "ether2", oper_status=2)),
    neighbours=(NeighbourFacts("mndp", "ether1", sys_name="pop.example"),),
)


class Shell:
    """Answers by what stands in the line."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.said: list[Command] = []

    def run(self, command: Command) -> Any:
        self.said.append(command)
        text = next((answer for part, answer in self.answers.items() if part in command.text), "bad command name")
        return SimpleNamespace(text=text)


class World:
    """The ports in memory. mtu: what comes through; 0: nothing at all."""

    def __init__(self, answers: Mapping[str, str] | None = None) -> None:
        self.console = Shell(answers or {})
        self.mtu, self.lost, self.pings = 1500, 0, 0
        self.found: Discovery | None = FOUND
        self.takes: bool | Exception = False
        self.cut: Exception | None = None

    def ping(self, _address: str, count: int, octets: int = 0) -> PingAnswer | None:
        self.pings += 1
        back = count - self.lost if octets <= self.mtu and self.mtu else 0
        return PingAnswer(count, back, 0.01 if back else None)

    @contextmanager
    def shell(self, _device: str) -> Iterator[Any]:
        if self.cut:
            raise self.cut
        yield self.console

    def defaults(self, _device: str) -> bool:
        if isinstance(self.takes, Exception):
            raise self.takes
        return self.takes

    def ground(self, **more: Any) -> Ground:
        return Ground(self.ping, lambda *_asked: self.found, self.shell, self.defaults, **more)


def one(name: str, world: World, site: SiteIntent = SITE, **more: Any) -> Checked:
    (found,) = (each for each in verify(replace(site, checks=(name,)), world.ground(**more)) if each.device != "ap")
    return found


def said(name: str, world: World, site: SiteIntent = SITE, **more: Any) -> tuple[str, str]:
    found = one(name, world, site, **more)
    return found.outcome.value, found.why


def with_router(**changes: Any) -> SiteIntent:
    return replace(SITE, devices=(replace(ROUTER, **changes), *SITE.devices[1:]))


def test_a_check_that_nobody_wrote_or_that_nothing_can_be_asked_of_is_not_passed() -> None:
    assert said("wishes", World())[0] == "not-checked"
    assert said("tunnel", World()) == ("not-checked", "the site has nothing that it could be asked of")


def test_every_check_says_what_it_is_for() -> None:
    assert not [name for name, check in CHECKS.items() if not (check.__doc__ or "").strip().endswith(".")]


def test_reachable_counts_what_is_lost() -> None:
    world = World()
    assert one("reachable", world).evidence == {
        "address": "10.9.0.1",
        "sent": 10,
        "received": 10,
        "rttSeconds": 0.01,
    }
    world.lost = 2
    assert said("reachable", world) == ("failed", "20% of the echoes are lost")
    nobody: Callable[..., None] = lambda *_asked: None  # noqa: E731
    assert verify(replace(SITE, checks=("reachable",)), replace(world.ground(), ping=nobody))[0].why.startswith(
        "nobody"
    )


def test_snmp_wants_the_serial_that_was_planned() -> None:
    world = World()
    assert said("snmp", world) == ("passed", "")
    world.found = replace(FOUND, serial="OTHER")
    assert said("snmp", world) == ("failed", "serial OTHER instead of HE108")
    world.found = None
    assert said("snmp", world) == ("failed", "it does not answer SNMP")
    world.found = replace(FOUND, serial="")
    both = verify(replace(SITE, checks=("snmp",)), world.ground())
    assert [(each.outcome, each.why) for each in both] == [
        (Outcome.PASSED, ""),
        (Outcome.UNCHECKED, "it tells no serial; HE108 was planned"),
    ]


def test_the_neighbour_stands_at_its_port_and_the_port_is_up() -> None:
    world = World()
    assert one("neighbour", world).evidence == {
        "port": "ether1",
        "portUp": True,
        "seen": {"pop": "ether1"},
        "wanted": ["pop"],
    }
    world.found = replace(FOUND, neighbours=(NeighbourFacts("mndp", "ether3", sys_name="pop"),))
    assert said("neighbour", world) == ("failed", "pop is next to its port ether3, not ether1")
    world.found = replace(FOUND, neighbours=(NeighbourFacts("lldp", "vlan101", sys_name="pop"),))
    assert said("neighbour", world) == ("passed", "")
    world.found = replace(FOUND, neighbours=(NeighbourFacts("lldp", "ether1", sys_name="rtr-tetangga"),))
    assert said("neighbour", world) == ("failed", "none of pop is next to it")
    world.found = replace(FOUND, interfaces=(InterfaceFacts(1, "ether1", oper_status=7),))
    assert said("neighbour", world) == ("failed", "its port ether1 is not up")
    world.found = replace(FOUND, neighbours=())
    assert said("neighbour", world)[0] == "not-checked"
    world.found = None
    assert said("neighbour", world)[0] == "not-checked"


def test_a_port_that_the_link_names_is_meant_exactly() -> None:
    site = replace(SITE, links=(LinkIntent("up", "rtr-desa", "pop", a_interface="sfp1"),))
    assert said("neighbour", World(), site) == ("failed", "pop is next to its port ether1, not sfp1")


def test_light_has_to_be_what_length_and_splitters_leave() -> None:
    world = World()
    path = {"onu-desa": OpticalPath(5.0, (8,)), "rtr-desa": OpticalPath(5.0)}
    world.found = replace(FOUND, onus=(OnuFacts("1/1/1", "3", "ZTEG1", rx_dbm=-14.2),))
    found = one("onu-level", world, links=path)
    assert (found.outcome, found.evidence["dbm"]) == (Outcome.PASSED, -14.2)
    world.found = replace(FOUND, onus=(OnuFacts("1/1/1", "3", "ZTEG1", rx_dbm=-25.0),))
    assert said("onu-level", world, links=path)[1].startswith("-25.0 dBm is not between")
    assert said("onu-level", world) == ("passed", "")  # of a length that nobody knows only what the ONU takes
    assert said("optical-level", world, links=path) == ("not-checked", "it tells no level of received light")
    light = SensorFacts(SensorClass.DBM, "sfp1 rx", "1", "t", "1.3", Kind.INTEGER, Conversion(), -40.0)
    world.found = replace(FOUND, sensors=(light,))
    assert said("optical-level", world, links=path)[0] == "failed"
    assert "length" in said("optical-level", world)[1]


def test_the_largest_packet_is_sought_only_if_the_full_one_is_lost() -> None:
    world = World()
    assert one("path-mtu", world).evidence == {"octets": 1500, "mtu": 1500}
    assert world.pings == 1
    world.mtu = 1453
    found = one("path-mtu", world)
    assert found.outcome is Outcome.FAILED
    assert 1445 <= int(str(found.evidence["mtu"])) <= 1453
    assert world.pings < 12
    world.mtu = 0
    assert said("path-mtu", world) == ("not-checked", "it does not answer at all")


@pytest.mark.parametrize(("kind", "octets"), [("wireguard", 1420), ("l2tp", 1400)])
def test_a_tunnel_takes_less(kind: str, octets: int) -> None:
    net = IPv4Network("10.8.0.0/30")
    site = replace(
        with_router(variables={**ROUTER.variables, "tunnel_kind": kind}),
        subnets=(SubnetIntent("tunnel", "tunnel", net, hosts={"router": IPv4Address("10.8.0.2")}),),
    )
    world = World()
    world.mtu = octets
    assert one("path-mtu", world, site).evidence["mtu"] == octets
    assert one("tunnel", world, site).evidence == {"address": "10.8.0.2", "received": 5}
    world.mtu = 0
    assert said("tunnel", world, site) == ("failed", "its end in the tunnel does not answer")


LOOKUPS = [
    (Platform.ROUTEROS, ":resolve", "93.184.216.34\n", "failure: dns server failure\n"),
    (Platform.FRR, "getent", "93.184.216.34   STREAM www.example.id\n", ""),
    (
        Platform.OPENWRT,
        "nslookup",
        "Server:\t\t127.0.0.1\nAddress:\t127.0.0.1:53\n\nName:\twww.example.id\nAddress: 93.184.216.34\n",
        "Server:\t\t127.0.0.1\nAddress:\t127.0.0.1:53\n\n** server can't find www.example.id: NXDOMAIN\n",
    ),
    (
        Platform.IOS,
        "ping",
        "Sending 1, 100-byte ICMP Echos to 93.184.216.34, timeout is 1 seconds:\n.\n",
        'Translating "www.example.id"...domain server (10.9.0.5)\n% Unrecognized host or address.\n',
    ),
    (
        Platform.VRP,
        "ping",
        "  PING www.example.id (93.184.216.34): 56  data bytes, press CTRL_C to break\n    Request time out\n",
        "Error: Unrecognized host or wrong IP address.\n",
    ),
]


@pytest.mark.parametrize(("platform", "line", "good", "bad"), LOOKUPS, ids=lambda value: str(value)[:16])
def test_names_are_looked_up_on_the_router(platform: Platform, line: str, good: str, bad: str) -> None:
    site = with_router(platform=platform)
    assert said("dns", World({line: good}), site, dns_name="www.example.id") == ("passed", "")
    found = one("dns", World({line: bad}), site, dns_name="www.example.id")
    assert found.outcome is Outcome.FAILED
    assert found.why.startswith("the router says")
    for name in ("", "x; /system reset", "$(reboot)", "-x"):
        assert said("dns", World({line: good}), site, dns_name=name)[0] == "not-checked"


def test_applications_are_fetched_by_the_router() -> None:
    site = replace(SITE, services=("SIMPEG",))
    urls = {"SIMPEG": "https://simpeg.example.id/"}
    done = "      status: finished\n  downloaded: 3KiB\n"
    assert said("services", World({"/tool fetch": done}), site, urls=urls) == ("passed", "")
    bad = World({"/tool fetch": "      status: failed\nfailure: 404 Not Found\n"})
    assert said("services", bad, site, urls=urls)[0] == "failed"
    for lacking in ("bash: line 1: curl: command not found\n", "bad command name fetch (line 1 column 7)\n"):
        assert said("services", World({"fetch": lacking}), site, urls=urls)[0] == "not-checked"
    for url in ("", 'http://x/"; /system reset', "ftp://x"):
        assert said("services", World(), site, urls={"SIMPEG": url})[0] == "not-checked"
    cut = World()
    cut.cut = UnreachableError("rtr-desa", "nobody there")
    assert said("services", cut, site, urls=urls) == ("not-checked", "nobody there")


def test_a_factory_login_that_is_taken_is_a_failure_and_silence_is_no_proof() -> None:
    world = World()
    assert said("no-default-credentials", world) == ("passed", "")
    world.takes = True
    assert said("no-default-credentials", world)[0] == "failed"
    world.takes = UnreachableError("rtr-desa", "nobody there")
    assert said("no-default-credentials", world) == ("not-checked", "nobody there")
    world.takes = LoginRefusedError("rtr-desa", "no")
    assert said("no-default-credentials", world)[0] == "not-checked"


def test_a_community_of_the_factory_is_as_bad() -> None:
    world = World()
    found = one("no-default-credentials", world, communities=lambda _address: ("public",))
    assert (found.outcome, found.why) == (Outcome.FAILED, "it answers the SNMP community public")
    found = one("no-default-credentials", world, communities=lambda _address: ())
    assert (found.outcome, found.evidence) == (Outcome.PASSED, {"communities": []})


def test_a_camera_plays_and_a_heartbeat_is_heard() -> None:
    camera = DeviceIntent("camera", "cam-desa", Role.CAMERA, address="10.9.0.3", check=Check.RTSP)
    pole = replace(SITE, devices=(ROUTER, camera), heartbeat=True)
    assert said("stream", World(), pole, stream=lambda *_asked: "ok") == ("passed", "")
    assert said("stream", World(), pole, stream=lambda *_asked: "frozen") == ("failed", "its stream: frozen")
    assert said("stream", World(), pole)[0] == "not-checked"
    assert said("heartbeat", World(), pole, heartbeat=lambda _device: (70.0, 60.0)) == ("passed", "")
    assert said("heartbeat", World(), pole, heartbeat=lambda _device: (190.0, 60.0))[0] == "failed"
    assert said("heartbeat", World(), pole, heartbeat=lambda _device: None)[0] == "not-checked"
    assert said("heartbeat", World()) == ("not-checked", "the site has nothing that it could be asked of")


def test_every_check_of_a_shipped_profile_is_written() -> None:
    assert {name for profile in site_profiles() for name in profile.checks} <= CHECKS.keys()


# -- throughput ------------------------------------------------------------------------------------------------------


class Meter:
    def __init__(self, answer: SpeedAnswer) -> None:
        self.answer = answer
        self.asked: list[tuple[str, int, float]] = []

    def __call__(self, address: str, port: int, seconds: float) -> SpeedAnswer:
        self.asked.append((address, port, seconds))
        return self.answer


RATES = {"rtr-desa": Rate("up", 50.0, 20.0)}


def test_speed_is_measured_against_a_server_at_the_site_and_judged_by_what_was_agreed() -> None:
    meter = Meter(SpeedAnswer(48.2, 19.0))
    found = one("throughput", World(), throughput=SpeedTest(meter, "10.9.9.9", RATES))
    assert found == Checked(
        "throughput",
        Outcome.PASSED,
        "rtr-desa",
        "",
        {"link": "up", "downMbps": 48.2, "upMbps": 19.0, "wantedDownMbps": 50.0, "wantedUpMbps": 20.0},
    )
    assert meter.asked == [("10.9.9.9", 5201, 5.0)]
    slow = SpeedTest(Meter(SpeedAnswer(30.0, 3.0)), "10.9.9.9", RATES)
    assert said("throughput", World(), throughput=slow) == (
        "failed",
        "30.0 of 50.0 Mbit/s down; 3.0 of 20.0 Mbit/s up",
    )
    unknown = SpeedTest(meter, "10.9.9.9")
    found = one("throughput", World(), throughput=unknown)
    assert (found.outcome, found.evidence["downMbps"]) == (Outcome.UNCHECKED, 48.2)


def test_a_debian_router_serves_the_test_itself_if_it_can() -> None:
    site, meter = with_router(platform=Platform.FRR), Meter(SpeedAnswer(99.0, 99.0))
    world = World({"iperf3 -s": "iperf3-listens\n"})
    assert said("throughput", world, site, throughput=SpeedTest(meter, rates=RATES)) == ("passed", "")
    assert meter.asked == [("10.9.0.1", 5201, 5.0)]
    assert "timeout 40 " in world.console.said[0].text
    bare = World({"iperf3": ""})
    found = said("throughput", bare, site, throughput=SpeedTest(meter, rates=RATES))
    assert found == ("not-checked", "iperf3 is not installed on it")


def test_routeros_tests_itself_only_where_it_may() -> None:
    meter = Meter(SpeedAnswer(1.0, 1.0))
    assert said("throughput", World(), throughput=SpeedTest(meter, rates=RATES))[0] == "not-checked"
    server = BandwidthServer("10.9.0.9", SshLogin("btest", "uji", Secret('san"di')))
    answers = {
        "direction=receive": "status: running\n rx-total-average: 1.2Mbps\nstatus: done\n rx-total-average: 45.6Mbps\n",
        "direction=transmit": "  status: done testing\n tx-total-average: 18500.0kbps\n",
    }
    world = World(answers)
    found = one("throughput", world, throughput=SpeedTest(meter, rates=RATES, bandwidth=server))
    assert (found.outcome, found.evidence["downMbps"], found.evidence["upMbps"]) == (Outcome.PASSED, 45.6, 18.5)
    line = world.console.said[0]
    assert "address=10.9.0.9 protocol=tcp direction=receive duration=5s user=uji" in line.text
    assert 'password="san\\"di"' in line.text
    assert line.secrets == (Secret('san"di'),)
    refused = World({"direction": "  status: can't connect\n"})
    found = one("throughput", refused, throughput=SpeedTest(meter, rates=RATES, bandwidth=server))
    assert (found.outcome, "can't connect" in found.why) == (Outcome.UNCHECKED, True)
    assert not meter.asked


def test_a_line_that_is_paid_by_the_gigabyte_is_not_used_up() -> None:
    meter = Meter(SpeedAnswer(9.0, 9.0))
    site = with_router(poll_class=PollClassName.METERED)
    assert said("throughput", World(), site, throughput=SpeedTest(meter, "10.9.9.9", RATES))[0] == "not-checked"
    assert said("throughput", World())[0] == "not-checked"
    assert not meter.asked
