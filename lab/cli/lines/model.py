"""A device whose configuration is lines: running, saved, loaded again at boot, changed line by line. Pure."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab.cli.conversation import Ordered
from lab.cli.lines.grammar import Grammar, Match, Mismatch
from lab.cli.lines.tree import Tree, rendered


@dataclass(frozen=True, slots=True)
class Level:
    """Where in the configuration a session stands: the view, and the sections from the root inwards."""

    view: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entered:
    """A line that was taken; `opens` the level it leads to, `error` the device's refusal, `said` what it prints.

    `at_root`: the line was none of the view's own but the root's, where the session stands now.
    """

    opens: Level | None = None
    error: str = ""
    said: str = ""
    at_root: bool = False


class LineModel:
    """What IOS, VRP and the OLTs have in common; each adds its readings and its rules."""

    negation = "no"
    root = "config"
    names = "hostname"
    """The line that gives the device its name."""
    unnamed = ""

    def __init__(self, grammar: Grammar, factory: str, *, normal: Callable[[str], str], serial: str) -> None:
        self.grammar = grammar
        self.tree = Tree()
        self.now = 0.0
        self.booted = 0.0
        self.restarting = False
        self.ordered = Ordered()
        self._serial = serial
        self._factory = factory
        self.normal = normal
        self._saved: str | None = None
        self.load(factory)

    @property
    def hostname(self) -> str:
        named = self.tree.first(self.names)
        return named[0] if named else self.unnamed

    @property
    def serial(self) -> str:
        return self.ordered.serial or self._serial

    @property
    def modified(self) -> bool:
        """Whether something is not saved yet."""
        return self.text() != (self.saved_text or "")

    # --- configuration

    def load(self, text: str) -> None:
        """Interpret a saved configuration into an empty tree; lines that are not understood are skipped, as at boot."""
        self.tree = Tree()
        self.replay(text)

    def replay(self, text: str) -> list[str]:
        """Enter the lines of a configuration file; those refused come back."""
        levels = [Level(self.root, ())]
        refused: list[str] = []
        for row in text.splitlines():
            depth = len(row) - len(row.lstrip(" "))
            line = row.strip()
            if not line or line[0] in "!#" or line in ("end", "return", "exit"):
                continue
            del levels[depth + 1 :]
            entered = self.enter(levels[-1], line, loading=True)
            if isinstance(entered, Mismatch) or entered.error:
                refused.append(line)
            elif entered.opens is not None:
                levels.append(entered.opens)
        return refused

    def enter(self, level: Level, line: str, *, loading: bool = False) -> Entered | Mismatch:
        """One configuration line at a level; a line the view does not know is tried at the root, as devices do."""
        line = self.normal(line).strip()
        views = [level.view] if level.view == self.root else [level.view, self.root]
        first, _blank, rest = line.partition(" ")
        if first == self.negation and rest.strip():
            return self._negate(level, views, rest)
        found = self.grammar.match(views, line)
        if isinstance(found, Mismatch):
            return found
        match, view = found
        path = level.path if view == level.view else ()
        error = "" if loading else self.refusal(match, path)
        if error:
            return Entered(error=error)
        words = self.rewritten(match)
        named = len(words) if match.key == len(match.words) else match.key
        negated = (self.negation, *words[:named])
        if self.tree.has(path):
            self.tree.drop(path, negated)
            if match.rule.action not in self.not_kept and not (match.rule.default_on and match.key == len(words)):
                self.tree.put(path, words, named, match.rule.rank, section=bool(match.rule.opens))
        said = self.entered(match, path)
        opens = Level(match.rule.opens, (*path, " ".join(words))) if match.rule.opens else None
        return Entered(opens, said=said, at_root=view != level.view)

    def _negate(self, level: Level, views: Sequence[str], rest: str) -> Entered | Mismatch:
        for view in views:
            named = self.grammar.expand(view, rest)
            path = level.path if view == level.view else ()
            if not named or not self.tree.has(path):
                continue
            error = self.negation_refusal(named[0], path)
            if error:
                return Entered(error=error)
            for words in named:
                if self.tree.drop(path, words):
                    break
            self.negated(named[0], path)
            found = self.grammar.match([view], rest)
            at_root = view != level.view
            if not isinstance(found, Mismatch) and found[0].rule.default_on:
                match = found[0]
                self.tree.put(path, (self.negation, *match.words), len(match.words) + 1, match.rule.rank)
            return Entered(at_root=at_root)
        found = self.grammar.match(views, rest)
        if isinstance(found, Mismatch):
            return Mismatch(found.fault, found.word + 1, found.within)
        return Entered()

    # --- what a platform may say differently

    not_kept: frozenset[str] = frozenset()

    def refusal(self, match: Match, path: Sequence[str]) -> str:
        """The device's own words if it does not take a line that its grammar allows."""
        del match, path
        return ""

    def negation_refusal(self, words: Sequence[str], path: Sequence[str]) -> str:
        del words, path
        return ""

    def rewritten(self, match: Match) -> tuple[str, ...]:
        """The words as they stand in the configuration (passwords hashed)."""
        return match.words

    def entered(self, match: Match, path: Sequence[str]) -> str:
        """After a line has taken effect; what the device prints about it."""
        del match, path
        return ""

    def negated(self, words: Sequence[str], path: Sequence[str]) -> None:
        del words, path

    def text(self) -> str:
        """The configuration as a file."""
        return "".join(f"{line}\n" for line in rendered(self.tree.lines))

    # --- life

    def boot(self, now: float) -> None:
        self.now = self.booted = now
        self.restarting = False
        self.load(self._factory if self._saved is None else self._saved)

    def save(self) -> bool:
        """To flash or NVRAM; False when there is no space."""
        if self.ordered.disk_full:
            return False
        self._saved = self.text()
        return True

    def restore_saved(self, text: str) -> None:
        """A file in place of the saved configuration."""
        self._saved = text

    def erase(self) -> None:
        self._saved = None

    @property
    def saved_text(self) -> str | None:
        return self._saved

    def order(self, ordered: Ordered) -> None:
        self.ordered = ordered

    def running(self, now: float) -> str:
        self.now = now
        return self.text()

    def saved(self, now: float) -> str:
        self.now = now
        return self._saved or ""

    def pass_time(self, now: float) -> bool:
        self.now = now
        return self.restarting

    def due(self) -> float | None:
        return None


def hashed(password: str) -> str:
    """A stand-in for the device's one-way hash: the same for the same password."""
    return f"$1$lab${hashlib.sha256(password.encode()).hexdigest()[:22]}"
