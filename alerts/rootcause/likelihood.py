"""How hard each kind of cause is to believe in, in one table. Lower is likelier; one unit is a factor of e.

It only ranks what the pattern of dark and lit leaves open. The order of arguments: evidence, then fewer causes, then
the kind by medium.
"""

from typing import Final

from domain.network import Medium, Role, Segment, SegmentKind


class Likelihood:
    """Costs. A second cause costs EACH more: no difference of kind outweighs it, evidence may."""

    EACH: Final = 10.0
    SITE: Final = 1.7  # no power at the building: the commonest fault of a village office
    SITE_WITH_BACKUP: Final = 2.3
    FEEDER: Final = 2.4
    PROVIDER: Final = 2.6
    MANAGEMENT: Final = 2.2
    DEVICE: Final = 2.0
    PORT_DOWN: Final = -1.5  # added to a link whose port says down at either end
    PORT_DOWN_SEGMENT: Final = -1.0
    PORT_UP_FAR_SITE: Final = 1.0  # added to a site whose only way in shows light: something there has power
    TELLS_APART: Final = 3.5  # causes that differ by more are not called indistinct
    LEAST: Final = 0.5
    """No cause gets cheaper than this, however much speaks for it."""


_BETWEEN_SITES: Final = {
    Medium.FIBRE: 1.0,  # kilometres along a road: likelier than the box at its end
    Medium.RADIO: 1.0,
    Medium.COPPER: 1.8,
    Medium.LTE: 1.0,
    Medium.VSAT: 1.0,
    Medium.LEO: 1.0,
    Medium.VPN: 2.8,
}
_WITHIN_SITE: Final = 2.6  # a patch cord
_IMPLIED: Final = 2.6  # nobody named a link: the device is what people know
_SEGMENT: Final = {
    SegmentKind.CABLE: 1.3,
    SegmentKind.CLOSURE: 1.5,
    SegmentKind.POLE: 1.5,
    SegmentKind.SPLITTER: 1.5,
    SegmentKind.TOWER: 1.7,
    SegmentKind.FEEDER: Likelihood.FEEDER,
}
_LEAF_ROLES: Final = frozenset({Role.AP, Role.CAMERA, Role.ONU, Role.MODEM, Role.CONVERTER, Role.SENSOR, Role.RADIO})


def cost_of_line(medium: Medium, *, within_site: bool, implied: bool) -> float:
    if medium is Medium.VPN:
        return _BETWEEN_SITES[medium]
    if implied:
        return _IMPLIED
    return _WITHIN_SITE if within_site else _BETWEEN_SITES[medium]


def cost_of_segment(segment: Segment | None) -> float:
    return _SEGMENT[segment.kind] if segment is not None else _SEGMENT[SegmentKind.CABLE]


def cost_of_site(backed: bool) -> float:
    return Likelihood.SITE_WITH_BACKUP if backed else Likelihood.SITE


def cost_of_device(role: Role) -> float:
    return Likelihood.DEVICE - 0.1 if role in _LEAF_ROLES else Likelihood.DEVICE
