"""Takes in what devices log: known sources only, so many each, read at once, only what says who changed what goes on.

Holds no socket and starts nothing. A message of a stranger costs one look into a table; one of a flood two.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from collectors.rate import Rate
from collectors.syslog.messages import Message, read_message
from collectors.syslog.patterns import Patterns
from collectors.syslog.records import Told

BURST_MINUTES: Final = 2.0  # a device that restarts tells everything at once
FLOOD_OVER_SECONDS: Final = 60.0


@dataclass(slots=True)
class IntakeCounts:
    """cut: by device, what it sent beyond its share."""

    received: int = 0
    unknown: int = 0  # from an address that no device has
    ambiguous: int = 0  # from an address that several have, without a name that is one of theirs
    told: int = 0  # of those received: said who changed what
    streams_broken: int = 0
    cut: Counter[str] = field(default_factory=Counter)

    @property
    def cut_total(self) -> int:
        return self.cut.total()


@dataclass(slots=True)
class _Flood:
    since: float
    last: float
    cut: int = 0


class Intake:
    """`know` the devices, `take` each message. tell: called with device and what a line says; must not block.

    platform_of: from a device's name, "" where nobody knows it yet.
    per_minute: messages of one device that are read in the long run; twice as many may come at once.
    flood: called when a device floods and, with the number that was cut, when it has stopped for a minute.
    """

    def __init__(
        self,
        patterns: Patterns,
        platform_of: Callable[[str], str],
        tell: Callable[[str, Told], None],
        *,
        per_minute: float = 120.0,
        flood: Callable[[str, int], None] = lambda _device, _cut: None,
    ) -> None:
        self._patterns = patterns
        self._platform_of = platform_of
        self._tell = tell
        self._flood = flood
        self._rate = Rate(max(int(per_minute * BURST_MINUTES), 1), 60.0 / per_minute)
        self._sources: Mapping[str, tuple[str, ...]] = {}
        self._floods: dict[str, _Flood] = {}
        self.counts = IntakeCounts()

    def know(self, addresses: Iterable[tuple[str, str]]) -> None:
        """addresses: (address, device) pairs; an address may be of several devices behind one translation."""
        sources: dict[str, tuple[str, ...]] = {}
        for address, device in addresses:
            sources[address] = (*sources.get(address, ()), device)
        gone = {name for names in self._sources.values() for name in names}
        gone -= {name for names in sources.values() for name in names}
        self._rate.forget(gone)
        for name in gone:
            self._floods.pop(name, None)
            self.counts.cut.pop(name, None)
        self._sources = sources

    def knows(self, source: str) -> bool:
        """Whether any device sends from there; a stranger is counted."""
        if _plain(source) in self._sources:
            return True
        self.counts.unknown += 1
        return False

    def take(self, octets: bytes, source: str, steady_seconds: float) -> None:
        """One message. Never raises, whatever the octets are."""
        devices = self._sources.get(_plain(source))
        if devices is None:
            self.counts.unknown += 1
            return
        sender = devices[0]
        if not self._rate.admit(sender, steady_seconds):
            self._cut(sender, steady_seconds)
            return
        self.counts.received += 1
        message = read_message(octets)
        device = sender if len(devices) == 1 else _named(message, devices)
        if not device:
            self.counts.ambiguous += 1
            return
        told = self._patterns.told(self._platform_of(device), message)
        if told is not None:
            self.counts.told += 1
            self._tell(device, told)

    def look(self, steady_seconds: float) -> None:
        """Now and then: floods that are over."""
        for device, flood in list(self._floods.items()):
            if steady_seconds - flood.last >= FLOOD_OVER_SECONDS:
                del self._floods[device]
                self._flood(device, flood.cut)

    def _cut(self, device: str, steady_seconds: float) -> None:
        self.counts.cut[device] += 1
        flood = self._floods.get(device)
        if flood is None:
            flood = self._floods[device] = _Flood(steady_seconds, steady_seconds)
            self._flood(device, 0)
        flood.last = steady_seconds
        flood.cut += 1


def _plain(source: str) -> str:
    """A socket of both families names IPv4 as a part of IPv6 (RFC 4291, 2.5.5.2)."""
    return source.removeprefix("::ffff:").partition("%")[0]


def _named(message: Message, devices: tuple[str, ...]) -> str:
    host = message.host.lower()
    return next((name for name in devices if host and name.lower() in (host, host.partition(".")[0])), "")
