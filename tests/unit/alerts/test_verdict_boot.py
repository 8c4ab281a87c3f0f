"""Uptimes after an outage: what was without power, what ran through, what somebody switched off and on."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.verdict import Boot, Uptime, boot_of, booting_witnesses, judge
from domain.incidents import Cause, CauseKind, Evidence, EvidenceKind, VerdictKind
from domain.network import Medium

CIRCLE = 2**32
CUT, RESTORED = datetime(2026, 11, 22, 3, 0, tzinfo=UTC), datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
READ = RESTORED + timedelta(seconds=40)
SITE = Cause(CauseKind.SITE, "desa")


def uptime(booted: datetime, at: datetime = READ) -> Uptime:
    return Uptime(round((at - booted).total_seconds() * 100) % CIRCLE, at)


@pytest.mark.parametrize(
    ("booted", "boot"),
    [
        (RESTORED - timedelta(seconds=75), Boot.ON_RETURN),
        (RESTORED - timedelta(seconds=200), Boot.ON_RETURN),
        (RESTORED - timedelta(hours=1), Boot.DURING),  # the desa's router, switched off and on at 11.00
        (CUT + timedelta(seconds=5), Boot.DURING),
        (CUT - timedelta(days=3), Boot.STAYED_ON),
        (CUT - timedelta(days=496), Boot.STAYED_ON),
    ],
)
def test_a_boot_counts_for_power_only_if_it_fits_the_return(booted: datetime, boot: Boot) -> None:
    assert boot_of(CUT, RESTORED, uptime(booted)) is boot
    before = uptime(booted, CUT - timedelta(minutes=1)) if booted < CUT else Uptime(5, CUT - timedelta(minutes=1))
    assert boot_of(CUT, RESTORED, uptime(booted), before) is boot


def test_day_497_is_no_boot() -> None:
    """The counter went round ten minutes before the return."""
    booted = RESTORED - timedelta(minutes=10) - timedelta(milliseconds=10 * CIRCLE)
    before, after = uptime(booted, CUT - timedelta(minutes=1)), uptime(booted)
    assert after.ticks < before.ticks
    assert boot_of(CUT, RESTORED, after, before) is Boot.STAYED_ON


@pytest.mark.parametrize("late", [-2, 2])
def test_a_few_seconds_of_a_clock_are_no_boot(late: int) -> None:
    """Also across the point where the counter begins anew."""
    before = Uptime(CIRCLE - 100, CUT)
    after = Uptime((before.ticks + round((READ - CUT).total_seconds() * 100) + late * 100) % CIRCLE, READ)
    assert boot_of(CUT, RESTORED, after, before) is Boot.STAYED_ON


def test_what_cannot_be_is_unknown() -> None:
    assert boot_of(CUT, RESTORED, None) is Boot.UNKNOWN
    assert boot_of(RESTORED, CUT, uptime(CUT)) is Boot.UNKNOWN
    assert boot_of(CUT, RESTORED, Uptime(100, CUT)) is Boot.UNKNOWN  # read before the return
    late = RESTORED + timedelta(minutes=10)
    assert boot_of(CUT, RESTORED, uptime(late, late + timedelta(minutes=1))) is Boot.UNKNOWN


def kinds(evidence: tuple[Evidence, ...]) -> list[EvidenceKind]:
    return [each.kind for each in evidence]


def test_neighbours_that_ran_through_outvote_one_that_booted() -> None:
    boots = {"a": Boot.ON_RETURN} | dict.fromkeys("bcdef", Boot.STAYED_ON) | {"g": Boot.UNKNOWN}
    evidence = booting_witnesses(boots, READ)
    assert kinds(evidence) == [EvidenceKind.RESTARTED_DURING] + [EvidenceKind.STAYED_ON] * 5
    assert judge(evidence, SITE, Medium.FIBRE, closing=True).kind is VerdictKind.FIBRE


def test_half_and_half_is_undetermined() -> None:
    evidence = booting_witnesses({"a": Boot.ON_RETURN, "b": Boot.STAYED_ON}, READ)
    assert kinds(evidence) == [EvidenceKind.BOOTED_ON_RETURN, EvidenceKind.STAYED_ON]
    assert judge(evidence, SITE, Medium.FIBRE, closing=True).kind is VerdictKind.UNDETERMINED


def test_the_two_hours_of_the_issue() -> None:
    """Fibre cut at 10, the router power-cycled at 11, restored at 12: never power. A true blackout is."""
    by_hand = boot_of(CUT, RESTORED, uptime(CUT + timedelta(hours=1)))
    assert judge(booting_witnesses({"r": by_hand}, READ), SITE, Medium.FIBRE, closing=True).kind is VerdictKind.FIBRE
    dark = boot_of(CUT, RESTORED, uptime(RESTORED - timedelta(seconds=70)))
    assert judge(booting_witnesses({"r": dark}, READ), SITE, Medium.FIBRE, closing=True).kind is VerdictKind.POWER


def test_one_that_booted_while_its_neighbours_lived_restarted_by_itself() -> None:
    assert kinds(booting_witnesses({"a": Boot.ON_RETURN}, READ, alone=True)) == [EvidenceKind.REBOOTED]
    assert booting_witnesses({}, READ) == ()
