"""Totals of octets as they were scraped over a while, and the rates a Prometheus would make of them."""

from collections.abc import Collection
from itertools import pairwise
from statistics import median

from tests.real.terminal import Scrape

Series = tuple[str, str, str]  # device, interface, receive or transmit
PORT_MARGIN = 1.05
JUMP_FACTOR = 3.0
JUMP_SLACK = 5_000.0  # octets per second: a port that is nearly idle may well send three times as much for a moment


class Octets:
    """`take` scrapes in the order they were made; a sample that was already taken counts once."""

    def __init__(self) -> None:
        self._samples: dict[Series, list[tuple[float, float]]] = {}
        self._bytes_per_second: dict[tuple[str, str], float] = {}
        self._usual: dict[Series, float] = {}

    def call_this_usual(self) -> None:
        """From now on `jumps` compares with what was taken until here, not with the median of all."""
        self._usual = {series: max(found) for series, rows in self._samples.items() if (found := rates(rows))}

    def take(self, scrape: Scrape) -> None:
        for way in ("receive", "transmit"):
            for labels, value, at in scrape.samples(f"kentongan_interface_{way}_bytes_total"):
                assert at is not None, "a polled value carries the time of its poll"
                rows = self._samples.setdefault((labels["device"], labels["interface"], way), [])
                if not rows or rows[-1][0] != at / 1000:
                    rows.append((at / 1000, value))
        for labels, value, _at in scrape.samples("kentongan_interface_speed_bytes_per_second"):
            if value:  # a tunnel tells 0: it has no speed of its own
                self._bytes_per_second[labels["device"], labels["interface"]] = value

    @property
    def series_count(self) -> int:
        """Of those with three rates at least."""
        return len(self._rates())

    def devices(self) -> set[str]:
        return {series[0] for series in self._rates()}

    def over_the_port(self) -> dict[Series, float]:
        """Rates that no port can have carried."""
        assert self._bytes_per_second, "no speed was scraped: nothing could be found wrong"
        return {
            series: max(rates)
            for series, rates in self._rates().items()
            if max(rates) > PORT_MARGIN * self._bytes_per_second.get(series[:2], float("inf"))
        }

    def jumps(self, devices: Collection[str] = ()) -> dict[Series, list[float]]:
        """Series with a rate far above their own usual one; of these devices, or of all."""
        return {
            series: [round(rate) for rate in found]
            for series, found in self._rates().items()
            if (not devices or series[0] in devices)
            and max(found) > JUMP_FACTOR * self._usual.get(series, median(found)) + JUMP_SLACK
        }

    def _rates(self) -> dict[Series, list[float]]:
        return {series: rates(rows) for series, rows in self._samples.items() if len(rows) > 3}


def rates(rows: list[tuple[float, float]]) -> list[float]:
    """Octets per second between neighbours; a total that fell began at nought, as Prometheus has it. Samples that
    are older than the one before are no neighbours: Prometheus refuses them."""
    return [
        (value - before if value >= before else value) / (at - earlier)
        for (earlier, before), (at, value) in pairwise(rows)
        if at > earlier
    ]
