"""A tap on the link of a message: a page that shows the incident, and buttons that do something. Route factory.

Opening it does nothing: link previews of messengers open every link they see. The link itself is the right to do so.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from alerts.channels.inbound import Came, Count, Desk, Seen, Way, body_of, count_nothing
from alerts.dispatch.links import Grant, LinkError, LinkSigner
from domain.incidents import Act, ActKind
from domain.language import _, active_language

BY: Final = "link"
_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_BUTTONS: Final[Mapping[ActKind, Callable[[], str]]] = {
    ActKind.ACKNOWLEDGED: lambda: _("I take it"),
    ActKind.DEPARTED: lambda: _("I am on my way"),
    ActKind.ON_SITE: lambda: _("I am there"),
    ActKind.DONE: lambda: _("It is done"),
}
_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "body{font:18px/1.5 system-ui,sans-serif;margin:1.5rem;max-width:34rem;overflow-wrap:anywhere}"
    "h1{font-size:1.3rem}p,pre{white-space:pre-line;font:inherit}"
    "button{display:block;width:100%;font:inherit;padding:1rem;margin:.6rem 0;border:1px solid;border-radius:.5rem}"
)


def acknowledge_routes(
    desk: Desk, signer: LinkSigner, now: Callable[[], datetime], count: Count = count_nothing
) -> list[Route]:
    """`/t/{token}`: GET and HEAD show, POST acts."""
    taps = _Taps(desk, signer, now, count)
    return [Route("/t/{token}", taps.show, methods=["GET"]), Route("/t/{token}", taps.take, methods=["POST"])]


class _Taps:
    def __init__(self, desk: Desk, signer: LinkSigner, now: Callable[[], datetime], count: Count) -> None:
        self._desk, self._signer, self._now, self._count = desk, signer, now, count

    async def show(self, request: Request) -> Response:
        opened = await self._open(request)
        if isinstance(opened, Response):
            return opened
        _grant, _person, seen = opened
        self._count(Way.LINK, Came.SHOWN)
        return _page(seen.title, seen.text, 200, buttons=seen.is_open, ticket=seen.ticket)

    async def take(self, request: Request) -> Response:
        opened = await self._open(request)
        if isinstance(opened, Response):
            return opened
        grant, person, seen = opened
        wanted = parse_qs((await body_of(request) or b"").decode("utf-8", "replace")).get("act", [""])[0]
        kind = {kind.value: kind for kind in _BUTTONS}.get(wanted, ActKind.ACKNOWLEDGED)
        outcome = await self._desk.act(Act(grant.incident, self._now(), person, kind, "", {"by": BY}))
        self._count(Way.LINK, Came.ACCEPTED if outcome.accepted else Came.REFUSED)
        return _page(seen.title, outcome.message, 200 if outcome.accepted else 409, back=request.url.path)

    async def _open(self, request: Request) -> tuple[Grant, str, Seen] | Response:
        """What the link opens, or the page that says why it opens nothing."""
        try:
            grant = self._signer.read(request.path_params["token"], self._now())
        except LinkError as error:
            self._count(Way.LINK, Came.WRONG_KEY)
            return _page(_("Link"), str(error), 410)
        person = await self._desk.person_of(grant)
        if not person:
            self._count(Way.LINK, Came.STRANGER)
            return _page(_("Link"), _("Whom this link was sent to is not told any more. Call the NOC."), 410)
        seen = await self._desk.look(grant.incident, person)
        if seen is None:
            self._count(Way.LINK, Came.REFUSED)
            return _page(_("Link"), _("This incident is not known here."), 404)
        return grant, person, seen


def _page(
    title: str, text: str, status: int, *, buttons: bool = False, ticket: str = "", back: str = ""
) -> HTMLResponse:
    parts = [f"<p>{escape(text)}</p>"] if text else []
    if buttons:
        inner = "".join(
            f'<button name="act" value="{kind.value}">{escape(words())}</button>' for kind, words in _BUTTONS.items()
        )
        parts.append(f'<form method="post">{inner}</form>')
    if ticket:
        parts.append(
            f"<details><summary>{escape(_('Text for the provider'))}</summary><pre>{escape(ticket)}</pre></details>"
        )
    if back:
        parts.append(f'<p><a href="{escape(back)}">{escape(_("Back to the incident"))}</a></p>')
    html = (
        f'<!doctype html><html lang="{active_language()}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{''.join(parts)}"
    )
    return HTMLResponse(html, status, headers=_SAFE)
