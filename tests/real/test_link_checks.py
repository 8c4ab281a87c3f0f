"""A segment that we stand on: a switch with lldpd, two DHCP servers, two hosts with one address, a MikroTik.

Namespaces: `us` and four hosts hang on the bridge of `sw`; the wires are veth pairs.
"""

import json
import os
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import TypeVar

import pytest

from collectors.link import InterfaceError, LinkError, SegmentChecks
from collectors.link.mndp import PORT, MndpMessage, write_mndp
from domain.lan import LinkLimits
from lab.real.namespaces import batch, in_namespace, inside, remove, run
from lab.real.processes import Daemon, start, stop
from lab.real.requirements import SEARCH_PATH, program
from lab.real.waiting import wait_until
from tests.command_line import calling

pytestmark = pytest.mark.real

HOSTS = ("us", "good", "bad", "one", "two")
LAN = IPv4Network("10.77.5.0/28")
MIKROTIK = MndpMessage(
    sequence=7, mac="4c:5e:0c:00:01:01", identity="rtr-cibodas", version="7.16 (stable)", platform="MikroTik",
    uptime_seconds=86_400, board="RB760iGS", interface="bridge-lan/ether2", ipv4=IPv4Address("10.77.5.1"),
)  # fmt: skip
_Found = TypeVar("_Found")


class World:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.prefix = f"ktl{os.getpid()}"
        self.checks = SegmentChecks()
        self._daemons: list[Daemon] = []
        self._listening: socket.socket | None = None

    def ns(self, host: str) -> str:
        return f"{self.prefix}-{host}"

    def build(self) -> None:
        names = [self.ns(name) for name in ("sw", *HOSTS)]
        batch([f"netns add {name}" for name in names])
        peer = "type veth peer name"
        batch(f"link add eth0 netns {self.ns(name)} {peer} to-{name} netns {self.ns('sw')}" for name in HOSTS)
        batch(
            ["link add br0 type bridge", "link set br0 up"]
            + [line for name in HOSTS for line in (f"link set to-{name} master br0", f"link set to-{name} up")],
            self.ns("sw"),
        )
        addresses = {"us": "10.77.5.9", "good": "10.77.5.1", "bad": "10.77.5.2", "one": "10.77.5.5", "two": "10.77.5.5"}
        for name, address in addresses.items():
            batch([f"address add {address}/28 dev eth0", "link set eth0 up", "link set lo up"], self.ns(name))
        Path("/run/lldpd").mkdir(exist_ok=True)
        self._lldpd("sw", "sw-desa", "to-us")
        self._lldpd("one", "telepon-desa", "eth0", "-ccc")  # CDP by force; it then speaks nothing else
        for name, first, last in (("good", 10, 12), ("bad", 13, 14)):
            self._dnsmasq(name, f"10.77.5.{first}", f"10.77.5.{last}")
        self._mikrotik()

    def _lldpd(self, host: str, name: str, port: str, *options: str) -> None:
        folder = self.folder / host
        folder.mkdir()
        (folder / "lldpd.conf").write_text(
            "configure lldp tx-interval 1\nconfigure lldp portidsubtype ifname\n", encoding="utf-8"
        )
        words = (
            f"exec {program('lldpd')} -d -u {folder}/lldpd.sock -O {folder}/lldpd.conf -I {port} {' '.join(options)}"
        )
        self._start("lldpd", host, "unshare", "--uts", "sh", "-c", f"hostname {name}; {words}")

    def _dnsmasq(self, name: str, first: str, last: str) -> None:
        own = "10.77.5.1" if name == "good" else "10.77.5.2"
        self._start(
            "dnsmasq", name, program("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
            "--no-ping", "--user=root", "--pid-file", f"--dhcp-leasefile={self.folder}/{name}.leases",
            f"--dhcp-range={first},{last},255.255.255.240,1h", f"--dhcp-option=option:router,{own}",
            "--dhcp-authoritative", "--interface=eth0", "--bind-interfaces",
        )  # fmt: skip

    def _mikrotik(self) -> None:
        """Answers requests as RouterOS does: by a broadcast."""
        with inside(self.ns("good")):
            self._listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
            self._listening.bind(("", PORT))
        threading.Thread(target=self._answer, args=(self._listening,), daemon=True).start()

    def _answer(self, listening: socket.socket) -> None:
        while True:
            try:
                octets, sender = listening.recvfrom(2000)
                if sender[0] == "0.0.0.0" and octets == bytes(4):
                    listening.sendto(b"\x00", ("255.255.255.255", PORT))  # somebody who breaks the protocol
                    listening.sendto(write_mndp(MIKROTIK), ("255.255.255.255", PORT))
            except OSError:
                return

    def _start(self, name: str, host: str, *argv: str) -> None:
        folder = self.folder / host
        folder.mkdir(exist_ok=True)
        self._daemons.append(start(name, host, (*in_namespace(self.ns(host)), *argv), folder))

    def ask(self, question: Callable[[SegmentChecks], _Found]) -> _Found:
        with inside(self.ns("us")):
            return question(self.checks)

    def end(self) -> None:
        if self._listening is not None:
            self._listening.close()
        stop(self._daemons)
        remove([self.ns(name) for name in ("sw", *HOSTS)])


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    missing = [name for name in ("ip", "lldpd", "dnsmasq", "unshare") if not shutil.which(name, path=SEARCH_PATH)]
    if os.geteuid() != 0 or missing:
        pytest.skip(f"a segment of our own needs root and: {', '.join(missing) or 'nothing else'}")
    with tempfile.TemporaryDirectory(prefix="ktl-") as folder:
        Path(folder).chmod(0o755)  # lldpd goes on as a user of its own
        made = World(Path(folder))
        try:
            made.build()
            yield made
        finally:
            made.end()


def test_whoever_tells_of_itself_is_listed(world: World) -> None:
    told: dict[str, tuple[str, str, str]] = {}

    def all_heard() -> bool:
        for each in world.ask(lambda checks: checks.neighbours("eth0", LinkLimits(1.3))):
            told[each.protocol] = (each.name, each.port, each.platform)
        return set(told) == {"lldp", "cdp", "mndp"}

    wait_until(all_heard, 20, "LLDP, CDP and MNDP were heard")
    assert told["lldp"][:2] == ("sw-desa", "to-us")
    assert told["cdp"][:2] == ("telepon-desa", "eth0")
    assert told["mndp"] == ("rtr-cibodas", "bridge-lan/ether2", "MikroTik RB760iGS")
    assert world.checks.unreadable >= 1, "the datagram of one octet"


def test_every_dhcp_server_that_offers_is_listed(world: World) -> None:
    told: dict[str, tuple[str, str]] = {}

    def both_offer() -> bool:
        for each in world.ask(lambda checks: checks.dhcp_offers("eth0", LinkLimits(0.6))):
            told[each.server] = (each.router, each.address)
        return len(told) == 2

    wait_until(both_offer, 20, "both servers offered")
    assert {server: router for server, (router, _address) in told.items()} == {
        "10.77.5.1": "10.77.5.1",
        "10.77.5.2": "10.77.5.2",
    }
    assert told["10.77.5.2"][1] in ("10.77.5.13", "10.77.5.14")
    leases = [(world.folder / f"{name}.leases") for name in ("good", "bad")]
    assert not [path for path in leases if path.exists() and path.read_text()], "nothing was taken"


def test_an_address_that_two_hosts_use_is_found(world: World) -> None:
    holders = world.ask(lambda checks: checks.holders("eth0", LAN, LinkLimits(0.6)))
    found = {str(each.address): len(each.macs) for each in holders}
    assert found == {"10.77.5.1": 1, "10.77.5.2": 1, "10.77.5.5": 2, "10.77.5.9": 1}
    assert [str(each.address) for each in holders if each.is_double] == ["10.77.5.5"]
    arp = run(world.ns("one"), ["ip", "neigh", "show", "10.77.5.9"]).stdout
    assert "lladdr" not in arp, "who was asked learns nothing of us"


def test_the_commands_say_what_is_wrong_by_their_status(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call = calling(capsys)
    with inside(world.ns("us")):
        status, out, _err = call("link", "dhcp", "eth0", "--seconds", "0.6", "--rightful", "10.77.5.1", "--json")
        assert status == 1
        offers = {each["server"]: each["rightful"] for each in json.loads(out)["offers"]}
        assert offers == {"10.77.5.1": True, "10.77.5.2": False}
        status, out, err = call("link", "arp", "eth0", "--seconds", "0.4")
    assert status == 1
    assert out.splitlines()[1].startswith("10.77.5.5\t")
    assert "4 addresses of 10.77.5.0/28 answer, 1 of them from more than one host" in err


def test_what_may_not_be_listened_on_says_what_to_do(world: World) -> None:
    with pytest.raises(InterfaceError, match=r"There is no interface wlan9\. Choose one of: .*eth0"):
        world.ask(lambda checks: checks.neighbours("wlan9", LinkLimits(0.1)))
    with pytest.raises(InterfaceError, match="speaks no Ethernet"):
        world.ask(lambda checks: checks.neighbours("lo", LinkLimits(0.1)))
    batch(["link set eth0 down"], world.ns("two"))
    with inside(world.ns("two")), pytest.raises(InterfaceError, match="is down"):
        world.checks.dhcp_offers("eth0", LinkLimits(0.1))
    with pytest.raises(LinkError, match="smaller network"):
        world.checks.holders("eth0", IPv4Network("10.0.0.0/16"), LinkLimits(0.1))


def test_without_the_right_to_raw_frames_it_says_how_to_get_it(world: World) -> None:
    asked = (
        "from collectors.link import RawPacketsError, SegmentChecks; from domain.lan import LinkLimits\n"
        "try: SegmentChecks().neighbours('eth0', LinkLimits(0.1))\n"
        "except RawPacketsError as error: print(error)"
    )
    words = ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw", sys.executable, "-c", asked]
    assert "AmbientCapabilities=CAP_NET_RAW" in run(world.ns("us"), words).stdout
