"""Changes that devices told of themselves: when a fetch is worth it, and what its commit says. Pure.

Knows no syslog and opens nothing; in English whatever the setting, as all of a commit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from provisioning.backup.records import Why

QUOTED = 3
LONGEST = 200


@dataclass(frozen=True, slots=True)
class ToldChange:
    """who, origin: '' where nobody said. text: one line without secrets."""

    who: str
    origin: str
    text: str


def why_told(changes: Sequence[ToldChange], otherwise: Why) -> Why:
    """Who and from where as the device said it, the oldest change first; `otherwise` if it said nothing.

    The one who ordered the fetch stays in the reason: he did not change the device.
    """
    if not changes:
        return otherwise
    reason = f"{otherwise.reason} by {otherwise.who}" if otherwise.who else otherwise.reason
    said = list(dict.fromkeys(_said(each) for each in changes))
    more = f"; and {len(said) - QUOTED} more" if len(said) > QUOTED else ""
    who = ", ".join(dict.fromkeys(each.who for each in changes if each.who))
    return Why(f"{reason}; the device told: {'; '.join(said[-QUOTED:])}{more}", who or otherwise.who)


def _said(change: ToldChange) -> str:
    whence = f" from {change.origin}" if change.origin else ""
    text = change.text if len(change.text) <= LONGEST else f"{change.text[:LONGEST]}…"
    return f"{change.who or 'somebody'}{whence}: {text}"


@dataclass(slots=True)
class _Waiting:
    first: float
    last: float


class ToldDevices:
    """Who waits for a fetch because it told of a change. Times are steady seconds.

    quiet_seconds: a person goes on typing; so long nothing more was told. longest_seconds: but not later than this.
    gap_seconds: between two such fetches of one device.
    """

    def __init__(self, quiet_seconds: float = 60.0, longest_seconds: float = 600.0, gap_seconds: float = 600.0) -> None:
        self._quiet, self._longest, self._gap = quiet_seconds, longest_seconds, gap_seconds
        self._waiting: dict[str, _Waiting] = {}
        self._fetched: dict[str, float] = {}

    def note(self, device: str, at: float) -> None:
        waiting = self._waiting.setdefault(device, _Waiting(at, at))
        waiting.last = max(waiting.last, at)

    def due(self, at: float) -> list[str]:
        """Those to be fetched now, who waits longest first."""
        ready = [
            (waiting.first, device)
            for device, waiting in self._waiting.items()
            if (at - waiting.last >= self._quiet or at - waiting.first >= self._longest)
            and at - self._fetched.get(device, float("-inf")) >= self._gap
        ]
        return [device for _first, device in sorted(ready)]

    def begin(self, device: str, at: float) -> None:
        """A fetch of it begins, for whatever reason: what is told from now on counts anew."""
        self._waiting.pop(device, None)
        self._fetched[device] = at

    def keep(self, devices: Iterable[str]) -> None:
        """Only these are there still."""
        there = set(devices)
        for known in (self._waiting, self._fetched):
            for gone in known.keys() - there:
                del known[gone]
