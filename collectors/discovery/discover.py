"""One device asked for its whole shape. A table that fails is an entry in `errors` and costs nothing else."""

import asyncio
from collections.abc import Mapping
from math import inf

from collectors.discovery.identity import read_identity, read_system, recognise
from collectors.discovery.interfaces import read_interfaces, table_error
from collectors.discovery.makers import maker_of
from collectors.discovery.neighbours import neighbours_of
from collectors.discovery.onus import merged, onus_of
from collectors.discovery.rows import Interfaces, rows_of
from collectors.discovery.sensors import sensors_of, unique
from collectors.errors import CollectorError, GarbledError, SilentError, UnauthorisedError
from collectors.profiles import NeighbourTable, OnuTable, Profile, Profiles, Table
from collectors.snmp.client import Answer, SnmpClient
from collectors.snmp.pdu import Value
from domain.language import _
from domain.polling import (
    Discovery,
    InterfaceFacts,
    Kind,
    NeighbourFacts,
    OnuFacts,
    SensorFacts,
    SystemFacts,
    TableError,
)

_MOST_FAILURES = 2  # tables in a row without an answer, after which the device is left in peace


async def discover(
    client: SnmpClient, profiles: Profiles, platform: str = "", within_seconds: float = inf
) -> Discovery:
    """Everything the fitting profile knows to read. `platform` names the profile instead of recognising it.

    After `within_seconds` no table is begun or walked on: the rest counts as lost, so that the discovery is not whole.
    Raises SilentError, RefusedError, UnauthorisedError or GarbledError if not even the system group can be read, and
    ProfileError for an unknown platform.
    """
    client.until = asyncio.get_running_loop().time() + within_seconds
    system = await read_system(client)
    profile = profiles.get(platform) if platform else await recognise(client, system, profiles)
    client.varbinds, client.max_repetitions = profile.budget.varbinds, profile.budget.max_repetitions
    return await _Asking(client, system, profile).discovery()


class _Asking:
    """What was gathered so far of one device."""

    def __init__(self, client: SnmpClient, system: SystemFacts, profile: Profile) -> None:
        self._client = client
        self._system = system
        self._profile = profile
        self._errors: list[TableError] = []
        self._failures = 0
        self._walked: dict[str, list[tuple[str, Value]]] = {}
        self._kinds: dict[str, Kind] = {}

    async def discovery(self) -> Discovery:
        words = {"vendor": self._profile.vendor or maker_of(self._system.object_id)}
        facts: tuple[InterfaceFacts, ...] = ()
        try:
            words = await read_identity(self._client, self._system, self._profile)
        except CollectorError as error:
            self._failed("identity", error)
        try:
            facts, errors = await read_interfaces(self._client, self._system.if_number, self._profile.leave_out)
            self._errors += errors
        except CollectorError as error:
            self._failed("interfaces", error)
        interfaces = Interfaces(facts)
        sensors: list[SensorFacts] = []
        implausible = 0
        needless, read = self._profile.unless_read, set[str]()
        for name, table in sorted(self._profile.tables.items(), key=lambda item: item[0] in needless):
            if read.intersection(needless.get(name, ())):
                continue
            found, masked = await self._sensors(name, table, interfaces)
            read.update(facts.table for facts in found)
            sensors += found
            implausible += masked
        neighbours: dict[NeighbourFacts, None] = {}
        for name, neighbour_table in self._profile.neighbours.items():
            neighbours |= dict.fromkeys(await self._neighbours(name, neighbour_table, interfaces))
        onus: list[OnuFacts] = []
        for name, onu_table in self._profile.onus.items():
            onus += await self._onus(name, onu_table, interfaces)
        if self._is_late():
            reason = _("The device answers so slowly that its time was over: what came behind is missing.")
            self._errors.append(TableError("discovery", reason, lost=True))
        return Discovery(
            address=self._client.address,
            system=self._system,
            vendor=words.get("vendor", ""),
            platform=self._profile.platform,
            model=words.get("model", ""),
            version=words.get("version", ""),
            serial=words.get("serial", ""),
            interfaces=facts,
            sensors=unique(sensors),
            neighbours=tuple(neighbours),
            onus=merged(onus),
            errors=tuple(self._errors),
            implausible=implausible,
        )

    async def _sensors(self, name: str, table: Table, interfaces: Interfaces) -> tuple[list[SensorFacts], int]:
        answer = await self._get(name, table.scalars)
        if answer is None or not await self._walk(name, table.columns):
            return [], 0
        scalars = {label: answer.values[oid] for label, oid in table.scalars.items() if oid in answer.values}
        kinds = self._kinds | answer.kinds

        def kind_of(base: str, oid: str) -> Kind:
            return kinds.get(oid, kinds.get(base, Kind.INTEGER))

        rows = rows_of(table, self._rows, scalars, interfaces)
        return sensors_of(name, table, rows, kind_of)

    async def _neighbours(self, name: str, table: NeighbourTable, interfaces: Interfaces) -> list[NeighbourFacts]:
        if not await self._walk(name, table.columns):
            return []
        rows = rows_of(table, self._rows, {}, interfaces)
        local = {oid: oid for oid in (table.local_names, table.local_descriptions) if oid}
        if not rows or not await self._walk(name, local):
            return []
        names, descriptions = (dict(self._rows(oid or "")) for oid in (table.local_names, table.local_descriptions))
        return neighbours_of(table, rows, names, descriptions, interfaces)

    async def _onus(self, name: str, table: OnuTable, interfaces: Interfaces) -> list[OnuFacts]:
        if not await self._walk(name, table.columns):
            return []
        return onus_of(table, rows_of(table, self._rows, {}, interfaces))

    def _rows(self, column: str) -> list[tuple[str, Value]]:
        return self._walked.get(column, [])

    async def _walk(self, name: str, columns: Mapping[str, str]) -> bool:
        """Walk what was not walked yet; columns that fail are named in `errors`. False if nothing answered."""
        missing = [oid for oid in dict.fromkeys(columns.values()) if oid not in self._walked]
        if not missing:
            return True
        if self._failures >= _MOST_FAILURES or self._is_late():
            return False
        try:
            walks = await self._client.walk_columns(missing)
        except CollectorError as error:
            self._failed(name, error)
            return False
        self._failures = 0
        self._walked |= walks.rows
        self._kinds |= walks.kinds()
        self._errors += dict.fromkeys(table_error(name, error) for error in walks.failed.values())
        return True

    async def _get(self, name: str, scalars: Mapping[str, str]) -> Answer | None:
        if self._failures >= _MOST_FAILURES or self._is_late():
            return None
        if not scalars:
            return Answer()
        try:
            answer = await self._client.ask(scalars.values())
        except CollectorError as error:
            self._failed(name, error)
            return None
        self._failures = 0
        self._errors += [TableError(name, f"{oid}: {word}") for oid, word in answer.failed.items()]
        return answer

    def _is_late(self) -> bool:
        return asyncio.get_running_loop().time() >= self._client.until

    def _failed(self, table: str, error: CollectorError) -> None:
        self._errors.append(table_error(table, error))
        if isinstance(error, SilentError | GarbledError | UnauthorisedError):
            self._failures += 1
