"""What the inventory says as metrics: labels as people know them, base units, and the port by which a site hangs."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from domain.network import (
    Contract,
    Device,
    DeviceStatus,
    Inventory,
    Link,
    LinkPurpose,
    Medium,
    RegionCode,
    Role,
    Service,
    Site,
    SiteKind,
)
from exporters.exposition import places as places_module
from exporters.exposition import places_text
from exporters.exposition.uplinks import uplinks

NAMES = {"32.14.01": "Jatiluhur", "32.14.01.2010": "Cibodas"}
DESA = Site("cibodas", 'Desa "Cibodas"', SiteKind.DESA, RegionCode("32.14.01.2010"), latitude=-6.5, longitude=107.25)
POP = Site("pop", "PoP", SiteKind.POP, RegionCode("32.14.01"), criticality=1)


def device(name: str, site: str, role: Role, *uplink: str) -> Device:
    return Device(name, site, role, uplink=uplink)


ROUTER = device("rtr", "cibodas", Role.ROUTER, "onu")
ONU = device("onu", "cibodas", Role.ONU, "olt")
OLT = device("olt", "pop", Role.OLT, "core")
PON = Link("gpon", "onu", "pon", "olt", "gpon_1/1/1", capacity_mbps=1000.0)
PATCH = Link("utp", "onu", "eth1", "rtr", "ether1", medium=Medium.COPPER)
LTE = Link("lte", "rtr", "lte1", medium=Medium.LTE, contract="K", cir_down_mbps=10.0, cir_up_mbps=2.0, quota_gb=150.0)
TUNNEL = Link("vpn", "rtr", "l2tp1", "olt", "l2tp-x", purpose=LinkPurpose.MANAGEMENT, medium=Medium.VPN)
CONTRACT = Contract("K", "Penyedia", ends_on=date(2026, 12, 31), sla_percent=99.5)
ALL = Inventory(
    sites=(DESA, POP),
    devices=(OLT, ONU, ROUTER),
    links=(PON, LTE, PATCH, TUNNEL),
    contracts=(CONTRACT,),
    services=(Service("app", "Aplikasi", owner="Dinas", host="srv"),),
)


def lines(inventory: Inventory, name: str) -> list[str]:
    text = places_text(inventory, NAMES, ZoneInfo("Asia/Jakarta")).decode()
    return [line.removeprefix(name) for line in text.splitlines() if line.startswith((name + "{", name + " "))]


def test_a_site_has_its_place_and_what_is_not_known_is_absent() -> None:
    desa, pop = lines(ALL, "kentongan_site_info")
    assert desa.startswith('{site="cibodas",name="Desa \\"Cibodas\\"",kind="desa",desa="Cibodas",kecamatan="Jatiluhur"')
    assert pop == '{site="pop",name="PoP",kind="pop",kecamatan="Jatiluhur",stage="active",criticality="1"} 1.0'
    assert lines(ALL, "kentongan_site_latitude_degrees") == ['{site="cibodas"} -6.5']
    assert lines(ALL, "kentongan_site_longitude_degrees") == ['{site="cibodas"} 107.25']


def test_a_link_has_both_its_ends_and_its_provider_from_its_contract() -> None:
    found = lines(ALL, "kentongan_link_info")
    assert found[0].startswith('{link="gpon",end="a",device="onu",interface="pon",peer="olt",site="cibodas"')
    assert found[1].startswith('{link="gpon",end="z",device="olt",interface="gpon_1/1/1",peer="onu",site="cibodas"')
    (lte,) = [line for line in found if 'link="lte"' in line]
    assert 'provider="Penyedia",contract="K"' in lte


def test_rates_are_bytes_and_a_contract_ends_with_its_last_day() -> None:
    assert lines(ALL, "kentongan_link_capacity_bytes_per_second") == ['{link="gpon"} 125000000.0']
    assert lines(ALL, "kentongan_link_committed_bytes_per_second") == [
        '{link="lte",direction="receive"} 1250000.0',
        '{link="lte",direction="transmit"} 250000.0',
    ]
    assert lines(ALL, "kentongan_link_quota_bytes") == ['{link="lte"} 150000000000.0']
    assert lines(ALL, "kentongan_contract_sla_ratio") == ['{contract="K",provider="Penyedia"} 0.995']
    # 2027-01-01 00:00 WIB
    assert lines(ALL, "kentongan_contract_end_timestamp_seconds") == ['{contract="K",provider="Penyedia"} 1798736400.0']


def test_the_village_behind_an_onu_hangs_by_its_routers_port_on_the_line_that_leaves_it() -> None:
    assert sorted(uplinks(ALL)) == [("cibodas", "rtr", "ether1", "gpon"), ("cibodas", "rtr", "lte1", "lte")]


def test_a_device_that_is_not_in_use_has_no_end() -> None:
    retired = replace(ALL, devices=(OLT, replace(ONU, status=DeviceStatus.RETIRED), ROUTER))
    assert not [line for line in lines(retired, "kentongan_link_info") if 'device="onu"' in line]


def test_ways_that_lead_in_circles_end() -> None:
    one, two = device("one", "cibodas", Role.ROUTER, "two"), device("two", "cibodas", Role.SWITCH, "one")
    circle = Inventory(sites=(DESA,), devices=(one, two), links=(Link("l", "one", "e1", "two", "e1"),))
    assert list(uplinks(circle)) == [("cibodas", "one", "e1", "l")]


def test_of_a_country_nothing_is_shown_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines(ALL, "kentongan_places_withheld") == [" 0.0"]
    monkeypatch.setattr(places_module, "MOST_SITES", 1)
    assert lines(ALL, "kentongan_places_withheld") == [" 1.0"]
    assert lines(ALL, "kentongan_site_info") == []
