"""Runs the application inside the event loop that is already there. It takes no signals: its owner stops it."""

import asyncio
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from domain.language import _
from exporters.errors import AddressTakenError, ServerNotStartedError
from exporters.http.bounded import Bounds, Tally, bounded_protocol, full

HEADER_OCTETS = 16 * 1024
IDLE_SECONDS = 75  # longer than a scrape interval of a minute, so that Prometheus keeps its connection
STOP_SECONDS = 3
_WAIT_SECONDS = 0.01


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class HttpServer:
    """`start` binds and serves, `stop` ends connections and returns. port 0: a free one, see `url`.

    tally: counts whose connections were ended. when_full: answers one too many. section: of the settings that say host
    and port.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str = "127.0.0.1",
        port: int = 9275,
        *,
        bounds: Bounds = Bounds(),  # noqa: B008 - frozen
        tally: Tally | None = None,
        when_full: ASGIApp = full,
        section: str = "exporter",
    ) -> None:
        self._app = app
        self._bounds = bounds
        self._tally = tally or Tally()
        self._when_full = when_full
        self._section = section
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The real port once started."""
        return self._port

    @property
    def url(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Returns when requests are answered. Raises AddressTakenError, ServerNotStartedError."""
        listener = self._bind()
        self._port = listener.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            http=bounded_protocol(self._bounds, self._tally, self._when_full),  # type: ignore[arg-type]
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=self._bounds.connections,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
            h11_max_incomplete_event_size=HEADER_OCTETS,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]), name="metrics-server")
        while not self._server.started:
            if self._serving.done():
                listener.close()
                raise ServerNotStartedError(_("The server at {url} did not start.").format(url=self.url))
            await asyncio.sleep(_WAIT_SECONDS)

    async def stop(self) -> None:
        """Ends within STOP_SECONDS, whoever is still reading; a second call does nothing."""
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        await asyncio.wait({self._serving})
        self._server = self._serving = None

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # Named TCP, or asyncio leaves Nagle's algorithm on: each answer would wait 40 ms for an acknowledgement.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._host, self._port))
        except OSError as error:
            listener.close()
            raise AddressTakenError(self._reason(error)) from error
        listener.setblocking(False)
        return listener

    def _reason(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return _(
                "Port {port} on {host} is taken by another program. Stop it, or set another port as {section}.port in"
                " kentongan.toml (KENTONGAN_{SECTION}__PORT)."
            ).format(port=self._port, host=self._host, section=self._section, SECTION=self._section.upper())
        if error.errno in (errno.EACCES, errno.EPERM):
            return _("Port {port} may only be used by root. Set {section}.port to one above 1023.").format(
                port=self._port, section=self._section
            )
        return _("Nothing can be served on {host}: {reason}. Set {section}.host to an address of this machine.").format(
            host=self._host, reason=error.strerror, section=self._section
        )
