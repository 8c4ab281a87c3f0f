"""Rows of a table as a profile describes it: columns joined by index, conditions, names, interfaces. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from collectors.discovery.texts import id_of, mac_of, text_of
from collectors.profiles.schema import INDEX_LABELS, Conditions, Join, Rows
from collectors.profiles.templates import fill
from collectors.snmp.pdu import Value
from domain.polling import InterfaceFacts

_ARC = re.compile(INDEX_LABELS)


class Interfaces:
    """Finds an interface by ifIndex or by a name it goes by: ifName, else ifDescr or ifAlias if it is that of one."""

    def __init__(self, interfaces: Iterable[InterfaceFacts]) -> None:
        self._by_index: dict[int, str] = {}
        self._by_name: dict[str, str] = {}
        self._by_mac: dict[str, str] = {}
        interfaces = tuple(interfaces)
        for facts in interfaces:
            self._by_index[facts.index] = facts.name
            self._by_name[facts.name] = facts.name
            if facts.mac:
                self._by_mac[facts.mac] = "" if facts.mac in self._by_mac else facts.name
        for others in (
            [(facts.description, facts.name) for facts in interfaces],
            [(facts.alias, facts.name) for facts in interfaces],
        ):
            counted = Counter(other for other, _name in others)
            for other, name in others:
                if other and counted[other] == 1:
                    self._by_name.setdefault(other, name)

    def by_index(self, index: int) -> str:
        return self._by_index.get(index, "")

    def by_name(self, name: str) -> str:
        return self._by_name.get(name, "") or self._by_mac.get(name, "")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its index, the values of its columns by label, and the interface it belongs to."""

    index: str
    values: Mapping[str, Value]
    numbers: Mapping[str, int]
    interface: str
    macs: tuple[str, ...] = ()

    @property
    def arcs(self) -> list[str]:
        return self.index.split(".") if self.index else []

    def text(self, label: str) -> str:
        """A label's text: a column, a number packed in the index, `interface`, or of the index."""
        if label in self.values:
            value = self.values[label]
            if label in self.macs and isinstance(value, bytes):
                return (mac_of(value) if len(value) == 6 else "") or id_of(value)
            return text_of(value)
        if label in self.numbers:
            return str(self.numbers[label])
        if label == "interface":
            return self.interface
        return _of_index(label, self.index, self.arcs)

    def fill(self, template: str) -> str:
        return fill(template, self.text)

    def fits(self, conditions: Conditions) -> bool:
        return all(self._shows(label, pattern) for label, pattern in conditions.items())

    def fits_any(self, conditions: Conditions) -> bool:
        return any(self._shows(label, pattern) for label, pattern in conditions.items())

    def _shows(self, label: str, pattern: re.Pattern[str]) -> bool:
        present = label in self.values or label in self.numbers or _ARC.fullmatch(label)
        return bool(present) and pattern.search(self.text(label)) is not None


def _of_index(label: str, index: str, arcs: list[str]) -> str:
    """`index` as it is, `index0`… one arc, `index_mac` the first six arcs, `index_text` its arcs as characters."""
    if label == "index":
        return index
    octets = bytes(int(arc) for arc in arcs if int(arc) < 256)
    if label == "index_mac":
        return octets[:6].hex(":") if len(octets) >= 6 else index
    if label == "index_text":
        counted = len(octets) > 1 and octets[0] == len(octets) - 1
        return text_of(octets[1:] if counted else octets)
    arc = label.removeprefix("index")
    return arcs[int(arc)] if arc.isdigit() and int(arc) < len(arcs) else ""


def rows_of(
    table: Rows,
    column_of: Callable[[str], list[tuple[str, Value]]],
    scalars: Mapping[str, Value],
    interfaces: Interfaces,
) -> list[Row]:
    """The rows that fit the table's own conditions, in the order of their index. `column_of`: rows of a column OID."""
    joined: dict[str, dict[str, Value]] = {}
    for label, oid in table.columns.items():
        tail, leading = table.tails.get(label, ""), table.leading.get(label, 0)
        for index, value in column_of(oid):
            if leading:
                joined.setdefault(".".join(index.split(".")[:leading]), {}).setdefault(label, value)
                continue
            if tail:
                if not index.endswith(tail):
                    continue
                index = index[: -len(tail)]
            joined.setdefault(index, {})[label] = value
    if not table.columns and scalars:
        joined[""] = {}
    rows = [_row(table, index, {**values, **scalars}, interfaces) for index, values in joined.items()]
    kept = [row for row in rows if row.fits(table.where) and not row.fits_any(table.unless)]
    return sorted(kept, key=lambda row: [int(arc) for arc in row.arcs])


def _row(table: Rows, index: str, values: Mapping[str, Value], interfaces: Interfaces) -> Row:
    arcs = index.split(".") if index else []
    numbers = {
        label: ((int(arcs[arc]) >> shift) & mask) + sum(added)
        for label, (arc, shift, mask, *added) in table.bits.items()
        if arc < len(arcs)
    }
    row = Row(index, values, numbers, "", table.mac)
    return replace(row, interface=_interface(table.interface, row, interfaces)) if table.interface else row


def _interface(join: Join, row: Row, interfaces: Interfaces) -> str:
    arcs, values = row.arcs, row.values
    if join.arc is not None:
        return interfaces.by_index(int(arcs[join.arc])) if -len(arcs) <= join.arc < len(arcs) else ""
    if join.index_of:
        index = values.get(join.index_of)
        return interfaces.by_index(index) if isinstance(index, int) else ""
    if join.named:
        name = row.fill(join.named)
    elif join.name_of in values:
        name = text_of(values[join.name_of])
    else:
        name = _of_index(join.name_of, row.index, arcs)
    if join.match is not None:
        found = join.match.search(name)
        name = (found.group(1) or "") if found else ""
    return interfaces.by_name(name)
