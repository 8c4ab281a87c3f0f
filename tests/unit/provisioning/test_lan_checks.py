"""Verification of what happens behind a site's router: asked on the router, and where we stand on the segment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from domain.changes import Checked, Outcome
from domain.intent import DeviceIntent, Platform, SiteIntent, SubnetIntent
from domain.lan import AddressHolders, DhcpOffer, LinkLimits, Neighbour, SegmentError
from domain.network import Role, SiteKind
from domain.shell import Shell
from provisioning.verification import CHECKS, Ground, verify
from tests.unit.provisioning.lan_router import LanRouter

NAMES = ("lan-dhcp-rogue", "lan-addresses", "lan-dhcp-pool", "lan-neighbours")
LAN = SubnetIntent(
    "lan", "lan", IPv4Network("192.168.88.0/24"), gateway=IPv4Address("192.168.88.1"),
    dhcp_from=IPv4Address("192.168.88.10"), dhcp_to=IPv4Address("192.168.88.19"),
)  # fmt: skip
SITE = SiteIntent(
    "desa-a", "Desa A", SiteKind.DESA, "desa-fibre",
    devices=(
        DeviceIntent("router", "rtr-a", Role.ROUTER, Platform.ROUTEROS),
        DeviceIntent("ap", "ap-a", Role.AP, Platform.OPENWRT, uplink=("router",)),
        DeviceIntent("phone", "phone-a", Role.SENSOR, uplink=("router",)),
    ),
    subnets=(LAN,), checks=NAMES,
)  # fmt: skip


class Segment:
    """We stand on the LAN ourselves. `refuses`: what it raises."""

    def __init__(self) -> None:
        self.offers = [DhcpOffer("192.168.88.1", "aa:00:00:00:00:01", "192.168.88.10")]
        self.macs = ["aa:00:00:00:00:05"]
        self.refuses = ""

    def networks(self) -> dict[str, tuple[IPv4Network, ...]]:
        return {"eth7": (LAN.prefix,)} if isinstance(LAN.prefix, IPv4Network) else {}

    def neighbours(self, interface: str, limits: LinkLimits) -> tuple[Neighbour, ...]:
        return ()

    def dhcp_offers(self, interface: str, limits: LinkLimits) -> tuple[DhcpOffer, ...]:
        if self.refuses:
            raise SegmentError(self.refuses)
        return tuple(self.offers)

    def holders(self, interface: str, network: IPv4Network, limits: LinkLimits) -> tuple[AddressHolders, ...]:
        if self.refuses:
            raise SegmentError(self.refuses)
        return (AddressHolders(IPv4Address("192.168.88.5"), tuple(self.macs)),)


class Stage:
    def __init__(self, router: LanRouter, segment: Segment | None = None) -> None:
        self.router, self.segment, self.opened = router, segment, 0

    def verify(self, site: SiteIntent = SITE) -> dict[str, list[Checked]]:
        nobody: Any = None
        found = verify(site, Ground(nobody, nobody, self.shell, nobody, link=self.segment))
        return {name: [each for each in found if each.name == name] for name in site.checks}

    @contextmanager
    def shell(self, device: str) -> Iterator[Shell]:
        assert device == "rtr-a"
        self.opened += 1
        yield self.router


@pytest.fixture
def router() -> LanRouter:
    router = LanRouter()
    router.give(3)
    router.model.lan.neighbour("ether3", "ap-a.lan", "AA:00:00:00:05:01")
    return router


def outcomes(found: dict[str, list[Checked]]) -> dict[str, list[str]]:
    return {name: [each.outcome.value for each in results] for name, results in found.items()}


def test_every_name_is_a_check() -> None:
    assert set(NAMES) <= set(CHECKS)


def test_a_good_lan_passes_in_one_conversation(router: LanRouter) -> None:
    stage = Stage(router)
    assert outcomes(stage.verify()) == {name: ["passed"] for name in NAMES}
    assert stage.opened == 1


def test_each_trouble_fails_its_own_check(router: LanRouter) -> None:
    lan = router.model.lan
    lan.neighbours.clear()
    lan.neighbour("ether3", "somebody", "AA:00:00:00:05:09")
    router.model.meet_stranger("ether2", "AA:BB:CC:00:00:01", "192.168.1.1")
    lan.answers("192.168.88.10", "AA:00:00:00:07:07", "ether4")
    for number in range(3, 9):
        lan.lease(f"192.168.88.{10 + number}", f"AA:00:00:00:06:{number:02X}", "lan")
    found = {name: results[0] for name, results in Stage(router).verify().items()}
    assert {each.outcome for each in found.values()} == {Outcome.FAILED}
    assert found["lan-dhcp-rogue"].why == "another DHCP server: aa:bb:cc:00:00:01 192.168.1.1 (ether2)"
    assert found["lan-addresses"].why.startswith(
        "used by two hosts: 192.168.88.10 (aa:00:00:00:00:00, aa:00:00:00:07:07"
    )
    assert found["lan-dhcp-pool"].why == "9 of 10 addresses of lan are given out"
    assert found["lan-neighbours"].why == "not seen from it: ap-a"


def test_a_router_that_is_to_give_addresses_and_gives_none_fails(router: LanRouter) -> None:
    router.say("/ip dhcp-server disable [find]")
    assert Stage(router).verify()["lan-dhcp-pool"][0].why == "it hands out no addresses"
    without = replace(SITE, subnets=(replace(LAN, dhcp_from=None),))
    assert outcomes(Stage(router).verify(without))["lan-dhcp-pool"] == ["not-checked"]


def test_a_router_that_breaks_off_is_asked_once_and_nothing_is_passed(router: LanRouter) -> None:
    router.broken = "rtr-a: the connection ended."
    stage = Stage(router)
    assert outcomes(stage.verify()) == {name: ["not-checked"] for name in NAMES}
    assert stage.opened == 1


def test_where_we_stand_on_the_segment_we_ask_it_too(router: LanRouter) -> None:
    segment = Segment()
    stage = Stage(router, segment)
    both = ["passed", "passed"]
    assert outcomes(stage.verify()) == {
        "lan-dhcp-rogue": both, "lan-addresses": both, "lan-dhcp-pool": ["passed"], "lan-neighbours": ["passed"],
    }  # fmt: skip
    segment.offers.append(DhcpOffer("192.168.1.1", "aa:bb:cc:00:00:01", "192.168.1.50"))
    segment.macs.append("aa:00:00:00:00:06")
    found = stage.verify()
    assert found["lan-dhcp-rogue"][1].why == "another DHCP server: 192.168.1.1 aa:bb:cc:00:00:01"
    assert found["lan-addresses"][1].why == "used by two hosts: 192.168.88.5 (aa:00:00:00:00:05, aa:00:00:00:00:06)"
    segment.refuses = "eth7: this program may not."
    assert [each.why for each in stage.verify()["lan-addresses"]] == ["", "eth7: this program may not."]
