"""The open incidents in the desk's hands, and what they are found by: their fault's key, the names that they hold."""

from collections.abc import Iterable

from alerts.desk.faults import BY_SIGHT, Key, key_of
from alerts.desk.live import Live


class Book:
    """lives: by id, in the order in which they were opened. holder: name → the open outage that holds it. by_word:
    those that are not a matter of sight; their watchers say how they are.

    unlooked: names that have turned or were taken in since the members were looked at; None: any may have.
    """

    def __init__(self) -> None:
        self.lives: dict[str, Live] = {}
        self.holder: dict[str, str] = {}
        self.by_word: dict[str, Live] = {}
        self.unlooked: set[str] | None = None
        self._filed: dict[str, tuple[Key, ...]] = {}  # by id, the keys that lead to it, its own first
        self._under: dict[Key, dict[str, None]] = {}

    def put(self, live: Live) -> None:
        id_ = live.incident.id
        self.lives[id_] = live
        if live.incident.condition not in BY_SIGHT:
            self.by_word[id_] = live
        self.file(live)

    def take_out(self, id_: str) -> Live:
        """Its names are whoever's who asks. Raises KeyError."""
        live = self.lives.pop(id_)
        self.by_word.pop(id_, None)
        self._unfile(live)
        return live

    def file(self, live: Live) -> None:
        """Again, after its cause or reason has changed, or what it has adopted."""
        own = key_of(live.incident)
        keys = (own, *((own[0], cause, own[2]) for cause in live.incident.handling.adopted))
        if self._filed.get(live.incident.id) == keys:
            return
        self._unfile(live)
        self._filed[live.incident.id] = keys
        for key in keys:
            self._under.setdefault(key, {})[live.incident.id] = None
            self._unsettle(key)

    def home(self, key: Key) -> str:
        """The open incident that a fault of this key belongs to, "" for none: the newest of those that are about just
        that, else the oldest of those into which people merged it.
        """
        found = self._under.get(key, {})
        if len(found) < 2:
            return "".join(found)
        ordered = [id_ for id_ in self.lives if id_ in found]
        own = [id_ for id_ in ordered if self._filed[id_][0] == key]
        return own[-1] if own else ordered[0]

    def _unfile(self, live: Live) -> None:
        live.settled_with = None
        for key in dict.fromkeys(self._filed.pop(live.incident.id, ())):
            self._unsettle(key)
            del self._under[key][live.incident.id]
            if not self._under[key]:
                del self._under[key]

    def _unsettle(self, key: Key) -> None:
        for id_ in self._under[key]:
            if id_ in self.lives:
                self.lives[id_].settled_with = None

    # -- who holds whom ---------------------------------------------------------------------------------------------

    def hold(self, live: Live, names: Iterable[str]) -> None:
        """Names that are its own from now on, to be looked at in the next step."""
        names = tuple(names)
        if self.unlooked is not None:
            self.unlooked.update(names)
        if live.incident.condition in BY_SIGHT:
            self.holder.update(dict.fromkeys(names, live.incident.id))

    def release(self, live: Live) -> None:
        """Whom it held nobody holds."""
        for name in live.members:
            if self.holder.get(name) == live.incident.id:
                del self.holder[name]

    def holds_all(self, live: Live, names: Iterable[str]) -> bool:
        return all(self.holder.get(name) == live.incident.id for name in names)

    def note_turned(self, names: Iterable[str] | None) -> None:
        """None: any may have."""
        if names is None:
            self.unlooked = None
        elif self.unlooked is not None:
            self.unlooked.update(names)

    def look(self) -> list[tuple[Live, list[str]]]:
        """Open outages with those of their members that may have turned; from now on these have been looked at."""
        names, self.unlooked = self.unlooked, set()
        if names is None:
            return [(live, list(live.members)) for id_, live in self.lives.items() if id_ not in self.by_word]
        found: dict[str, list[str]] = {}
        for name in names:
            found.setdefault(self.holder.get(name, ""), []).append(name)
        return [(self.lives[id_], names) for id_, names in found.items() if id_ in self.lives]
