"""What a program says of an incident: a step, a cause, or a note alone; each leaves one line in the timeline."""

from datetime import datetime
from typing import Annotated, Literal, assert_never

from pydantic import AwareDatetime, Field

from console.api.document import Document
from domain.incidents import Act, ActKind, ClosingCause

MOST_LETTERS = 2000
PRINTABLE = r"^[^\x00]*$"  # PostgreSQL keeps no text with a zero in it
Note = Annotated[str, Field(max_length=MOST_LETTERS, pattern=PRINTABLE)]
TicketStep = Literal["opened", "promised", "claimed-done", "clock-stopped", "clock-went-on", "closed"]
Step = Literal["acknowledged", "departed", "on-site", "done"]


class StepOrder(Document):
    """Where it stands. `done` closes it only if the probe agrees; else 409 says what is still dark."""

    step: Step
    note: Note = ""


class CauseOrder(Document):
    """What it was, said at its close."""

    cause: ClosingCause
    note: Note = ""


class TicketOrder(Document):
    """What the provider says of its ticket; our own clock runs on until the site's tests agree."""

    ticket: TicketStep
    number: Annotated[str, Field(max_length=60, pattern=PRINTABLE)] = ""
    promised: AwareDatetime | None = None
    note: Note = ""


class NoteOrder(Document):
    note: Annotated[str, Field(min_length=1, max_length=MOST_LETTERS, pattern=PRINTABLE)]


class MergeOrder(Document):
    """It is the same fault as another open incident: it ends, and the other one goes on. note: why."""

    merge_into: Annotated[str, Field(pattern="^[a-z0-9-]{1,40}$")]
    note: Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)]


class SplitOrder(Document):
    """It is two faults: these members, some of its own, become an incident of their own. note: why."""

    split_off: Annotated[list[Annotated[str, Field(max_length=200, pattern=r"^[^\x00|]+$")]], Field(min_length=1)]
    note: Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)]


Order = StepOrder | CauseOrder | TicketOrder | MergeOrder | SplitOrder | NoteOrder


def act_of(order: Order, incident: str, at: datetime, actor: str) -> Act:
    match order:
        case StepOrder():
            return Act(incident, at, actor, ActKind(order.step), order.note)
        case CauseOrder():
            return Act(incident, at, actor, ActKind.CLOSED, order.note, {"cause": order.cause.value})
        case TicketOrder():
            promised = {"promised": order.promised.isoformat()} if order.promised else {}
            number = {"number": order.number} if order.number else {}
            return Act(incident, at, actor, ActKind(f"ticket-{order.ticket}"), order.note, {**number, **promised})
        case MergeOrder():
            return Act(incident, at, actor, ActKind.MERGED, order.note, {"into": order.merge_into, "why": order.note})
        case SplitOrder():
            values = {"members": "|".join(order.split_off), "why": order.note}
            return Act(incident, at, actor, ActKind.SPLIT, order.note, values)
        case NoteOrder():
            return Act(incident, at, actor, ActKind.NOTE, order.note)
        case _:
            assert_never(order)
