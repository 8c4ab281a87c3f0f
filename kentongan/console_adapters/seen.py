"""When a session was seen and a token used last: written beside the pages, by a thread of its own.

A page must not wait for a database that somebody else writes into, nor fail with a full disk, for so little. What
cannot be written is forgotten with the next minute's: nothing but the hours until a session ends by itself hangs on it.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from domain.accounts import AccessToken, Session, SessionStore, TokenStore
from kentongan.store.faults import DatabaseError

log = structlog.get_logger(__name__)

MOST: Final = 10_000
Start = Callable[[Callable[[], None]], None]


def start_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="seen", daemon=True).start()


class _Later:
    """The newest word of each key, handed to `write` one after another. start: begins a thread while there is any."""

    def __init__(self, write: Callable[[str, datetime], None], start: Start) -> None:
        self._write, self._start = write, start
        self._lock = threading.Lock()
        self._waiting: dict[str, datetime] = {}
        self._is_writing = self._fails = False

    def put(self, key: str, at: datetime) -> None:
        with self._lock:
            if len(self._waiting) < MOST:
                self._waiting[key] = at
            begins, self._is_writing = not self._is_writing, True
        if begins:
            self._start(self._empty)

    def _empty(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._is_writing = False
                    return
                key, at = next(iter(self._waiting.items()))
            try:
                self._write(key, at)
                self._fails = False
            except DatabaseError as error:
                if not self._fails:
                    log.warning("last_use_not_kept", error=str(error))
                self._fails = True
            with self._lock:
                if self._waiting.get(key) == at or self._fails:
                    self._waiting.pop(key, None)


class SeenLater:
    """Implements domain.accounts.SessionStore over another one."""

    def __init__(self, kept: SessionStore, start: Start = start_thread) -> None:
        self._kept = kept
        self._later = _Later(kept.seen, start)

    def seen(self, key_hash: str, at: datetime) -> None:
        self._later.put(key_hash, at)

    def get(self, key_hash: str) -> Session | None:
        return self._kept.get(key_hash)

    def put(self, session: Session) -> None:
        self._kept.put(session)

    def end(self, key_hash: str) -> None:
        self._kept.end(key_hash)

    def end_of(self, account: str, *, but_newest: int = 0) -> None:
        self._kept.end_of(account, but_newest=but_newest)

    def prune(self, seen_before: datetime, made_before: datetime) -> int:
        return self._kept.prune(seen_before, made_before)


class UsedLater:
    """Implements domain.accounts.TokenStore over another one."""

    def __init__(self, kept: TokenStore, start: Start = start_thread) -> None:
        self._kept = kept
        self._later = _Later(kept.mark_used, start)

    def mark_used(self, id_: str, at: datetime) -> None:
        self._later.put(id_, at)

    def of(self, account: str) -> tuple[AccessToken, ...]:
        return self._kept.of(account)

    def get(self, key_hash: str) -> AccessToken | None:
        return self._kept.get(key_hash)

    def find(self, id_: str) -> AccessToken | None:
        return self._kept.find(id_)

    def put(self, token: AccessToken) -> None:
        self._kept.put(token)

    def remove(self, id_: str) -> None:
        self._kept.remove(id_)
