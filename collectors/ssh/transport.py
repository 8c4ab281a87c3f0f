"""From an address to a logged-in SSH transport: connect, key exchange, host key, one try to log in."""

import logging
import socket
from contextlib import suppress
from typing import Final

import paramiko

from collectors.ssh.algorithms import disabled, preferring, vouching_first
from collectors.ssh.deadline import Deadline
from collectors.ssh.intake import Intake
from collectors.ssh.keys import check
from collectors.ssh.private import read_private
from domain.language import _
from domain.secrets import Secret
from domain.shell import (
    AlgorithmsError,
    HostKey,
    HostKeys,
    LoginRefusedError,
    ShellError,
    ShellTarget,
    TimedOutError,
    UnreachableError,
)

QUIET: Final = "kentongan.ssh"  # the library logs traces of every failure; ours say the same in a sentence


class Line:
    """An authenticated transport with its deadline. Closing it ends whatever still waits for it."""

    def __init__(self, target: ShellTarget) -> None:
        self.target = target
        self._transport: paramiko.Transport | None = None
        self._socket: socket.socket | None = None
        self.deadline = Deadline(target.limits.whole_seconds, self._cut)
        self.octets = 0

    @property
    def transport(self) -> paramiko.Transport:
        assert self._transport is not None
        return self._transport

    def open(self, keys: HostKeys) -> None:
        """Raises ShellError's leaves; then nothing is left open."""
        try:
            self._connect()
            self._exchange_keys(keys)
            offered = self.transport.get_remote_server_key()
            check(self.target.device, HostKey(offered.get_name(), offered.get_base64()), keys)
            self._log_in()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self.deadline.done()
        self._cut()

    def _cut(self) -> None:
        if self._transport is not None:
            self._transport.close()
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)  # wakes whoever still waits for the connection
            self._socket.close()

    def _connect(self) -> None:
        target = self.target
        try:
            # Numbers only: a name would be looked up, and that waits for as long as it likes.
            found = socket.getaddrinfo(
                target.address, target.port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
            )
            family, kind, protocol, _name, where = found[0]
            self._socket = socket.socket(family, kind, protocol)
            self._socket.settimeout(self.deadline.within(target.limits.connect_seconds))
            self._socket.connect(where)
        except OSError as error:
            raise self.unreachable(str(error.strerror or error)) from None

    def _exchange_keys(self, keys: HostKeys) -> None:
        target, seconds = self.target, self.deadline.within(self.target.limits.connect_seconds)
        assert self._socket is not None
        transport = paramiko.Transport(Intake(self._socket), disabled_algorithms=disabled(target.legacy))
        self._transport = transport
        transport.daemon = True
        transport.set_log_channel(_quiet())
        transport.banner_timeout = transport.handshake_timeout = transport.auth_timeout = seconds
        options = transport.get_security_options()
        options.ciphers = vouching_first(tuple(options.ciphers))
        known = keys.known(target.device)
        if known is not None:
            options.key_types = preferring(known.algorithm, tuple(options.key_types))
        try:
            transport.start_client(timeout=seconds)
        except paramiko.ssh_exception.IncompatiblePeer as error:
            raise self._no_common(str(error)) from None
        except (paramiko.SSHException, EOFError, OSError) as error:
            raise self.unreachable(str(error) or _("it ended the connection before the greeting")) from None
        if not transport.initial_kex_done:  # the library returns without a word when its time is over
            raise self.unreachable(_("no greeting came in time"))

    def _log_in(self) -> None:
        login = self.target.login
        user = login.user + self.target.dialect.login_suffix
        try:
            if login.private_key is not None:
                self.transport.auth_publickey(user, _private_key(self.target.device, login.private_key))
            else:
                self.transport.auth_password(user, login.password.reveal() if login.password else "")
        except paramiko.AuthenticationException as error:
            if self.deadline.is_over or "timeout" in str(error).lower():
                raise self.timed_out(_("the login")) from None
            raise self._refused() from None
        except (paramiko.SSHException, EOFError, OSError) as error:
            if self.deadline.is_over:
                raise self.timed_out(_("the login")) from None
            raise self.unreachable(str(error) or _("it ended the connection during the login")) from None
        if not self.transport.is_authenticated():
            raise self._refused()

    def timed_out(self, waiting_for: str, quoted: str = "") -> TimedOutError:
        """waiting_for: in words for people. quoted: the device's own words in it."""
        return TimedOutError(
            self.target.device,
            _("{device}: nothing came within the time allowed while waiting for {what}.").format(
                device=self.target.device, what=waiting_for
            ),
            quoted,
        )

    def unreachable(self, why: str) -> UnreachableError:
        target = self.target
        return UnreachableError(
            target.device,
            _("{device} does not answer by SSH at {address} port {port}: {why}.").format(
                device=target.device, address=target.address, port=target.port, why=why.rstrip(".")
            ),
        )

    def _no_common(self, why: str) -> ShellError:
        remedy = (
            ""
            if self.target.legacy
            else " "
            + _("If it is old and knows nothing better: kentongan device access {device} --legacy").format(
                device=self.target.device
            )
        )
        text = _("{device} and we have no algorithm in common ({why}).").format(device=self.target.device, why=why)
        return AlgorithmsError(self.target.device, text + remedy)

    def _refused(self) -> LoginRefusedError:
        login = self.target.login
        return LoginRefusedError(
            self.target.device,
            _(
                "{device} refuses user {user} of the credential {credential}. It was tried once, so that the account "
                "is not locked. Store the right one: kentongan credential add {credential} --ssh --user {user}"
            ).format(device=self.target.device, user=login.user, credential=login.name),
        )


def _quiet() -> str:
    logging.getLogger(QUIET).disabled = True
    return QUIET


def _private_key(device: str, text: Secret) -> paramiko.PKey:
    found = read_private(text)
    if found is None:
        raise LoginRefusedError(
            device,
            _("{device}: the private key of its credential cannot be read (OpenSSH form, without passphrase).").format(
                device=device
            ),
        )
    return found
