"""From what explains the dark to what is shown of each dark device: down, unreachable behind whom, or unknown. Pure.

A root is `down` as long as it may be its own fault, and where the cause puts it out; behind it all is `unreachable`,
and so is a root whose way alone is blamed. What we only cannot look at is `unknown`. Nobody is shown dark while one of
his neighbours has not been heard of since: a parent may be falling as well, and then he is not the one who is down. And
who was behind something that is back is not called down before he has had the time to boot.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from alerts.doubt import MOST_ROOTS, beside
from alerts.rootcause.explain import Explanation
from alerts.rootcause.graph import NetworkGraph
from alerts.states.board import StateBoard
from alerts.states.reasons import UNSEEN_BEHIND, behind, unseen_behind
from alerts.states.standing import Standing
from domain.polling import Fleet
from domain.states import State
from domain.time import Moment

_Word = tuple[Standing, str]
"""What is shown, and the reason; empty for the device's own."""

_Words = Mapping[_Word, frozenset[str]]
"""The names of which each is said."""

_UNSAID: _Word = (Standing.UNSAID, "")
_HELD: _Word = (Standing.HELD, "")
_DOWN: _Word = (Standing.DOWN, "")
_DARK = frozenset({State.DOWN, State.UNREACHABLE})


@dataclass(slots=True)
class Outward:
    """`say` the explanations whenever they may have changed, and as long as it `waits`."""

    board: StateBoard
    fleet: Fleet
    _said: dict[int, tuple[Explanation, _Words]] = field(default_factory=dict)  # held too, so that ids stay their own
    _held: dict[str, float] = field(default_factory=dict)  # steady seconds since when

    @property
    def waits(self) -> bool:
        return bool(self._held)

    def begin_anew(self) -> None:
        """Another inventory: nothing is said of anybody until it has been explained again."""
        names = frozenset().union(*(explanation.members for explanation, _words in self._said.values()))
        self._said.clear()
        self._put(_UNSAID, names)

    def say(
        self,
        graph: NetworkGraph,
        explanations: Iterable[Explanation],
        doubted: Collection[int],
        now: Moment,
        patience_seconds: float,
    ) -> None:
        """doubted: nodes that are believed to be lit and are being asked. patience_seconds: the longest wait for them.

        Costs by what has changed, not by how many are dark.
        """
        said = {id(each): each for each in explanations}
        old, kept, new = [], {}, []
        for key, (explanation, words) in self._said.items():
            if key in said and _HELD not in words:
                kept[key] = explanation, words
            else:
                old.append(words)
        for key, explanation in said.items():
            if key not in kept:
                words = self._words_with_holding(explanation, graph, doubted, now, patience_seconds)
                kept[key] = explanation, words
                new.append(words)
        self._said = kept
        held = frozenset().union(*(words.get(_HELD, frozenset()) for words in new))
        self._held = {name: since for name, since in self._held.items() if name in held}
        before: dict[_Word, set[str]] = {}
        for words in old:
            for word, names in words.items():
                before.setdefault(word, set()).update(names)
        gone = set().union(*before.values()) if before else set()
        for words in new:
            for word, names in words.items():
                gone -= names
                self._put(word, names.difference(before.get(word, ())))
        self._put(_UNSAID, gone)

    def _words_with_holding(
        self,
        explanation: Explanation,
        graph: NetworkGraph,
        doubted: Collection[int],
        now: Moment,
        patience_seconds: float,
    ) -> _Words:
        words = words_of(explanation, graph)
        alone = words.get(_DOWN, frozenset())
        held = {name for name in alone if name in self.fleet and self._was_behind(name)}
        if doubted and _is_doubtful(explanation, graph, doubted):
            held.update(name for name in explanation.members if name in self.fleet and not self._is_dark(name))
        steady = now.steady_seconds
        held = {name for name in held if steady - self._held.setdefault(name, steady) < patience_seconds}
        if not held:
            return words
        return {_HELD: frozenset(held), **{word: names - held for word, names in words.items()}}

    def _is_dark(self, name: str) -> bool:
        return self.board.shows(self.fleet.index(name)) in _DARK

    def _was_behind(self, name: str) -> bool:
        """Shown as unreachable or unseen: now that its way is back it is given the time to boot."""
        device = self.fleet.index(name)
        reason = self.board.shown_reason(device)
        return self.board.shows(device) is State.UNREACHABLE or reason.startswith(UNSEEN_BEHIND)

    def _put(self, word: _Word, names: Iterable[str]) -> None:
        devices = [self.fleet.index(name) for name in names if name in self.fleet]
        if devices:
            self.board.stand(np.array(sorted(devices), np.int64), *word)


def words_of(explanation: Explanation, graph: NetworkGraph) -> _Words:
    """What is shown of each of its members, by name."""
    causes = {explanation.cause.name, *(cause.name for cause in explanation.together)}
    unseen = frozenset(explanation.unknown)
    members = frozenset(explanation.members) - unseen
    roots = [name for name in explanation.roots if name in members]
    down = members.intersection((*explanation.down, *explanation.own)).intersection(roots)
    words: dict[_Word, frozenset[str]] = {}
    if unseen:
        words[Standing.UNSEEN, unseen_behind(causes)] = unseen
    if down:
        words[_DOWN] = down
    left = members - down
    behind_it = left.difference(roots)
    for root in roots if behind_it else ():
        names = behind_it if len(roots) == 1 else behind_it & _hanging_on(graph, root)
        if names:
            words[Standing.UNREACHABLE, behind((root,))] = names
            left -= names
    if left:
        words[Standing.UNREACHABLE, behind(causes)] = left
    return words


def _hanging_on(graph: NetworkGraph, name: str) -> frozenset[str]:
    """What has no way but through this device."""
    ways, node = graph.ways, graph.index[name]
    begin = ways.position[node]
    return frozenset([graph.names[each] for each in ways.order[begin + 1 : begin + ways.cut[node]]])


def _is_doubtful(explanation: Explanation, graph: NetworkGraph, doubted: Collection[int]) -> bool:
    """One of its roots stands beside somebody who is being asked."""
    return any(not beside(graph, graph.index[root]).isdisjoint(doubted) for root in explanation.roots[:MOST_ROOTS])
