"""What comes back in: who is asked what becomes of it, and what every way in has in common.

The ways stand beside it: taps on a link (`taps`), replies through a gateway (`answers`), alerts of another system
(`reported`). They know no incident; what was said is handed on, and what becomes of it is decided by who is asked.
"""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from alerts.dispatch.links import Grant
from domain.incidents import Act
from domain.secrets import Secret

MOST_OCTETS: Final = 1024 * 1024


class Way(StrEnum):
    """A way in."""

    LINK = "link"
    REPLY = "reply"
    ALERT = "alert"


class Came(StrEnum):
    """What became of what came in."""

    SHOWN = "shown"  # a link was opened; nothing was done
    ACCEPTED = "accepted"
    REFUSED = "refused"  # understood, and not done: over already, still dark
    STRANGER = "stranger"  # nobody of people.csv
    WRONG_KEY = "wrong-key"  # a link that is old or not ours, an address with another secret
    IGNORED = "ignored"  # talk in a group, our own words, a form that nobody knows


Count = Callable[[Way, Came], None]


def count_nothing(_way: Way, _came: Came) -> None:
    """For whoever does not ask."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act, in one sentence for the person who asked for it."""

    accepted: bool
    message: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An incident as a telephone shows it. text: what was told of it; ticket: the text for its provider."""

    title: str
    text: str = ""
    is_open: bool = True
    ticket: str = ""


class Desk(Protocol):
    """Who is asked. Everything may ask the database, so it is awaited."""

    async def look(self, incident: str, person: str) -> Seen | None:
        """As it stands, as far as it is this person's to know; None if there is no such incident."""
        ...

    async def act(self, act: Act) -> Outcome:
        """`DONE` closes only if the probe agrees."""
        ...

    async def person_of(self, grant: Grant) -> str:
        """Who a link was sent to; all of them where several share a channel. Empty: nobody is there any more."""
        ...

    async def sender(self, number: str) -> str | None:
        """A person by the number they write from; None for a stranger."""
        ...

    async def latest(self, person: str) -> str | None:
        """The open incident that this person was told of last."""
        ...


Routes = list[Route]


def inbound_app(routes: Iterable[Route], begin: Callable[[], None] = lambda: None) -> ASGIApp:
    """Nothing but these: everything else is not found. begin: called in the task of each request, before it."""
    app = Starlette(routes=list(routes))

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            begin()
        await app(scope, receive, send)

    return serve


def knows(request: Request, secret: Secret) -> bool:
    """Whether the end of the address is the secret; an empty secret lets nobody in."""
    given = str(request.path_params["secret"]).encode()
    return bool(secret) and hmac.compare_digest(given, secret.reveal().encode())


async def body_of(request: Request) -> bytes | None:
    """None for more than a megabyte."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_OCTETS:
            return None
    return bytes(body)
