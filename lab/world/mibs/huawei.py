"""Huawei MA5608T: ONTs of HUAWEI-XPON-MIB (E.2011.6.128), boards and supply. Nothing is known of an ONT that is dark
but its state, its last cause and the times.

A GPON's ifIndex is 0xFA000000 + slot·8192 + port·256; an ONT's index is that and its number, which counts from nought.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from lab.hardware import PortKind
from lab.world import ber
from lab.world.mibs.optics import Optic
from lab.world.mibs.zte import registered
from lab.world.power import Supply
from lab.world.table import Rows, Value
from lab.world.view import Loss, View
from lab.world.wiring import A_SIDE, Interface, Node, Wiring

_XPON = "1.3.6.1.4.1.2011.6.128.1.1.2"
_ONT, _RUN, _LIGHT, _PON_LIGHT = f"{_XPON}.43.1", f"{_XPON}.46.1", f"{_XPON}.51.1", f"{_XPON}.23.1"
_COUNT = f"{_XPON}.21.1.16"
_BOARD = "1.3.6.1.4.1.2011.2.6.7.1.1.2.1"
_BOARD_STATE = "1.3.6.1.4.1.2011.6.3.3.2.1.8"
_AC, _DC = "1.3.6.1.4.1.2011.6.2.1.2.1", "1.3.6.1.4.1.2011.6.2.1.3.1"
_UP, _DOWN = ber.integer(1), ber.integer(2)
_CAUSES = {Loss.NO_LIGHT: 1, Loss.DYING_GASP: 13, Loss.REBOOT: 9, Loss.FORGOTTEN: -1}
_NO_READING = ber.integer(2_147_483_647)


def add(rows: Rows, node: Node, wiring: Wiring) -> None:
    rng = random.Random(f"huawei:{node.device.name}")
    for interface in node.interfaces:
        if interface.kind is PortKind.GPON and interface.ends:
            _add_pon(rows, interface, rng)
            for strand, onu in _onts(interface, wiring):
                _add_ont(rows, (interface.if_index, int(onu.device.onu_id)), strand, onu, rng)
    _add_boards(rows, rng)


def _onts(interface: Interface, wiring: Wiring) -> Iterator[tuple[int, Node]]:
    for strand, side in interface.ends:
        far = wiring.strands[strand].z if side == A_SIDE else wiring.strands[strand].a
        yield strand, wiring.nodes[far]


def _add_pon(rows: Rows, interface: Interface, rng: random.Random) -> None:
    """The port's module: degrees, hundredths of volts, milliamperes, hundredths of dBm; and how many ONTs it has."""
    index, warm, tx, phase = (interface.if_index,), rng.uniform(36, 50), rng.uniform(2.5, 5.0), rng.random()
    rows.add(_COUNT, index, ber.integer(len(interface.ends)))
    rows.add(f"{_PON_LIGHT}.1", index, lambda view: ber.integer(round(warm + 3 * view.daylight)))
    rows.add(f"{_PON_LIGHT}.2", index, ber.integer(327))
    rows.add(f"{_PON_LIGHT}.3", index, ber.integer(rng.randint(9, 20)))
    rows.add(f"{_PON_LIGHT}.4", index, lambda view: ber.integer(round(100 * (tx + 0.03 * view.sway(2_400, phase)))))


def _add_ont(rows: Rows, index: tuple[int, int], strand: int, onu: Node, rng: random.Random) -> None:
    optic = Optic.of(onu.device.name, strand, (-24.5, -16.0))
    back = Optic.of(f"{onu.device.name}/olt", strand, (-26.0, -18.0))
    metres = rng.randint(350, 14_000)
    rows.add(f"{_ONT}.3", index, ber.octets(registered(onu.device.serial)))
    rows.add(f"{_ONT}.9", index, ber.octets(onu.device.name))
    rows.add(f"{_RUN}.15", index, lambda view: _UP if view.onus[strand].working else _DOWN)
    rows.add(f"{_RUN}.20", index, lambda view: ber.integer(metres if optic.lit(view) else -1))
    rows.add(f"{_RUN}.22", index, lambda view: _date(view.onus[strand].online_at))
    rows.add(f"{_RUN}.23", index, lambda view: _date(view.onus[strand].offline_at))
    rows.add(f"{_RUN}.24", index, lambda view: ber.integer(_CAUSES[view.onus[strand].last_down_cause]))

    def lit(value: Value) -> Value:
        def make(view: View) -> bytes | None:
            if not optic.lit(view):
                return _NO_READING
            return value if isinstance(value, bytes) else value(view)

        return make

    rows.add(f"{_LIGHT}.1", index, lit(lambda view: ber.integer(round(optic.celsius(view)))))
    rows.add(f"{_LIGHT}.2", index, lit(ber.integer(rng.randint(8, 16))))
    rows.add(f"{_LIGHT}.3", index, lit(lambda view: ber.integer(round(100 * (2.2 + optic.tx_dbm(view) / 10)))))
    rows.add(f"{_LIGHT}.4", index, lit(lambda view: ber.integer(round(100 * optic.rx_dbm(view)))))
    rows.add(f"{_LIGHT}.5", index, lit(ber.integer(3_290)))
    rows.add(f"{_LIGHT}.6", index, lit(lambda view: ber.integer(10_000 + round(100 * back.rx_dbm(view)))))


def _add_boards(rows: Rows, rng: random.Random) -> None:
    """Two GPON boards and a control board in frame 0; mains volts in thousandths, none while the mains are gone."""
    phase = rng.random()
    for slot, busy in ((0, 14), (1, 11), (2, 22)):
        rows.add(f"{_BOARD}.5", (0, slot), _wave(busy, 4, 400.0, phase))
        rows.add(f"{_BOARD}.6", (0, slot), _wave(38 + slot, 1, 5_000.0, phase))
        rows.add(f"{_BOARD}.10", (0, slot), _wave(46 + slot, 4, 86_400.0, phase))
        rows.add(_BOARD_STATE, (0, slot), ber.integer(2))
    volts = _wave(221_000, 4_000, 5_400.0, phase)
    rows.add(f"{_AC}.2", (0,), lambda view: ber.integer(1 if _fed(view) else 2))
    rows.add(f"{_AC}.3", (0,), lambda view: _made(volts, view) if _fed(view) else ber.integer(0))
    rows.add(
        f"{_DC}.1", (0,), lambda view: ber.integer(53_500 if _fed(view) else round(48_000 + 3_500 * _charge(view)))
    )
    rows.add(f"{_DC}.5", (0,), ber.integer(1))


def _fed(view: View) -> bool:
    return view.supply in (Supply.MAINS, Supply.GENERATOR)


def _charge(view: View) -> float:
    return view.power.charge_at(view.now)


def _made(value: Value, view: View) -> bytes:
    made = value if isinstance(value, bytes) else value(view)
    assert made is not None
    return made


def _date(unix_seconds: float) -> bytes:
    """DateAndTime (RFC 2579) in UTC, eight octets."""
    at = datetime.fromtimestamp(unix_seconds, UTC)
    return ber.octets(at.year.to_bytes(2, "big") + bytes((at.month, at.day, at.hour, at.minute, at.second, 0)))


def _wave(mean: float, swing: float, period_seconds: float, phase: float) -> Value:
    return lambda view: ber.integer(round(mean + swing * view.sway(period_seconds, phase)))
