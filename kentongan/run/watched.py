"""Everything that watchers find wrong, joined into the one mapping that the outage desk looks at."""

from collections.abc import Mapping
from typing import Protocol

from alerts.desk import Fault
from alerts.desk.faults import Key
from domain.incidents import Evidence
from domain.time import Moment


class Watcher(Protocol):
    """Finds faults that are no outage. `faults` gives the same object as long as nothing has changed."""

    def faults(self, now: Moment) -> Mapping[Key, Fault]: ...

    def stands(self, key: Key) -> bool: ...

    def evidence(self, key: Key) -> tuple[Evidence, ...]:
        """Also of one that has just gone."""
        ...


class Watched:
    """Several watchers as one. For the witnesses it is what they call complaints."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = list(watchers)
        self._parts: tuple[Mapping[Key, Fault], ...] = ()
        self._joined: Mapping[Key, Fault] = {}

    def add(self, watcher: Watcher) -> None:
        self._watchers.append(watcher)

    def faults(self, now: Moment) -> Mapping[Key, Fault]:
        """Of one key the first watcher's. The same object as long as no part is another one."""
        parts = tuple(watcher.faults(now) for watcher in self._watchers)
        if len(parts) != len(self._parts) or any(a is not b for a, b in zip(parts, self._parts, strict=True)):
            self._parts = parts
            self._joined = {key: fault for part in reversed(parts) for key, fault in part.items()}
        return self._joined

    def stands(self, key: Key) -> bool:
        return any(watcher.stands(key) for watcher in self._watchers)

    def evidence(self, key: Key) -> tuple[Evidence, ...]:
        return next((found for watcher in self._watchers if (found := watcher.evidence(key))), ())
