"""One application as a web server: HTTP/1.1 or HTTPS on its own port, good or spoilt."""

import asyncio
import ssl
from collections.abc import Callable

from lab.services.authority import Authority
from lab.services.faults import SLOW_SECONDS, Fault
from lab.services.pages import FOREIGN_URL, cloaked_page, defaced_page, page, redirects_to_login
from lab.services.plan import AppPlan

_LONGEST_REQUEST = 16_384
_REQUEST_SECONDS = 15.0
_REASONS = {200: "OK", 302: "Found", 400: "Bad Request", 500: "Internal Server Error"}
_BOTS = (b"googlebot", b"bingbot")


class AppServer:
    """Serves one application. `fault` may be set at any time; REFUSED is what `close` does."""

    def __init__(self, app: AppPlan, certificates: "Certificates", is_dark: Callable[[str], bool]) -> None:
        self.app = app
        self.fault: Fault | None = None
        self.requests = 0
        self._certificates = certificates
        self._is_dark = is_dark
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Raises OSError when the port is taken."""
        if self._server is None:
            context = self._context() if self.app.tls else None
            self._server = await asyncio.start_server(
                self._serve, self.app.address, self.app.port, ssl=context, limit=_LONGEST_REQUEST, backlog=32
            )

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _context(self) -> ssl.SSLContext:
        """Its callback is asked at every handshake, with or without a name, and puts the certificate of the day in."""

        def choose(connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
            connection.context = self._certificates.context(self.app.address, self.fault)

        entrance = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._certificates.load(entrance, self.app.address)
        entrance.sni_callback = choose
        return entrance

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_SECONDS):
                request = await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                if self.fault is Fault.SILENT or self._is_dark(self.app.address):
                    await reader.read()
                    return
                if self.fault is Fault.SLOW:
                    await asyncio.sleep(SLOW_SECONDS)
                writer.write(self._answer(request))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    def _answer(self, request: bytes) -> bytes:
        path = request.split(b" ", 2)[1] if request.count(b" ") >= 2 else b"/"
        match self.fault:
            case Fault.ERROR:
                return _response(500, "<h1>Internal Server Error</h1>")
            case Fault.FOREIGN_REDIRECT:
                return _response(302, "", FOREIGN_URL)
            case Fault.REDIRECT_LOOP:
                return _response(302, "", "/masuk" if path == b"/" else "/")
            case Fault.DEFACED:
                return _response(200, defaced_page(self.app))
            case Fault.CLOAKED if any(bot in request.lower() for bot in _BOTS):
                return _response(200, cloaked_page(self.app))
            case Fault.TEXT_GONE:
                return _response(200, "<title></title>")
            case _ if path == b"/" and redirects_to_login(self.app):
                return _response(302, "", "/masuk")
            case _:
                return _response(200, page(self.app))


class Certificates:
    """The lab's certificates by address and fault, issued when they are first asked for."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._contexts: dict[tuple[str, Fault | None], ssl.SSLContext] = {}

    def context(self, address: str, fault: Fault | None) -> ssl.SSLContext:
        fault = fault if fault is not None and fault.needs_tls else None
        key = (address, fault)
        if key not in self._contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.load(context, address, fault)
            self._contexts[key] = context
        return self._contexts[key]

    def load(self, context: ssl.SSLContext, address: str, fault: Fault | None = None) -> None:
        host = "127.0.0.9" if fault is Fault.WRONG_NAME else address
        days = {Fault.EXPIRED: -2.0, Fault.EXPIRING: 10.0}.get(fault, 365.0) if fault else 365.0
        label = f"{address}-{fault.value}" if fault else address
        pair = self._authority.leaf(label, host, days, self_signed=fault is Fault.SELF_SIGNED)
        context.load_cert_chain(pair.chain, pair.key)


def _response(status: int, html: str, location: str = "") -> bytes:
    body = html.encode()
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n"
    )
    return (head + (f"Location: {location}\r\n" if location else "") + "\r\n").encode() + body
