"""The page docs/reference/site-profiles.md, from the shipped profiles, checks, variables and the templates."""

from collections.abc import Iterable, Mapping

from domain.intent import Platform
from provisioning.profiles import DeviceProfile, ElsewhereProfile, SiteProfile, SiteProfiles, Variable, site_profiles
from provisioning.rendering import GivenPart, shipped_templates, variables_read
from provisioning.verification import CHECKS

_HEARTBEAT = {"heartbeat": GivenPart(())}


def site_profiles_page(written: str) -> str:
    """written: the sentence that says where the page comes from."""
    found = site_profiles()
    lines = [
        "# Site profiles and their variables",
        "",
        written,
        "",
        "How to use and write them: [Plan a new site](../how-to/site-profiles.md).",
        "",
        "## Profiles",
        "",
    ]
    for profile in found:
        lines += _profile(profile)
    lines += ["## Checks", "", *_checks(found)]
    lines += ["## Variables", "", *_variables(found), "## Parts of each platform", ""]
    lines += ["| platform | parts |", "|---|---|"]
    lines += [f"| `{each.value}` | {_codes(sorted(shipped_templates(each).parts))} |" for each in Platform]
    lines += ["", "`heartbeat` is written by the program for `mikrotik-routeros`, `openwrt` and `frr`.", ""]
    return "\n".join(lines)


def _profile(profile: SiteProfile) -> list[str]:
    lines = [
        f"### {profile.profile}",
        "",
        f"{profile.title}. For sites of the kinds {_codes(profile.kinds)}; polled as `{profile.poll_class.value}`.",
        "",
        "| device | role | platforms | parts |",
        "|---|---|---|---|",
    ]
    told: list[DeviceProfile | ElsewhereProfile] = [*profile.devices, *profile.elsewhere]
    for entry in told:
        name = entry.name if isinstance(entry, DeviceProfile) else f"elsewhere: the device that `{entry.device}` names"
        shown = f"`{name}`" if isinstance(entry, DeviceProfile) else name
        lines.append(
            f"| `{entry.key}` ({shown}) | {entry.role.value} | {_codes(entry.platforms) or 'nothing is configured'} "
            f"| {_codes(entry.parts)} |"
        )
    ranges = ", ".join(f"`{each.key}` (purpose `{each.purpose}`, /{each.length})" for each in profile.subnets)
    vlans = ", ".join(f"`{each.key}` ({each.about or each.purpose})" for each in profile.vlans)
    return [*lines, "", f"Ranges: {ranges}. VLANs: {vlans or 'none'}. Checks: {_codes(profile.checks)}.", ""]


def _checks(found: SiteProfiles) -> list[str]:
    lines = ["A check says `passed`, `failed`, or `not checked` with the reason. A profile may name any of them.", ""]
    lines += ["| check | what it looks at | shipped profiles |", "|---|---|---|"]
    users = {name: [each.profile for each in found if name in each.checks] for name in CHECKS}
    for name, check in CHECKS.items():
        lines.append(f"| `{name}` | {' '.join((check.__doc__ or '').split())} | {_codes(users[name])} |")
    return [*lines, ""]


def _variables(found: SiteProfiles) -> list[str]:
    readers = _readers(found)
    lines = ["| variable | type | layer | default | what it is | read by |", "|---|---|---|---|---|---|"]
    for name, variable in found.common.items():
        lines.append(
            f"| `{name}` | {variable.kind.value}{', several' if variable.many else ''} | {variable.layer.value} "
            f"| {_default(variable)} | {variable.about} | {_codes(readers.get(name, ()))} |"
        )
    return [*lines, ""]


def _readers(found: SiteProfiles) -> Mapping[str, list[str]]:
    """Variable → parts that read it on any platform, sorted."""
    readers: dict[str, set[str]] = {}
    for platform in Platform:
        for part in shipped_templates(platform).parts:
            for name in variables_read(platform, [part], _HEARTBEAT):
                readers.setdefault(name, set()).add(part)
    return {name: sorted(parts) for name, parts in readers.items()}


def _default(variable: Variable) -> str:
    if variable.optional:
        return "optional"
    if variable.default is None:
        return "**required** where it is read"
    if isinstance(variable.default, Mapping):
        return "; ".join(f"{name}: {_plain(value)}" for name, value in variable.default.items())
    return _plain(variable.default)


def _plain(value: object) -> str:
    return ", ".join(f"`{each}`" for each in (value if isinstance(value, list) else [value]))


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
