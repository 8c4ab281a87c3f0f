"""Neighbours (LLDP, CDP, MNDP) from a profile's tables. Pure."""

from collections.abc import Iterable, Mapping

from collectors.discovery.rows import Interfaces, Row
from collectors.discovery.texts import id_of, mac_of, number_of, text_of
from collectors.profiles.schema import NeighbourTable
from collectors.snmp.pdu import Value
from domain.polling import NeighbourFacts

_CHASSIS_MAC, _CHASSIS_ADDRESS = 4, 5  # LldpChassisIdSubtype
_PORT_MAC, _PORT_ADDRESS = 3, 4  # LldpPortIdSubtype


def neighbours_of(
    table: NeighbourTable,
    rows: Iterable[Row],
    local_names: Mapping[str, Value],
    local_descriptions: Mapping[str, Value],
    interfaces: Interfaces,
) -> list[NeighbourFacts]:
    """Each neighbour once. Rows that say nothing of who it is are no neighbours."""
    found: dict[NeighbourFacts, None] = {}
    for row in rows:
        chassis_kind = number_of(row.values.get("chassis_subtype"))
        port_kind = number_of(row.values.get("port_subtype"))
        chassis = id_of(
            row.values.get("chassis"),
            is_mac=chassis_kind == _CHASSIS_MAC or "chassis" in table.mac,
            is_address=chassis_kind == _CHASSIS_ADDRESS,
        )
        port = id_of(row.values.get("port"), is_mac=port_kind == _PORT_MAC, is_address=port_kind == _PORT_ADDRESS)
        name = text_of(row.values.get("name"))
        if not (chassis.strip("0:") or port.strip("0:") or name):
            continue
        local = row.interface or _local(table, row, local_names, local_descriptions, interfaces)
        found[NeighbourFacts(table.protocol, local, chassis or name, port, name)] = None
    return list(found)


def _local(
    table: NeighbourTable,
    row: Row,
    names: Mapping[str, Value],
    descriptions: Mapping[str, Value],
    interfaces: Interfaces,
) -> str:
    """The interface of a local port number: by what the port calls itself, else the number is an ifIndex."""
    if table.local_arc is None or table.local_arc >= len(row.arcs):
        return ""
    number = row.arcs[table.local_arc]
    name, description = names.get(number), descriptions.get(number)
    by_name = interfaces.by_name(text_of(name)) or interfaces.by_name(text_of(description))
    known = by_name or interfaces.by_index(int(number)) or interfaces.by_name(mac_of(name))
    return known or (id_of(name) if number != "0" else "")
