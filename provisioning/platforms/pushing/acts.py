"""The words of a push: lines to say, files to send, and what a platform has to be able to do. Nothing is done here."""

import re
from dataclasses import dataclass
from typing import Protocol

from domain.intent import Change, Configuration, Difference
from domain.shell import Question


@dataclass(frozen=True, slots=True)
class Say:
    """One line. ok: what the answer must hold ('' for anything). bad: what it must not hold. ends: the device goes
    down at this line, or cuts us off; that is no failure. prompt: as it may be afterwards, if the device gets another
    name. ok and bad are sought in every line of the answer. hint: for people, what to do if it is refused.
    settle_seconds: for how long nothing may come after a prompt for it to be the last. private: the answer is shown to
    nobody. Secrets in text are holes.
    """

    text: str
    ok: str = ""
    bad: str = ""
    seconds: float = 30.0
    answers: tuple[Question, ...] = ()
    ends: bool = False
    prompt: str = ""
    hint: str = ""
    settle_seconds: float = 0.15
    private: bool = False

    def is_refused(self, answer: str) -> bool:
        if self.bad and re.search(self.bad, answer, re.MULTILINE):
            return True
        return bool(self.ok) and re.search(self.ok, answer, re.MULTILINE) is None


@dataclass(frozen=True, slots=True)
class Send:
    """A text file for the device, secrets still holes. path: as the platform writes it."""

    path: str
    text: str


Act = Say | Send


@dataclass(frozen=True, slots=True)
class Mark:
    """What a job leaves on a device so that it is found again. seconds: after which the device reverts by itself."""

    job: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Situation:
    """A device in the middle of a job. version: as the device tells it. before, now: its configuration then and now,
    secrets masked. sent: all that was ever sent by the job. shared: it serves other sites too.
    """

    mark: Mark
    configuration: Configuration
    version: str = ""
    before: str = ""
    now: str = ""
    sent: tuple[Change, ...] = ()
    shared: bool = False


class Pushing(Protocol):
    """One platform. Every list may be said again after it was said in part or whole."""

    def arm(self, at: Situation) -> tuple[Act, ...]:
        """Keep what is, and see to it that the device brings it back by itself."""
        ...

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]: ...

    def disarm(self, at: Situation) -> tuple[Act, ...]: ...

    def save(self, at: Situation) -> tuple[Act, ...]:
        """So that it is still there after a power cut."""
        ...

    def revert(self, at: Situation) -> tuple[Act, ...]:
        """Back to before: also a day after it was disarmed. Ends with `ends` where the device restarts for it."""
        ...

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        """Take away what a job left, once it is undone."""
        ...
