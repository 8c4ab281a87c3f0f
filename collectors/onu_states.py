"""One look at an OLT's ONUs while an outage is young: state, last cause and light, at a bounded price.

Asks for the ONUs named, for those of some PON ports, or for all, whichever the caller knows; by GET where the profile
can make the index of an ONU, else by walks of the few columns that matter. A look never costs the OLT more than its
profile's budget: what is missing then is said. Serials, distances and names are discovery's business.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from collectors.discovery.onus import readings_of
from collectors.discovery.rows import Interfaces, rows_of
from collectors.profiles import OnuTable, Profile
from collectors.profiles.templates import labels_of
from collectors.snmp.client import SnmpClient
from collectors.snmp.pdu import Value
from collectors.snmp.walks import WalkLimits
from domain.language import _
from domain.polling import InterfaceFacts, OnuReading, TableError, port_place

Onu = tuple[str, str]
"""PON port and number, as the inventory has them (`olt_port`, `onu_id`)."""

_CROWD = 24  # ONUs of one port from which on a walk of the port takes fewer requests than asking one by one
_TRIED = 8  # ONUs by which the tree that this firmware answers is found
_Columns = dict[str, list[tuple[str, Value]]]
"""Label → (index, value)."""


@dataclass(frozen=True, slots=True)
class OnuLook:
    """complete: all that was asked for was answered, even if with 'there is no such ONU'. octets: with headers."""

    readings: tuple[OnuReading, ...] = ()
    complete: bool = True
    requests: int = 0
    octets: int = 0
    seconds: float = 0.0
    errors: tuple[TableError, ...] = ()


async def look_at_onus(
    client: SnmpClient,
    profile: Profile,
    *,
    onus: Iterable[Onu] = (),
    ports: Iterable[str] = (),
    with_light: bool = True,
    interfaces: Iterable[InterfaceFacts] = (),
) -> OnuLook:
    """The ONUs named in `onus`, else all of `ports`, else all. `interfaces` names ports where a profile needs IF-MIB.

    Of several tables of a profile (trees of other firmware) the first that answers counts. Raises SilentError,
    RefusedError, UnauthorisedError or GarbledError for an OLT that does not answer.
    """
    client.varbinds, client.max_repetitions = profile.budget.varbinds, profile.budget.max_repetitions
    look = _Look(client, profile, with_light, Interfaces(interfaces), asyncio.get_running_loop().time())
    return await look.at(tuple(dict.fromkeys(onus)), tuple(dict.fromkeys(ports)))


@dataclass(slots=True)
class _Look:
    """What one look has found and cost so far."""

    client: SnmpClient
    profile: Profile
    with_light: bool
    interfaces: Interfaces
    began: float
    errors: list[TableError] = field(default_factory=list)
    requests_before: int = field(init=False)

    def __post_init__(self) -> None:
        self.requests_before = self.client.dialogue.attempts_made

    async def at(self, onus: Sequence[Onu], ports: Sequence[str]) -> OnuLook:
        octets = self.client.dialogue.wire.octets
        readings: list[OnuReading] = []
        for name, table in await self._tables(onus):
            columns = await self._columns(name, table, onus, ports)
            by_oid = {table.columns[label]: rows for label, rows in columns.items()}
            narrow = table.model_copy(update={"columns": {label: table.columns[label] for label in columns}})
            rows = rows_of(narrow, by_oid.__getitem__, {}, self.interfaces)
            readings = _wanted(readings_of(table, rows), onus, ports)
            if readings or not self._left:
                break
        return OnuLook(
            tuple(readings),
            not self.errors,
            self._used,
            self.client.dialogue.wire.octets - octets,
            asyncio.get_running_loop().time() - self.began,
            tuple(self.errors),
        )

    async def _tables(self, onus: Sequence[Onu]) -> list[tuple[str, OnuTable]]:
        """The profile's tables; if ONUs are named, the one that knows most of the first few of them stands first."""
        tables = list(self.profile.onus.items())
        if len(tables) < 2 or not onus:
            return tables
        tried: dict[str, str] = {}
        for name, table in tables:
            for onu in onus[: min(_TRIED, self.client.varbinds // len(tables))] if table.instance else ():
                index = table.instance.of(*onu) if table.instance else ""
                label = self._labels(table)[0]
                if index:
                    tried[f"{table.columns[label]}.{index}{table.tails.get(label, '')}"] = name
        known = [tried[oid] for oid in (await self.client.ask(tried)).values] if tried else []
        return sorted(tables, key=lambda item: -known.count(item[0]))

    async def _columns(self, name: str, table: OnuTable, onus: Sequence[Onu], ports: Sequence[str]) -> _Columns:
        labels, instance = self._labels(table), table.instance
        asked = tuple(dict.fromkeys(port for port, _number in onus)) or tuple(ports)
        indices = [instance.of(*onu) for onu in onus] if instance else []
        below = [instance.below(port) for port in asked] if instance else []
        crowded = self.client.has_bulk and len(onus) > _CROWD * len(asked) and all(below)
        if indices and all(indices) and not crowded:
            return await self._get(name, table, labels, indices)
        columns: _Columns = {label: [] for label in labels}
        for start in below if all(below) and below else [""]:
            await self._walk(name, table, columns, start)
        return columns

    async def _get(self, name: str, table: OnuTable, labels: Sequence[str], indices: Sequence[str]) -> _Columns:
        """One instance per ONU and column, for as many ONUs as the budget has room for."""
        room = self._left * self.client.varbinds // len(labels)
        if len(indices) > room:
            self._missing(name, _("{count} ONUs are beyond the budget").format(count=len(indices) - room))
        tails = {label: table.tails.get(label, "") for label in labels}
        wanted = {
            f"{table.columns[label]}.{index}{tails[label]}": (label, f"{index}{tails[label]}")
            for index in indices[:room]
            for label in labels
        }
        answer = await self.client.ask(wanted)
        columns: _Columns = {label: [] for label in labels}
        for oid, value in answer.values.items():
            label, index = wanted[oid]
            columns[label].append((index, value))
        for oid, word in answer.failed.items():
            self._missing(name, f"{oid}: {word}")
        return columns

    async def _walk(self, name: str, table: OnuTable, columns: _Columns, start: str) -> None:
        """The columns below the index `start`, side by side, into `columns`."""
        seconds = self.profile.budget.onu_seconds - (asyncio.get_running_loop().time() - self.began)
        limits = WalkLimits(seconds=max(0.0, seconds), requests=self._left)
        bases = {label: f"{table.columns[label]}.{start}" if start else table.columns[label] for label in columns}
        walks = await self.client.walk_columns(bases.values(), limits, rows_expected=self.client.max_repetitions)
        for reason in dict.fromkeys(map(str, walks.failed.values())):
            self._missing(name, reason)
        for label, base in bases.items():
            columns[label] += [(f"{start}.{index}" if start else index, value) for index, value in walks.rows[base]]

    def _labels(self, table: OnuTable) -> list[str]:
        """The columns that matter: state first, then cause and light, and those that names and conditions are of."""
        light = {table.rx.column} if table.rx and self.with_light else set()
        named = labels_of(table.port) | labels_of(table.onu)
        wanted = {"state", "cause", *light, *named, *table.where, *table.unless}
        return sorted(wanted & set(table.columns), key=lambda label: (label != "state", label != "cause", label))

    @property
    def _used(self) -> int:
        return self.client.dialogue.attempts_made - self.requests_before

    @property
    def _left(self) -> int:
        return max(0, self.profile.budget.onu_requests - self._used)

    def _missing(self, table: str, reason: str) -> None:
        self.errors.append(TableError(table, reason))


def _wanted(readings: list[OnuReading], onus: Sequence[Onu], ports: Sequence[str]) -> list[OnuReading]:
    if onus:
        named = {(port_place(port), number) for port, number in onus}
        return [one for one in readings if (port_place(one.olt_port), one.onu_id) in named]
    places = {port_place(port) for port in ports}
    return [one for one in readings if port_place(one.olt_port) in places] if places else readings
