"""What a plan should make somebody think about before it is applied. Pure; sentences for people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from collectors.store.plans import DeviceFacts
from domain.intent import Configuration, Platform, SecretHole, SitePlan
from domain.language import _
from domain.network import Device, Site, Stage
from domain.polling import PollClass
from kentongan.planning.way_in import LoginOf, nobody_looked, shut_out
from provisioning.platforms.pushing import UNTIMED

STALE = timedelta(days=2)
NEW = (Stage.PLANNED, Stage.FUNDED)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What stands around a plan. left: devices of the site that the profile does not know. ages: of the
    backups that were compared with."""

    site: Site
    left: tuple[Device, ...]
    poll_class: PollClass
    secret_is_known: Callable[[SecretHole], bool] | None = None
    facts: Mapping[str, DeviceFacts] = field(default_factory=dict)
    ages: Mapping[str, timedelta] = field(default_factory=dict)
    admin_login: LoginOf = nobody_looked


def warnings_of(plan: SitePlan, around: Circumstances) -> tuple[str, ...]:
    return tuple(_all(plan, around))


def _all(plan: SitePlan, around: Circumstances) -> Iterator[str]:
    site = plan.intent
    if around.site.stage not in NEW:
        yield _("{site} is {stage} already: what it has is compared with what a new site would get.").format(
            site=site.slug, stage=around.site.stage.value
        )
    for device in around.left:
        yield _("{device} ({role}) stands at the site and not in the profile {profile}: it is left as it is.").format(
            device=device.name, role=device.role.value, profile=site.profile
        )
    for configuration in plan.configurations:
        yield from _of_device(plan, configuration, around)
    yield from _of_secrets(plan, around)
    for told in plan.intent.devices:
        yield from shut_out(told, around.admin_login)
    yield from _of_traffic(plan, around)


def _of_device(plan: SitePlan, configuration: Configuration, around: Circumstances) -> Iterator[str]:
    device = next(each for each in plan.intent.devices if each.name == configuration.device)
    facts = around.facts.get(device.name)
    if device.platform is Platform.ROUTEROS and not (facts and facts.version):
        yield _("{device}: written for RouterOS {version}, which nobody has measured (routeros_version).").format(
            device=device.name, version=device.version
        )
    if "tunnel" in device.parts and device.platform is Platform.ROUTEROS and device.version < 7:
        yield _("{device}: RouterOS 6 has no WireGuard; its tunnel is L2TP over IPsec.").format(device=device.name)
    if "heartbeat" in device.parts and not any(each.part == "heartbeat" for each in configuration.sections):
        yield _("{device}: {platform} cannot push a heartbeat.").format(
            device=device.name, platform=configuration.platform.value
        )
    if device.elsewhere and device.name not in plan.differences:
        yield _("{device}: no backup of it to compare with. Make one: kentongan config backup {device}").format(
            device=device.name
        )
    if configuration.platform in UNTIMED:
        yield _(
            "{device}: it cannot come back by itself. If a change fails, Kentongan takes its lines back one by one."
        ).format(device=device.name)
    if around.ages.get(device.name, timedelta()) > STALE:
        yield _("{device}: its backup is {days} days old; what was changed since is not seen here.").format(
            device=device.name, days=around.ages[device.name].days
        )


def _of_secrets(plan: SitePlan, around: Circumstances) -> Iterator[str]:
    if around.secret_is_known is None:
        return
    holes = sorted({hole for each in plan.configurations for hole in each.holes})
    for hole in holes:
        if not hole.credential.startswith("heartbeat-") and not around.secret_is_known(hole):
            yield _("The credential {name} has no {field} yet. Add it: kentongan credential add --help").format(
                name=hole.credential, field=hole.field
            )


def _of_traffic(plan: SitePlan, around: Circumstances) -> Iterator[str]:
    traffic = plan.traffic
    most = around.poll_class.month_megabytes
    if not traffic.metered:
        return
    if most and traffic.polling > most * len(plan.watched):
        yield _(
            "Polling would cost {megabytes:.0f} MB a month; the class {name} allows {most:.0f} MB a device."
        ).format(megabytes=traffic.polling, name=around.poll_class.name.value, most=most)
    if traffic.heartbeat > traffic.polling:
        yield _(
            "The heartbeat would cost {megabytes:.0f} MB a month on a metered line. Raise heartbeat.interval_seconds."
        ).format(megabytes=traffic.heartbeat)
    if traffic.quota_gb and traffic.total > traffic.quota_gb * 1000 * 0.02:
        yield _("Watching takes {share:.1f} % of the line's quota of {quota:g} GB.").format(
            share=traffic.total / traffic.quota_gb / 10, quota=traffic.quota_gb
        )
