"""Which services are well: one bad check is a chance, several in a row are a state. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.services.outcome import ServiceOutcome
from domain.services.words import ServiceWord, state_of
from domain.states import State
from domain.time import Moment

MISSES = 2


@dataclass(frozen=True, slots=True)
class ServiceState:
    """What is held of one service. since: the first outcome of the run that led here."""

    code: str
    state: State
    word: ServiceWord
    since: Moment
    outcome: ServiceOutcome


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """The state or the word is another one than before; `before` is None for the first decision."""

    before: ServiceState | None
    after: ServiceState


@dataclass(slots=True)
class _Run:
    word: ServiceWord
    since: Moment
    count: int


class ServiceBoard:
    """Takes outcomes, gives changes. A bad state must come `misses` times in a row; a good one counts at once.

    An outcome that says nothing of the service (not checkable, or taken while we are blind) should not be given to
    `take` but for NOT_CHECKABLE, which leads to UNKNOWN.
    """

    def __init__(self, misses: int = MISSES) -> None:
        self._misses = misses
        self._states: dict[str, ServiceState] = {}
        self._runs: dict[str, _Run] = {}

    @property
    def states(self) -> tuple[ServiceState, ...]:
        return tuple(self._states[code] for code in sorted(self._states))

    def get(self, code: str) -> ServiceState | None:
        return self._states.get(code)

    def take(self, outcome: ServiceOutcome) -> ServiceChange | None:
        """A change, if this outcome decides one. Changes of detail under the same word are kept, not announced."""
        word = outcome.word
        run = self._runs.get(outcome.code)
        if run is None or state_of(run.word) != state_of(word):
            run = _Run(word, outcome.at, 1)
        else:  # refused, then silent: out since the first of them
            run.word = word
            run.count += 1
        self._runs[outcome.code] = run
        before = self._states.get(outcome.code)
        if not self.is_decided(outcome.code):
            return None
        after = ServiceState(outcome.code, outcome.state, word, run.since, outcome)
        if before is not None and (before.state, before.word) == (after.state, after.word):
            self._states[outcome.code] = ServiceState(before.code, before.state, word, before.since, outcome)
            return None
        self._states[outcome.code] = after
        return ServiceChange(before, after)

    def is_decided(self, code: str) -> bool:
        """False after a bad outcome that is not confirmed yet: ask again soon."""
        run = self._runs.get(code)
        return run is None or not _is_bad(run.word) or run.count >= self._misses

    def forget(self, codes: Iterable[str]) -> None:
        for code in codes:
            self._states.pop(code, None)
            self._runs.pop(code, None)


def _is_bad(word: ServiceWord) -> bool:
    return state_of(word) is not State.UP
