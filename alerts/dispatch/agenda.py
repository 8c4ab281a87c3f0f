"""When each incident's telling has something to do next, so that a step looks at those alone whose time has come."""

from datetime import datetime


class Agenda:
    """One instant for each key. Thousands are looked through in a fraction of a millisecond, in the order of keys."""

    def __init__(self) -> None:
        self._at: dict[str, datetime] = {}

    def put(self, key: str, at: datetime | None) -> None:
        """None: nothing to do until something happens."""
        if at is None:
            self._at.pop(key, None)
        else:
            self._at[key] = at

    def due(self, now: datetime) -> list[str]:
        return [key for key, at in self._at.items() if at <= now]

    def first(self) -> datetime | None:
        return min(self._at.values(), default=None)
