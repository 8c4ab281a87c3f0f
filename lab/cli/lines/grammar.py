"""Grammars as data: which lines a view takes, matched with abbreviations as devices do.

A grammar is text. `[view]` begins a view; a line is `[action: ]pattern[ > view it opens]`.
In a pattern: bare words are keywords (abbreviable), `<kind>` is a value, `{a|b}` a choice, `[…]` optional, `=` ends the
part that names the setting (what follows is its value: given anew, it replaces), `~` at the beginning marks a setting
that is on at the factory, so that its negation is what the configuration shows.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

ReadsValue: TypeAlias = Callable[[str], str | None]
"""The canonical form of a value, None if it is none of its kind."""


@dataclass(frozen=True, slots=True)
class Keyword:
    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    kind: str


@dataclass(frozen=True, slots=True)
class Choice:
    ways: "tuple[tuple[Node, ...], ...]"


@dataclass(frozen=True, slots=True)
class Maybe:
    nodes: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class KeyEnd:
    """Here the name of the setting ends."""


Node: TypeAlias = Keyword | Slot | Choice | Maybe | KeyEnd
KEY_END = KeyEnd()


@dataclass(frozen=True, slots=True)
class Rule:
    """`rank` is its place in the grammar, which is the place in the printed configuration."""

    action: str
    nodes: tuple[Node, ...]
    opens: str
    default_on: bool
    rank: int


@dataclass(frozen=True, slots=True)
class Match:
    """`words` in full; `key`: how many of them name the setting; `values`: what the slots took, in order."""

    rule: Rule
    words: tuple[str, ...]
    key: int
    values: tuple[str, ...]
    exact: int

    @property
    def line(self) -> str:
        return " ".join(self.words)


class Fault(Enum):
    INVALID = "invalid"
    WRONG_VALUE = "wrong value"
    TOO_MANY = "too many"
    INCOMPLETE = "incomplete"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """`word` is the number of the word where it went wrong, `within` how many of its letters were still right."""

    fault: Fault
    word: int
    within: int = 0


@dataclass(frozen=True, slots=True)
class _State:
    at: int
    words: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    key: int = -1
    exact: int = 0


@dataclass(slots=True)
class _Trouble:
    """The furthest that any rule came."""

    at: int = -1
    fault: Fault = Fault.INVALID
    within: int = 0

    def note(self, at: int, fault: Fault, within: int = 0) -> None:
        if at > self.at:
            self.at, self.fault, self.within = at, fault, within
        elif at == self.at:
            self.within = max(self.within, within)
            if fault is Fault.INCOMPLETE or (fault is Fault.WRONG_VALUE and self.fault is Fault.INVALID):
                self.fault = fault


class Grammar:
    """All views of a platform. `kinds` reads values; `<a-b>` (whole numbers), `<word>` and `<line>` need no entry."""

    def __init__(self, text: str, kinds: Mapping[str, ReadsValue]) -> None:
        self._kinds = dict(kinds)
        self.views: dict[str, tuple[Rule, ...]] = _views(text)

    def match(self, views: Sequence[str], line: str) -> tuple[Match, str] | Mismatch:
        """The rule that a line means, with its view; the first view that knows the line wins."""
        words = line.split()
        worst = _Trouble()
        for view in views:
            trouble = _Trouble()
            found = self._matches(view, words, trouble)
            if found:
                best = max(each.exact for each in found)
                best_ones = [each for each in found if each.exact == best]
                if len({each.line for each in best_ones}) > 1 and best < len(words):
                    return Mismatch(Fault.AMBIGUOUS, _parting(best_ones, words))
                return best_ones[0], view
            if trouble.at > worst.at:
                worst = trouble
        return Mismatch(worst.fault, max(worst.at, 0), worst.within)

    def expand(self, view: str, line: str) -> list[tuple[str, ...]]:
        """What a `no` or `undo` line names: its words in full, complete or not."""
        words = line.split()
        found = self._matches(view, words, _Trouble(), partial=True)
        best = max((each.exact for each in found), default=0)
        return list(dict.fromkeys(each.words for each in found if each.exact == best))

    def words_after(self, views: Sequence[str], line: str) -> list[str]:
        """Keywords that may come next, for `?` and the Tab key."""
        words = line.split()
        begun = words.pop() if words and not line.endswith(" ") else ""
        following: set[str] = set()
        for view in views:
            for rule in self.views.get(view, ()):
                for state in self._walk(
                    rule.nodes, words, _State(0), _Trouble(), following_at=len(words), out=following
                ):
                    del state
        return sorted(word for word in following if word.startswith(begun))

    def _matches(self, view: str, words: Sequence[str], trouble: _Trouble, *, partial: bool = False) -> list[Match]:
        found: list[Match] = []
        for rule in self.views.get(view, ()):
            seen: set[str] = set()
            for state in self._walk(rule.nodes, words, _State(0), trouble, partial=partial):
                if state.at < len(words):
                    trouble.note(state.at, Fault.TOO_MANY if state.at else Fault.INVALID)
                    continue
                if " ".join(state.words) in seen:
                    continue
                seen.add(" ".join(state.words))
                key = len(state.words) if state.key < 0 else state.key
                found.append(Match(rule, state.words, key, state.values, state.exact))
        return found

    def _walk(
        self,
        nodes: Sequence[Node],
        words: Sequence[str],
        state: _State,
        trouble: _Trouble,
        *,
        partial: bool = False,
        following_at: int = -1,
        out: set[str] | None = None,
    ) -> Iterator[_State]:
        if not nodes:
            yield state
            return
        node, rest = nodes[0], nodes[1:]
        if out is not None and state.at == following_at and isinstance(node, Keyword | Slot):
            out.add(node.text if isinstance(node, Keyword) else f"<{node.kind}>")
        match node:
            case KeyEnd():
                after = [_State(state.at, state.words, state.values, len(state.words), state.exact)]
            case Maybe():
                after = [
                    *self._walk(node.nodes, words, state, trouble, partial=partial, following_at=following_at, out=out),
                    state,
                ]
            case Choice():
                after = [
                    each
                    for way in node.ways
                    for each in self._walk(
                        way, words, state, trouble, partial=partial, following_at=following_at, out=out
                    )
                ]
            case Keyword() | Slot():
                if state.at >= len(words):
                    if partial:
                        yield state
                    else:
                        trouble.note(state.at, Fault.INCOMPLETE)
                    return
                taken = self._take(node, words, state, trouble)
                after = [] if taken is None else [taken]
        for each in after:
            yield from self._walk(rest, words, each, trouble, partial=partial, following_at=following_at, out=out)

    def _take(self, node: Keyword | Slot, words: Sequence[str], state: _State, trouble: _Trouble) -> _State | None:
        word = words[state.at]
        if isinstance(node, Keyword):
            if not node.text.lower().startswith(word.lower()):
                trouble.note(state.at, Fault.INVALID, _common(node.text, word))
                return None
            exact = state.exact + (node.text.lower() == word.lower())
            return _State(state.at + 1, (*state.words, node.text), state.values, state.key, exact)
        if node.kind == "line":
            text = " ".join(words[state.at :])
            return _State(len(words), (*state.words, text), (*state.values, text), state.key, state.exact)
        value = self._value(node.kind, word)
        if value is None:
            trouble.note(state.at, Fault.WRONG_VALUE)
            return None
        return _State(state.at + 1, (*state.words, value), (*state.values, value), state.key, state.exact)

    def _value(self, kind: str, word: str) -> str | None:
        if matched := re.fullmatch(r"(\d+)-(\d+)", kind):
            return word if word.isdigit() and int(matched[1]) <= int(word) <= int(matched[2]) else None
        if kind == "word":
            return word
        return self._kinds[kind](word)


def _parting(found: Sequence[Match], words: Sequence[str]) -> int:
    """The word at which the meanings part."""
    for at in range(len(words)):
        if len({each.words[at] for each in found if at < len(each.words)}) > 1:
            return at
    return 0


def _common(first: str, second: str) -> int:
    length = 0
    for one, other in zip(first.lower(), second.lower(), strict=False):
        if one != other:
            break
        length += 1
    return length


def _views(text: str) -> dict[str, tuple[Rule, ...]]:
    views: dict[str, list[Rule]] = {}
    view = ""
    for number, row in enumerate(text.strip().splitlines()):
        row = row.strip()
        if not row or row.startswith("#"):
            continue
        if row.startswith("[") and row.endswith("]") and " " not in row:
            view = row[1:-1]
            views[view] = []
            continue
        action, row = _before(row)
        row, _mark, opens = row.partition(" > ")
        default_on = row.startswith("~")
        nodes, rest = _nodes(_TOKEN.findall(row.removeprefix("~")), ())
        assert not rest, row
        views[view].append(Rule(action, nodes, opens.strip(), default_on, number))
    return {name: tuple(rules) for name, rules in views.items()}


_TOKEN = re.compile(r"<[^>]+>|[{}\[\]|=]|[^\s{}\[\]|=<>]+")


def _before(row: str) -> tuple[str, str]:
    matched = re.match(r"^(\w+): (.*)$", row)
    return (matched[1], matched[2]) if matched else ("", row)


def _nodes(tokens: Sequence[str], closing: tuple[str, ...]) -> tuple[tuple[Node, ...], Sequence[str]]:
    made: list[Node] = []
    while tokens and tokens[0] not in closing:
        token, tokens = tokens[0], tokens[1:]
        if token == "=":
            made.append(KEY_END)
        elif token == "[":
            inner, tokens = _nodes(tokens, ("]",))
            tokens = tokens[1:]
            made.append(Maybe(inner))
        elif token == "{":
            ways: list[tuple[Node, ...]] = []
            while True:
                way, tokens = _nodes(tokens, ("|", "}"))
                ways.append(way)
                mark, tokens = tokens[0], tokens[1:]
                if mark == "}":
                    break
            made.append(Choice(tuple(ways)))
        elif token.startswith("<"):
            made.append(Slot(token[1:-1]))
        else:
            made.append(Keyword(token))
    return tuple(made), tokens
