"""Asks the running poller at its own pages, by HTTP."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any, Final, Protocol, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from kentongan.installation import Installation

T = TypeVar("T")

TIMEOUT_SECONDS: Final = 2.0
MOST_OCTETS: Final = 16 << 20
PIECE_OCTETS: Final = 64 << 10
MOST_REASONS: Final = 20
MOST_LETTERS: Final = 500


class Readable(Protocol):
    def read1(self, size: int, /) -> bytes:
        """What is there, at most so many octets; none at the end."""
        ...


def poller_url(installation: Installation, path: str) -> str:
    """Empty where the poller takes any free port, so that nobody can know it."""
    exporter = installation.loaded.settings.exporter
    host = f"[{exporter.host}]" if ":" in exporter.host else exporter.host
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104 - where it listens, not we
    return f"http://{host}:{exporter.port}{path}" if exporter.port else ""


def ask_poller(url: str) -> str:
    """Raises OSError or ValueError."""
    return _read(url).decode()


def reasons_of(url: str) -> Sequence[str]:
    """Why the poller is not ready, from its own /readyz; none: it is. Raises OSError or ValueError."""
    reasons = plain_of(_read(url, refusals=True).decode()).get("reasons")
    if not isinstance(reasons, list):
        raise ValueError(f"{url} does not say why")
    return [str(reason)[:MOST_LETTERS] for reason in reasons[:MOST_REASONS]]


def plain_of(text: str) -> Mapping[str, Any]:
    """Raises ValueError for what is no JSON object, however deep it pretends to be."""
    try:
        found = json.loads(text)
    except RecursionError:
        raise ValueError("no document of ours") from None
    if not isinstance(found, dict):
        raise ValueError("no document of ours")
    return found


def _read(url: str, *, refusals: bool = False) -> bytes:
    """refusals: what comes with an error status is an answer, too."""
    if not url:
        raise OSError("exporter.port is 0")
    try:
        with urlopen(url, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 - made of our own settings
            return read_whole(response, TIMEOUT_SECONDS, MOST_OCTETS)
    except HTTPError as error:
        if not refusals:
            raise OSError(str(error)) from error
        return read_whole(error, TIMEOUT_SECONDS, MOST_OCTETS)
    except (URLError, HTTPException) as error:  # half an answer, or none of HTTP
        raise OSError(str(error)) from error


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` gives, if it gives it in so long; else TimeoutError, and it goes on by itself. A server that sends a
    line of its head each second is not kept by the timeout of a socket."""
    done: list[T] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="asking", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError(f"no answer in {seconds:g} s")
    return done[0]


def read_whole(response: Readable, seconds: float, most: int) -> bytes:
    """The timeout of a socket is for each of its octets: who sends one a second would keep us for ever. Raises
    TimeoutError after `seconds`, ValueError beyond `most` octets."""
    until, octets = time.monotonic() + seconds, bytearray()
    while piece := response.read1(PIECE_OCTETS):
        octets += piece
        if len(octets) > most:
            raise ValueError(f"more than {most} octets")
        if time.monotonic() > until:
            raise TimeoutError(f"it answers for more than {seconds:g} s")
    return bytes(octets)
