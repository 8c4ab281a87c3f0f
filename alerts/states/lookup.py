"""Who is dark and who is lit, by name, and since when: what root cause and the desk ask of the states."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from alerts.states.board import StateBoard
from domain.polling import Fleet
from domain.time import Moment


@dataclass(slots=True)
class BoardView:
    """`note` the devices that turned, after each step of the board."""

    board: StateBoard
    fleet: Fleet
    _fell: dict[str, Moment] = field(default_factory=dict)

    def note(self, turned: Iterable[int], now: Moment) -> None:
        for device in turned:
            name = self.fleet.name(device)
            if self.board.light_of(device) >= 0:
                self._fell.pop(name, None)
            else:
                steady = min(self.board.silent_since(device), now.steady_seconds)
                ago = now.steady_seconds - steady
                self._fell[name] = Moment(steady, now.unix_seconds - ago)

    def dark(self, name: str) -> bool:
        return self._light(name) < 0

    def lit(self, name: str) -> bool:
        return self._light(name) > 0

    def watched(self, name: str) -> bool:
        return name in self.fleet and self.board.watches(self.fleet.index(name))

    def wavers(self, name: str) -> bool:
        return self.lit(name) and self.board.silent_since(self.fleet.index(name)) != float("inf")

    def since(self, name: str) -> Moment:
        """Its first miss; for what was dark before a restart, as it was kept then."""
        fell = self._fell.get(name)
        if fell is not None:
            return fell
        kept = self.board.state(self.fleet.index(name)).since.timestamp()
        return Moment(0.0, kept)

    def _light(self, name: str) -> int:
        return self.board.light_of(self.fleet.index(name)) if name in self.fleet else 0
