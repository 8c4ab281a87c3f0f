"""Commands on a terminal: say a line, answer pagers and expected questions, wait for the prompt."""

import codecs
import re
import time

import paramiko
from netmiko.base_connection import BaseConnection
from netmiko.exceptions import NetmikoBaseException

from collectors.ssh.drivers import prepared
from collectors.ssh.intake import Bell
from collectors.ssh.screen import last_line, shown, without_echo
from collectors.ssh.transport import Line
from domain.language import _
from domain.secrets import Secret
from domain.shell import BrokenOffError, Command, LoginRefusedError, Question, Reply, ShellError

LOOK_SECONDS = 0.25  # whatever comes wakes us before
GATHER_SECONDS = 0.003  # an echo comes sign by sign, and each look at what came takes a while
TAIL = 600
ECHO = 12  # the last signs of a line tell it from another, and are shown also where it is wider than the terminal
UNECHOED_SECONDS = 0.5  # a prompt that stands before our line came back may be that of the line before
RETURN = "\r"
QUOTED = 160  # from the beginning of a line: what tells a secret stands before it
NUDGE_SECONDS = 2.0  # a message to all users after the prompt: only another Return brings a prompt again
ANSWERS = 200  # a question repeated as often is a loop


class PromptedTalk:
    """A terminal session on an open line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._driver: BaseConnection | None = None
        self._prompt = re.compile("")
        self._something = Bell()  # was written to us, or the channel ended

    def start(self) -> None:
        """Bring the terminal into order. Raises ShellError's leaves."""
        try:
            self._driver = prepared(self._line)
        except ShellError:
            raise
        except (NetmikoBaseException, paramiko.SSHException, ValueError, EOFError, OSError) as error:
            raise self._unprepared(str(error)) from None
        self._channel.in_buffer.set_event(self._something)
        name = re.escape(self._driver.base_prompt.strip())
        # Modes stand behind the name, marks of changes before it: `r1(config-if)#`, `[~r1-GE0/0/1]`, `<r1>`.
        self._prompt = re.compile(rf"^[\[<~*]{{0,3}}{name}[^\n]{{0,80}}[>#\]$%] ?$" if name else r"[>#\]$%] ?$")
        for command in self._line.target.dialect.preparation:
            self.say(Command(command))

    @property
    def _channel(self) -> paramiko.Channel:
        assert self._driver is not None
        channel = self._driver.remote_conn
        assert isinstance(channel, paramiko.Channel)
        return channel

    def say(self, command: Command) -> Reply:
        """Raises TimedOutError with what the device wrote last, BrokenOffError when the line ended."""
        began = time.monotonic()
        if command.prompt:
            self._prompt = re.compile(f"(?:{self._prompt.pattern})|(?:{command.prompt})")
        self._drain()
        self._write(command.text + RETURN)
        text = self._until_prompt(command, began + self._line.deadline.within(command.seconds))
        lines = without_echo(shown(text), command.text).split("\n")
        return Reply("\n".join(lines[:-1]).strip("\n") + "\n", time.monotonic() - began)

    def _until_prompt(self, command: Command, until: float) -> str:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        dialect = self._line.target.dialect
        questions = (*command.answers, *dialect.questions)
        text, changed_at, answers, nudged = "", time.monotonic(), 0, False
        said = _squeezed(command.text)[-ECHO:]
        echoed, last, patience = not said, "", 0.0
        while True:
            data = self._received(patience)
            now, patience = time.monotonic(), LOOK_SECONDS
            if data:
                text, changed_at = text + decoder.decode(data), now
                last = last_line(text[-TAIL:])
            echoed = echoed or said in _squeezed(shown(text[:TAIL]))
            settle = command.settle_seconds if echoed else max(command.settle_seconds, UNECHOED_SECONDS)
            if data and re.search(dialect.more, last) and answers < ANSWERS * 50:
                text, answers = _without(text, dialect.more), answers + 1
                self._write(" ")
            elif data and answers < ANSWERS and (question := _asked(questions, last)) is not None:
                text, answers = text + "\n", answers + 1
                self._answer(question.answer)
            elif text and self._is_prompt(last, said):
                if now - changed_at >= settle:
                    return text
                patience = settle - (now - changed_at)
            elif not nudged and now - changed_at >= NUDGE_SECONDS and self._was_overwritten(text, last):
                nudged = True
                self._write(RETURN)
            if now > until or self._line.deadline.is_over or len(text) > self._line.target.limits.octets:
                quoted = last.strip()[:QUOTED]
                raise self._line.timed_out(
                    _("the end of '{command}'; its last words were '{last}'").format(command=command.text, last=quoted),
                    quoted,
                )

    def _is_prompt(self, last: str, said: str) -> bool:
        """And not the echo of a line that ends as prompts do: `[find where name="x"]`."""
        return self._prompt.search(last) is not None and not (said and _squeezed(last).endswith(said))

    def _was_overwritten(self, text: str, last: str) -> bool:
        """The prompt was there, and something came after it. Never where the device asks: a question is not empty."""
        return not last.strip() and any(self._prompt.search(line) for line in shown(text[-TAIL:]).split("\n"))

    def _received(self, seconds: float = 0.0) -> bytes:
        """What came, waiting so long for its first sign."""
        channel = self._channel
        if seconds and not channel.recv_ready():
            self._something.wait(seconds)
            if channel.recv_ready():
                time.sleep(GATHER_SECONDS)
        if channel.recv_ready():
            data: bytes = channel.recv(65536)
            self._line.octets += len(data)
            return data
        if channel.closed or channel.eof_received or not self._line.transport.is_active():
            raise self._ended()
        return b""

    def _drain(self) -> None:
        while self._channel.recv_ready():
            self._received()

    def _answer(self, answer: str | Secret) -> None:
        self._write((answer.reveal() if isinstance(answer, Secret) else answer) + RETURN)

    def _write(self, text: str) -> None:
        data = text.encode()
        try:
            self._channel.settimeout(self._line.deadline.within(30))
            self._channel.sendall(data)
        except (paramiko.SSHException, EOFError, OSError):
            raise self._ended() from None
        self._line.octets += len(data)

    def _ended(self) -> ShellError:
        device = self._line.target.device
        if self._line.deadline.is_over:
            return self._line.timed_out(_("the end of the session"))
        return BrokenOffError(device, _("{device}: the connection ended in the middle.").format(device=device))

    def _unprepared(self, why: str) -> ShellError:
        target = self._line.target
        if self._line.deadline.is_over:
            return self._line.timed_out(_("its prompt"))
        if "enable mode" in why:
            return LoginRefusedError(
                target.device,
                _("{device} lets {user} in, but not into the privileged mode that reading needs.").format(
                    device=target.device, user=target.login.user
                ),
            )
        return self._line.timed_out(_("a prompt of {platform}").format(platform=target.dialect.driver))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _asked(questions: tuple[Question, ...], last: str) -> Question | None:
    return next((question for question in questions if re.search(question.pattern, last)), None)


def _without(text: str, pattern: str) -> str:
    """The pager's prompt taken from the end; what erases it afterwards then erases nothing."""
    head, newline, tail = text.rpartition("\n")
    found = list(re.finditer(pattern, tail))
    return head + newline + (tail[: found[-1].start()] if found else tail)
