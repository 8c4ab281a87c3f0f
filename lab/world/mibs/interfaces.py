"""IF-MIB (RFC 2863): ifNumber, ifTable, ifXTable. A device without ifXTable has its names in ifDescr alone."""

from collections.abc import Callable

from lab.hardware import PortKind
from lab.world import ber
from lab.world.table import Rows, Value
from lab.world.view import View
from lab.world.wiring import Interface, Node

_TABLE = "1.3.6.1.2.1.2.2.1"
_X_TABLE = "1.3.6.1.2.1.31.1.1.1"
_UP, _DOWN = ber.integer(1), ber.integer(2)
_ZERO32 = ber.counter32(0)
_ZERO_DOT_ZERO = ber.oid((0, 0))
_BYTES_PER_PACKET = 680
# How many bytes pass between two errors: a clean fibre loses almost nothing, the air and old copper do.
_BYTES_PER_ERROR = {
    PortKind.WIRELESS: 40_000_000,
    PortKind.LTE: 300_000_000,
    PortKind.ETHERNET: 90_000_000_000,
    PortKind.SFP: 900_000_000_000,
    PortKind.GPON: 400_000_000_000,
}
_BYTES_PER_DISCARD = 3_000_000_000


def add(rows: Rows, node: Node, extended: bool = True) -> None:
    """ifTable, and ifXTable where the agent has one; the interfaces in the order of their ifIndex."""
    rows.scalar("1.3.6.1.2.1.2.1", ber.integer(len(node.interfaces)))
    for place, interface in enumerate(node.interfaces):
        _add_entry(rows, place, interface)
        if extended:
            _add_extended(rows, place, interface)
    if extended:
        rows.scalar("1.3.6.1.2.1.31.1.5", ber.timeticks(1_200))


def _add_entry(rows: Rows, place: int, interface: Interface) -> None:
    into, out = _octets(place, 0), _octets(place, 1)
    per_error = _BYTES_PER_ERROR.get(interface.kind, 0)
    cells: tuple[Value, ...] = (
        ber.integer(interface.if_index),
        ber.octets("" if interface.kind is PortKind.GPON else interface.name),
        ber.integer(interface.if_type),
        ber.integer(65_536 if interface.kind is PortKind.LOOPBACK else 1_500),
        ber.gauge32(interface.speed_bps),
        ber.octets(interface.mac),
        _UP,
        lambda view: _UP if view.oper[place] else _DOWN,
        lambda view: ber.timeticks(int((view.changed_at[place] - view.booted_at) * 100)),
        lambda view: ber.counter32(into(view)),
        lambda view: ber.counter32(into(view) // _BYTES_PER_PACKET),
        lambda view: ber.counter32(into(view) // 250_000),
        lambda view: ber.counter32(into(view) // _BYTES_PER_DISCARD),
        lambda view: ber.counter32(into(view) // per_error) if per_error else _ZERO32,
        _ZERO32,
        lambda view: ber.counter32(out(view)),
        lambda view: ber.counter32(out(view) // _BYTES_PER_PACKET),
        lambda view: ber.counter32(out(view) // 250_000),
        lambda view: ber.counter32(out(view) // _BYTES_PER_DISCARD),
        _ZERO32,
        ber.gauge32(0),
        _ZERO_DOT_ZERO,
    )
    for column, value in enumerate(cells, 1):
        rows.add(f"{_TABLE}.{column}", (interface.if_index,), value)


def _add_extended(rows: Rows, place: int, interface: Interface) -> None:
    into, out = _octets(place, 0), _octets(place, 1)
    physical = interface.kind not in (PortKind.LOOPBACK, PortKind.BRIDGE, PortKind.TUNNEL)
    cells: tuple[Value, ...] = (
        ber.octets(interface.name),
        lambda view: ber.counter32(into(view) // 400_000),
        lambda view: ber.counter32(into(view) // 700_000),
        lambda view: ber.counter32(out(view) // 400_000),
        lambda view: ber.counter32(out(view) // 700_000),
        lambda view: ber.counter64(into(view)),
        lambda view: ber.counter64(into(view) // _BYTES_PER_PACKET),
        lambda view: ber.counter64(into(view) // 400_000),
        lambda view: ber.counter64(into(view) // 700_000),
        lambda view: ber.counter64(out(view)),
        lambda view: ber.counter64(out(view) // _BYTES_PER_PACKET),
        lambda view: ber.counter64(out(view) // 400_000),
        lambda view: ber.counter64(out(view) // 700_000),
        _UP,
        ber.gauge32(interface.speed_bps // 1_000_000),
        _DOWN,
        _UP if physical else _DOWN,
        ber.octets(interface.alias),
        ber.timeticks(0),
    )
    for column, value in enumerate(cells, 1):
        rows.add(f"{_X_TABLE}.{column}", (interface.if_index,), value)


def _octets(place: int, direction: int) -> Callable[[View], int]:
    return lambda view: view.octets[direction][place]
