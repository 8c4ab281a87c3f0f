"""What comes back in: a tap on a link, a reply through a gateway, alerts of another system. Route factories.

They know no incident: what was said is handed on, and what becomes of it is decided by who is asked.
"""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any, Final, Protocol
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from alerts.dispatch.links import Grant, LinkError, LinkSigner
from alerts.dispatch.replies import read_reply
from domain.incidents import Act, ActKind
from domain.language import _
from domain.secrets import Secret

log = structlog.get_logger(__name__)

MOST_OCTETS: Final = 1024 * 1024
_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act, in one sentence for the person who asked for it."""

    accepted: bool
    message: str


class Desk(Protocol):
    """Who is asked. Everything may ask the database, so it is awaited."""

    async def title(self, incident: str) -> str | None:
        """As people know it; None if there is no such incident."""
        ...

    async def act(self, act: Act) -> Outcome:
        """`DONE` closes only if the probe agrees."""
        ...

    async def person_of(self, grant: Grant) -> str:
        """Who a link was sent to; a channel's name where several share it."""
        ...

    async def sender(self, number: str) -> str | None:
        """A person by the number they write from; None for a stranger."""
        ...

    async def latest(self, person: str) -> str | None:
        """The open incident that this person was told of last."""
        ...


def acknowledge_routes(desk: Desk, signer: LinkSigner, now: Callable[[], datetime]) -> list[Route]:
    """`/t/{token}`. GET only shows what would be done: link previews of messengers open every link they see."""

    async def show(request: Request) -> Response:
        try:
            grant = signer.read(request.path_params["token"], now())
        except LinkError as error:
            return _page(_("Link"), str(error), 410)
        title = await desk.title(grant.incident)
        if title is None:
            return _page(_("Link"), _("This incident is not known here."), 404)
        return _page(title, "", 200, form=True)

    async def take(request: Request) -> Response:
        try:
            grant = signer.read(request.path_params["token"], now())
        except LinkError as error:
            return _page(_("Link"), str(error), 410)
        body = await _body(request)
        wanted = parse_qs((body or b"").decode("utf-8", "replace")).get("act", [""])[0]
        kinds = {kind.value: kind for kind in _BUTTONS}
        kind = kinds.get(wanted, ActKind.ACKNOWLEDGED)
        person = await desk.person_of(grant)
        outcome = await desk.act(Act(grant.incident, now(), person, kind, "", {"by": "link"}))
        title = await desk.title(grant.incident) or grant.incident
        return _page(title, outcome.message, 200 if outcome.accepted else 409)

    return [Route("/t/{token}", show, methods=["GET"]), Route("/t/{token}", take, methods=["POST"])]


def reply_routes(desk: Desk, secret: Secret, now: Callable[[], datetime]) -> list[Route]:
    """`/inbound/reply/{secret}`: the webhook that Fonnte, Wablas, WAHA and Telegram call for each message received."""

    async def reply(request: Request) -> Response:
        if not _knows(request, secret):
            return JSONResponse({"accepted": False}, 404)
        document = _document(await _body(request), request.headers.get("content-type", ""))
        said = heard(document) if document is not None else None
        if said is None:
            return JSONResponse({"accepted": False, "reply": ""}, 200)
        outcome = await _handle(desk, said, now())
        return JSONResponse({"accepted": outcome.accepted, "reply": outcome.message}, 200)

    return [Route("/inbound/reply/{secret}", reply, methods=["POST"])]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message received by a gateway. number: a telephone's, or `telegram:12345`."""

    number: str
    text: str


async def _handle(desk: Desk, said: Heard, now: datetime) -> Outcome:
    reply = read_reply(said.text)
    if reply is None:
        return Outcome(False, "")
    person = await desk.sender(said.number)
    if person is None:
        log.warning("reply_of_a_stranger", number=f"…{said.number[-3:]}")
        return Outcome(False, "")  # a stranger learns nothing, not even that somebody listens
    incident = reply.incident or await desk.latest(person)
    if not incident:
        return Outcome(False, _("Which incident? Write its number too, for example: OTW abcd-efgh"))
    return await desk.act(Act(incident, now, person, reply.kind, reply.text, {"by": "reply"}))


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


def plain_number(text: str) -> str:
    """+62…, from 0812…, 62812…, +62 812-…"""
    digits = "".join(sign for sign in text if sign.isdecimal())
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    return f"+{digits}" if digits else ""


# -- alerts of other systems -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReportedAlert:
    """One alert of another system. device: as its labels name it, perhaps an address; firing: False when it is over."""

    fingerprint: str
    name: str
    device: str
    firing: bool
    began: datetime
    ended: datetime | None
    text: str
    severity: str = ""
    url: str = ""


Report = Callable[[Sequence[ReportedAlert]], Awaitable[int]]
"""Takes alerts, returns how many it could join to something it knows."""

_DEVICE_LABELS: Final = ("device", "instance", "host", "hostname", "node", "target", "site", "service")


def alert_routes(report: Report, secret: Secret, now: Callable[[], datetime]) -> list[Route]:
    """`/inbound/alerts/{secret}`: Alertmanager's webhook (version 4) and its API v2's plain list of alerts."""

    async def take(request: Request) -> Response:
        if not _knows(request, secret):
            return JSONResponse({"joined": 0}, 404)
        body = await _body(request)
        if body is None:
            return JSONResponse({"error": "too large"}, 413)
        try:
            document = json.loads(body)
            found = alerts_in(document, now())
        except (ValueError, TypeError, AttributeError, KeyError):
            return JSONResponse({"error": "this is not what Alertmanager sends"}, 400)
        joined = await report(found)
        return JSONResponse({"received": len(found), "joined": joined})

    return [Route("/inbound/alerts/{secret}", take, methods=["POST"])]


def alerts_in(document: object, now: datetime) -> tuple[ReportedAlert, ...]:
    """Raises ValueError, TypeError, AttributeError or KeyError for what has another form."""
    alerts = document["alerts"] if isinstance(document, dict) else document
    if not isinstance(alerts, list):
        raise TypeError("alerts are a list")
    return tuple(_alert(each, now) for each in alerts)


def _alert(each: Mapping[str, Any], now: datetime) -> ReportedAlert:
    labels, notes = dict(each["labels"]), dict(each.get("annotations") or {})
    device = next((str(labels[name]) for name in _DEVICE_LABELS if labels.get(name)), "")
    began = _instant(each.get("startsAt")) or now
    ended = _instant(each.get("endsAt"))
    firing = each.get("status", "firing" if ended is None or ended > now else "resolved") == "firing"
    known = json.dumps(labels, sort_keys=True)
    return ReportedAlert(
        str(each.get("fingerprint") or known),
        str(labels.get("alertname", "")),
        _without_port(device),
        firing,
        min(began, now),
        None if firing else (ended or now),
        str(notes.get("summary") or notes.get("description") or labels.get("alertname", ""))[:300],
        str(labels.get("severity", "")),
        str(each.get("generatorURL") or ""),
    )


def _without_port(device: str) -> str:
    host, colon, port = device.rpartition(":")
    return host.strip("[]") if colon and port.isdecimal() and (host.count(":") == 0 or host.endswith("]")) else device


def _instant(text: object) -> datetime | None:
    """Alertmanager's zero time means none."""
    if not isinstance(text, str) or text.startswith("0001-"):
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


# -- parts -----------------------------------------------------------------------------------------------------------

_BUTTONS: Final[Mapping[ActKind, Callable[[], str]]] = {
    ActKind.ACKNOWLEDGED: lambda: _("I take it"),
    ActKind.DEPARTED: lambda: _("I am on my way"),
    ActKind.ON_SITE: lambda: _("I am there"),
    ActKind.DONE: lambda: _("It is done"),
}
_STYLE: Final = (
    "body{font:18px/1.5 system-ui,sans-serif;margin:1.5rem;max-width:32rem}"
    "button{display:block;width:100%;font:inherit;padding:1rem;margin:.6rem 0;border:1px solid;border-radius:.5rem}"
)


def _page(title: str, text: str, status: int, *, form: bool = False) -> HTMLResponse:
    buttons = "".join(
        f'<button name="act" value="{kind.value}">{escape(words())}</button>' for kind, words in _BUTTONS.items()
    )
    inner = f'<form method="post">{buttons}</form>' if form else f"<p>{escape(text)}</p>"
    html = (
        '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{inner}"
    )
    return HTMLResponse(html, status, headers=_SAFE)


def _knows(request: Request, secret: Secret) -> bool:
    given = str(request.path_params["secret"]).encode()
    return bool(secret) and hmac.compare_digest(given, secret.reveal().encode())


async def _body(request: Request) -> bytes | None:
    """None for more than a megabyte."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_OCTETS:
            return None
    return bytes(body)


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
