"""An office that plans sites, without a database: its inventory, its variables, an address plan that gives in a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from collectors.store.plans import DeviceFacts
from domain.addressing import Allocation, AllocationState, Block, Kind, Request, written
from domain.intent import KeptText
from domain.network import Device, Inventory, Link, RegionCode, Role, Site, SiteKind, Stage
from domain.polling import DEFAULT_CLASSES
from kentongan.planning.heartbeat import HeartbeatParts
from kentongan.planning.planner import Knowledge, SitePlanner
from provisioning.profiles import Layer, ProvisioningFolder, site_profiles

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SLUG = "cibodas-sukatani"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0DGxQKsGbqyXRhzWVZc8GvP5o3h3Jv5Jm0Xh0f2a1B noc@purwakarta"
RSA = "ssh-rsa " + "AAAAB3NzaC1yc2EAAAADAQABAAABAQ" + "C" * 342 + " noc@purwakarta"
ADDRESSES = int(ip_network("10.32.0.0/16").network_address)

KABUPATEN: Mapping[str, object] = {
    "management_networks": ["10.9.0.0/24", "10.9.8.0/22"],
    "admin_user": "diskominfo",
    "admin_password": "pwk-admin/password",
    "admin_keys": [KEY, RSA],
    "snmp_user": "kentongan",
    "snmp_auth": "pwk-snmp/auth",
    "snmp_priv": "pwk-snmp/priv",
    "snmp_contact": "NOC Diskominfo +62 264 200000",
    "ntp_servers": ["10.9.0.1", "10.9.0.2"],
    "dns_servers": ["10.9.0.3", "10.9.0.4"],
    "syslog_server": "10.9.0.5",
    "syslog_port": 5514,
    "timezone": "Asia/Jakarta",
    "domain": "purwakarta.internal",
    "central_networks": ["10.9.0.0/16"],
    "concentrator": "vpn-pusat",
    "concentrator_address": "vpn.purwakartakab.go.id",
    "concentrator_key": "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=",
    "ipsec_secret": "pwk-ipsec/token",
    "wifi_ssid": "Desa Digital",
    "wifi_password": "pwk-wifi/token",
}
SITE: Mapping[str, object] = {
    "olt": "olt-sukatani",
    "olt_port": "1/1/3",
    "onu_id": 5,
    "onu_serial": "ZTEGC0FFEE01",
    "upstream": "rtr-sukatani",
    "tunnel_key": "wg-cibodas/token",
    "tunnel_public_key": "HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=",
    "tunnel_password": "l2tp-cibodas/token",
    "radio_ssid": "ptp-cibodas",
    "radio_password": "ptp-cibodas/token",
}


class RowPlan:
    """Gives prefixes from 10.32.0.0/16, a /20 apart, and VLANs from 100; remembers whether anything was taken."""

    def __init__(self) -> None:
        self.taken = False

    def allocate(self, requests: Sequence[Request], now: datetime, *, dry_run: bool = False) -> tuple[Allocation, ...]:
        self.taken |= not dry_run
        return tuple(self._given(number, request, now) for number, request in enumerate(requests))

    def _given(self, number: int, request: Request, now: datetime) -> Allocation:
        if request.kind is Kind.VLAN:
            block = Block(100 + number, 0)
        else:
            block = Block(ADDRESSES + (number << 12), 32 - request.length)
        text = written(request.kind, block)
        pool = f"{request.purpose}-sukatani"
        return Allocation(
            request.owner, request.label, pool, request.kind, block, text, AllocationState.GIVEN, now, None, True
        )


@dataclass
class Kept:
    """Backups by device."""

    texts: dict[str, str] = field(default_factory=dict)

    def latest(self, device: str) -> KeptText | None:
        return KeptText(self.texts[device]) if device in self.texts else None


@dataclass
class Office:
    """Everything that a planner looks at; change it before `planner()`."""

    root: Path
    inventory: Inventory
    kept: Kept = field(default_factory=Kept)
    addresses: RowPlan = field(default_factory=RowPlan)
    facts: dict[str, DeviceFacts] = field(default_factory=dict)
    beat_seconds: int = 300

    @property
    def folder(self) -> ProvisioningFolder:
        return ProvisioningFolder(self.root)

    def planner(self, **known_too: Any) -> SitePlanner:
        known = Knowledge(
            self.inventory,
            site_profiles(self.folder.profiles),
            self.folder,
            DEFAULT_CLASSES,
            HeartbeatParts("https://nms.purwakartakab.go.id", self.beat_seconds),
            {"32.14.06": "Sukatani"},
            self.facts,
            **known_too,
        )
        return SitePlanner(known, self.addresses, self.kept)


def make_office(
    root: Path,
    *,
    router: str = "",
    pop: str = "mikrotik-routeros",
    olt: str = "zte-olt",
    ap: str = "",
    version: int = 7,
    links: tuple[Link, ...] = (),
) -> Office:
    """One planned desa; the devices elsewhere are of these platforms."""
    folder = ProvisioningFolder(root)
    folder.write(Layer.KABUPATEN, "", KABUPATEN)
    place = "0/1/3" if olt == "huawei-olt" else "1/1/3"
    chosen = {"router_platform": router or None, "ap_platform": ap or None, "routeros_version": version}
    folder.write(Layer.SITE, SLUG, {**SITE, "olt_port": place, **chosen})
    port = {"mikrotik-routeros": "sfp1", "frr": "eth1"}.get(pop, "GigabitEthernet0/0/2")
    folder.write(Layer.DEVICE, "rtr-sukatani", {"downlink_interface": port})
    up = "0/19/0" if olt == "huawei-olt" else "gei_1/3/1"
    folder.write(
        Layer.DEVICE,
        "olt-sukatani",
        {"line_profile": 10, "service_profile": 20, "traffic_profile": "DW-50M", "olt_uplink": up},
    )
    inventory = Inventory(
        sites=(
            Site("pop-sukatani", "PoP Sukatani", SiteKind.POP, RegionCode("32.14.06")),
            Site(SLUG, "Cibodas", SiteKind.DESA, RegionCode("32.14.06.2007"), stage=Stage.PLANNED),
            Site("pusat", "Pusat Data", SiteKind.DATACENTER, RegionCode("32.14")),
        ),
        devices=(
            Device("olt-sukatani", "pop-sukatani", Role.OLT, platform=olt),
            Device("rtr-sukatani", "pop-sukatani", Role.ROUTER, platform=pop),
            Device("vpn-pusat", "pusat", Role.VPN, platform="mikrotik-routeros"),
        ),
        links=links,
    )
    return Office(root, inventory)
