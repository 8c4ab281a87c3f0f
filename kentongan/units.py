"""The question whether a unit was replaced, in words for people; the same on the command line and in a message."""

from datetime import datetime

from domain.language import _
from domain.network.units import UnitQuestion


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


def message_of(question: UnitQuestion, local: datetime) -> str:
    """local: when it was seen, in the kabupaten's zone."""
    return "\n".join((question_in_words(question, f"{local:%Y-%m-%d %H.%M}"), *answers_in_words(question)))
