"""Coverage and what to build next as rows of a spreadsheet: every village, not only those that a page names. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from console.views.villages import measured_word
from domain.accounts import Account, sees
from domain.coverage.words import gap_word, reason_word
from domain.language import _

Document = Mapping[str, Any]


def village_head() -> list[str]:
    return [
        _("date"), _("code"), _("village"), _("kecamatan"), _("kind"), _("connected"), _("measured"), _("why"),
        _("available %"), _("stage"),
    ]  # fmt: skip


def village_rows(document: Document, account: Account) -> Iterator[list[object]]:
    for each in document["villages"]:
        if sees(account, each["code"]):
            yield [
                document["at"],
                each["code"],
                each["name"],
                each["kecamatan"],
                each["kind"],
                _("yes") if each["connected"] else _("no"),
                measured_word(each["measured"]),
                reason_word(each["reason"]),
                each["availabilityPercent"],
                each["stage"],
            ]


def candidate_head() -> list[str]:
    return [
        _("rank"), _("code"), _("village"), _("kecamatan"), _("people"), _("medium"), _("joins at"), _("new km"),
        _("km to the PoP"), _("cost, Rp"), _("within the budget"), _("why it is not ranked"),
    ]  # fmt: skip


def candidate_rows(document: Document) -> Iterator[list[object]]:
    """document: cut to what the account sees. Those that are not ranked come last, with the reason."""
    for each in document["ranked"]:
        joins = each["mast"] if each["medium"] == "radio" else each["joins"]
        yield [
            each["rank"],
            each["code"],
            each["name"],
            each["kecamatan"],
            each["people"],
            each["medium"],
            joins,
            each["newKm"],
            each["alongKm"],
            each["cost"],
            _("yes") if each["chosen"] else _("no"),
            None,
        ]
    for each in document["unranked"]:
        yield [None, each["code"], each["name"], each["kecamatan"], *[None] * 7, gap_word(each["reason"])]
