"""Penalty rules as contracts write them, and what they come to."""

from decimal import Decimal

import pytest

from domain.availability import PenaltyError, PenaltyRule

PRICE = Decimal(10_000_000)
HOUR = 3_600_000_000
MONTH = 720 * HOUR


@pytest.mark.parametrize(
    ("text", "hours", "owed"),
    [
        ("", 50, 0),
        ("none", 50, 0),
        ("tidak ada", 50, 0),
        ("pro-rata", 7.2, 100_000),
        ("Prorata", 7.2, 100_000),
        ("pro rata over SLA", 14.4, 100_000),  # 1 % of 720 hours is allowed
        ("prorata di atas SLA", 7.2, 0),
        ("steps 99:5,98:10,95:25", 7.2, 0),  # exactly 99 %
        ("steps 99:5,98:10,95:25", 7.3, 500_000),
        ("steps 99:5 98:10 95:25", 15, 1_000_000),
        ("bertingkat 95:25, 99.5:5%, 98%:10", 72, 2_500_000),
        ("per hour 0.5%", 2.1, 150_000),
        ("per jam 0,5 %", 3, 150_000),
        ("per jam 1; maks 50%", 400, 5_000_000),
        ("pro-rata; max 10", 360, 1_000_000),
        ("per hour 2% over sla", 8.2, 200_000),
        ("per hour 2%", 400, 10_000_000),  # never more than the price
        ("pro-rata", 0, 0),
        ("5 % biaya bulan per 1 % di bawah SLA", 7.2, 0),  # exactly the SLA
        ("5 % biaya bulan per 1 % di bawah SLA", 7.3, 500_000),  # each percent that is begun
        ("5 % biaya bulan per 1 % di bawah SLA", 14.4, 500_000),
        ("5% dari biaya bulanan untuk setiap 1% dibawah sla", 15, 1_000_000),
        ("2,5% of the monthly fee for each 0.5% below the SLA; maks 20%", 14.4, 500_000),
        ("2.5 % per 0.5 % under SLA; maks 20%", 100, 2_000_000),
    ],
)
def test_what_is_owed(text: str, hours: float, owed: int) -> None:
    assert PenaltyRule.parse(text).owed(PRICE, round(hours * HOUR), MONTH, 99.0) == owed


def test_no_service_time_owes_nothing() -> None:
    assert PenaltyRule.parse("pro-rata").owed(PRICE, HOUR, 0, 99.0) == 0


@pytest.mark.parametrize(
    "text",
    [
        "sesuai PKS",
        "steps",
        "steps 99",
        "steps 99:5;98:10",
        "steps 199:5",
        "per hour",
        "max",
        "steps 99:5 dst",
        "5 % biaya tahun per 1 % di bawah SLA",
        "5 % per 0 % di bawah SLA",
        "5 % per 1 % di bawah SLA di atas SLA",
    ],
)
def test_what_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(PenaltyError, match=r"'.+'"):
        PenaltyRule.parse(text)
