"""What a site is to be: its devices, addresses, configurations, and the plan that shows it before anything is done."""

from domain.intent.configuration import Configuration, Section
from domain.intent.difference import Change, ChangeKind, Difference
from domain.intent.plan import KeptConfigurations, KeptText, SitePlan, Traffic, Watched
from domain.intent.platforms import Platform
from domain.intent.secret_holes import SecretHole, masked
from domain.intent.site import DeviceIntent, LinkIntent, SiteIntent, SubnetIntent, Value, VlanIntent

__all__ = [
    "Change",
    "ChangeKind",
    "Configuration",
    "DeviceIntent",
    "Difference",
    "KeptConfigurations",
    "KeptText",
    "LinkIntent",
    "Platform",
    "SecretHole",
    "Section",
    "SiteIntent",
    "SitePlan",
    "SubnetIntent",
    "Traffic",
    "Value",
    "VlanIntent",
    "Watched",
    "masked",
]
