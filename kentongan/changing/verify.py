"""The checks of a site, asked of the real network, and their results for people and programs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from collectors.profiles import shipped_profiles
from domain.changes import Checked, Job
from domain.intent import Platform, SitePlan
from domain.language import _
from domain.network import Inventory
from domain.secrets import Secret, SshLogin
from domain.shell import LoginRefusedError, Shell, UnreachableError
from kentongan.changing.ports import Echoes, SnmpProbe
from kentongan.planning.sources import credentials_of
from provisioning.changing import Party
from provisioning.verification import Ground, verify
from provisioning.verification.budget import OpticalPath

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
    return verify_plan(changes, changes.plan_of(job), changes.parties(job))


def verify_plan(changes: "SiteChanges", plan: SitePlan, parties: Mapping[str, Party]) -> tuple[Checked, ...]:
    """Blocks as long as the slowest device needs."""
    installation = changes.installation
    inventory = installation.inventory.read()
    ports = {device.address: device.snmp_port for device in inventory.devices}
    probe = SnmpProbe(credentials_of(installation), shipped_profiles(installation.loaded.profiles), ports)

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

    urls = {service.code: service.url for service in inventory.services}
    ground = Ground(
        Echoes(), probe, shell, takes_defaults, _fibres(plan, inventory), urls, changes.settings.changes.dns_name
    )
    return verify(plan.intent, ground)


def _fibres(plan: SitePlan, inventory: Inventory) -> Mapping[str, OpticalPath]:
    """Device → the fibre it hangs on, as far as links.csv and segments.csv tell."""
    splitters = {each.name for each in inventory.segments if each.kind.value == "splitter"}
    ways = {name: int(digits) for name in splitters if (digits := "".join(filter(str.isdigit, name.split("-")[-1])))}
    found: dict[str, OpticalPath] = {}
    for link in inventory.links:
        if link.length_km is not None:
            splits = tuple(ways[name] for name in link.segments if name in ways)
            found[link.a_device] = OpticalPath(link.length_km, splits)
    return found


def check_as_json(check: Checked) -> dict[str, Any]:
    return asdict(check) | {"outcome": check.outcome.value}
