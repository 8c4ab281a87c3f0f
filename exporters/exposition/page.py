"""The whole answer to a scrape: polled values, devices, own health, in pieces large enough to be worth sending."""

from collections.abc import Callable, Iterator

from domain.time import Clock
from exporters.exposition.devices import DeviceLines, DeviceTable
from exporters.exposition.renderer import Renderer

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PIECE_BYTES = 1024 * 1024  # a piece is one trip to a thread and back


class Page:
    """Wires the sources of one /metrics. Constructing it reads nothing.

    devices: hands over the table of now. own_health: the text of the process's own metrics. Both are called on the
    event loop.
    """

    def __init__(
        self,
        renderer: Renderer,
        devices: Callable[[], DeviceTable],
        own_health: Callable[[], bytes],
        clock: Clock,
    ) -> None:
        self._renderer = renderer
        self._devices = devices
        self._own_health = own_health
        self._clock = clock
        self._lines = DeviceLines()

    @property
    def zones(self) -> tuple[str, ...]:
        return self._renderer.zones

    def begin(self, zone: str | None = None, *, own_health: bool = True) -> Iterator[bytes]:
        """Pieces of text. Call it on the event loop, iterate it in a thread. `zone`: that zone's devices alone."""
        table, now = self._devices(), self._clock.now().steady_seconds
        own = self._own_health() if own_health else b""
        return _in_pieces(self._chunks(table, now, zone, own))

    def begin_own_health(self) -> Iterator[bytes]:
        """Own health alone, for a fleet that is scraped by zone."""
        return iter((self._own_health(),))

    def _chunks(self, table: DeviceTable, now: float, zone: str | None, own: bytes) -> Iterator[bytes]:
        yield from self._renderer.chunks(now, zone)
        yield from self._lines.chunks(table, now, zone)
        yield own


def _in_pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= PIECE_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
