"""The check of a port: a connection, and the greeting of services that speak first (SMTP, FTP, SSH)."""

import asyncio
import socket
import time
from dataclasses import dataclass

from domain.services import CheckKind, Finding, Phases, ServiceOutcome, ServiceWord, TcpCheck
from domain.time import Moment

_GREETING_OCTETS = 4_096


@dataclass(slots=True)
class _Steps:
    connect_seconds: float | None = None
    greeting_seconds: float | None = None


async def check_tcp(check: TcpCheck, now: Moment) -> ServiceOutcome:
    """Never raises for what the other side does; takes at most the check's timeout."""
    begun, steps = time.perf_counter(), _Steps()
    place = f"{check.host}:{check.port}"
    seconds = {"seconds": f"{check.timeout_seconds:g}"}
    finding: Finding | None
    reached = False
    try:
        async with asyncio.timeout(check.timeout_seconds):
            finding = await _ask(check, begun, steps)
            reached = True
    except ConnectionRefusedError:
        finding, reached = Finding(ServiceWord.REFUSED, place), True
    except TimeoutError:
        reached = steps.connect_seconds is not None
        finding = Finding(ServiceWord.SILENT if reached else ServiceWord.UNREACHED, place, seconds)
    except (socket.gaierror, UnicodeError):
        finding = Finding(ServiceWord.UNRESOLVED, check.host)
    except OSError:
        finding = Finding(ServiceWord.UNREACHED, place, seconds)
    phases = Phases(
        connect_seconds=steps.connect_seconds,
        first_byte_seconds=steps.greeting_seconds,
        total_seconds=time.perf_counter() - begun,
    )
    findings = (finding,) if finding else ()
    return ServiceOutcome(check.code, CheckKind.TCP, now, findings, phases, reached=reached)


async def _ask(check: TcpCheck, begun: float, steps: _Steps) -> Finding | None:
    reader, writer = await asyncio.open_connection(check.host, check.port)
    try:
        steps.connect_seconds = time.perf_counter() - begun
        if not check.expect_text:
            return None
        greeting = b""
        wanted = check.expect_text.encode()
        while wanted not in greeting and len(greeting) < _GREETING_OCTETS:
            received = await reader.read(_GREETING_OCTETS)
            if not received:
                return Finding(ServiceWord.TEXT_MISSING, f"{check.host}:{check.port}", {"text": check.expect_text})
            greeting += received
            steps.greeting_seconds = steps.greeting_seconds or time.perf_counter() - begun - steps.connect_seconds
        if wanted in greeting:
            return None
        return Finding(ServiceWord.TEXT_MISSING, f"{check.host}:{check.port}", {"text": check.expect_text})
    finally:
        writer.transport.abort()
