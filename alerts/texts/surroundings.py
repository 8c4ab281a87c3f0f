"""What the inventory knows around an incident: where its things stand, whose they are, which contract they fall under.

Made by `alerts/dispatch/directory`; the templates read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.network import SiteKind


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a device, site or link stands. village: it is a desa's own site, and is named as the desa."""

    site: str
    name: str
    kecamatan: str = ""
    kind: SiteKind | None = None

    @property
    def is_village(self) -> bool:
        return self.kind in (SiteKind.DESA, SiteKind.KELURAHAN)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """spots: names of devices and sites, and links by the site of their far end.

    area: the kecamatan whose team goes. regions: codes of what is touched. owners: organisations of the applications.
    provider, circuit_id, contract…: of the circuit that is the cause, or that the cause's site hangs on.
    is_part: whoever reads it is told of their own area alone. is_outside: the cause lies outside of it.
    """

    spots: Mapping[str, Spot] = field(default_factory=dict)
    area: str = ""
    regions: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    provider: str = ""
    circuit_id: str = ""
    contract: str = ""
    sla_percent: float | None = None
    noc_phone: str = ""
    noc_email: str = ""
    access_note: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_part: bool = False
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses that a message may end with; an empty one is left out."""

    map: str = ""
    acknowledge: str = ""
    incident: str = ""
    ticket: str = ""
