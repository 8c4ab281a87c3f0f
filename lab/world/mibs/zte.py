"""ZTE C320 with firmware 2.1: GPON ONUs (ZXGPON tables under 3902.1012), their light, cards, supply and fans.

Two index styles live side by side, as on a real one: ifIndex counts slot and port from nought, the ONU tables use
0x10000000 | slot << 16 | port << 8 with both from one.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from lab.hardware import PortKind
from lab.world import ber
from lab.world.mibs.optics import Optic
from lab.world.table import Rows, Value
from lab.world.view import Loss, OnuState, View
from lab.world.wiring import A_SIDE, Node, Wiring

_ONU = "1.3.6.1.4.1.3902.1012.3.28.1.1"
_ONU_STATE = "1.3.6.1.4.1.3902.1012.3.28.2.1"
_ONU_LIGHT = "1.3.6.1.4.1.3902.1012.3.50.12.1.1"
_DISTANCE = "1.3.6.1.4.1.3902.1012.3.11.4.1.2"
_OLT_RX = "1.3.6.1.4.1.3902.1015.1010.11.2.1.2"
_PORT_OPTIC = "1.3.6.1.4.1.3902.1015.3.1.13.1"
_CARD = "1.3.6.1.4.1.3902.1082.10.1.2.4.1"
_CARD_POWER = "1.3.6.1.4.1.3902.1082.10.10.2.1.6.1"
_SUPPLY = "1.3.6.1.4.1.3902.1082.10.10.2.3.11.1"
_FAN = "1.3.6.1.4.1.3902.1082.10.10.2.4.11.1"
_LOS, _WORKING, _DYING_GASP, _OFFLINE = 1, 3, 4, 6
_REASONS = {Loss.NO_LIGHT: 2, Loss.DYING_GASP: 9, Loss.REBOOT: 12, Loss.FORGOTTEN: 1}
_NO_LIGHT, _NO_OLT_LIGHT = 65_535, -80_000
_GASP_SECONDS = 60.0  # then a powerless ONU is plainly offline


def add(rows: Rows, node: Node, wiring: Wiring) -> None:
    rng = random.Random(f"zte:{node.device.name}")
    for interface in node.interfaces:
        if interface.kind is not PortKind.GPON:
            continue
        _shelf, slot, port = (int(part) for part in interface.name.rpartition("_")[2].split("/"))
        pon = 0x10000000 | slot << 16 | port << 8
        if interface.ends:
            _add_port(rows, pon, rng)
        for strand, onu in _onus(interface.ends, wiring):
            _add_onu(rows, pon, int(onu.device.onu_id), strand, onu, rng)
    _add_chassis(rows, rng)


def _onus(ends: tuple[tuple[int, int], ...], wiring: Wiring) -> Iterator[tuple[int, Node]]:
    for strand, side in ends:
        far = wiring.strands[strand].z if side == A_SIDE else wiring.strands[strand].a
        yield strand, wiring.nodes[far]


def _add_port(rows: Rows, pon: int, rng: random.Random) -> None:
    """The SFP of a PON: Tx, volts, degrees, in thousandths."""
    tx, warm, phase = rng.uniform(3.0, 5.0), rng.uniform(38, 48), rng.random()
    rows.add(f"{_PORT_OPTIC}.4", (pon,), lambda view: ber.integer(round(1000 * (tx + 0.04 * view.sway(2_400, phase)))))
    rows.add(f"{_PORT_OPTIC}.10", (pon,), ber.integer(3_290))
    rows.add(f"{_PORT_OPTIC}.12", (pon,), lambda view: ber.integer(round(1000 * (warm + 3 * view.daylight))))


def registered(serial: str) -> bytes:
    """The eight octets under which an OLT knows an ONU: its maker in letters, then a number (ITU-T G.984.3)."""
    return serial[:4].encode() + bytes.fromhex(serial[4:])


def _add_onu(rows: Rows, pon: int, number: int, strand: int, onu: Node, rng: random.Random) -> None:
    optic = Optic.of(onu.device.name, strand, (-24.5, -16.0))
    back = Optic.of(f"{onu.device.name}/olt", strand, (-26.0, -18.0))
    serial = registered(onu.device.serial)
    metres = rng.randint(350, 14_000)
    index = (pon, number)
    rows.add(f"{_ONU}.2", index, ber.octets(onu.device.name))
    rows.add(f"{_ONU}.3", index, ber.octets(onu.site.name))
    rows.add(f"{_ONU}.5", index, ber.octets(serial))
    rows.add(f"{_ONU_STATE}.4", index, lambda view: ber.integer(_state(view, view.onus[strand])))
    rows.add(f"{_ONU_STATE}.5", index, lambda view: _date(view.onus[strand].online_at))
    rows.add(f"{_ONU_STATE}.6", index, lambda view: _date(view.onus[strand].offline_at))
    rows.add(f"{_ONU_STATE}.7", index, lambda view: ber.integer(_REASONS[view.onus[strand].last_down_cause]))
    rows.add(f"{_DISTANCE}", index, ber.integer(metres))
    rows.add(
        _OLT_RX, index, lambda view: ber.integer(round(1000 * back.rx_dbm(view)) if back.lit(view) else _NO_OLT_LIGHT)
    )

    def by_light(value: "float | None", swing: float = 0.0, period: float = 1.0) -> Value:
        def make(view: View) -> bytes:
            if not optic.lit(view):
                return ber.integer(_NO_LIGHT)
            level = optic.rx_dbm(view) if value is None else value
            return ber.integer(_steps(level + swing * view.sway(period, optic.phase)))

        return make

    light = (*index, 1)
    rows.add(f"{_ONU_LIGHT}.10", light, by_light(None))
    rows.add(f"{_ONU_LIGHT}.14", light, by_light(rng.uniform(1.8, 3.2), 0.05, 2_800.0))
    rows.add(f"{_ONU_LIGHT}.17", light, ber.integer(165))
    rows.add(f"{_ONU_LIGHT}.19", light, lambda view: ber.integer(round(256 * optic.celsius(view))))


def _state(view: View, onu: OnuState) -> int:
    if onu.working:
        return _WORKING
    if onu.last_down_cause is Loss.DYING_GASP:
        return _DYING_GASP if view.now - onu.offline_at < _GASP_SECONDS else _OFFLINE
    return _LOS if onu.last_down_cause is Loss.NO_LIGHT else _OFFLINE


def _steps(dbm: float) -> int:
    """Steps of 0.002 dB above -30 dBm, as an unsigned 16-bit number."""
    return round((dbm + 30) / 0.002) & 0xFFFF


def _date(unix_seconds: float) -> bytes:
    """DateAndTime (RFC 2579) in UTC, eight octets."""
    at = datetime.fromtimestamp(unix_seconds, UTC)
    return ber.octets(at.year.to_bytes(2, "big") + bytes((at.month, at.day, at.hour, at.minute, at.second, 0)))


def _add_chassis(rows: Rows, rng: random.Random) -> None:
    """Two GPON cards and a control card; mains on one supply, two fans."""
    phase = rng.random()
    for slot, name, busy in ((1, "GTGHG", 11), (2, "GTGHG", 9), (3, "SMXA", 24), (4, "SMXA", 6)):
        index = (1, 1, slot)
        rows.add(f"{_CARD}.4", index, ber.octets(name))
        rows.add(f"{_CARD}.5", index, ber.integer(1))
        rows.add(f"{_CARD}.9", index, _wave(busy, 4, 400.0, phase))
        rows.add(f"{_CARD}.11", index, _wave(26 + slot * 3, 1, 5_000.0, phase))
        rows.add(f"{_CARD_POWER}.2", index, _wave(36 + slot, 3, 86_400.0, phase))
        rows.add(f"{_CARD_POWER}.3", index, _wave(26_900, 300, 900.0, phase))
        rows.add(f"{_CARD_POWER}.4", index, _wave(53_100, 120, 700.0, phase))
        rows.add(f"{_CARD_POWER}.5", index, _wave(507, 12, 800.0, phase))
    for unit, volts, state in ((3, 54, 1), (4, 0, 4)):
        rows.add(f"{_SUPPLY}.2", (1, 1, unit), ber.integer(volts))
        rows.add(f"{_SUPPLY}.3", (1, 1, unit), ber.integer(state))
    for fan in (1, 2):
        rows.add(f"{_FAN}.5", (1, 1, fan), ber.integer(1))
        rows.add(f"{_FAN}.7", (1, 1, fan), _wave(3_230, 60, 300.0, phase + fan / 3))


def _wave(mean: float, swing: float, period_seconds: float, phase: float) -> Value:
    return lambda view: ber.integer(round(mean + swing * view.sway(period_seconds, phase)))
