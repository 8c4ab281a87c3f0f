"""Ubiquiti airMAX (UBNT-AirMAX-MIB, E.41112.1.4): the radio link, a sector's stations. 32-bit counters only."""

import random

from lab.world import ber
from lab.world.mibs.when import when
from lab.world.table import Rows, Value
from lab.world.view import View
from lab.world.wiring import A_SIDE, Node, Wiring

_RADIO = "1.3.6.1.4.1.41112.1.4.1.1"
_CHAIN = "1.3.6.1.4.1.41112.1.4.2.1.2"
_STATION = "1.3.6.1.4.1.41112.1.4.5.1"
_QUALITY = "1.3.6.1.4.1.41112.1.4.6.1"
_STATIONS = "1.3.6.1.4.1.41112.1.4.7.1"
_HOST = "1.3.6.1.4.1.41112.1.4.8"
_NOISE_DBM = -96
_WLAN = 7  # the radio's ifIndex in IEEE802dot11-MIB on these boxes


def add(rows: Rows, node: Node, wiring: Wiring) -> None:
    rng = random.Random(f"airmax:{node.device.name}")
    strands = next(interface.ends for interface in node.interfaces if interface.name == "ath0")
    signal, phase = rng.uniform(-72, -52), rng.random()
    rows.add("1.2.840.10036.3.1.2.1.3", (_WLAN,), ber.octets(node.model.name))
    rows.add("1.2.840.10036.3.1.2.1.4", (_WLAN,), ber.octets("WA.ar934x.v8.7.11.46972.220614.0420"))
    rows.add(f"{_RADIO}.4", (1,), ber.integer(rng.choice((5_745, 5_765, 5_785, 5_805))))
    rows.add(f"{_RADIO}.6", (1,), ber.integer(24))
    rows.add(f"{_RADIO}.7", (1,), ber.integer(rng.randint(900, 9_000)))

    def linked(up: Value, down: bytes) -> Value:
        def make(view: View) -> bytes | None:
            lit = any(view.strand_up[strand] for strand, _side in strands)
            return down if not lit else up if isinstance(up, bytes) else up(view)

        return make

    def faded(mean: float, swing: float, period_seconds: float) -> Value:
        """What falls by as many dB as the air takes away; a sector tells of its worst station."""

        def make(view: View) -> bytes:
            lost = max((view.dimmed_db(strand) for strand, _side in strands if view.strand_up[strand]), default=0.0)
            return ber.integer(max(round(mean - lost + swing * view.sway(period_seconds, phase)), _NOISE_DBM))

        return make

    rows.add(f"{_CHAIN}.1", (1,), linked(_wave(signal + 92, 2, 1_000, phase), ber.integer(0)))
    for column, value, idle in (
        (5, faded(signal, 2.0, 1_000), -96),
        (6, _wave(signal + 96, 2.0, 1_000, phase), 0),
        (7, _wave(88, 8, 1_400, phase), 0),
        (8, _wave(-94, 1.5, 2_000, phase), -96),
        (9, _wave(180_000_000, 20_000_000, 700, phase), 0),
        (10, _wave(195_000_000, 20_000_000, 700, phase), 0),
    ):
        rows.add(f"{_STATION}.{column}", (1,), linked(value, ber.integer(idle)))
    rows.add(f"{_STATION}.2", (1,), ber.octets("menara-" + node.device.zone))
    rows.add(f"{_STATION}.15", (1,), lambda view: ber.gauge32(sum(bool(view.strand_up[at]) for at, _side in strands)))
    rows.add(f"{_QUALITY}.3", (1,), linked(_wave(82, 9, 1_400, phase), ber.integer(0)))
    rows.add(f"{_QUALITY}.4", (1,), linked(_wave(74, 9, 1_100, phase), ber.integer(0)))
    rows.add(f"{_QUALITY}.7", (1,), linked(_wave(260, 90, 900, phase), ber.integer(0)))
    rows.scalar(f"{_HOST}.3", _wave(900, 400, 300, phase))  # CPU, hundredths of a percent
    rows.scalar(f"{_HOST}.4", _wave(41, 6, 86_400, phase))  # whole degrees since 8.7.7
    for strand, side in strands:
        if side != A_SIDE:
            _add_station(rows, strand, wiring.nodes[wiring.strands[strand].a], rng)


def _add_station(rows: Rows, strand: int, far: Node, rng: random.Random) -> None:
    """One station's row on a sector, indexed by the radio and the station's MAC; gone while it is not heard."""
    index = (1, *bytes.fromhex(far.device.mac.replace(":", "")))
    for column, value in (
        (2, ber.octets(far.device.name)),
        (3, _less(rng.randint(-74, -55), strand)),
        (4, ber.integer(-95)),
        (5, ber.integer(rng.randint(900, 9_000))),
        (6, ber.integer(rng.randint(70, 99))),
        (11, ber.integer(rng.randint(90, 190) * 1_000_000)),
    ):
        rows.add(f"{_STATIONS}.{column}", index, when(strand, value))


def _less(dbm: int, strand: int) -> Value:
    return lambda view: ber.integer(max(round(dbm - view.dimmed_db(strand)), _NOISE_DBM))


def _wave(mean: float, swing: float, period_seconds: float, phase: float) -> Value:
    return lambda view: ber.integer(round(mean + swing * view.sway(period_seconds, phase)))
