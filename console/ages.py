"""How old a session is while the wall clock jumps: by it, or by how long this process has known it, whichever is more.

A clock that is set back would give every session the hours anew; one that was ahead must not end it for good. What was
before this process began is known by the wall clock alone. Nothing is kept of a session that is forgotten here.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.accounts import Session

MOST: Final = 10_000
NOTHING: Final = timedelta()


@dataclass(slots=True)
class _Known:
    """age, idle: at the steady second `since`, respectively `idle_since`. seen_at: of which `idle` is."""

    age: timedelta
    since: float
    idle: timedelta
    idle_since: float
    seen_at: datetime


class Ages:
    """steady: seconds of a clock that never jumps."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._lock = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def of(self, session: Session, now: datetime) -> tuple[timedelta, timedelta]:
        """(since it was made, since it was seen), at least."""
        steady = self._steady()
        age, idle = max(NOTHING, now - session.made_at), max(NOTHING, now - session.seen_at)
        with self._lock:
            known = self._known.get(session.key_hash)
            if known is None:
                known = self._known[session.key_hash] = _Known(age, steady, idle, steady, session.seen_at)
                if len(self._known) > MOST:
                    self._known.popitem(last=False)
            elif known.seen_at != session.seen_at:  # by another console, or what we wrote down ourselves
                known.idle, known.idle_since, known.seen_at = idle, steady, session.seen_at
            return (
                max(age, known.age + timedelta(seconds=steady - known.since)),
                max(idle, known.idle + timedelta(seconds=steady - known.idle_since)),
            )

    def seen(self, session: Session) -> None:
        """Now, by whoever has it."""
        with self._lock:
            known = self._known.get(session.key_hash)
            if known is not None:
                known.idle, known.idle_since = NOTHING, self._steady()
