"""Interfaces from IF-MIB (RFC 2863), whatever part of it a device has."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from collectors.discovery.texts import mac_of, number_of, text_of
from collectors.errors import CollectorError, SilentError
from collectors.profiles.schema import InterfaceRule
from collectors.snmp.client import SnmpClient
from collectors.snmp.pdu import Value
from domain.polling import InterfaceFacts, TableError

_IF, _IFX = "1.3.6.1.2.1.2.2.1.", "1.3.6.1.2.1.31.1.1.1."
IF_NUMBER, TABLE_LAST_CHANGE = "1.3.6.1.2.1.2.1.0", "1.3.6.1.2.1.31.1.5.0"
COLUMNS = {
    "ifDescr": _IF + "2",
    "ifType": _IF + "3",
    "ifSpeed": _IF + "5",
    "ifPhysAddress": _IF + "6",
    "ifAdminStatus": _IF + "7",
    "ifOperStatus": _IF + "8",
    "ifInOctets": _IF + "10",
    "ifInDiscards": _IF + "13",
    "ifInErrors": _IF + "14",
    "ifOutOctets": _IF + "16",
    "ifOutDiscards": _IF + "19",
    "ifOutErrors": _IF + "20",
    "ifName": _IFX + "1",
    "ifHCInOctets": _IFX + "6",
    "ifHCOutOctets": _IFX + "10",
    "ifHighSpeed": _IFX + "15",
    "ifAlias": _IFX + "18",
    "ifCounterDiscontinuityTime": _IFX + "19",
}
_SPEED_OVERFLOW = 4294967295  # of ifSpeed: look at ifHighSpeed
_FASTEST_MBPS = 10_000_000  # above it some agents mean bits per second
_NO_HIGH_SPEED = (2147483647, 4294967295)


async def read_interfaces(
    client: SnmpClient, if_number: int | None, leave_out: Iterable[InterfaceRule]
) -> tuple[tuple[InterfaceFacts, ...], list[TableError]]:
    """All rows of ifTable and ifXTable, in the order of ifIndex, names made unique.

    Raises what concerns the whole device (SilentError…); a column that fails is an error of table `interfaces`.
    """
    walks = await client.walk_columns(COLUMNS.values(), rows_expected=min(if_number or 7, 100))
    table: dict[int, dict[str, Value]] = {}
    for name, oid in COLUMNS.items():
        for index, value in walks.rows[oid]:
            if index.isdigit():
                table.setdefault(int(index), {})[name] = value
    rules = tuple(leave_out)
    facts = [_facts(index, row, rules) for index, row in sorted(table.items()) if not row.keys() <= _EXTRAS]
    return _unique(facts), list(dict.fromkeys(table_error("interfaces", error) for error in walks.failed.values()))


def table_error(table: str, error: CollectorError) -> TableError:
    return TableError(table, str(error), isinstance(error, SilentError))


_EXTRAS = {"ifAlias", "ifHighSpeed", "ifCounterDiscontinuityTime"}  # alone they are no interface


def _facts(index: int, row: Mapping[str, Value], rules: tuple[InterfaceRule, ...]) -> InterfaceFacts:
    wide_in, wide_out = number_of(row.get("ifHCInOctets")), number_of(row.get("ifHCOutOctets"))
    narrow_in, narrow_out = number_of(row.get("ifInOctets")), number_of(row.get("ifOutOctets"))
    wide = wide_in is not None and wide_out is not None
    if wide and not wide_in and not wide_out and (narrow_in or narrow_out):
        wide = False  # some agents have the wide counters and never count in them
    narrow = narrow_in is not None and narrow_out is not None
    speed, has_high, has_speed = _speed(number_of(row.get("ifSpeed")), number_of(row.get("ifHighSpeed")))
    name = text_of(row.get("ifName")) or text_of(row.get("ifDescr")) or f"if{index}"
    kind = number_of(row.get("ifType"))
    return InterfaceFacts(
        index=index,
        name=name,
        description=text_of(row.get("ifDescr")),
        alias=text_of(row.get("ifAlias")),
        type=kind,
        mac=mac_of(row.get("ifPhysAddress")),
        speed_bps=speed,
        admin_status=number_of(row.get("ifAdminStatus")),
        oper_status=number_of(row.get("ifOperStatus")),
        in_octets=wide_in if wide else narrow_in,
        out_octets=wide_out if wide else narrow_out,
        in_errors=number_of(row.get("ifInErrors")),
        out_errors=number_of(row.get("ifOutErrors")),
        in_discards=number_of(row.get("ifInDiscards")),
        out_discards=number_of(row.get("ifOutDiscards")),
        counter_bits=64 if wide else 32 if narrow else 0,
        has_high_speed=has_high,
        has_speed=has_speed,
        has_discontinuity="ifCounterDiscontinuityTime" in row,
        polled=not any(_fits(rule, kind, name) for rule in rules),
    )


def _speed(speed: int | None, high_mbps: int | None) -> tuple[int | None, bool, bool]:
    """Bits per second, and whether ifHighSpeed or ifSpeed is fit to be polled for it.

    ifHighSpeed counts where the two differ by more than its rounding: ifSpeed of a fast port is often what is left of
    it in 32 bits (1410065408 for 10 Gb/s).
    """
    speed = None if speed is None or not 0 <= speed < _SPEED_OVERFLOW else speed
    if high_mbps is None or not 0 <= high_mbps <= _FASTEST_MBPS * 1_000_000 or high_mbps in _NO_HIGH_SPEED:
        return speed, False, speed is not None
    if high_mbps > _FASTEST_MBPS:
        return (high_mbps if speed is None else speed), False, speed is not None
    if speed is None:
        return high_mbps * 1_000_000, True, False
    if not high_mbps:
        return speed, speed == 0, True
    rounded = abs(speed - high_mbps * 1_000_000) < 1_000_000
    return (speed if rounded else high_mbps * 1_000_000), True, rounded


def _fits(rule: InterfaceRule, kind: int | None, name: str) -> bool:
    return (not rule.type or kind in rule.type) and (rule.name is None or rule.name.search(name) is not None)


def _unique(facts: list[InterfaceFacts]) -> tuple[InterfaceFacts, ...]:
    """A name that comes again gets its ifIndex behind it."""
    taken: set[str] = set()
    unique: list[InterfaceFacts] = []
    for one in facts:
        while one.name in taken:
            one = replace(one, name=f"{one.name} ({one.index})")
        taken.add(one.name)
        unique.append(one)
    return tuple(unique)
