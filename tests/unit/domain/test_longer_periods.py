"""Half-years and years: what they are made of, months added up, faults looked back on, indicators judged."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.availability import By, PeriodError, half, months_of, period_of
from domain.availability.adding import added
from domain.evaluation import Figure, Measure, Pillar, PlanIndicator, Standing, judged
from domain.incidents import Cause, CauseKind, Condition, Liable, Party, VerdictKind
from domain.incidents.review import Fault, grouped, repeated, sum_of, worst

WIT, NOW = ZoneInfo("Asia/Jayapura"), datetime(2026, 11, 22, tzinfo=UTC)
KINDS = ("up", "degraded", "down", "unreachable", "planned", "unknown", "outside")


@pytest.mark.parametrize(
    ("text", "label", "months", "over"),
    [
        ("2026-10", "2026-10", ["2026-10"], True),
        ("2026-H1", "2026-H1", [f"2026-0{number}" for number in range(1, 7)], True),
        ("2026-s2", "2026-H2", ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11"], False),
        ("2025", "2025", [f"2025-{number:02}" for number in range(1, 13)], True),
    ],
)
def test_what_a_period_is_made_of(text: str, label: str, months: list[str], over: bool) -> None:
    period = period_of(text, WIT, NOW)
    parts = months_of(period, WIT)
    assert (period.label, [each.label for each in parts], period.is_over) == (label, months, over)
    assert (parts[0].start, parts[-1].until) == (period.start, period.until)
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert period.start.astimezone(WIT).hour == 0


@pytest.mark.parametrize("text", ["2026-1", "2026-13", "2027", "2026-H3", "may", ""])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(PeriodError):
        period_of(text, WIT, NOW)


def test_a_half_year_may_be_written_short() -> None:
    assert half("2026-1", WIT, NOW) == half("2026-H1", WIT, NOW) == period_of("2026-H1", WIT, NOW)


def row(seconds: tuple[int, ...], outages: int = 1, owed: int | None = 100, key: str = "a") -> dict[str, Any]:
    found = dict(zip(KINDS, seconds, strict=True))
    dark = found["down"] + found["unreachable"]
    contract = {"contract": "K", "provider": "P", "fromDetection": owed, "fromTicket": owed, "problem": ""}
    return {
        "key": key,
        "name": "A",
        "kecamatan": "",
        "availabilityPercent": None,
        "completenessPercent": None,
        "seconds": found,
        "things": 1,
        "outages": {"count": outages, "longestSeconds": dark, "meanSeconds": dark},
        "charged": [{"party": "pln", "name": "", "cause": "pln", "overridden": False, "seconds": dark}],
        "restitution": [contract | {"problem": "" if owed is not None else "no rule", "availabilityPercent": 99.0}],
    }


def test_months_are_added_up_as_they_were_published() -> None:
    months = [[row((900, 0, 60, 40, 0, 0, 0))], [row((500, 100, 0, 100, 50, 250, 0), 2)], []]
    (year,) = added(By.DESA, months)
    assert year["seconds"]["down"] == 60
    assert year["availabilityPercent"] == round(100 * 1500 / 1700, 4)
    assert year["completenessPercent"] == round(100 * 1750 / 2000, 4)
    assert year["outages"] == {"count": 3, "longestSeconds": 100, "meanSeconds": 200 / 3}
    assert [each["seconds"] for each in year["charged"]] == [200]
    assert [(each["fromDetection"], each["availabilityPercent"]) for each in year["restitution"]] == [(200, None)]
    (line,) = added(By.PROVIDER, months)
    assert line["availabilityPercent"] == round(100 * 1500 / 1560, 4), "behind others counts not at all"


def test_what_is_not_known_or_not_whole_is_never_shown_otherwise() -> None:
    assert added(By.DESA, [[row((0, 0, 0, 0, 0, 900, 0))]])[0]["availabilityPercent"] is None
    assert added(By.DESA, [[row((10**9, 0, 1, 0, 0, 0, 0))]])[0]["availabilityPercent"] == 99.9999
    (owed,) = added(By.PROVIDER, [[row((1,) * 7)], [row((1,) * 7, owed=None)]])[0]["restitution"]
    assert (owed["fromDetection"], owed["problem"]) == (None, "no rule")


def fault(number: int, hours: float | None, cause: str = "fo-1", villages: int = 1) -> Fault:
    began = NOW - timedelta(days=10) + timedelta(days=number)
    return Fault(
        str(number), Condition.OUTAGE, Cause(CauseKind.SEGMENT, cause), VerdictKind.FIBRE, "", Liable(Party.THIRD),
        "Plered", villages, 0, 0, began, began + timedelta(minutes=1),
        began + timedelta(minutes=31) if number % 2 else None,
        None if hours is None else began + timedelta(hours=hours),
    )  # fmt: skip


def test_faults_are_looked_back_on() -> None:
    faults = [fault(1, 2), fault(2, 4, villages=9), fault(3, None, "fo-2")]
    sum_ = sum_of(faults, NOW)
    assert (sum_.count, sum_.open, sum_.acknowledged) == (3, 1, 2)
    assert (sum_.to_repair, sum_.to_acknowledge) == (3 * 3600, 30 * 60)
    assert sum_.longest == 7 * 86400, "what lasts is counted up to now"
    assert [each.id for each in worst(faults, NOW, 2)] == ["3", "2"]
    assert [(cause.name, each.count, last.day) for cause, each, last in repeated(faults, NOW)] == [("fo-1", 2, 14)]
    assert [name for name, _sum in grouped(faults, lambda each: each.kecamatan, NOW)] == ["Plered"]
    assert sum_of([], NOW).to_repair is None


@pytest.mark.parametrize(
    ("target", "lower", "value", "standing", "percent"),
    [
        (10.0, False, 10.0, Standing.REACHED, 100.0),
        (10.0, False, 5.0, Standing.SHORT, 50.0),
        (4.0, True, 3.0, Standing.REACHED, None),
        (0.0, True, 1.0, Standing.SHORT, None),
        (None, False, 5.0, Standing.NO_TARGET, None),
        (10.0, False, None, Standing.NO_FIGURE, None),
    ],
)
def test_an_indicator_is_judged(
    target: float | None, lower: bool, value: float | None, standing: Standing, percent: float | None
) -> None:
    own = PlanIndicator("2026-H1", "a", Pillar.LIVING, "x", target=target, value=value, lower_is_better=lower)
    found = judged(own, {}, None, {})
    assert (found.standing, found.reached_percent, found.before, found.change) == (standing, percent, None, None)


def test_what_is_measured_goes_before_what_was_typed() -> None:
    own = PlanIndicator("2026-H1", "a", Pillar.LIVING, "x", value=99.0, measured=Measure.DESA_SERVED)
    now, then = ({Measure.DESA_SERVED: Figure(value, "coverage")} for value in (80.0, 60.0))
    found = judged(own, now, None, then)
    assert (found.figure, found.before, found.change, found.typed_instead) == (Figure(80.0, "coverage"), 60.0, 20.0, 99)
