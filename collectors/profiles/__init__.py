"""Device knowledge as data: how a platform is recognised, what it can be read by, and what may be asked of it."""

from collectors.profiles.loader import Profiles, parse
from collectors.profiles.schema import (
    Identity,
    Join,
    Mains,
    NeighbourTable,
    OnuTable,
    Profile,
    Sensor,
    Sign,
    Source,
    Table,
)
from collectors.profiles.shipped import shipped_profiles

__all__ = [
    "Identity",
    "Join",
    "Mains",
    "NeighbourTable",
    "OnuTable",
    "Profile",
    "Profiles",
    "Sensor",
    "Sign",
    "Source",
    "Table",
    "parse",
    "shipped_profiles",
]
