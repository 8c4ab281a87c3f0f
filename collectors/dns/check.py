"""The check of a DNS server: one question by UDP, by TCP if the answer is cut (dnspython; RFC 1035, RFC 7766)."""

import asyncio
import socket
import time
from dataclasses import replace

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from domain.services import CheckKind, DnsCheck, Finding, Phases, ServiceOutcome, ServiceWord
from domain.time import Moment


async def check_dns(check: DnsCheck, now: Moment) -> ServiceOutcome:
    """Never raises for what the other side does; takes at most the check's timeout."""
    begun = time.perf_counter()
    finding, reached = None, False
    try:
        async with asyncio.timeout(check.timeout_seconds):
            address = await _address(check)
            answer = await _ask(check, address)
            finding, reached = _judged(check, answer), True
    except ConnectionRefusedError:
        finding, reached = Finding(ServiceWord.REFUSED, check.server), True
    except (TimeoutError, dns.exception.Timeout):  # UDP: dead, cut off and unwilling look alike
        finding = Finding(ServiceWord.UNREACHED, check.server, {"seconds": f"{check.timeout_seconds:g}"})
    except socket.gaierror:
        finding = Finding(ServiceWord.UNRESOLVED, check.server)
    except dns.exception.DNSException as error:
        finding, reached = Finding(ServiceWord.GARBLED, check.server, {"reason": type(error).__name__}), True
    except OSError:
        finding = Finding(ServiceWord.UNREACHED, check.server, {"seconds": f"{check.timeout_seconds:g}"})
    took = time.perf_counter() - begun
    phases = Phases(first_byte_seconds=took, total_seconds=took) if reached else Phases(total_seconds=took)
    outcome = ServiceOutcome(check.code, CheckKind.DNS, now, phases=phases, reached=reached)
    return replace(outcome, findings=(finding,)) if finding else outcome


async def _address(check: DnsCheck) -> str:
    """The server may be named; its name is then asked of the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(check.server, check.port, type=socket.SOCK_DGRAM)
    return str(found[0][4][0])


async def _ask(check: DnsCheck, address: str) -> dns.message.Message:
    """Asked twice if need be: one lost datagram is no outage."""
    query = dns.message.make_query(check.name, check.type)
    half = check.timeout_seconds / 2
    try:
        answer, _by_tcp = await dns.asyncquery.udp_with_fallback(query, address, half, port=check.port)
    except dns.exception.Timeout:
        answer, _by_tcp = await dns.asyncquery.udp_with_fallback(query, address, half, port=check.port)
    return answer


def _judged(check: DnsCheck, answer: dns.message.Message) -> Finding | None:
    """All that is expected must be among the answers; with nothing expected, one answer of the type will do."""
    if answer.rcode() != dns.rcode.NOERROR:
        reason = dns.rcode.to_text(answer.rcode())
        return Finding(ServiceWord.NO_ANSWER, check.server, {"name": check.name, "reason": reason})
    kind = dns.rdatatype.from_text(check.type)
    given = {_plain(record.to_text()) for each in answer.answer if each.rdtype == kind for record in each}
    if not given:
        return Finding(ServiceWord.NO_ANSWER, check.server, {"name": check.name, "reason": f"no {check.type}"})
    missing = {_plain(each) for each in check.expected} - given
    if not missing:
        return None
    values = {"name": check.name, "answers": ", ".join(sorted(given)), "missing": ", ".join(sorted(missing))}
    return Finding(ServiceWord.WRONG_ANSWER, check.server, values)


def _plain(text: str) -> str:
    """As people write it: names without the last dot, TXT without quotes, in lower case."""
    return text.strip().strip('"').rstrip(".").lower()
