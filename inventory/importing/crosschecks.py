"""What must hold between rows and files: names that are known, addresses used once, uplinks without circles."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from domain.language import _
from domain.network import Device, DeviceStatus, Record, Role, Topology, UplinkCycleError
from inventory.importing.findings import shown
from inventory.importing.nearest import Nearest
from inventory.importing.rows import Entry
from inventory.importing.tables import TABLES
from inventory.importing.union import Union, references_of

_DEPLOYED: Final = frozenset({DeviceStatus.IN_USE, DeviceStatus.PLANNED})
_MOST_CYCLES: Final = 50
Place = Callable[[Device], tuple[Any, ...] | None]


def check_references(union: Union) -> None:
    """Refuses rows that name what nobody knows; drops those that name what was refused."""
    nearest = {name: Nearest(_names_of(union, name)) for name in TABLES}
    for entries in union.good.values():
        for entry in tuple(entries.values()):
            for attribute, refers, name in references_of(entry):
                if (name,) not in union.good[refers] and (name,) not in union.stored[refers]:
                    _refuse_unknown(union, entry, attribute, refers, name, nearest[refers])
    for batch in union.batches:
        tables = dict(batch.layout.table.references)
        for row, attribute, name in batch.named_by_broken:
            refers = tables[attribute]
            if union.record(refers, (name,)) is None and union.broken(refers, (name,)) is None:
                batch.refuse(row, attribute, name, *_unknown(refers, name, nearest[refers]))


def check_places(union: Union) -> None:
    """Refuses an address used twice in a zone, and two ONUs in one place of an OLT, until none is left."""
    while _drop_taken(union, _address, _same_address, "address") or _drop_taken(union, _onu, _same_onu, "onu_id"):
        pass


def check_cycles(union: Union) -> bool:
    """Refuses devices whose uplinks lead back to themselves; says whether a row fell."""
    fell = False
    for _time in range(_MOST_CYCLES):
        try:
            Topology.of(_devices(union))
        except UplinkCycleError as error:
            if not _refuse_cycle(union, error.names):
                return fell
            fell = True
        else:
            return fell
    for name in _knot(union):
        entry = union.good["devices"].get((name,))
        if entry is not None:
            _refuse_member(union, entry, _("its uplinks lead back to itself."))
    return fell


def warn_about_details(union: Union) -> None:
    """What is odd but may be right: a host that is no device, an OLT that is none."""
    for entry in union.good["services"].values():
        host = getattr(entry.record, "host", "")
        if host and union.record("devices", (host,)) is None:
            entry.batch.warn(
                entry.row,
                "host",
                host,
                _("'{name}' is not a device; it is kept as a plain name.").format(name=shown(host)),
            )
    for entry in union.good["devices"].values():
        olt = union.record("devices", (entry.record.olt,)) if isinstance(entry.record, Device) else None
        if isinstance(olt, Device) and olt.role is not Role.OLT:
            entry.batch.warn(
                entry.row,
                "olt",
                olt.name,
                _("'{name}' is a {role}, not an OLT.").format(name=shown(olt.name), role=olt.role.value),
            )


_UNKNOWN: Final = {
    "sites": lambda: _("'{name}' is not a site."),
    "devices": lambda: _("'{name}' is not a device."),
    "contracts": lambda: _("'{name}' is not a contract."),
    "segments": lambda: _("'{name}' is not a segment."),
}


def _refuse_unknown(union: Union, entry: Entry, attribute: str, refers: str, name: str, nearest: Nearest) -> None:
    origin = union.broken(refers, (name,))
    if origin is not None:
        if union.stands(entry):
            union.drop_dependent(entry, name, origin)
        return
    union.refuse(entry, attribute, name, *_unknown(refers, name, nearest))


def _unknown(refers: str, name: str, nearest: Nearest) -> tuple[str, str]:
    """Problem and remedy."""
    remedy = nearest.remedy(name) or _("Write a name of {file}, or add the row there.").format(file=f"{refers}.csv")
    return _UNKNOWN[refers]().format(name=shown(name)), remedy


def _names_of(union: Union, table: str) -> Callable[[], Iterator[tuple[str, str]]]:
    def names() -> Iterator[tuple[str, str]]:
        for record, _entry in union.records(table):
            key = str(getattr(record, TABLES[table].key[0]))
            yield key, key
            if table == "sites":
                yield str(getattr(record, "name", "")), key

    return names


def _devices(union: Union) -> Iterator[Device]:
    return (record for record, _entry in union.records("devices") if isinstance(record, Device))


def _drop_taken(union: Union, place: Place, word: Callable[[Device, Device, str], str], attribute: str) -> bool:
    taken: dict[tuple[Any, ...], tuple[Device, Entry | None]] = {}
    fell = False
    for record, entry in tuple(union.records("devices")):
        at = place(record) if isinstance(record, Device) and record.status in _DEPLOYED else None
        if at is None or not isinstance(record, Device):
            continue
        other, other_entry = taken.setdefault(at, (record, entry))
        if other is not record and entry is not None and union.stands(entry):
            where = ""
            if other_entry is not None:
                where = (
                    " (" + _("{file} row {row}").format(file=other_entry.batch.sheet.label, row=other_entry.row) + ")"
                )
            union.refuse(entry, attribute, getattr(record, attribute), word(record, other, where))
            fell = True
    return fell


def _address(device: Device) -> tuple[Any, ...] | None:
    return (device.zone, device.address, device.snmp_port) if device.address else None


def _onu(device: Device) -> tuple[Any, ...] | None:
    return (device.olt, device.olt_port, device.onu_id) if device.olt and device.onu_id else None


def _same_address(device: Device, other: Device, where: str) -> str:
    return _("{address} is already the address of '{other}'{where}, in the same zone and SNMP port.").format(
        address=device.address, other=other.name, where=where
    )


def _same_onu(device: Device, other: Device, where: str) -> str:
    return _("ONU {onu} of port {port} on '{olt}' is already '{other}'{where}.").format(
        onu=device.onu_id, port=device.olt_port, olt=device.olt, other=other.name, where=where
    )


def _refuse_cycle(union: Union, names: tuple[str, ...]) -> bool:
    """Every imported device of the circle falls; the first row alone carries the error."""
    entries = [entry for name in names[:-1] if (entry := union.good["devices"].get((name,))) is not None]
    if not entries:
        return False
    first = min(entries, key=lambda entry: (entry.batch.sheet.label, entry.row))
    if len(names) == 2:
        own = _("Name the next device towards the centre, or leave it empty.")
        _refuse_member(union, first, _("'{name}' is its own uplink.").format(name=names[0]), own)
        return True
    circle = " → ".join([*(_with_its_row(union, name) for name in names[:-1]), names[-1]])
    ring = _("If it is a ring, uplink names one side only and the cable between {a} and {z} is a row of {file}:")
    example = f"name,a_device,z_device,medium / fo-{names[0]}-{names[1]},{names[0]},{names[1]},fibre"
    remedy = ring.format(a=shown(names[0]), z=shown(names[1]), file="links.csv")
    problem = _("the uplinks lead in a circle: {circle}.").format(circle=circle)
    _refuse_member(union, first, problem, f"{_towards_the_centre()} {remedy} {example}")
    for entry in entries:
        if entry is not first and union.stands(entry):
            union.drop_dependent(entry, str(first.key[0]), (first.batch.sheet.label, first.row))
    return True


def _with_its_row(union: Union, name: str) -> str:
    """What is stored already has none."""
    entry = union.good["devices"].get((name,))
    if entry is None:
        return _("{name} (stored)").format(name=shown(name))
    return _("{name} ({file} row {row})").format(name=shown(name), file=entry.batch.sheet.label, row=entry.row)


def _towards_the_centre() -> str:
    return _("One of them must lead towards the centre.")


def _refuse_member(union: Union, entry: Entry, problem: str, remedy: str = "") -> None:
    record: Record = entry.record
    uplink = "|".join(record.uplink) if isinstance(record, Device) else ""
    union.refuse(entry, "uplink", uplink, problem, remedy or _towards_the_centre())


def _knot(union: Union) -> list[str]:
    """The devices that lie on or between circles: what is left when ends are taken away again and again."""
    uplinks = {device.name: set(device.uplink) for device in _devices(union)}
    downlinks: dict[str, list[str]] = {}
    for name, ups in uplinks.items():
        ups.intersection_update(uplinks)
        for up in ups:
            downlinks.setdefault(up, []).append(name)
    free = [name for name, ups in uplinks.items() if not ups]
    while free:
        name = free.pop()
        del uplinks[name]
        for down in downlinks.get(name, ()):
            uplinks[down].discard(name)
            if not uplinks[down]:
                free.append(down)
    return sorted(uplinks)
