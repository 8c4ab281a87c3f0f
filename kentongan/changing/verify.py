"""The checks of a site, asked of the real network, and their results for people and programs."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from collectors.iperf3 import Iperf3
from collectors.link import SegmentChecks
from domain.changes import Checked, Job
from domain.intent import Platform, SitePlan
from domain.language import _
from domain.network import Inventory, LinkPurpose, SegmentKind
from domain.secrets import Credential, Secret, SshLogin
from domain.shell import LoginRefusedError, Shell, UnreachableError
from kentongan.changing.check_inputs import HeardBeats, Pictures, factory_communities
from kentongan.changing.ports import Echoes, SnmpProbe
from kentongan.planning.sources import credentials_of
from kentongan.settings import ChangesSettings
from provisioning.changing import Party
from provisioning.store.speeds import MeasuredSpeed, SqlSpeeds
from provisioning.verification import Ground, verify
from provisioning.verification.budget import OpticalPath
from provisioning.verification.speed_test import BandwidthServer, Rate, SpeedTest
from provisioning.verification.throughput import NAME as THROUGHPUT

if TYPE_CHECKING:
    from kentongan.changing.changes import SiteChanges

DEFAULTS: Mapping[Platform, tuple[tuple[str, str], ...]] = {
    Platform.ROUTEROS: (("admin", ""),),
    Platform.OPENWRT: (("root", ""),),
    Platform.IOS: (("cisco", "cisco"),),
    Platform.VRP: (("admin", "admin@huawei.com"),),
    Platform.FRR: (("root", "root"),),
}


def verify_site(changes: "SiteChanges", job: Job) -> tuple[Checked, ...]:
    found = verify_plan(changes, changes.plan_of(job), changes.parties(job))
    keep_speeds(changes, job, found)
    return found


def keep_speeds(changes: "SiteChanges", job: Job, found: Iterable[Checked]) -> None:
    """What was measured stands with the job, also what was less than it was to be: coverage takes it for a proof that
    something comes through."""
    now = changes.installation.clock.now().utc
    speeds = [
        MeasuredSpeed(job.site, each.device, now, down, _number(each, "upMbps"))
        for each in found
        if each.name == THROUGHPUT and (down := _number(each, "downMbps"))
    ]
    SqlSpeeds(changes.installation.database.engine).keep(job.id, speeds)


def _number(check: Checked, name: str) -> float | None:
    value = check.evidence.get(name)
    return float(value) if isinstance(value, int | float) else None


def verify_plan(
    changes: "SiteChanges", plan: SitePlan, parties: Mapping[str, Party], iperf3: str = ""
) -> tuple[Checked, ...]:
    """Blocks as long as the slowest device needs. iperf3: address of a server that somebody started at the site."""
    installation = changes.installation
    inventory = installation.inventory.read()
    ports = {device.address: device.snmp_port for device in inventory.devices}
    credentials = credentials_of(installation)
    probe = SnmpProbe(credentials, changes.profiles, ports)

    def party_of(device: str) -> Party:
        if device not in parties:
            raise UnreachableError(device, _("{device} is no part of this change.").format(device=device))
        return parties[device]

    @contextmanager
    def shell(device: str) -> Iterator[Shell]:
        opened = changes.config.shells.open(party_of(device).then)
        try:
            yield opened
        finally:
            opened.close()

    def takes_defaults(device: str) -> bool:
        party = party_of(device)
        for user, password in DEFAULTS.get(party.configuration.platform, ()):
            target = replace(party.then, login=SshLogin("default", user, Secret(password)))
            try:
                changes.config.shells.open(target).close()
            except LoginRefusedError:
                continue
            return True
        return False

    settings = changes.settings.changes
    ground = Ground(
        Echoes(),
        cache(probe),
        shell,
        takes_defaults,
        _fibres(inventory),
        {service.code: service.url for service in inventory.services},
        settings.dns_name,
        link=SegmentChecks(),
        throughput=_speed_means(settings, inventory, credentials, iperf3),
        communities=lambda address: factory_communities(address, ports.get(address, 161)),
        stream=Pictures(changes.settings, {each.name: each for each in inventory.devices}, credentials),
        heartbeat=HeardBeats(changes.settings),
    )
    return verify(plan.intent, ground)


def _speed_means(
    settings: ChangesSettings, inventory: Inventory, credentials: Mapping[str, Credential], iperf3: str
) -> SpeedTest | None:
    """None where settings say that nobody measures."""
    if not settings.throughput_seconds:
        return None
    rates = {
        link.a_device: Rate(link.name, link.cir_down_mbps or link.capacity_mbps, link.cir_up_mbps or link.capacity_mbps)
        for link in inventory.links
        if link.purpose is LinkPurpose.SERVICE
    }
    login = credentials.get(settings.bandwidth_credential)
    server = None
    if settings.bandwidth_server and isinstance(login, SshLogin):
        server = BandwidthServer(settings.bandwidth_server, login)
    return SpeedTest(Iperf3(), iperf3, rates, settings.throughput_seconds, settings.throughput_share, server)


def _fibres(inventory: Inventory) -> Mapping[str, OpticalPath]:
    """Device → the fibre it hangs on, as far as links.csv and segments.csv tell. A splitter's name ends as `1:8`."""
    splitters = (each.name for each in inventory.segments if each.kind is SegmentKind.SPLITTER)
    ways = {name: int(end[1]) for name in splitters if (end := re.search(r"(\d+)\D*$", name))}
    found: dict[str, OpticalPath] = {}
    for link in inventory.links:
        if link.length_km is not None:
            splits = tuple(ways[name] for name in link.segments if name in ways)
            found[link.a_device] = OpticalPath(link.length_km, splits)
    return found


def check_as_json(check: Checked) -> dict[str, Any]:
    return asdict(check) | {"outcome": check.outcome.value}
