"""What to build next under a budget, as the document of `coverage plan` ranks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from console.views.speech import number
from domain.accounts import Account, sees
from domain.coverage.words import assumptions_said, gap_word
from domain.language import _, n_

SHOWN: Final = 60
MILLION: Final = 1e6


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """cost, spent: million rupiah. spent: the sum up to here; empty where the budget does not reach."""

    rank: str
    code: str
    name: str
    people: str
    medium: str
    joins: str
    new_km: str
    along_km: str
    cost: str
    spent: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CandidatesPage:
    answer: str
    rows: tuple[CandidateRow, ...]
    more: int
    unranked: tuple[tuple[str, str, str], ...]
    assumed: tuple[str, ...]


def seen_of(document: Mapping[str, Any], account: Account) -> Mapping[str, Any]:
    """Ranked in the whole kabupaten; shown and summed is what lies in the regions of the account."""
    ranked, unranked = (
        [each for each in document[name] if sees(account, each["code"])] for name in ("ranked", "unranked")
    )
    chosen = [each for each in ranked if each["chosen"]]
    return {
        **document,
        "ranked": ranked,
        "unranked": unranked,
        "chosen": len(chosen),
        "people": sum(each["people"] for each in chosen),
        "spent": sum(each["cost"] for each in chosen),
    }


def candidates_of(document: Mapping[str, Any]) -> CandidatesPage:
    ranked = document["ranked"]
    answer = n_(
        "{count} village for {people} people within Rp {budget} million; {spent} million are spent.",
        "{count} villages for {people} people within Rp {budget} million; {spent} million are spent.",
        document["chosen"],
    ).format(
        count=document["chosen"],
        people=number(document["people"]),
        budget=number(document["budget"] / MILLION),
        spent=number(document["spent"] / MILLION),
    )
    return CandidatesPage(
        answer,
        tuple(_row(each) for each in ranked[:SHOWN]),
        max(0, len(ranked) - SHOWN),
        tuple(
            (each["code"], f"{each['name']} ({_('Kec.')} {each['kecamatan']})", gap_word(each["reason"]))
            for each in document["unranked"]
        ),
        tuple(assumptions_said(document["assumptions"], number)),
    )


def _row(each: Mapping[str, Any]) -> CandidateRow:
    joins = each["mast"] if each["medium"] == "radio" else each["joins"]
    return CandidateRow(
        number(each["rank"]),
        each["code"],
        f"{each['name']} ({_('Kec.')} {each['kecamatan']})",
        number(each["people"]),
        each["medium"],
        joins or "",
        "" if each["newKm"] is None else number(each["newKm"], 1),
        "" if each["alongKm"] is None else number(each["alongKm"], 1),
        number(each["cost"] / MILLION),
        "" if each["spent"] is None else number(each["spent"] / MILLION),
        each["chosen"],
    )
