"""Changing a site: the steps of a job carried out, each kept before and after; how a device is told and reverts."""

from provisioning.changing.devices import DeviceSteps, Party
from provisioning.changing.errors import (
    ChangedSinceError,
    ChangeError,
    DeviceRefusedError,
    HeldError,
    NoWayError,
    RevertedError,
    StrandedError,
    UnapprovedError,
    UnlikeError,
    WrongDeviceError,
)
from provisioning.changing.runner import Carry, SiteChange
from provisioning.changing.telling import shown_acts

__all__ = [
    "Carry",
    "ChangeError",
    "ChangedSinceError",
    "DeviceRefusedError",
    "DeviceSteps",
    "HeldError",
    "NoWayError",
    "Party",
    "RevertedError",
    "SiteChange",
    "StrandedError",
    "UnapprovedError",
    "UnlikeError",
    "WrongDeviceError",
    "shown_acts",
]
