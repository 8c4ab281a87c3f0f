"""States that are degraded by themselves (SNMP silent, echo filtered, loss) as complaints, for the day only.

The desk waits longer for them than for what is dark. What a device complained of stays while it is dark.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alerts.degraded.complaints import Complaint, ComplaintBook, Who
from alerts.degraded.subjects import Subjects
from alerts.states.board import StateBoard
from alerts.states.reasons import Reason, bare
from alerts.states.rules import CODE
from domain.incidents import Cause, CauseKind, Urgency
from domain.polling import Fleet
from domain.states import State

WATCHER: Final = "state"
SETTLE_SECONDS: Final = 600.0


class StateWatch:
    """Call `look` every few seconds. usual: whether a device's loss is no more than it always has."""

    def __init__(self, fleet: Fleet, board: StateBoard, book: ComplaintBook, usual: Callable[[str], bool]) -> None:
        self._fleet, self._board, self._book, self._usual = fleet, board, book, usual
        self._subjects = Subjects()
        self._said: set[str] = set()

    def know(self, subjects: Subjects) -> None:
        self._subjects = subjects
        for who in self._book.all_of(WATCHER):
            if who[1] not in subjects.devices:
                self._drop(who)

    def look(self, light: NDArray[np.int8]) -> None:
        """light: by device, 1 for lit, -1 for dark."""
        codes = self._board.codes
        now = {self._fleet.name(device) for device in np.flatnonzero(codes == CODE[State.DEGRADED]).tolist()}
        for name in sorted(now):
            if name in self._subjects.devices:
                self._say(name, bare(self._board.state(self._fleet.index(name)).reason))
        for name in sorted(self._said - now):
            if name not in self._fleet or light[self._fleet.index(name)] > 0:
                for who in self._book.of(WATCHER, name):
                    self._drop(who)

    def _say(self, name: str, reason: str) -> None:
        who: Who = (WATCHER, name, reason, "")
        for other in self._book.of(WATCHER, name):
            if other != who:
                self._drop(other)
        if reason == Reason.INTERNET_FAILS or (reason == Reason.LOSS and self._usual(name)):
            self._drop(who)  # what a site says of its own internet is a fault of the site
            return
        self._said.add(name)
        if who not in self._book:
            cause = Cause(CauseKind.DEVICE, name)
            self._book.say(
                who,
                Complaint(cause, reason, frozenset({name}), urgency=Urgency.DAY, settle_seconds=SETTLE_SECONDS),
            )

    def _drop(self, who: Who) -> None:
        self._book.withdraw(who)
        self._said.discard(who[1])
