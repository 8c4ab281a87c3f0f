"""What stands before every route: security headers, the language of whoever asks, and a bound on tries to log in."""

from collections import OrderedDict
from collections.abc import Callable, Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.language import _, speaking

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
YEAR_SECONDS = 31_536_000
LANGUAGE_COOKIE = "kentongan-language"
MOST_BYTES = 256 * 1024
"""Of a form. The longest names the sites of a wave."""

LOOPBACK = ("127.0.0.1", "::1")
TRIES = 20
TRIES_SECONDS = 60.0
MOST_ADDRESSES = 10_000


class Headed:
    """Every answer carries the headers; what is not static is never kept by anybody on the way.

    images: another origin from which pages may take images: a map server of the office's own.
    """

    def __init__(self, app: ASGIApp, *, secure: bool, images: str = "") -> None:
        self._app = app
        self._secure = secure
        allowed = f"img-src 'self' data: {images}" if images else "img-src 'self' data:"
        self._headers = HEADERS | {"Content-Security-Policy": POLICY.replace("img-src 'self' data:", allowed)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                is_static = message["status"] < 400 and str(scope["path"]).startswith("/static/")
                kept = f"public, max-age={YEAR_SECONDS}, immutable" if is_static else "no-store"
                headers.setdefault("Cache-Control", kept)
                if self._secure:
                    headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
            await send(message)

        await self._app(scope, receive, headed)


class Whole:
    """Nothing leaves unsaid: whoever asks with a zero among the letters, which no database keeps, or sends more than a
    form can hold, is refused; what fails here is an answer like any other, without a word of what failed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, read = False, 0

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        async def received() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                raise HTTPException(413, _("This is more than a form can hold."))
            return message

        is_page = not scope["path"].startswith("/api/")  # which has errors of its own
        if is_page and ("\x00" in scope["path"] or b"%00" in scope.get("query_string", b"")):
            await PlainTextResponse(_("This address cannot be read."), 400)(scope, receive, send)
            return
        try:
            await self._app(scope, received, sent)
        except ClientDisconnect:  # in the middle of a form: there is nobody to tell, and nothing to log
            return
        except Exception:
            if not begun:
                said = _("Something failed here. The log of the console tells more; try again in a moment.")
                await PlainTextResponse(said, 500)(scope, receive, send)
            raise  # to whoever writes the log


class Behind:
    """Who asks, where a web server of this very machine hands it on: as that one says it, and nobody else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] == "http" and client and client[0] in LOOPBACK:
            said = Headers(scope=scope).getlist("x-forwarded-for")
            address = said[-1].rpartition(",")[2].strip() if said else ""
            if _is_address(address):
                scope = {**scope, "client": (address, 0)}
        await self._app(scope, receive, send)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Spoken:
    """The language a person chose, else the installation's."""

    def __init__(self, app: ASGIApp, *, languages: Collection[str], default: str) -> None:
        self._app = app
        self._languages = languages
        self._default = default

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        chosen = Request(scope).cookies.get(LANGUAGE_COOKIE, self._default)
        with speaking(chosen if chosen in self._languages else self._default):
            await self._app(scope, receive, send)


class Tries:
    """How often an address has tried lately. The oldest address is forgotten when there are too many."""

    def __init__(self, now: Callable[[], float], most: int = TRIES, seconds: float = TRIES_SECONDS) -> None:
        self._now = now
        self._most = most
        self._seconds = seconds
        self._of: OrderedDict[str, list[float]] = OrderedDict()

    def admit(self, address: str) -> bool:
        now = self._now()
        tries = [at for at in self._of.pop(address, []) if now - at < self._seconds]
        admitted = len(tries) < self._most
        self._of[address] = [*tries, now] if admitted else tries
        if len(self._of) > MOST_ADDRESSES:
            self._of.popitem(last=False)
        return admitted


def is_same_origin(headers: Headers) -> bool:
    """What a browser says of a form it sends: it may come from our own pages alone (Fetch metadata; Origin by older
    ones). Ports are not compared: a web server before us may have another one than it tells us."""
    origin = headers.get("origin")
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none") and (
        origin is None or _host(origin) == _host(f"//{headers.get('host', '')}") != ""
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
