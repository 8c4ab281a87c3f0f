"""A device's intent and its variables → its configuration. Pure but for templates that are read once.

The same intent always gives the same text: nothing here reads a clock, and nothing is in the order of a set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from domain.intent import Configuration, DeviceIntent, Platform, Section, SiteIntent
from domain.language import _
from provisioning.errors import TemplateError
from provisioning.profiles.variables import Word
from provisioning.rendering.environment import PartTemplate, Ungiven, shipped_templates


@dataclass(frozen=True, slots=True)
class GivenPart:
    """A part that is no template: somebody else writes its lines (the heartbeat). reads: variables it needs."""

    sections: tuple[Section, ...]
    reads: frozenset[str] = frozenset()


Given = Mapping[str, GivenPart]


def variables_read(platform: Platform, parts: Sequence[str], given: Given | None = None) -> frozenset[str]:
    """The variables that these parts need on this platform. Raises TemplateError for a part it does not have."""
    given = given or {}
    names: frozenset[str] = frozenset()
    for part in parts:
        if part in given:
            names |= given[part].reads
        else:
            names |= frozenset[str]().union(*(each.reads for each in shipped_templates(platform).of(part)))
    return names


def render(site: SiteIntent, device: DeviceIntent, given: Given | None = None) -> Configuration:
    """The device's whole configuration of this site, part by part. Raises TemplateError, UnquotableError."""
    assert device.platform is not None, "nothing is configured on it"
    given = given or {}
    context = _context(site, device)
    sections: list[Section] = []
    for part in device.parts:
        if part in given:
            sections.extend(given[part].sections)
            continue
        for template in shipped_templates(device.platform).of(part):
            lines = _lines(template, context, device)
            if lines:
                # A device that serves many sites has a file for each: none is written over another.
                sections.append(Section(part, lines, template.target.replace("{site}", site.slug)))
    return Configuration(device.name, device.platform, device.version, tuple(sections))


def _context(site: SiteIntent, device: DeviceIntent) -> dict[str, Any]:
    return {
        **{name: Ungiven(name) if value is None else value for name, value in device.variables.items()},
        "site": {
            "slug": Word(site.slug),
            "label": site.label,
            "profile": Word(site.profile),
            "suspended": site.suspended,
        },
        "device": {
            "key": device.key,
            "name": Word(device.name),
            "role": Word(device.role.value),
            "address": Word(device.address),
            "model": device.model,
            "serial": device.serial,
        },
        "subnets": {subnet.key: subnet for subnet in site.subnets},
        "vlans": {vlan.key: vlan.id for vlan in site.vlans},
        "version": device.version,
    }


def _lines(template: PartTemplate, context: Mapping[str, Any], device: DeviceIntent) -> tuple[str, ...]:
    try:
        text = template.template.render(context)
    except (UndefinedError, SecurityError) as error:
        raise TemplateError(
            _("{device}: the template {template} asks for what it is not given: {cause}").format(
                device=device.name, template=template.name, cause=error.message
            )
        ) from error
    except TemplateError as error:
        raise type(error)(
            _("{device}: {template}: {cause}").format(device=device.name, template=template.name, cause=error)
        ) from error
    return tuple(line.rstrip() for line in text.splitlines() if line.strip())
