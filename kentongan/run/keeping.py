"""What was decided in one turn, and the one transaction that keeps all of it: nothing is told that was not kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from alerts.dispatch.memory import Memory
from alerts.dispatch.messages import Message
from alerts.store.outbox import SqlOutbox
from alerts.store.tellings import SqlTellings
from domain.incidents import Act, Incident
from domain.states import StateChange
from kentongan.installation import Installation


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an order. command: its number in the table of orders."""

    command: int
    outcome: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """Changes of states, incidents as they are now, lines of timelines, messages to send, what telling remembers.

    answers: orders that are answered by this being kept. kept: called once it is, in the thread that wrote it.
    """

    changes: tuple[StateChange, ...] = ()
    incidents: tuple[Incident, ...] = ()
    acts: tuple[Act, ...] = ()
    messages: tuple[Message, ...] = ()
    memories: tuple[Memory, ...] = ()
    answers: tuple[Answer, ...] = ()
    kept: tuple[Callable[[], None], ...] = ()

    def __bool__(self) -> bool:
        decided = self.changes or self.incidents or self.acts or self.messages or self.memories
        return bool(decided or self.answers or self.kept)


class Keeper:
    """Call it with everything that waits. sent: told after messages are in the outbox."""

    def __init__(self, installation: Installation, sent: Callable[[], None] = lambda: None) -> None:
        self._installation = installation
        self._outbox = SqlOutbox(installation.database.engine)
        self._tellings = SqlTellings(installation.database.engine)
        self._sent = sent

    def __call__(self, batch: Sequence[Decided]) -> None:
        installation = self._installation
        acts = [act for each in batch for act in each.acts]
        messages = [message for each in batch for message in each.messages]
        with installation.database.transaction() as connection:
            installation.states.apply_in(connection, [change for each in batch for change in each.changes])
            installation.incidents.save_in(connection, [one for each in batch for one in each.incidents])
            head = installation.acts.append_in(connection, acts) if acts else None
            self._outbox.put_in(connection, messages)
            self._tellings.save_in(connection, [memory for each in batch for memory in each.memories])
            now = installation.clock.now().unix_seconds
            for answer in (answer for each in batch for answer in each.answers):
                installation.commands.finish_in(connection, answer.command, answer.outcome, now)
        if head is not None:
            installation.acts.anchor(head)
        for tell in (tell for each in batch for tell in each.kept):
            tell()
        if messages:
            self._sent()
