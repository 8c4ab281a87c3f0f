"""The question whether a unit was replaced, in words for people; the same on the command line and in a message."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from domain.language import _, n_
from domain.network.units import UnitQuestion

SHOWN: Final = 3


def question_in_words(question: UnitQuestion, since: str) -> str:
    return _("{device}: {serial} answers since {since}, {known} was known. Was it replaced?").format(
        device=question.device,
        serial=" ".join(filter(None, (question.serial, question.model))),
        since=since,
        known=question.known_serial or "-",
    )


def answers_in_words(question: UnitQuestion) -> tuple[str, str]:
    """What says yes and what says no."""
    return (
        _("yes: {command}").format(command=command_for(question)),
        _("no: {command}").format(command=f"kentongan device questions --dismiss {question.device}"),
    )


def command_for(question: UnitQuestion) -> str:
    """What answers with yes: the hardware is exchanged already."""
    model = f' --model "{question.model}"' if question.model else ""
    return f"kentongan device replace {question.device} --serial {question.serial}{model} --already"


def message_of(questions: Sequence[UnitQuestion], zone: ZoneInfo) -> str:
    """The first few with what answers them, the others counted."""
    lines: list[str] = []
    for each in questions[:SHOWN]:
        local = each.first_at.astimezone(zone)
        lines += (question_in_words(each, f"{local:%Y-%m-%d %H.%M}"), *answers_in_words(each))
    more = len(questions) - SHOWN
    if more > 0:
        lines.append(
            n_(
                "And {count} more: kentongan device questions", "And {count} more: kentongan device questions", more
            ).format(count=more)
        )
    return "\n".join(lines)
