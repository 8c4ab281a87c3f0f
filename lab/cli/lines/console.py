"""A session on a line-by-line device: views, questions, filters after a bar, the place of a mistake."""

import re
from abc import ABC, abstractmethod

from lab.cli.conversation import Login, Pager, Question, Reply
from lab.cli.lines.grammar import Mismatch
from lab.cli.lines.model import Level, LineModel


class LineConsole(ABC):
    """Platforms say `plain_prompt`, `execute` and `mistake`."""

    def __init__(self, model: LineModel, login: Login) -> None:
        self.model = model
        self.login = login
        self.levels: list[Level] = []
        self.question: Question | None = None
        self.output: list[str] = []
        self.late = ""
        self.paged = False
        self.ends = False
        self.rows = login.rows

    # --- the platform's part

    @abstractmethod
    def plain_prompt(self) -> str: ...

    @abstractmethod
    def execute(self, line: str) -> None: ...

    @abstractmethod
    def mistake(self, mismatch: Mismatch, line: str, *, skipped: int = 0) -> str: ...

    # --- Console

    def greeting(self) -> str:
        return ""

    def prompt(self) -> str:
        return self.question.text if self.question is not None else self.plain_prompt()

    def wants_key(self) -> bool:
        return self.question is not None and self.question.key

    def hides_input(self) -> bool:
        return self.question is not None and self.question.hidden

    def pager(self) -> Pager:
        return Pager(" --More-- ", "\b" * 10 + " " * 10 + "\b" * 10, self.rows)

    def take(self, line: str, now: float) -> Reply:
        self.model.now = now
        self.paged = False
        if line == "\x03":
            self.question = None
            return Reply()
        if self.question is not None:
            question, self.question = self.question, None
            question.then(line)
        elif line.strip() and not self._ignored(line):
            self.execute(line)
        text, self.output = "".join(self.output), []
        late, self.late = self.late, ""
        return Reply(text, paged=self.paged, ends=self.ends, restarts=self.model.restarting, late=late)

    def _ignored(self, line: str) -> bool:
        pattern = self.model.ordered.ignores
        return bool(pattern) and re.search(pattern, line) is not None

    def following(self, line: str) -> list[str]:
        """Keywords and kinds of values that may come after what was typed."""
        return self.model.grammar.words_after(self.views(), line)

    # --- for the platforms

    def views(self) -> list[str]:
        """Views whose lines are taken now."""
        level = self.level
        return [level.view, self.model.root] if level is not None else ["user", "enable"]

    def print(self, text: str) -> None:
        self.output.append(text if not text or text.endswith("\n") else f"{text}\n")

    def show(self, text: str, bar: str = "") -> None:
        """Print something that is paged, through the filter after the bar."""
        self.paged = True
        self.print(filtered(text, bar))

    def ask(self, question: Question) -> None:
        self.question = question

    @property
    def level(self) -> Level | None:
        return self.levels[-1] if self.levels else None

    def enter(self, line: str) -> None:
        """A configuration line at the level where the session stands."""
        level = self.levels[-1]
        entered = self.model.enter(level, line)
        if isinstance(entered, Mismatch):
            self.print(self.mistake(entered, line))
            return
        if entered.error:
            self.print(entered.error)
            return
        if entered.said:
            self.print(entered.said)
        if entered.at_root:
            del self.levels[1:]
        if entered.opens is not None:
            depth = len(entered.opens.path)
            del self.levels[depth:]
            self.levels.append(entered.opens)


def filtered(text: str, bar: str) -> str:
    """`| include X`, `| exclude X`, `| begin X`, `| section X`, abbreviated or not, with regular expressions."""
    if not bar:
        return text
    word, _blank, pattern = bar.strip().partition(" ")
    try:
        wanted = re.compile(pattern.strip())
    except re.error:
        return text
    lines = text.splitlines()
    kept: list[str] = []
    if "include".startswith(word):
        kept = [line for line in lines if wanted.search(line)]
    elif "exclude".startswith(word):
        kept = [line for line in lines if not wanted.search(line)]
    elif "begin".startswith(word):
        at = next((number for number, line in enumerate(lines) if wanted.search(line)), len(lines))
        kept = lines[at:]
    elif "section".startswith(word):
        inside = False
        for line in lines:
            if not line.startswith(" "):
                inside = bool(wanted.search(line))
            if inside:
                kept.append(line)
    return "".join(f"{line}\n" for line in kept)


def caret(line: str, mismatch: Mismatch) -> int:
    """The column, from 0, of the mistake in a line as typed."""
    starts = [found.start() for found in re.finditer(r"\S+", line)]
    if mismatch.word < len(starts):
        return starts[mismatch.word] + mismatch.within
    return len(line)
