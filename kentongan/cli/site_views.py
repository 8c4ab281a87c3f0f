"""How a plan of a site looks: as JSON with stable keys, and for people."""

from typing import Any

from domain.intent import ChangeKind, Configuration, Difference, SitePlan, masked
from domain.language import _
from kentongan.cli.output import note, print_table
from kentongan.planning.heartbeat import PART
from provisioning.profiles import DeviceProfile, ElsewhereProfile, SiteProfile, SiteProfiles
from provisioning.profiles.variables import Variable
from provisioning.rendering import GivenPart, variables_read


def plan_as_json(plan: SitePlan) -> dict[str, Any]:
    site = plan.intent
    written = {each.device: each for each in plan.configurations}
    return {
        "site": site.slug,
        "label": site.label,
        "profile": site.profile,
        "medium": site.medium.value,
        "allocations": [
            {"label": each.label, "kind": each.kind.value, "value": each.text, "pool": each.pool, "new": each.is_new}
            for each in plan.allocations
        ],
        "devices": [
            {
                "key": device.key,
                "name": device.name,
                "role": device.role.value,
                "platform": device.platform.value if device.platform else None,
                "version": device.version or None,
                "elsewhere": device.elsewhere,
                "address": device.address,
                "configuration": _configuration(written.get(device.name)),
                "difference": _difference(plan.differences.get(device.name)),
            }
            for device in site.devices
        ],
        "links": [
            {
                "name": link.name,
                "aDevice": link.a_device,
                "zDevice": link.z_device,
                "medium": link.medium.value,
                "purpose": link.purpose.value,
            }
            for link in site.links
        ],
        "monitored": [
            {
                "device": each.device,
                "address": each.address,
                "check": each.check.value,
                "pollClass": each.poll_class.value,
                "megabytesPerMonth": each.month_megabytes,
            }
            for each in plan.watched
        ],
        "services": list(site.services),
        "checks": list(site.checks),
        "traffic": {
            "pollingMegabytesPerMonth": plan.traffic.polling,
            "heartbeatMegabytesPerMonth": plan.traffic.heartbeat,
            "metered": plan.traffic.metered,
            "quotaGigabytes": plan.traffic.quota_gb,
        },
        "warnings": list(plan.warnings),
    }


def _configuration(configuration: Configuration | None) -> dict[str, Any] | None:
    if configuration is None:
        return None
    return {
        "fingerprint": configuration.fingerprint,
        "secrets": sorted(f"{hole.credential}/{hole.field}" for hole in configuration.holes),
        "sections": [
            {"part": each.part, "target": each.target, "lines": [masked(line) for line in each.lines]}
            for each in configuration.sections
        ],
    }


def _difference(difference: Difference | None) -> dict[str, Any] | None:
    if difference is None:
        return None
    return {
        "matches": difference.matches,
        "same": difference.same,
        **{kind.value: difference.count(kind) for kind in ChangeKind},
        "changes": [
            {"kind": each.kind.value, "place": each.place, "line": masked(each.line), "before": masked(each.before)}
            for each in difference.changes
        ],
    }


def plan_for_people(plan: SitePlan) -> None:
    site = plan.intent
    print(_("{site}: {label}, profile {profile}").format(site=site.slug, label=site.label, profile=site.profile))
    print("\n== " + _("Addresses and VLANs") + " ==")
    rows = [
        (each.label, each.text, each.pool, _("would be taken") if each.is_new else _("has it"))
        for each in plan.allocations
    ]
    print_table([_("for"), _("value"), _("pool"), ""], rows)
    for configuration in plan.configurations:
        difference = plan.differences.get(configuration.device)
        head = f"{configuration.device} ({configuration.platform.value})"
        if difference is None:
            print(f"\n== {head}: " + _("whole configuration") + f" ==\n{configuration.shown()}", end="")
        elif difference.matches:
            print(f"\n== {head}: " + _("nothing to change") + " ==")
        else:
            print(f"\n== {head}: " + _("changes against its last backup") + f" ==\n{difference.shown()}", end="")
    print("\n== " + _("Will be watched") + " ==")
    head_row = [_("device"), _("address"), _("check"), _("class"), _("MB a month")]
    watched = [
        (each.device, each.address, each.check.value, each.poll_class.value, each.month_megabytes)
        for each in plan.watched
    ]
    print_table(head_row, watched, right=(4,))
    metered = _("on a metered line") if plan.traffic.metered else _("on a line without a quota")
    print(
        _("Polling about {polling:.0f} MB a month, heartbeat about {heartbeat:.0f} MB, {metered}.").format(
            polling=plan.traffic.polling, heartbeat=plan.traffic.heartbeat, metered=metered
        )
    )
    print(_("Checks: {checks}").format(checks=", ".join(site.checks) or "-"))
    for warning in plan.warnings:
        note(_("Warning: {warning}").format(warning=warning))


def profile_as_json(found: SiteProfiles, profile: SiteProfile) -> dict[str, Any]:
    """variables: those that its parts read on any platform they may be on."""
    declared = found.variables_of(profile)
    given = {PART: GivenPart(())}
    names: set[str] = {other.device for other in profile.elsewhere}
    told: list[DeviceProfile | ElsewhereProfile] = [*profile.devices, *profile.elsewhere]
    for entry in told:
        for platform in entry.platforms:
            names |= variables_read(platform, entry.parts, given)
    return {
        "profile": profile.profile,
        "title": profile.title,
        "source": found.sources[profile.profile],
        "kinds": [kind.value for kind in profile.kinds],
        "medium": profile.medium.value,
        "pollClass": profile.poll_class.value,
        "devices": [
            {"key": each.key, "role": each.role.value, "platforms": list(each.platforms), "parts": list(each.parts)}
            for each in told
        ],
        "vlans": [vlan.key for vlan in profile.vlans],
        "subnets": [{"key": each.key, "purpose": each.purpose, "length": each.length} for each in profile.subnets],
        "checks": list(profile.checks),
        "variables": [_variable(name, declared[name]) for name in sorted(names)],
    }


def _variable(name: str, variable: Variable) -> dict[str, Any]:
    return {
        "name": name,
        "type": variable.kind.value + (_(", several") if variable.many else ""),
        "layer": variable.layer.value,
        "required": variable.required,
        "default": variable.default,
        "about": variable.about,
    }
