"""Orders to a service that is about to die, and whether each was answered as it was carried out."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine

from domain.incidents import Act, ActKind
from kentongan.run.orders import ACT, act_payload
from kentongan.store.commands import CommandTable
from tests.real.terminal import Terminal


class Orders:
    """Notes on the incident that was told last, put on the table of a service that is about to die."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._engine = create_engine(f"sqlite:///{terminal.folder / 'var' / 'kentongan.db'}")
        self._given: dict[int, str] = {}  # number → incident

    def note(self, bodies: list[dict[str, Any]]) -> None:
        if bodies:
            incident, now = str(bodies[-1]["incident"]["id"]), datetime.now(UTC)
            act = Act(incident, now, "operator", ActKind.NOTE, f"order {len(self._given)}")
            self._given[CommandTable(self._engine).insert(ACT, act_payload(act), now.timestamp())] = incident

    def states(self) -> list[str]:
        return [CommandTable(self._engine).get(number).state.value for number in self._given]

    def wrongly_answered(self) -> dict[str, int]:
        """Orders that are written more or less often than they are answered with 'done'."""
        written = Counter(
            each.get("text") for incident in set(self._given.values()) for each in self._timeline(incident)
        )
        states = {f"order {order}": state for order, state in enumerate(self.states())}
        return {
            f"{order}: {state}": written[order]
            for order, state in states.items()
            if written[order] != (state == "done")
        }

    def _timeline(self, incident: str) -> list[dict[str, Any]]:
        shown = self._terminal.json("incidents", "show", incident)
        return list(shown["timeline"])
