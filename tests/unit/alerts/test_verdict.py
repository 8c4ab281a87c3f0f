"""Witnesses and what is made of them; conflicts end undetermined."""

from itertools import permutations

import pytest

from alerts.verdict import judge
from alerts.verdict.rules import OF_MEDIUM, WEIGHTS
from domain.incidents import Cause, CauseKind, Confidence, Evidence, EvidenceKind, VerdictKind
from domain.network import Medium

E, V = EvidenceKind, VerdictKind
LINK = Cause(CauseKind.LINK, "plered-tegalwaru")
SITE = Cause(CauseKind.SITE, "desa-a")
FEEDER = Cause(CauseKind.FEEDER, "wanayasa-3")
STRONG, MEDIUM, WEAK = Confidence


def said(*kinds: E | tuple[E, int]) -> list[Evidence]:
    return [
        Evidence(kind, f"x{number}")
        if isinstance(kind, E)
        else Evidence(kind[0], f"x{number}", values={"count": str(kind[1])})
        for number, kind in enumerate(kinds)
    ]


CASES = [
    # a fibre cut on our own cable, as in the texts for people
    (LINK, Medium.FIBRE, [E.RX_LOST, E.ALL_BEHIND_DARK, E.LIT_BY_OTHER_WAY], V.FIBRE, STRONG),
    (LINK, Medium.FIBRE, [E.ALL_BEHIND_DARK], V.FIBRE, WEAK),
    (LINK, Medium.FIBRE, [E.RX_LOST], V.FIBRE, MEDIUM),
    (LINK, Medium.FIBRE, [(E.ONU_LOSS_OF_SIGNAL, 9)], V.FIBRE, MEDIUM),
    (LINK, None, [E.RX_FELL, E.ALL_BEHIND_DARK], V.FIBRE, MEDIUM),
    (LINK, None, [E.ALL_BEHIND_DARK], V.UNDETERMINED, WEAK),
    (LINK, Medium.FIBRE, [], V.UNDETERMINED, WEAK),
    # a feeder: seven dark at once, four UPS on battery, three dying gasps; the far ends' light is gone as well
    (FEEDER, Medium.FIBRE, [(E.UPS_ON_BATTERY, 4), (E.ONU_DYING_GASP, 3), E.RX_LOST, E.PORT_DOWN], V.POWER, STRONG),
    (FEEDER, None, [], V.POWER, MEDIUM),
    (FEEDER, None, [E.FEEDER_DARK], V.POWER, MEDIUM),  # counted once
    (FEEDER, None, [E.BOOTED_ON_RETURN], V.POWER, STRONG),
    # villages on fibres of their own: as many cuts at once are not believed
    (FEEDER, None, [(E.FEEDER_DARK, 5), (E.RX_LOST, 5), (E.PORT_DOWN, 5), E.ALL_BEHIND_DARK], V.POWER, MEDIUM),
    (FEEDER, None, [(E.FEEDER_DARK, 2), E.RX_LOST, E.PORT_DOWN], V.POWER, MEDIUM),
    (SITE, None, [E.ONU_DYING_GASP], V.POWER, MEDIUM),
    (SITE, None, [(E.ONU_DYING_GASP, 3)], V.POWER, STRONG),
    (SITE, None, [E.ONU_DYING_GASP, E.FEEDER_LIT], V.POWER, MEDIUM),  # its own token
    (SITE, None, [E.BOOTED_ON_RETURN], V.POWER, MEDIUM),  # a true blackout
    # the router was power-cycled at 11.00 and the way came back at 12.00
    (LINK, Medium.FIBRE, [E.RESTARTED_DURING, E.RX_LOST], V.FIBRE, MEDIUM),
    (SITE, None, [E.RESTARTED_DURING], V.UNDETERMINED, WEAK),
    (SITE, None, [E.PLN_NOTICE, E.RESTARTED_DURING], V.UNDETERMINED, WEAK),
    # ten of eleven gasped: the eleventh had none left
    (FEEDER, Medium.FIBRE, [(E.ONU_DYING_GASP, 10), E.ONU_LOSS_OF_SIGNAL], V.POWER, STRONG),
    (LINK, Medium.FIBRE, [E.ONU_DYING_GASP, (E.ONU_LOSS_OF_SIGNAL, 10)], V.FIBRE, MEDIUM),
    # provider: the modem lives, its WAN is up, nothing beyond
    (LINK, Medium.LTE, [E.INTERNET_FAILS, E.WAN_UP], V.PROVIDER, STRONG),
    (Cause(CauseKind.PROVIDER, "tali"), None, [], V.PROVIDER, MEDIUM),
    (LINK, Medium.VSAT, [E.RADIO_FADED], V.RADIO, MEDIUM),
    (LINK, Medium.RADIO, [E.RADIO_FADED, E.ALL_BEHIND_DARK], V.RADIO, STRONG),
    (SITE, Medium.LEO, [E.ONU_DEACTIVATED], V.PROVIDER, MEDIUM),
    (Cause(CauseKind.DEVICE, "r"), None, [E.SILENT_ALONE, E.REBOOTED], V.DEVICE, STRONG),
    (Cause(CauseKind.DEVICE, "r"), None, [E.SILENT_ALONE], V.DEVICE, MEDIUM),
    (Cause(CauseKind.SERVICE, "app"), None, [E.CERTIFICATE], V.SERVICE, STRONG),
    (Cause(CauseKind.MANAGEMENT, "vpn-1"), None, [(E.HEARTBEAT_GOES_ON, 38)], V.MANAGEMENT, STRONG),
    (Cause(CauseKind.POLLER, ""), None, [(E.FEEDER_DARK, 7), E.UPS_ON_BATTERY], V.POLLER, MEDIUM),
    (LINK, Medium.FIBRE, [E.REPORTED], V.UNDETERMINED, WEAK),
]


@pytest.mark.parametrize(("cause", "medium", "kinds", "kind", "confidence"), CASES)
def test_what_the_witnesses_add_up_to(
    cause: Cause, medium: Medium | None, kinds: list[E], kind: VerdictKind, confidence: Confidence
) -> None:
    verdict = judge(said(*kinds), cause, medium)
    assert (verdict.kind, verdict.confidence) == (kind, confidence)
    assert verdict.evidence == tuple(said(*kinds))


CONFLICTS = [
    (LINK, Medium.FIBRE, [E.ONU_DYING_GASP, E.ONU_LOSS_OF_SIGNAL]),
    (LINK, Medium.FIBRE, [(E.ONU_DYING_GASP, 5), (E.ONU_LOSS_OF_SIGNAL, 4)]),
    (FEEDER, None, [E.UPS_ON_MAINS]),
    (FEEDER, None, [E.FEEDER_DARK, E.RX_LOST]),  # one place alone
    (FEEDER, None, [(E.FEEDER_DARK, 5), E.RX_LOST, (E.RX_FELL, 2)]),  # no switch lets light fade
    (SITE, None, [E.UPS_ON_BATTERY, E.STAYED_ON]),
    (LINK, Medium.FIBRE, [E.UPS_ON_BATTERY, E.RX_FELL]),
    (LINK, Medium.FIBRE, [E.UPS_ON_BATTERY, E.LIT_BY_OTHER_WAY]),
    (LINK, Medium.FIBRE, [E.BOOTED_ON_RETURN, E.STAYED_ON]),
    (LINK, Medium.FIBRE, [E.RX_LOST, E.RX_PRESENT]),
    (LINK, Medium.FIBRE, [E.INTERNET_FAILS, E.ONU_DYING_GASP]),
    (LINK, Medium.RADIO, [E.RADIO_FADED, E.UPS_ON_BATTERY]),
    (Cause(CauseKind.MANAGEMENT, "vpn-1"), None, [E.HEARTBEAT_STOPPED, E.UPS_ON_BATTERY]),
]


@pytest.mark.parametrize(("cause", "medium", "kinds"), CONFLICTS)
def test_witnesses_that_contradict_each_other_are_no_verdict(
    cause: Cause, medium: Medium | None, kinds: list[E]
) -> None:
    assert judge(said(*kinds), cause, medium).kind is V.UNDETERMINED


@pytest.mark.parametrize("number", range(0, len(CASES), 3))
def test_the_order_of_the_witnesses_does_not_matter(number: int) -> None:
    cause, medium, kinds, kind, confidence = CASES[number]
    for order in permutations(said(*kinds)):
        verdict = judge(order, cause, medium)
        assert (verdict.kind, verdict.confidence) == (kind, confidence)


def test_it_is_preliminary_until_the_close() -> None:
    assert judge([], LINK).preliminary
    assert not judge([], LINK, closing=True).preliminary


def test_nothing_ends_as_power_that_had_power() -> None:
    """Whatever else speaks for a blackout."""
    for kinds in permutations([E.PLN_NOTICE, E.FEEDER_DARK, E.VOLTAGE_LOW, E.UPS_ON_BATTERY, E.ONU_DYING_GASP], 2):
        for witness in (E.STAYED_ON, E.RESTARTED_DURING):
            verdict = judge(said(*kinds, witness), SITE, Medium.FIBRE)
            assert verdict.kind is V.UNDETERMINED


def test_every_witness_has_its_row() -> None:
    assert set(WEIGHTS) == set(EvidenceKind)
    assert set(OF_MEDIUM) == set(Medium)
