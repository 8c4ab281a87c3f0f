"""Opens one connection and measures each step. A certificate that browsers refuse is noted, and the check goes on."""

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from collectors.http.certificates import facts_of
from collectors.http.trust import Trust, shown_chain
from domain.services import CertificateFacts, Finding, Phases, ServiceWord

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
_EXPIRED, _NOT_YET_VALID = 10, 9  # X509_V_ERR_*, OpenSSL's verify(1)
_SELF_SIGNED = 18
_WRONG_NAME = (62, 64)  # host name, IP address


class ConnectionFailedError(Exception):
    """No connection; `finding` says why. reached: the address answered, if only with a refusal."""

    def __init__(self, finding: Finding, *, reached: bool = False) -> None:
        super().__init__(finding.word.value)
        self.finding = finding
        self.reached = reached


@dataclass(slots=True)
class Connection:
    """An open way to one host. Close it with `close`."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    phases: Phases
    certificates: tuple[CertificateFacts, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def close(self) -> None:
        """At once: nothing of ours is worth waiting for."""
        self.writer.transport.abort()


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """The system's resolver. Raises OSError (socket.gaierror)."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def connect(
    host: str, port: int, trust: Trust | None, resolve: Resolve, *, hop: int = 0, if_late: Callable[[ServiceWord], None]
) -> Connection:
    """To the first of the host's addresses that takes the connection. trust: None speaks plainly.

    The caller bounds the time; if_late is told at each step what it would mean if the time ran out there.
    Raises ConnectionFailedError.
    """
    begun = time.perf_counter()
    if_late(ServiceWord.UNRESOLVED)
    try:
        addresses = await resolve(host, port)
    except (OSError, UnicodeError):
        addresses = ()
    if not addresses:
        raise ConnectionFailedError(Finding(ServiceWord.UNRESOLVED, host))
    if_late(ServiceWord.UNREACHED)
    resolved = time.perf_counter()
    reader, writer = await _open(host, port, addresses)
    if_late(ServiceWord.SILENT)
    connected = time.perf_counter()
    phases = Phases(resolved - begun, connected - resolved)
    if trust is None:
        return Connection(reader, writer, phases)
    return await _encrypted(Connection(reader, writer, phases), host, port, addresses, trust, hop)


async def _open(host: str, port: int, addresses: Sequence[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    refused, error = False, ""
    for address in addresses[:4]:
        try:
            return await asyncio.open_connection(address, port)
        except ConnectionRefusedError:
            refused = True
        except OSError as failure:
            error = failure.strerror or str(failure)
    values = {"reason": error}
    word = ServiceWord.REFUSED if refused else ServiceWord.UNREACHED
    raise ConnectionFailedError(Finding(word, f"{host}:{port}", values), reached=refused)


async def _encrypted(
    plain: Connection, host: str, port: int, addresses: Sequence[str], trust: Trust, hop: int
) -> Connection:
    """First as browsers do; if they would refuse, once more to see the certificate and the page behind it."""
    name = host.strip("[]")
    failure: ssl.SSLError
    try:
        return await _handshake(plain, trust.verified, name, hop, verified=True)
    except ssl.SSLCertVerificationError as error:
        again = await _reopened(plain, host, port, addresses)
        again.findings += _distrust(error, name)
        try:
            return await _handshake(again, trust.unverified, name, hop)
        except (ssl.SSLError, OSError) as second:
            failure = second if isinstance(second, ssl.SSLError) else ssl.SSLError(str(second))
    except ssl.SSLError as error:
        failure = error
    except OSError as error:
        raise ConnectionFailedError(_failed(host, str(error.strerror or error)), reached=True) from error
    again = await _reopened(plain, host, port, addresses)
    try:
        found = await _handshake(again, trust.legacy, name, hop)
    except (ssl.SSLError, OSError):
        raise ConnectionFailedError(_failed(host, failure.reason or str(failure)), reached=True) from failure
    version = found.writer.get_extra_info("ssl_object").version() or ""
    found.findings.append(Finding(ServiceWord.OLD_TLS, host, {"version": version}))
    return found


async def _reopened(old: Connection, host: str, port: int, addresses: Sequence[str]) -> Connection:
    old.close()
    reader, writer = await _open(host, port, addresses)
    return Connection(reader, writer, old.phases, findings=old.findings)


async def _handshake(
    plain: Connection, context: ssl.SSLContext, name: str, hop: int, *, verified: bool = False
) -> Connection:
    begun = time.perf_counter()
    try:
        await plain.writer.start_tls(context, server_hostname=name)
    except BaseException:
        plain.close()
        raise
    took = time.perf_counter() - begun
    chain = shown_chain(plain.writer.get_extra_info("ssl_object"), verified=verified)
    phases = Phases(plain.phases.resolve_seconds, plain.phases.connect_seconds, took)
    return Connection(plain.reader, plain.writer, phases, facts_of(chain, name, hop), plain.findings)


def _distrust(error: ssl.SSLCertVerificationError, host: str) -> list[Finding]:
    """What dates and names do not say by themselves; those are found in the certificate's facts."""
    if error.verify_code in (_EXPIRED, _NOT_YET_VALID, _SELF_SIGNED, *_WRONG_NAME):
        return []
    return [Finding(ServiceWord.CERTIFICATE_UNTRUSTED, host, {"reason": error.verify_message})]


def _failed(host: str, reason: str) -> Finding:
    return Finding(ServiceWord.TLS_FAILED, host, {"reason": reason.replace("_", " ").lower()})
