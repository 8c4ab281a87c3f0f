"""MikroTik RouterOS 7: MIKROTIK-MIB's gauges, optics, wireless, LTE and PoE, and HOST-RESOURCES as RouterOS has it."""

import random

from domain.network import PowerSource, Role
from lab.hardware import PortKind
from lab.world import ber
from lab.world.mibs import optics
from lab.world.mibs.optics import Optic
from lab.world.power import Supply
from lab.world.table import Rows
from lab.world.view import View
from lab.world.wiring import USERS, Interface, Node, Wiring

_MIKROTIK = "1.3.6.1.4.1.14988.1.1"
_STORAGE = "1.3.6.1.2.1.25.2.3.1"
_CELSIUS, _DECIVOLT, _DECIWATT, _STATUS, _RPM = (ber.integer(unit) for unit in (1, 3, 5, 6, 2))
_RAM, _DISK = ber.oid(ber.parse_oid("1.3.6.1.2.1.25.2.1.2")), ber.oid(ber.parse_oid("1.3.6.1.2.1.25.2.1.4"))
_BIG = (Role.SWITCH, Role.VPN)


def add(rows: Rows, node: Node, wiring: Wiring) -> None:
    rng = random.Random(f"routeros:{node.device.name}")
    rows.scalar(f"{_MIKROTIK}.4.3", ber.integer(6))
    rows.scalar(f"{_MIKROTIK}.4.4", ber.octets("7.16.2"))
    rows.scalar(f"{_MIKROTIK}.7.3", ber.octets(node.device.serial))
    rows.scalar(f"{_MIKROTIK}.7.9", ber.octets(node.model.name))
    _add_host(rows, node, rng)
    _add_gauges(rows, node, rng)
    for place, interface in enumerate(node.interfaces):
        index = (interface.if_index,)
        rows.add(f"{_MIKROTIK}.14.1.1.2", index, ber.octets(interface.name))
        if interface.kind is PortKind.SFP and interface.ends:
            _add_optic(rows, interface, Optic.of(f"{node.device.name}/{interface.name}", interface.ends[0][0]))
        if interface.kind is PortKind.WIRELESS:
            _add_radio(rows, node, interface, rng)
        if interface.kind is PortKind.LTE:
            _add_modem(rows, interface, rng)
        if node.model.name.startswith("CRS328") and interface.kind is PortKind.ETHERNET:
            _add_poe(rows, place, interface, wiring, rng)


def _add_host(rows: Rows, node: Node, rng: random.Random) -> None:
    cores = 4 if node.model.name.startswith(("RB", "CRS")) else 16
    memory_kib = 1_048_576 if node.model.name.startswith(("CCR", "RB5009")) else 262_144
    used_share, base, phase = rng.uniform(0.18, 0.5), rng.uniform(3, 18), rng.random()
    rows.scalar("1.3.6.1.2.1.25.1.1", lambda view: ber.timeticks(view.ticks))
    rows.scalar("1.3.6.1.2.1.25.2.2", ber.integer(memory_kib))
    for row, type_, name, size in ((65_536, _RAM, "main memory", memory_kib), (131_072, _DISK, "system disk", 131_072)):
        share = used_share if row == 65_536 else 0.3
        rows.add(f"{_STORAGE}.1", (row,), ber.integer(row))
        rows.add(f"{_STORAGE}.2", (row,), type_)
        rows.add(f"{_STORAGE}.3", (row,), ber.octets(name))
        rows.add(f"{_STORAGE}.4", (row,), ber.integer(1_024))
        rows.add(f"{_STORAGE}.5", (row,), ber.integer(size))
        rows.add(f"{_STORAGE}.6", (row,), _used(size, share, phase))
        rows.add(f"{_STORAGE}.7", (row,), ber.counter32(0))
    for core in range(1, cores + 1):
        rows.add("1.3.6.1.2.1.25.3.2.1.1", (core,), ber.integer(core))
        rows.add("1.3.6.1.2.1.25.3.2.1.2", (core,), ber.oid(ber.parse_oid("1.3.6.1.2.1.25.3.1.3")))
        rows.add("1.3.6.1.2.1.25.3.2.1.3", (core,), ber.octets(""))
        rows.add("1.3.6.1.2.1.25.3.3.1.1", (core,), ber.oid((0, 0)))
        rows.add("1.3.6.1.2.1.25.3.3.1.2", (core,), _cpu(base, phase + core * 0.17))


def _add_gauges(rows: Rows, node: Node, rng: random.Random) -> None:
    """mtxrGauge: index, name, value, unit. A small board adds the older mtxrHl scalars, as RouterOS 7 still does.

    Bigger ones have two supplies, the second straight on the mains: where a battery holds the first, it fails alone.
    """
    warm, phase = rng.uniform(36, 52), rng.random()
    small = node.model.name.startswith("RB")
    decivolt = rng.randint(236, 246) if small else rng.randint(118, 122)
    on_battery_line = small and PowerSource.SOLAR in node.site.power
    voltage = _battery_line(phase) if on_battery_line else _gauge(decivolt, 1.2, 900.0, phase)
    temperature = _gauge(warm, 4.0, 0.0, phase)
    gauges = [
        (13, "voltage", voltage, _DECIVOLT),
        (14, "temperature", temperature, _CELSIUS),
        (17, "cpu-temperature", _gauge(warm + 8, 5.0, 0.0, phase), _CELSIUS),
    ]
    if not small:
        gauges += [
            (7101, "psu1-state", lambda view: ber.integer(0), _STATUS),
            (7102, "psu2-state", lambda view: ber.integer(int(view.supply is Supply.BATTERY)), _STATUS),
            (7001, "fan1-speed", _gauge(4_300, 140, 700.0, phase), _RPM),
            (16, "power-consumption", _gauge(330, 25, 1_100.0, phase), _DECIWATT),
        ]
    for index, name, value, unit in gauges:
        rows.add(f"{_MIKROTIK}.3.100.1.1", (index,), ber.integer(index))
        rows.add(f"{_MIKROTIK}.3.100.1.2", (index,), ber.octets(name))
        rows.add(f"{_MIKROTIK}.3.100.1.3", (index,), value)
        rows.add(f"{_MIKROTIK}.3.100.1.4", (index,), unit)
    if small:
        rows.scalar(f"{_MIKROTIK}.3.8", voltage)
        rows.scalar(f"{_MIKROTIK}.3.10", _gauge(warm * 10, 40.0, 0.0, phase))


def _add_optic(rows: Rows, interface: Interface, optic: Optic) -> None:
    """mtxrOpticalTable, indexed by ifIndex: dBm, volts and milliamperes in thousandths."""
    index, base = (interface.if_index,), f"{_MIKROTIK}.19.1.1"
    rows.add(f"{base}.2", index, ber.octets(interface.name))
    rows.add(f"{base}.3", index, lambda view: ber.integer(int(not optic.lit(view))))
    rows.add(f"{base}.4", index, ber.integer(0))
    rows.add(f"{base}.5", index, ber.gauge32(131_000))
    rows.add(f"{base}.6", index, lambda view: ber.integer(round(optic.celsius(view))))
    rows.add(f"{base}.7", index, lambda view: ber.integer(3_300 + round(12 * view.sway(800, optic.phase))))
    rows.add(f"{base}.8", index, lambda view: ber.integer(22 + round(2 * view.sway(5_000, optic.phase))))
    rows.add(f"{base}.9", index, lambda view: ber.integer(round(1000 * optic.tx_dbm(view))))
    rows.add(f"{base}.10", index, lambda view: ber.integer(round(1000 * optic.rx_dbm(view))))


def _add_radio(rows: Rows, node: Node, interface: Interface, rng: random.Random) -> None:
    """mtxrWlApTable: an access point's radio."""
    index, base = (interface.if_index,), f"{_MIKROTIK}.1.3.1"
    five = interface.name == "wlan2"
    most, phase = rng.randint(6, 30), rng.random()
    channel = rng.choice((5180, 5220, 5745, 5785) if five else (2412, 2437, 2462))

    def clients(view: View) -> bytes:
        return ber.gauge32(round(most * max(0.0, 0.5 + 0.4 * view.daylight + 0.1 * view.sway(1_700, phase))))

    rows.add(f"{base}.2", index, ber.gauge32(0))
    rows.add(f"{base}.3", index, ber.gauge32(0))
    rows.add(f"{base}.4", index, ber.octets("WiFi Desa" if node.site.kind == "desa" else "WiFi Publik"))
    rows.add(f"{base}.5", index, ber.octets(interface.mac))
    rows.add(f"{base}.6", index, clients)
    rows.add(f"{base}.7", index, ber.integer(channel))
    rows.add(f"{base}.8", index, ber.octets("5ghz-a/n/ac" if five else "2ghz-b/g/n"))
    rows.add(f"{base}.9", index, lambda view: ber.integer(-104 + round(4 * view.sway(2_100, phase))))
    rows.add(f"{base}.10", index, lambda view: ber.integer(78 + round(14 * view.sway(1_300, phase))))
    rows.add(f"{base}.11", index, clients)


def _add_modem(rows: Rows, interface: Interface, rng: random.Random) -> None:
    """mtxrLTEModemTable: RSSI, RSRQ, RSRP in dBm or dB, SINR in dB."""
    index, base, phase = (interface.if_index,), f"{_MIKROTIK}.16.1.1", rng.random()
    for column, mean, swing in ((2, rng.randint(-78, -62), 3), (3, -10, 2), (4, rng.randint(-108, -92), 4), (7, 11, 4)):
        rows.add(f"{base}.{column}", index, _gauge(mean, swing, 1_900.0, phase))


def _add_poe(rows: Rows, place: int, interface: Interface, wiring: Wiring, rng: random.Random) -> None:
    """mtxrPOETable: what hangs on the port takes its power from it."""
    del place
    index, base, phase = (interface.if_index,), f"{_MIKROTIK}.15.1.1", rng.random()
    fed = [
        at
        for at, _side in interface.ends
        if wiring.strands[at].z != USERS
        and any(
            node >= 0 and wiring.nodes[node].device.role in (Role.CAMERA, Role.AP, Role.RADIO)
            for node in (wiring.strands[at].a, wiring.strands[at].z)
        )
    ]
    deciwatt = rng.randint(38, 92)

    def feeding(view: View) -> bool:
        return any(view.strand_up[at] for at in fed)

    rows.add(f"{base}.1", index, ber.integer(interface.if_index))
    rows.add(f"{base}.2", index, ber.octets(interface.name))
    rows.add(f"{base}.3", index, lambda view: ber.integer(3 if feeding(view) else 2))
    rows.add(f"{base}.4", index, lambda view: ber.integer(533 if feeding(view) else 0))
    rows.add(f"{base}.5", index, lambda view: ber.integer(deciwatt * 100 // 53 if feeding(view) else 0))
    rows.add(
        f"{base}.6", index, lambda view: ber.integer(deciwatt + round(view.sway(600, phase)) if feeding(view) else 0)
    )


def _battery_line(phase: float) -> "_Maker":
    """A board on the battery of its site, in tenths of volts: 27 while it is charged, then from 25.4 down to 22."""

    def make(view: View) -> bytes:
        battery = view.supply is Supply.BATTERY
        volts = 22.0 + 3.4 * view.power.charge_at(view.now) if battery else 27.0
        return ber.integer(round(10 * volts + view.sway(900.0, phase)))

    return make


def _gauge(mean: float, swing: float, period_seconds: float, phase: float) -> "_Maker":
    """A whole number around `mean`; a period of nought follows the day."""
    if period_seconds:
        return lambda view: ber.integer(round(mean + swing * view.sway(period_seconds, phase)))
    return lambda view: ber.integer(round(mean + swing * (0.8 * view.daylight + 0.2 * view.sway(1_500, phase))))


def _used(size: int, share: float, phase: float) -> "_Maker":
    return lambda view: ber.integer(round(size * (share + 0.02 * view.sway(7_000, phase))))


def _cpu(base: float, phase: float) -> "_Maker":
    return lambda view: ber.integer(round(base * (1.2 + 0.7 * view.daylight + 0.4 * view.sway(190, phase))))


_Maker = optics.Maker
