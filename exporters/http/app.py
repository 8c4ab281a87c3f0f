"""The HTTP application. A scrape reads memory alone: no device and no database is touched by it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from domain.language import _
from exporters.exposition import CONTENT_TYPE, Page
from exporters.http.compression import Compression, gzipped, is_compressed_for
from exporters.http.discovery import targets
from exporters.http.index_page import index_page

SCRAPES_AT_ONCE = 2
_OWN_ONLY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


class Readiness(Protocol):
    """Says why the service cannot do its work yet or any more; may ask the database."""

    async def reasons(self) -> Sequence[str]:
        """Plain sentences; none if it is ready."""
        ...


def metrics_app(
    page: Page,
    readiness: Readiness,
    *,
    version: str,
    compression: Compression = Compression.REMOTE,
    observe_seconds: Callable[[float], None] = lambda seconds: None,
) -> Starlette:
    """`/metrics`, `/sd/prometheus`, `/healthz`, `/readyz` and a page that links them.

    observe_seconds: told how long each scrape's text took to write.
    """
    handlers = _Handlers(page, readiness, version, compression, observe_seconds)
    return Starlette(
        routes=[
            Route("/", handlers.welcome),
            Route("/metrics", handlers.metrics),
            Route("/sd/prometheus", handlers.discovery),
            Route("/healthz", handlers.health),
            Route("/readyz", handlers.ready),
        ],
        lifespan=handlers.lifespan,
    )


class _Handlers:
    def __init__(
        self,
        page: Page,
        readiness: Readiness,
        version: str,
        compression: Compression,
        observe_seconds: Callable[[float], None],
    ) -> None:
        self._page = page
        self._readiness = readiness
        self._version = version
        self._compression = compression
        self._observe_seconds = observe_seconds
        self._threads: ThreadPoolExecutor | None = None

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._threads = ThreadPoolExecutor(SCRAPES_AT_ONCE, thread_name_prefix="scrape")
        try:
            yield
        finally:
            self._threads.shutdown(wait=False, cancel_futures=True)

    async def welcome(self, request: Request) -> Response:
        return HTMLResponse(index_page(self._version), headers=_OWN_ONLY)

    async def health(self, request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def ready(self, request: Request) -> Response:
        reasons = list(await self._readiness.reasons())
        return JSONResponse({"ready": not reasons, "reasons": reasons}, 503 if reasons else 200)

    async def discovery(self, request: Request) -> Response:
        by_zone = request.query_params.get("by") == "zone"
        return JSONResponse(targets(request.url.netloc, self._page.zones, by_zone=by_zone))

    async def metrics(self, request: Request) -> Response:
        zone, own = request.query_params.get("zone"), request.query_params.get("part") == "own"
        if zone is not None and zone not in self._page.zones:
            return PlainTextResponse(_("There is no zone “{zone}”.").format(zone=zone[:80]) + "\n", 404)
        headers = {"Content-Type": CONTENT_TYPE, "Vary": "Accept-Encoding"}
        accepted = request.headers.get("accept-encoding", "")
        packed = is_compressed_for(self._compression, accepted, request.client.host if request.client else "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        if request.method == "HEAD":
            return Response(headers=headers)
        pieces = self._page.begin_own_health() if own else self._page.begin(zone, own_health=zone is None)
        return StreamingResponse(self._written(gzipped(pieces) if packed else pieces), headers=headers)

    async def _written(self, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
        loop, spent = asyncio.get_running_loop(), 0.0
        while True:
            piece, seconds = await loop.run_in_executor(self._threads, _next, pieces)
            spent += seconds
            if piece is None:
                break
            yield piece
        self._observe_seconds(spent)


def _next(pieces: Iterator[bytes]) -> tuple[bytes | None, float]:
    began = time.perf_counter()
    piece = next(pieces, None)
    return piece, time.perf_counter() - began
