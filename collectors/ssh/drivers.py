"""The SSH library's drivers on a line that is open already: they bring terminals of many makers into order.

Only the preparation of the session is theirs; connecting, host keys, logins, limits and conversations are ours.
"""

import time
from collections.abc import Callable
from typing import Any

import paramiko
from netmiko.base_connection import BaseConnection
from netmiko.ssh_dispatcher import CLASS_MAPPER

from collectors.ssh.transport import Line
from domain.language import _
from domain.secrets import Secret
from domain.shell import BrokenOffError

GREETING_SECONDS = 0.1  # as long as the library waits in any case
QUIET_SECONDS = 0.02
LOOK_SECONDS = 0.005
WIDTH, HEIGHT = 511, 1000  # so that nothing is wrapped, and pages are long where paging cannot be switched off


class _OpenLine:
    """What a driver takes for a client that it may connect."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def connect(self, **_parameters: Any) -> None:
        """It is connected."""

    def invoke_shell(self, term: str = "vt100", width: int = WIDTH, height: int = HEIGHT) -> paramiko.Channel:
        seconds = self._line.deadline.within(self._line.target.limits.connect_seconds)
        channel = self._line.transport.open_session(timeout=seconds)
        channel.settimeout(seconds)
        channel.get_pty(term, width, height)
        channel.invoke_shell()
        return channel

    def get_transport(self) -> paramiko.Transport:
        return self._line.transport

    def close(self) -> None:
        """The line closes itself."""


class _Bounded:
    """Laid over a driver: it works on our line, and every look at it may end at the deadline."""

    line: Line
    remote_conn: paramiko.Channel
    write_channel: Callable[[str], None]
    RETURN: str

    def _build_ssh_client(self) -> _OpenLine:
        return _OpenLine(self.line)

    def _try_session_preparation(self, force_data: bool = True) -> None:
        """A device that greets quickly is not waited for as long as one that may be slow."""
        if force_data:
            self.write_channel(self.RETURN)
            self._greeted()
        super()._try_session_preparation(force_data=False)  # type: ignore[misc]

    def _greeted(self) -> None:
        began = changed = time.monotonic()
        had = 0
        while (now := time.monotonic()) - began < GREETING_SECONDS:
            has = len(self.remote_conn.in_buffer)
            if has != had:
                had, changed = has, now
            elif has and now - changed >= QUIET_SECONDS:
                return
            time.sleep(LOOK_SECONDS)

    def read_channel(self) -> str:
        if self.line.deadline.is_over:
            raise self.line.timed_out(_("its prompt"))
        if self.remote_conn.closed and not self.remote_conn.recv_ready():
            raise BrokenOffError(
                self.line.target.device,
                _("{device} ended the session before its prompt was there.").format(device=self.line.target.device),
            )
        text: str = super().read_channel()  # type: ignore[misc]
        self.line.octets += len(text)
        return text


def prepared(line: Line) -> BaseConnection:
    """A driver whose terminal is in order: paging off, prompt known. Raises what the driver or the line raises."""
    target = line.target
    kind: Any = type("OnOurLine", (_Bounded, CLASS_MAPPER[target.dialect.driver]), {"line": line})
    driver: BaseConnection = kind(
        host=target.address,
        username=target.login.user,
        password=_revealed(target.login.password),
        secret=_revealed(target.login.enable or target.login.password),
        auto_connect=False,
        fast_cli=True,
        read_timeout_override=target.limits.connect_seconds,
        device_type=target.dialect.driver,
    )
    driver._open()
    if target.dialect.privileged and not driver.check_enable_mode():
        driver.enable()
    return driver


def _revealed(secret: Secret | None) -> str:
    return secret.reveal() if secret else ""
