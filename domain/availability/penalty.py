"""What a provider owes for its downtime, by the rule of the contract; a rule that cannot be read is named, not guessed.

The language of `penalty_rule`, clauses separated by `;`, in English or Indonesian:

- `none` / `tidak ada`: nothing is owed.
- `pro-rata` / `prorata`: the month's price times downtime over service time.
- `pro-rata over sla` / `prorata di atas sla`: only the downtime beyond what `sla_percent` allows.
- `per hour 0.5%` / `per jam 0,5%`: percent of the month's price for each hour begun; `over sla` as above.
- `steps 99:5,98:10,95:25` / `bertingkat …`: below 99 % availability 5 % of the month's price, below 98 % 10 %, …
- `5% per 1% below sla` / `5 % biaya bulan per 1 % di bawah sla`: percent of the month's price for each percent begun
  of availability below `sla_percent`.
- `max 50%` / `maks 50%`: never more than this share of the month's price (100 % if nothing is said).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Final

from domain.availability.spans import Micros
from domain.language import _

_NUMBER: Final = r"(\d+(?:[.,]\d+)?)\s*%?"
_STEP: Final = re.compile(r"(\d+(?:\.\d+)?)\s*%?\s*:\s*(\d+(?:\.\d+)?)\s*%?")
_OVER: Final = re.compile(r"\s*\b(over sla|above sla|(di )?atas sla|melebihi sla)$")
_OF_PRICE: Final = (
    r"(?: (?:of|from|dari|the|month|month's|monthly|price|fee|biaya|harga|sewa|langganan|bulan|bulanan|for|untuk))*"
)
_BELOW: Final = re.compile(
    _NUMBER + _OF_PRICE + " (?:per|each|every|tiap|setiap) " + _NUMBER + r" (?:below|under|di ?bawah)(?: the)? sla"
)
_HOUR: Final = 3_600_000_000
_HUNDRED: Final = Decimal(100)


class PenaltyError(ValueError):
    """A rule that is not in the language; the message names the clause."""


@dataclass(frozen=True, slots=True)
class PenaltyRule:
    """Percentages of the month's price. steps: (availability below which, percent), highest first. below_sla: (percent,
    for each so many percent below the SLA).
    """

    pro_rata: bool = False
    per_hour: Decimal | None = None
    over_sla: bool = False
    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    below_sla: tuple[Decimal, Decimal] | None = None
    most: Decimal = _HUNDRED

    @property
    def needs_sla(self) -> bool:
        return self.over_sla or self.below_sla is not None

    @classmethod
    def parse(cls, text: str) -> "PenaltyRule":
        """An empty text owes nothing. Raises PenaltyError."""
        rule = cls()
        for clause in text.split(";"):
            if clause.strip():
                rule = _with(rule, " ".join(clause.lower().replace("-", " ").split()), clause.strip())
        return rule

    def owed(self, price: Decimal, down: Micros, base: Micros, sla_percent: float | None) -> Decimal:
        """In whole rupiah. down: charged downtime inside base, the service time of the same lines."""
        if base <= 0 or down <= 0:
            return Decimal(0)
        beyond = down
        if sla_percent is not None:
            beyond = max(down - int(base * (_HUNDRED - Decimal(str(sla_percent))) / _HUNDRED), 0)
        counted = beyond if self.over_sla else down
        percent = Decimal(0)
        if self.pro_rata:
            percent += _HUNDRED * counted / base
        if self.per_hour is not None:
            percent += self.per_hour * -(-counted // _HOUR)
        if self.below_sla is not None:
            share, each = self.below_sla
            percent += share * (_HUNDRED * beyond / base / each).to_integral_value(ROUND_CEILING)
        if self.steps:
            available = _HUNDRED * (base - down) / base
            percent += max((share for below, share in self.steps if available < below), default=Decimal(0))
        return (price * min(percent, self.most) / _HUNDRED).quantize(Decimal(1), ROUND_HALF_UP)


def _with(rule: PenaltyRule, plain: str, clause: str) -> PenaltyRule:
    over = _OVER.search(plain) is not None
    plain = _OVER.sub("", plain).strip()
    if plain in ("none", "tidak ada", "nihil"):
        return rule
    if plain in ("pro rata", "prorata", "proporsional"):
        return replace(rule, pro_rata=True, over_sla=rule.over_sla or over)
    for pattern, take in _CLAUSES:
        match = re.fullmatch(pattern + r"\s*" + _NUMBER, plain)
        if match:
            found = take(rule, Decimal(match[match.lastindex or 1].replace(",", ".")))
            return replace(found, over_sla=found.over_sla or over)
    below = _BELOW.fullmatch(plain)
    if below and not over and Decimal(below[2].replace(",", ".")):
        share, each = (Decimal(number.replace(",", ".")) for number in below.groups())
        return replace(rule, below_sla=(share, each))
    steps = re.fullmatch(r"(?:steps|bertingkat|tingkat)\s+(.+)", plain)
    if steps and not over:
        return replace(rule, steps=_steps(steps[1], clause))
    raise PenaltyError(
        _("'{clause}' is no penalty rule. Write pro-rata, steps 99:5,98:10, per hour 0.5% or max 50%.").format(
            clause=clause
        )
    )


_CLAUSES: Final[tuple[tuple[str, Callable[[PenaltyRule, Decimal], PenaltyRule]], ...]] = (
    (r"(?:per|tiap|setiap) (?:hour|jam)", lambda rule, number: replace(rule, per_hour=number)),
    (r"(?:max|maks|maksimal|paling banyak)", lambda rule, number: replace(rule, most=number)),
)


def _steps(text: str, clause: str) -> tuple[tuple[Decimal, Decimal], ...]:
    found = [(Decimal(below), Decimal(share)) for below, share in _STEP.findall(text)]
    if not found or _STEP.sub("", text).strip(" ,") or any(max(step) > 100 for step in found):
        raise PenaltyError(_("'{clause}': write steps as 99.5:5,98:10 (availability:percent).").format(clause=clause))
    return tuple(sorted(found, reverse=True))
