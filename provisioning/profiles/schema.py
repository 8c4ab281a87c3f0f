"""The shape of a site profile: one kind of site as data. Checked by pydantic when it is read.

docs/reference/site-profiles.md describes the same for people who write profiles.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.intent import Platform
from domain.language import _
from domain.network import Check, LinkPurpose, Medium, PollClassName, Role, SiteKind
from provisioning.profiles.variables import Variable

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Naming = Annotated[str, Field(pattern=r"^[a-z0-9-]*\{site\}[a-z0-9-]*$")]
"""A name with `{site}` in it, which becomes the site's slug."""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DeviceProfile(Part):
    """A device that stands at the site. platforms: which it may be, the first is taken if nobody says otherwise; none:
    nothing is configured on it. parts: template parts, in order. uplink: keys of devices or of `elsewhere`.
    """

    key: Key
    name: Naming
    role: Role
    platforms: tuple[Platform, ...] = ()
    parts: tuple[str, ...] = ()
    check: Check = Check.ICMP_SNMP
    poll_class: PollClassName | None = None
    uplink: tuple[str, ...] = ()
    address: str = ""

    @model_validator(mode="after")
    def _told(self) -> "DeviceProfile":
        if bool(self.platforms) != bool(self.parts):
            raise ValueError(_("platforms and parts go together"))
        return self


class ElsewhereProfile(Part):
    """A device at another site that gets this site's parts too. device: the variable that names it."""

    key: Key
    device: Key
    role: Role
    platforms: tuple[Platform, ...]
    parts: tuple[str, ...]


class VlanProfile(Part):
    key: Key
    purpose: str
    about: str = ""


class SubnetProfile(Part):
    """A range of addresses. length: of the prefix. hosts: device keys, which get the addresses from the first on;
    the gateway is the first host. dhcp: addresses left free at the beginning, the rest is given out.
    """

    key: Key
    purpose: str
    length: int = Field(ge=8, le=128)
    family: int = Field(4, ge=4, le=6)
    vlan: str = ""
    hosts: tuple[str, ...] = ()
    dhcp: int | None = Field(None, ge=1)


class LinkProfile(Part):
    name: Naming
    a: str
    z: str = ""
    medium: Medium
    purpose: LinkPurpose = LinkPurpose.SERVICE


class SiteProfile(Part):
    """A kind of site. values: variables at the layer `profile`. variables: declarations beside the common ones."""

    profile: str = Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")
    title: str
    kinds: tuple[SiteKind, ...]
    medium: Medium
    poll_class: PollClassName = PollClassName.FIBRE
    devices: tuple[DeviceProfile, ...]
    elsewhere: tuple[ElsewhereProfile, ...] = ()
    vlans: tuple[VlanProfile, ...] = ()
    subnets: tuple[SubnetProfile, ...] = ()
    links: tuple[LinkProfile, ...] = ()
    services: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    heartbeat: bool = False
    values: dict[str, Any] = Field(default_factory=dict)
    variables: dict[Key, Variable] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _joined(self) -> "SiteProfile":
        here = [device.key for device in self.devices]
        keys = [*here, *(each.key for each in self.elsewhere)]
        for name in (keys, [vlan.key for vlan in self.vlans], [subnet.key for subnet in self.subnets]):
            if len(set(name)) != len(name):
                raise ValueError(_("two entries have one key among {keys}").format(keys=", ".join(name)))
        named = [
            *(up for device in self.devices for up in device.uplink),
            *(host for subnet in self.subnets for host in subnet.hosts),
            *(end for link in self.links for end in (link.a, link.z) if end),
        ]
        _check_known(named, keys, _("device"))
        vlans = [vlan.key for vlan in self.vlans]
        _check_known([subnet.vlan for subnet in self.subnets if subnet.vlan], vlans, _("VLAN"))
        addressed = [device.address for device in self.devices if device.address]
        _check_known(addressed, [subnet.key for subnet in self.subnets], _("subnet"))
        return self


def _check_known(names: list[str], known: list[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(
                _("{name} is no {what} of this profile; there are: {known}").format(
                    name=name, what=what, known=", ".join(known) or "-"
                )
            )
