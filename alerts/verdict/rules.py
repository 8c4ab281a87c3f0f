"""What each witness says: a table of evidence against kinds of fault. Data, with the reason beside each row.

A weight of 3 is a witness that settles it alone, 2 one that stands but may be mistaken, 1 a hint. Negative weights
speak against. `WAY` is the kind of the medium that was lost: fibre, radio, or the provider behind LTE and satellite.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.incidents import CauseKind, EvidenceKind, VerdictKind
from domain.network import Medium

E, V = EvidenceKind, VerdictKind

WAY: Final = "way"
Weights = Mapping[VerdictKind | str, int]


def _says(**weights: int) -> Weights:
    return MappingProxyType({WAY if name == WAY else VerdictKind(name): weight for name, weight in weights.items()})


WEIGHTS: Final[Mapping[EvidenceKind, Weights]] = MappingProxyType(
    {
        # an ONU spends its last milliseconds to say that its power fails; a cut fibre leaves it no time
        E.ONU_DYING_GASP: _says(power=3, fibre=-2),
        # also what an ONU without dying gasp looks like when its power fails
        E.ONU_LOSS_OF_SIGNAL: _says(fibre=2, power=-1),
        E.ONU_ONLINE: _says(device=1, fibre=-3, power=-1),
        # switched off at the OLT: unpaid, or by mistake
        E.ONU_DEACTIVATED: _says(provider=2, fibre=-2, power=-2),
        E.UPS_ON_BATTERY: _says(power=3),
        E.UPS_ON_MAINS: _says(power=-3),
        E.VOLTAGE_LOW: _says(power=2),
        E.FEEDER_DARK: _says(power=2),
        # not the feeder; the site's own meter may still be out
        E.FEEDER_LIT: _says(power=-1),
        E.PLN_NOTICE: _says(power=2),
        E.BOOTED_ON_RETURN: _says(power=3, fibre=-2, radio=-2, provider=-2),
        E.STAYED_ON: _says(way=1, power=-3, device=-1),
        # it had power while its way was still cut: staff switch routers off and on when the internet dies
        E.RESTARTED_DURING: _says(way=1, power=-3, device=-1),
        E.REBOOTED: _says(device=2),
        # also what is seen when the far end has no power; see EXPLAINED
        E.RX_LOST: _says(fibre=2),
        E.RX_PRESENT: _says(device=1, fibre=-3, power=-2),
        # light that fades before it is lost: no switch does that
        E.RX_FELL: _says(fibre=2),
        E.PORT_DOWN: _says(way=1),
        E.PORT_UP: _says(device=1, fibre=-2, power=-1),
        E.RADIO_FADED: _says(radio=3),
        # the far end lives, so it has power
        E.LIT_BY_OTHER_WAY: _says(way=2, power=-2, device=-2),
        E.ALL_BEHIND_DARK: _says(way=1),
        E.HEARTBEAT_GOES_ON: _says(management=3, power=-3, fibre=-3, device=-3, radio=-3, provider=-3),
        E.HEARTBEAT_STOPPED: _says(management=-2),
        E.INTERNET_FAILS: _says(provider=3, power=-2),
        E.WAN_UP: _says(provider=1, power=-2),
        E.PROVIDER_DARK: _says(provider=3),
        E.PROVIDER_NOTICE: _says(provider=3),
        E.ANSWERS_ECHO: _says(device=1, fibre=-3, power=-3, radio=-3),
        # its neighbours at the site live
        E.SILENT_ALONE: _says(device=2, power=-2, fibre=-1),
        E.SERVICE_FAILS: _says(service=3),
        E.CERTIFICATE: _says(service=3),
        E.MANAGEMENT_LOST: _says(management=3),
        E.OWN_PATH_LOST: _says(poller=3, fibre=-3, power=-3, device=-3),
        E.THRESHOLD: _says(device=1),
        # a matter of the people at the site: a box was plugged in, an address typed in
        E.DHCP_STRANGER: _says(device=1),
        E.ADDRESS_TWICE: _says(device=1),
        # kept and shown, but no witness of a kind
        E.REPORTED: _says(),
    }
)

OF_CAUSE: Final[Mapping[CauseKind, EvidenceKind]] = MappingProxyType(
    {
        CauseKind.FEEDER: E.FEEDER_DARK,
        CauseKind.PROVIDER: E.PROVIDER_DARK,
        CauseKind.SERVICE: E.SERVICE_FAILS,
        CauseKind.MANAGEMENT: E.MANAGEMENT_LOST,
        CauseKind.POLLER: E.OWN_PATH_LOST,
    }
)
"""What the pattern of the dark says already by having such a cause; counted once if a witness says it as well."""

EXPLAINED: Final[Mapping[VerdictKind, frozenset[EvidenceKind]]] = MappingProxyType(
    {
        V.POWER: frozenset({E.RX_LOST, E.PORT_DOWN, E.ALL_BEHIND_DARK}),
        V.MANAGEMENT: frozenset({E.ALL_BEHIND_DARK, E.PORT_DOWN}),
        V.POLLER: frozenset(EvidenceKind) - {E.OWN_PATH_LOST},
    }
)
"""What follows from a fault of this kind anyhow, once a witness of weight 3 stands for it and none of 2 against."""

RIVALS: Final = (
    (frozenset({E.ONU_DYING_GASP}), frozenset({E.ONU_LOSS_OF_SIGNAL})),
    (frozenset({E.BOOTED_ON_RETURN}), frozenset({E.STAYED_ON, E.RESTARTED_DURING})),
    (frozenset({E.UPS_ON_BATTERY}), frozenset({E.UPS_ON_MAINS})),
)
"""Two camps of one sort of witness, of which many speak at once: `Thresholds.majority` of them silences the rest."""

OF_MEDIUM: Final[Mapping[Medium, VerdictKind]] = MappingProxyType(
    {
        Medium.FIBRE: V.FIBRE,
        Medium.RADIO: V.RADIO,
        Medium.COPPER: V.DEVICE,  # a patch cable inside a building: a matter of the site
        Medium.LTE: V.PROVIDER,
        Medium.VSAT: V.PROVIDER,
        Medium.LEO: V.PROVIDER,
        Medium.VPN: V.PROVIDER,
    }
)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When it is enough, in sums of weights.

    solid: what a kind needs for it to be taken seriously, and against it to be contested. conclusive: one such witness
    cannot be passed over. strong: the net sum, from two sorts of witness or `crowd` of one. medium likewise.
    together: so many places on a feeder that fell at once are no coincidence.
    """

    solid: int = 2
    conclusive: int = 3
    strong: int = 4
    medium: int = 2
    crowd: int = 3
    lead: int = 3
    majority: float = 0.8
    together: int = 2
