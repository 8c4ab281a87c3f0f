"""Whose a fault is: by owner, provider, meter and feeder; by the machine and by the people who mended it."""

import pytest

from alerts.verdict import Belongings, liable_by_people, liable_for
from domain.incidents import (
    Cause,
    CauseKind,
    ClosingCause,
    Confidence,
    Evidence,
    EvidenceKind,
    Liable,
    Party,
    Verdict,
    VerdictKind,
)
from domain.network import (
    Contract,
    Device,
    Inventory,
    Link,
    Meter,
    Operator,
    PowerSource,
    Role,
    Segment,
    SegmentKind,
    Service,
    Site,
    SiteKind,
)

K, P, V = CauseKind, Party, VerdictKind
DESA = Site(
    "desa-a", "Desa A", SiteKind.DESA, power=(PowerSource.PLN,), power_feeder="W3", meter=Meter.PREPAID,
    operator=Operator.DESA, organisation="Pemdes A",
)  # fmt: skip
BELONGINGS = Belongings.of(
    Inventory(
        sites=(
            DESA,
            Site("pop", "PoP", SiteKind.POP, power=(PowerSource.PLN, PowerSource.UPS)),
            Site("sun", "Puncak", SiteKind.TOWER, power=(PowerSource.SOLAR,)),
            Site("vsat", "Desa B", SiteKind.DESA, operator=Operator.BAKTI),
            Site("isp", "Desa C", SiteKind.DESA, operator=Operator.PROVIDER, organisation="PT Tali"),
        ),
        devices=(
            Device("r-a", "desa-a", Role.ROUTER),
            Device("r-pop", "pop", Role.ROUTER),
            Device("r-sun", "sun", Role.RADIO),
            Device("modem", "isp", Role.MODEM, owner="PT Tali"),
        ),
        links=(
            Link("own", "r-pop", z_device="r-a"),
            Link("line", "modem", provider="PT Tali", circuit_id="1-88213", contract="14/2026"),
            Link("rented", "r-pop", owner="PT Serat"),
        ),
        segments=(Segment("kabel", SegmentKind.CABLE), Segment("tiang", SegmentKind.POLE, owner="PLN")),
        contracts=(Contract("14/2026", "PT Tali"),),
        services=(Service("sim", "SIMPEG", owner="BKPSDM"), Service("web", "Portal")),
    )
)


def verdict(kind: VerdictKind, *witnesses: EvidenceKind) -> Verdict:
    return Verdict(kind, Confidence.MEDIUM, tuple(Evidence(each, "x") for each in witnesses))


@pytest.mark.parametrize(
    ("judged", "cause", "liable"),
    [
        (verdict(V.FIBRE), Cause(K.LINK, "own"), Liable(P.OURS)),
        (verdict(V.FIBRE), Cause(K.LINK, "line"), Liable(P.PROVIDER, "PT Tali")),
        (verdict(V.FIBRE), Cause(K.LINK, "rented"), Liable(P.PROVIDER, "PT Serat")),
        (verdict(V.FIBRE), Cause(K.SEGMENT, "kabel"), Liable(P.OURS)),
        (verdict(V.FIBRE), Cause(K.SEGMENT, "tiang"), Liable(P.PLN)),
        (verdict(V.FIBRE), Cause(K.LINK, "gone"), Liable(P.UNKNOWN)),
        (verdict(V.PROVIDER), Cause(K.LINK, "line"), Liable(P.PROVIDER, "PT Tali")),
        (verdict(V.PROVIDER), Cause(K.DEVICE, "modem"), Liable(P.PROVIDER, "PT Tali")),
        (verdict(V.PROVIDER), Cause(K.PROVIDER, "PT Tali"), Liable(P.PROVIDER, "PT Tali")),
        (verdict(V.DEVICE), Cause(K.DEVICE, "r-pop"), Liable(P.OURS)),
        (verdict(V.DEVICE), Cause(K.DEVICE, "r-a"), Liable(P.OWNER, "Pemdes A")),
        (verdict(V.DEVICE), Cause(K.DEVICE, "modem"), Liable(P.PROVIDER, "PT Tali")),
        (verdict(V.DEVICE), Cause(K.SITE, "vsat"), Liable(P.PROVIDER, "BAKTI")),
        (verdict(V.SERVICE), Cause(K.SERVICE, "sim"), Liable(P.OWNER, "BKPSDM")),
        (verdict(V.SERVICE), Cause(K.SERVICE, "web"), Liable(P.OURS)),
        (verdict(V.MANAGEMENT), Cause(K.MANAGEMENT, "vpn-1"), Liable(P.OURS)),
        (verdict(V.UNDETERMINED), Cause(K.LINK, "line"), Liable(P.UNKNOWN)),
        # one feeder with eleven desa is PLN's, the twelfth desa's token is its own
        (verdict(V.POWER), Cause(K.FEEDER, "W3"), Liable(P.PLN, "W3")),
        (verdict(V.POWER, EvidenceKind.FEEDER_LIT), Cause(K.SITE, "desa-a"), Liable(P.OWNER, "Pemdes A")),
        (
            verdict(V.POWER, EvidenceKind.FEEDER_DARK, EvidenceKind.FEEDER_LIT),
            Cause(K.DEVICE, "r-a"),
            Liable(P.OWNER, "Pemdes A"),
        ),
        (verdict(V.POWER, EvidenceKind.FEEDER_DARK), Cause(K.SITE, "desa-a"), Liable(P.PLN, "W3")),
        (verdict(V.POWER, EvidenceKind.PLN_NOTICE), Cause(K.LINK, "own"), Liable(P.PLN)),
        (verdict(V.POWER), Cause(K.SITE, "desa-a"), Liable(P.UNKNOWN)),
        (verdict(V.POWER), Cause(K.DEVICE, "r-sun"), Liable(P.OURS)),
        (verdict(V.POWER, EvidenceKind.FEEDER_LIT), Cause(K.DEVICE, "r-pop"), Liable(P.OURS)),
    ],
)
def test_whose_it_is(judged: Verdict, cause: Cause, liable: Liable) -> None:
    assert liable_for(judged, cause, BELONGINGS) == liable


def test_members_of_one_site_tell_the_place() -> None:
    judged = verdict(V.POWER, EvidenceKind.FEEDER_LIT)
    assert liable_for(judged, Cause(K.LINK, "own"), BELONGINGS, ["r-a"]) == Liable(P.OWNER, "Pemdes A")
    assert liable_for(judged, Cause(K.LINK, "own"), BELONGINGS, ["r-a", "r-pop"]) == Liable(P.UNKNOWN)


def test_only_our_own_work_is_planned() -> None:
    assert liable_for(verdict(V.FIBRE), Cause(K.LINK, "line"), BELONGINGS, planned=True) == Liable(P.PLANNED)


MACHINE = Liable(P.OURS)


@pytest.mark.parametrize(
    ("closing", "cause", "liable"),
    [
        (ClosingCause.GALIAN, Cause(K.LINK, "own"), Liable(P.THIRD)),
        (ClosingCause.GALIAN, Cause(K.LINK, "line"), Liable(P.PROVIDER, "PT Tali")),
        (ClosingCause.POHON, Cause(K.SEGMENT, "kabel"), Liable(P.FORCE)),
        (ClosingCause.TIKUS, Cause(K.LINK, "own"), Liable(P.OURS)),
        (ClosingCause.TOKEN_HABIS, Cause(K.SITE, "desa-a"), Liable(P.OWNER, "Pemdes A")),
        (ClosingCause.PLN, Cause(K.LINK, "line"), Liable(P.PLN)),
        (ClosingCause.PETIR, Cause(K.LINK, "line"), Liable(P.FORCE)),
        (ClosingCause.PROVIDER, Cause(K.LINK, "line"), Liable(P.PROVIDER, "PT Tali")),
        (ClosingCause.TIDAK_DITEMUKAN, Cause(K.LINK, "line"), MACHINE),
    ],
)
def test_what_people_found_decides(closing: ClosingCause, cause: Cause, liable: Liable) -> None:
    assert liable_by_people(closing, MACHINE, cause, BELONGINGS) == liable


def test_every_closing_cause_has_a_party() -> None:
    for closing in ClosingCause:
        assert liable_by_people(closing, MACHINE, Cause(K.SITE, "desa-a"), BELONGINGS)
