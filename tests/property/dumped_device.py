"""A device that is a table of rows: answers discovery in this process, without a network."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from collectors.errors import CollectorError
from collectors.snmp.client import Answer
from collectors.snmp.pdu import Value, kind_of, value_of
from domain.polling import Kind

Rows = dict[str, tuple[int, bytes]]
"""OID → tag and content of the value."""


@dataclass(slots=True)
class Walked:
    """What `Walks` has for discovery."""

    rows: dict[str, list[tuple[str, Value]]]
    known: dict[str, Kind]
    failed: dict[str, CollectorError] = field(default_factory=dict)

    def kinds(self) -> dict[str, Kind]:
        return self.known


class DumpedDevice:
    """As much of `SnmpClient` as discovery needs."""

    address = "192.0.2.1"

    def __init__(self, rows: Rows) -> None:
        self.varbinds = self.max_repetitions = 20
        self.rows = rows
        self.order = sorted((tuple(map(int, oid.split("."))), oid) for oid in rows)

    async def ask(self, oids: Iterable[str]) -> Answer:
        answer = Answer()
        for oid in oids:
            if oid in self.rows and (value := value_of(*self.rows[oid])) is not None:
                answer.values[oid], answer.kinds[oid] = value, kind_of(self.rows[oid][0])
        return answer

    async def walk_columns(self, columns: Iterable[str], limits: object = None, rows_expected: int = 7) -> Walked:
        walked = Walked({}, {})
        for column in columns:
            arcs = tuple(map(int, column.split(".")))
            rows = walked.rows[column] = []
            for at in range(bisect_left(self.order, (arcs, "")), len(self.order)):
                found, oid = self.order[at]
                if found[: len(arcs)] != arcs:
                    break
                tag, content = self.rows[oid]
                value = value_of(tag, content)
                if len(found) > len(arcs) and value is not None:
                    rows.append((oid[len(column) + 1 :], value))
                    walked.known[oid] = kind_of(tag)
        return walked
