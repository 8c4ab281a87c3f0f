"""A site as it is to be, before any device is told: made from a profile, variables and allotted addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from domain.intent.platforms import Platform
from domain.intent.secret_holes import SecretHole
from domain.network import Check, LinkPurpose, Medium, PollClassName, RegionCode, Role, SiteKind

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Scalar = str | int | bool | None | Address | Network | SecretHole
Value = Scalar | tuple[Scalar, ...]
"""A checked variable: what a template is given."""


@dataclass(frozen=True, slots=True)
class VlanIntent:
    """A VLAN the site needs. key: its name in the profile (`management`, `service`)."""

    key: str
    id: int


@dataclass(frozen=True, slots=True)
class SubnetIntent:
    """A range of addresses at the site. hosts: name of a device in the profile → its address in the range."""

    key: str
    purpose: str
    prefix: Network
    vlan: str = ""
    gateway: Address | None = None
    dhcp_from: Address | None = None
    dhcp_to: Address | None = None
    hosts: Mapping[str, Address] = field(default_factory=dict)

    @property
    def length(self) -> int:
        return self.prefix.prefixlen

    @property
    def netmask(self) -> Address:
        return self.prefix.netmask


@dataclass(frozen=True, slots=True)
class LinkIntent:
    """A link of the new site; an empty `z_device` is a provider's side."""

    name: str
    a_device: str
    z_device: str = ""
    medium: Medium = Medium.FIBRE
    purpose: LinkPurpose = LinkPurpose.SERVICE
    a_interface: str = ""
    z_interface: str = ""


@dataclass(frozen=True, slots=True)
class DeviceIntent:
    """A device and what it is told. key: its name in the profile (`router`). elsewhere: it serves other sites too and
    gets only this site's parts (an OLT, the PoP's router, a concentrator). platform: None if nothing is configured on
    it. variables: every checked variable its parts read, by name.
    """

    key: str
    name: str
    role: Role
    platform: Platform | None = None
    version: int = 0
    parts: tuple[str, ...] = ()
    variables: Mapping[str, Value] = field(default_factory=dict)
    elsewhere: bool = False
    address: str = ""
    check: Check = Check.ICMP_SNMP
    poll_class: PollClassName = PollClassName.FIBRE
    uplink: tuple[str, ...] = ()
    model: str = ""
    serial: str = ""


@dataclass(frozen=True, slots=True)
class SiteIntent:
    """Everything about one site that templates, monitoring and verification need. label: its name in plain ASCII.

    services: codes of services that must be reachable from it. checks: names of the checks that verify it. suspended:
    it is built and gets no service now.
    """

    slug: str
    label: str
    kind: SiteKind
    profile: str
    region_code: RegionCode | None = None
    district: str = ""
    medium: Medium = Medium.FIBRE
    devices: tuple[DeviceIntent, ...] = ()
    links: tuple[LinkIntent, ...] = ()
    subnets: tuple[SubnetIntent, ...] = ()
    vlans: tuple[VlanIntent, ...] = ()
    services: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    heartbeat: bool = False
    suspended: bool = False
