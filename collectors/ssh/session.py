"""A conversation with its transcript, its limits and its end: what `domain.shell.Shell` promises."""

import re
from collections.abc import Callable
from typing import Protocol

from collectors.ssh.files import send
from collectors.ssh.transport import Line
from domain.language import _
from domain.secrets import Secret
from domain.shell import Command, Exchange, Reading, Reply, ShellError, Transcript, TruncatedError
from domain.shell.masking import masked, secrets_of

QUOTED = 160  # from the beginning of a line: what tells a secret stands before it
SETTLE_SECONDS = 0.02  # what is read ends with the prompt, and nobody says anything after it
KEPT = 4000  # of an answer in the transcript: a whole configuration is kept elsewhere


class Talker(Protocol):
    """One way to give commands on a line."""

    def start(self) -> None: ...

    def say(self, command: Command) -> Reply: ...


class SshShell:
    """Implements Shell. `release` is called once, at the end."""

    def __init__(self, line: Line, talk: Talker, release: Callable[[], None]) -> None:
        self._line = line
        self._talk = talk
        self._release: Callable[[], None] | None = release
        self._exchanges: list[Exchange] = []

    @property
    def octets(self) -> int:
        return self._line.octets

    def run(self, command: Command) -> Reply:
        return self._say(command, _size if command.private else str)

    def read(self, reading: Reading) -> str:
        parts = (Command(part, reading.seconds, settle_seconds=SETTLE_SECONDS) for part in reading.parts)
        texts = [self._say(part, _size).text for part in parts]
        text = "".join(texts)
        self._check_whole(text, reading)
        return text

    def send_file(self, path: str, text: Secret) -> None:
        at = self._line.deadline.elapsed
        said = _("{count} octets").format(count=len(text.reveal().encode()))
        try:
            send(self._line, path, text)
        except ShellError as error:
            self._note(at, Command(f"[{path}]"), str(error))
            raise
        self._note(at, Command(f"[{path}]"), said)

    def transcript(self) -> Transcript:
        return Transcript(self._line.target.device, tuple(self._exchanges))

    def close(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            self._line.close()
            release()

    def _say(self, command: Command, told: Callable[[str], str]) -> Reply:
        """told: what the transcript says of the answer."""
        at = self._line.deadline.elapsed
        try:
            reply = self._talk.say(command)
        except ShellError as error:
            error.args = (self._clean(command, str(error)),)
            error.quoted = self._clean(command, error.quoted)
            self._note(at, command, error.with_quote(told))
            raise
        self._note(at, command, told(reply.text))
        return reply

    def _check_whole(self, text: str, reading: Reading) -> None:
        device = self._line.target.device
        last = text.rstrip().rpartition("\n")[2]
        if reading.begin and not re.search(reading.begin, text, re.MULTILINE):
            said = self._clean(Command(""), text.strip()[:QUOTED])
            message = _("{device} did not write its configuration but: '{said}'.").format(device=device, said=said)
            raise TruncatedError(device, message, said)
        if reading.end and not re.search(reading.end, last):
            said = self._clean(Command(""), last[:QUOTED])
            message = _("{device}: the configuration ends in '{last}', its end mark is missing.").format(
                device=device, last=said
            )
            raise TruncatedError(device, message, said)

    def _note(self, at: float, command: Command, received: str) -> None:
        said = received if len(received) <= KEPT else received[:KEPT] + "\n[…]"
        seconds = self._line.deadline.elapsed - at
        sent = self._clean(command, command.text)
        self._exchanges.append(Exchange(round(at, 3), sent, self._clean(command, said), round(seconds, 3)))

    def _clean(self, command: Command, text: str) -> str:
        return masked(text, (*command.secrets, *secrets_of(self._line.target.login)))


def _size(text: str) -> str:
    """Of a configuration the transcript tells no more: its secrets are known to its platform alone."""
    return _("[{count} lines]").format(count=len(text.splitlines()))
