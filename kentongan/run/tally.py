"""What a run has done so far: the numbers of the live view and of `demo --json`."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.states import State, StateChange

CHANGES_KEPT = 2000


@dataclass(slots=True)
class Tally:
    """Counts since the start. `changes` keeps the latest CHANGES_KEPT; `changes_total` counts all."""

    polls: int = 0
    polls_lost: int = 0
    polls_late: int = 0
    polls_skipped: int = 0
    values: int = 0
    echoes: int = 0
    echoes_lost: int = 0
    sweeps: int = 0
    sweep_seconds: float = 0.0
    changes_total: int = 0
    changes_to: dict[State, int] = field(default_factory=lambda: dict.fromkeys(State, 0))
    metrics_url: str = ""
    changes: deque[StateChange] = field(default_factory=lambda: deque(maxlen=CHANGES_KEPT))

    def note_changes(self, changes: Iterable[StateChange]) -> None:
        """First words about a device that is not watched are no change to tell."""
        told = [change for change in changes if not change.from_ is change.to is State.UNKNOWN]
        self.changes.extend(told)
        self.changes_total += len(told)
        for change in told:
            self.changes_to[change.to] += 1
