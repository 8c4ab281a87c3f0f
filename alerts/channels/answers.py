"""What people write back, through a gateway that calls us for each message it receives. Route factory."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerts.channels.inbound import Came, Count, Desk, Outcome, Way, body_of, count_nothing, knows
from alerts.dispatch.people import plain_number
from alerts.dispatch.replies import read_reply
from domain.incidents import Act
from domain.language import _
from domain.secrets import Secret

log = structlog.get_logger(__name__)

BY: Final = "reply"


def reply_routes(desk: Desk, secret: Secret, now: Callable[[], datetime], count: Count = count_nothing) -> list[Route]:
    """`/inbound/reply/{secret}`: the webhook that Fonnte, Wablas, WAHA and Telegram call for each message received."""

    async def reply(request: Request) -> Response:
        if not knows(request, secret):
            count(Way.REPLY, Came.WRONG_KEY)
            return JSONResponse({"accepted": False}, 404)
        document = _document(await body_of(request), request.headers.get("content-type", ""))
        said = heard(document) if document is not None else None
        if said is None:
            count(Way.REPLY, Came.IGNORED)
            return JSONResponse({"accepted": False, "reply": ""}, 200)
        outcome, came = await _handle(desk, said, now())
        count(Way.REPLY, came)
        return JSONResponse({"accepted": outcome.accepted, "reply": outcome.message}, 200)

    return [Route("/inbound/reply/{secret}", reply, methods=["POST"])]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message received by a gateway. number: a telephone's, or `telegram:12345`."""

    number: str
    text: str


async def _handle(desk: Desk, said: Heard, now: datetime) -> tuple[Outcome, Came]:
    reply = read_reply(said.text)
    if reply is None:
        return Outcome(False, ""), Came.IGNORED
    person = await desk.sender(said.number)
    if person is None:
        log.warning("reply_of_a_stranger", number=f"…{said.number[-3:]}")
        return Outcome(False, ""), Came.STRANGER  # a stranger learns nothing, not even that somebody listens
    incident = reply.incident or await desk.latest(person)
    if not incident:
        return Outcome(False, _("Which incident? Write its number too, for example: OTW abcd-efgh")), Came.REFUSED
    outcome = await desk.act(Act(incident, now, person, reply.kind, reply.text, {"by": BY}))
    return outcome, Came.ACCEPTED if outcome.accepted else Came.REFUSED


def heard(document: Mapping[str, Any]) -> Heard | None:
    """From the forms that gateways use; None for what is no message of a person (our own, a group's system line)."""
    payload = document.get("payload")
    if isinstance(payload, Mapping):  # WAHA: event `message`, payload.from, payload.participant in a group
        if payload.get("fromMe"):
            return None
        number = payload.get("participant") or payload.get("author") or payload.get("from")
        return _heard(number, payload.get("body"))
    message = document.get("message")
    if isinstance(message, Mapping):  # Telegram: an Update
        sender = message.get("from")
        number = f"telegram:{sender.get('id')}" if isinstance(sender, Mapping) and not sender.get("is_bot") else None
        return _heard(number, message.get("text"))
    if document.get("isFromMe") in (True, "true"):
        return None
    # Fonnte: sender (in a group: member), message. Wablas: phone (in a group: group.sender), message.
    group = document.get("group")
    inside = group.get("sender") if isinstance(group, Mapping) else None
    number = document.get("member") or inside or document.get("sender") or document.get("phone")
    return _heard(number, message if isinstance(message, str) else document.get("text"))


def _heard(number: object, text: object) -> Heard | None:
    if not isinstance(number, str | int) or not isinstance(text, str) or not text.strip():
        return None
    plain = str(number).partition("@")[0]
    return Heard(plain if plain.startswith("telegram:") else plain_number(plain), text)


def _document(body: bytes | None, kind: str) -> Mapping[str, Any] | None:
    if body is None:
        return None
    if "form" in kind:
        fields = parse_qs(body.decode("utf-8", "replace"))
        return {name: values[0] for name, values in fields.items()}
    try:
        document = json.loads(body)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None
