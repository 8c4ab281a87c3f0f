"""One HTTP request to a receiver we do not trust to behave: bounded in size, no redirects, judged by its answer."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from alerts.dispatch.messages import Delivered, Later, Refused, Result

ANSWER_BYTES: Final = 64 * 1024
TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
# This message would be refused again, whoever mends whatever; all else may be a key or an address that is put right.
HOPELESS: Final = frozenset({400, 406, 409, 411, 413, 414, 415, 422, 431})
MOST_PATIENCE_SECONDS: Final = 3600.0


Client = httpx.AsyncClient
"""Shared by all channels of a process."""


def make_client(timeout_seconds: float) -> Client:
    """Follows no redirect: a receiver that moved is to be entered anew, not trusted."""
    return httpx.AsyncClient(timeout=timeout_seconds, follow_redirects=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """text: at most 64 KiB of the body."""

    status: int
    text: str
    retry_after: float | None = None

    def json(self) -> object:
        """None for what is no JSON."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def new_client() -> httpx.AsyncClient:
    """Shared by all channels. Proxies of the environment are followed, redirects are not."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=30.0)
    return httpx.AsyncClient(
        timeout=TIMEOUT, limits=limits, follow_redirects=False, headers={"User-Agent": "kentongan"}
    )


async def ask(
    client: httpx.AsyncClient, method: str, url: str, headers: Mapping[str, str], content: bytes
) -> Answer | Later | Refused:
    """The receiver's answer, or why there is none. The whole of it is the caller's to limit in time."""
    try:
        async with client.stream(method, url, headers=dict(headers), content=content) as response:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) >= ANSWER_BYTES:
                    break
            text = bytes(body[:ANSWER_BYTES]).decode(response.charset_encoding or "utf-8", "replace")
            return Answer(response.status_code, text, retry_after(response.headers.get("retry-after", "")))
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError):
        return Refused("the address is not a web address")
    except (LookupError, httpx.DecodingError):
        return Later("the answer cannot be read")
    except httpx.TimeoutException:
        return Later("no answer in time")
    except httpx.HTTPError as error:
        return Later(str(error) or type(error).__name__)


def judge(answer: Answer) -> Result:
    """By the status alone: RFC 9110, 15; 429 by RFC 6585."""
    if 200 <= answer.status < 300:
        return Delivered()
    reason = f"HTTP {answer.status} {' '.join(answer.text.split())[:120]}".rstrip()
    if answer.status in HOPELESS:
        return Refused(reason)
    return Later(reason, answer.retry_after)


def retry_after(text: str, now: datetime | None = None) -> float | None:
    """Seconds, from either form of the header (RFC 9110, 10.2.3), never more than an hour."""
    text = text.strip()
    if not text:
        return None
    if text.isdecimal():
        return min(float(text), MOST_PATIENCE_SECONDS)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0.0, (at - (now or datetime.now(UTC))).total_seconds()), MOST_PATIENCE_SECONDS)
