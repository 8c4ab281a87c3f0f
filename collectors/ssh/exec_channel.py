"""Commands on channels of their own (RFC 4254, 6.5): no terminal, no prompt; the end and the status say it is whole."""

import time

import paramiko

from collectors.ssh.transport import Line
from domain.language import _
from domain.shell import BrokenOffError, Command, Reply, TimedOutError

LOOK_SECONDS = 0.25


class PlainTalk:
    """One command after the other on an open line."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def start(self) -> None:
        """Nothing to bring into order."""

    def say(self, command: Command) -> Reply:
        """Standard output, and standard error behind it if there is any."""
        line, began = self._line, time.monotonic()
        until = began + line.deadline.within(command.seconds)
        try:
            channel = line.transport.open_session(timeout=line.deadline.within(command.seconds))
            channel.settimeout(LOOK_SECONDS)
            channel.exec_command(command.text)
            line.octets += len(command.text)
            out, err = self._collect(channel, until, command)
            status = channel.recv_exit_status() if channel.exit_status_ready() else -1
            channel.close()
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise self._ended(command, str(error)) from None
        if status == -1:
            raise self._ended(command, _("the command ended without a status"))
        text = (out + err).decode("utf-8", "replace").replace("\r\n", "\n")
        return Reply(text, time.monotonic() - began, status)

    def _collect(self, channel: paramiko.Channel, until: float, command: Command) -> tuple[bytes, bytes]:
        out, err = bytearray(), bytearray()
        limit = self._line.target.limits.octets
        while True:
            try:
                data = channel.recv(65536)
            except TimeoutError:
                data = None
            if data:
                out += data
            while channel.recv_stderr_ready():
                said = channel.recv_stderr(65536)
                err += said
                self._line.octets += len(said)
            self._line.octets += len(data or b"")
            if data == b"" and (channel.exit_status_ready() or channel.closed):
                return bytes(out), bytes(err)
            if data == b"":
                time.sleep(0.02)  # its output has ended, its status is on the way
            if time.monotonic() > until or len(out) > limit or self._line.deadline.is_over:
                raise self._over(command)

    def _over(self, command: Command) -> TimedOutError:
        return self._line.timed_out(_("the end of '{command}'").format(command=command.text[:60]))

    def _ended(self, command: Command, why: str) -> BrokenOffError | TimedOutError:
        if self._line.deadline.is_over:
            return self._over(command)
        device = self._line.target.device
        return BrokenOffError(
            device,
            _("{device}: the connection ended during '{command}' ({why}).").format(
                device=device, command=command.text[:60], why=why or "EOF"
            ),
        )
