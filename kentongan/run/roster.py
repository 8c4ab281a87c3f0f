"""Who is polled, how and how often: the inventory in the terms of the collectors, kept in step with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from collectors.snmp.sweep import speaks_to
from domain.network import Device, DeviceStatus, PollClassName
from domain.polling import Endpoint, PollClass
from domain.secrets import Credential, SnmpCommunity, SnmpUser

Access = SnmpCommunity | SnmpUser


class Lane(Enum):
    """Which poller serves a device's SNMP."""

    NONE = "none"  # not asked by SNMP, or its credential or address is missing
    SWEEP = "sweep"  # v2c and v3 over IPv4: all at once, in columns
    SINGLE = "single"  # v1, IPv6: one dialogue each


@dataclass(frozen=True, slots=True)
class Member:
    """One device as the collectors see it. access: None if it is not asked by SNMP."""

    device: Device
    poll_class: PollClass
    access: Access | None

    @property
    def endpoint(self) -> Endpoint | None:
        return Endpoint(self.device.address, self.device.snmp_port, self.access) if self.access else None

    @property
    def lane(self) -> Lane:
        endpoint = self.endpoint
        if endpoint is None:
            return Lane.NONE
        return Lane.SWEEP if speaks_to(endpoint) else Lane.SINGLE

    @property
    def pinged(self) -> bool:
        return self.device.check.by_icmp and bool(self.device.address)


@dataclass(frozen=True, slots=True)
class RosterChange:
    """What a new inventory brought. `changed` members are polled on as before until they are looked at anew."""

    added: tuple[Member, ...]
    changed: tuple[Member, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class Roster:
    """All devices in use, by name."""

    def __init__(self, classes: Mapping[PollClassName, PollClass]) -> None:
        self._classes = classes
        self._members: dict[str, Member] = {}

    def __getitem__(self, name: str) -> Member:
        return self._members[name]

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __len__(self) -> int:
        return len(self._members)

    def members(self) -> Iterable[Member]:
        return self._members.values()

    def update(self, devices: Iterable[Device], credentials: Mapping[str, Credential]) -> RosterChange:
        """Take over an inventory; devices that did not change keep their Member object."""
        wanted = {
            device.name: self._member(device, credentials) for device in devices if device.status is DeviceStatus.IN_USE
        }
        added = tuple(member for name, member in wanted.items() if name not in self._members)
        changed = tuple(
            member for name, member in wanted.items() if name in self._members and self._members[name] != member
        )
        removed = tuple(name for name in self._members if name not in wanted)
        self._members = {name: self._members[name] if self._members.get(name) == m else m for name, m in wanted.items()}
        return RosterChange(added, changed, removed)

    def _member(self, device: Device, credentials: Mapping[str, Credential]) -> Member:
        access = credentials.get(device.credential)
        asked = isinstance(access, SnmpCommunity | SnmpUser) and device.check.by_snmp and device.address
        return Member(device, self._classes[device.poll_class], access if asked else None)  # type: ignore[arg-type]
