"""Files in, records and errors out. Pure: it opens nothing and stores nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Final

from domain.language import _
from domain.network import Inventory, Record, RegionStore
from inventory.errors import UnreadableFileError
from inventory.importing.columns import Column, fold_heading
from inventory.importing.crosschecks import check_cycles, check_places, check_references, warn_about_details
from inventory.importing.delimited import read_delimited
from inventory.importing.findings import RowError, RowWarning, shown
from inventory.importing.headings import Layout, known_headings, named_table, nearest_heading, understand
from inventory.importing.regioncodes import RegionReader
from inventory.importing.rejected import rejected_rows, sort_out
from inventory.importing.result import FileCount, ImportResult
from inventory.importing.rows import Batch, Key, RowReader
from inventory.importing.sheets import Sheet
from inventory.importing.stagechecks import check_stages
from inventory.importing.tables import TABLES
from inventory.importing.union import Union, stored_by_key
from inventory.importing.workbook import SIGNATURE, read_workbook

_SECRETS: Final = (
    "community", "snmp community", "komunitas", "password", "pass", "passwd", "kata sandi", "sandi", "secret",
    "auth password", "priv password", "snmp password", "ssh password", "password ssh", "user ssh", "pin",
)  # fmt: skip
SECRET_HEADINGS: Final = frozenset(map(fold_heading, _SECRETS))


def read_import(files: Sequence[tuple[str, bytes]], stored: Inventory, regions: RegionStore) -> ImportResult:
    """Read all files, check every row, and say what is wrong; stores nothing.

    files: (name, content) of CSV or XLSX files. stored: what references may also point to; a column that a file does
    not have keeps what is stored. regions: asked for codes, and for the names inside the home kabupaten.
    Never raises for what is in a file: that is in `errors`. The accepted records keep to every rule among themselves
    and with what is stored, also where other rows were rejected.
    """
    errors: list[RowError] = []
    notes: list[RowWarning] = []
    reader = RegionReader(regions)
    keyed = stored_by_key(stored)
    batches: list[Batch] = []
    for name, content in files:
        for sheet in _sheets(name, content, errors):
            batch = _understood(sheet, errors, notes)
            if batch is not None:
                RowReader(batch, reader, keyed[batch.layout.table.name]).read()
                batches.append(batch)
    union = Union(batches, keyed)
    check_references(union)
    check_places(union)
    while check_cycles(union):
        check_places(union)
    check_stages(union)
    warn_about_details(union)
    return _result(batches, union, errors, notes)


def _sheets(name: str, content: bytes, errors: list[RowError]) -> Iterable[Sheet]:
    try:
        if content.startswith(SIGNATURE):
            found = read_workbook(name, content)
        else:
            found = [read_delimited(name, content, known_headings)]
        return [each for sheet in found for each in sort_out(sheet)]
    except UnreadableFileError as error:
        errors.append(RowError(name, error.line, "", "", error.problem, error.remedy))
        return ()


def _understood(sheet: Sheet, errors: list[RowError], notes: list[RowWarning]) -> Batch | None:
    try:
        layout = understand(sheet)
    except UnreadableFileError as error:
        if sheet.may_be_other:
            notes.append(_left_out(sheet))
        else:
            errors.append(RowError(sheet.label, error.line, "", "", error.problem, error.remedy))
        return None
    missing = layout.missing()
    if missing and sheet.may_be_other:
        notes.append(_left_out(sheet))
    elif missing:
        errors.extend(_missing(sheet, layout, column) for column in missing)
    if missing:
        return None
    notes.extend(_notes_on(sheet, layout))
    return Batch(sheet, layout)


def _left_out(sheet: Sheet) -> RowWarning:
    return RowWarning(
        sheet.label,
        0,
        "",
        "",
        _("the sheet was left out: it is none of the twelve tables."),
        _("If it is one, name the sheet like it, for example 'devices'."),
    )


def _missing(sheet: Sheet, layout: Layout, column: Column) -> RowError:
    near = next((each for each in layout.extra.values() if nearest_heading(each, layout.table) == column.name), "")
    if near:
        remedy = _("Did you mean it by '{heading}'?").format(heading=near)
    else:
        remedy = _("It may also be called: {headings}.").format(headings=column.headings.replace(",", ", "))
    problem = _("the column {column} is missing.").format(column=column.name)
    return RowError(sheet.label, layout.row, "", "", problem, remedy)


def _notes_on(sheet: Sheet, layout: Layout) -> Iterable[RowWarning]:
    if named_table(sheet) is None:
        read_as = _("was read as {table}, by its heading.").format(table=layout.table.name)
        yield RowWarning(sheet.label, 0, "", "", read_as)
    for heading in layout.extra.values():
        if fold_heading(heading) in SECRET_HEADINGS:
            problem = _("the column '{heading}' was left out: secrets are never in a file.").format(heading=heading)
            remedy = _("Run: kentongan credential add NAME")
        else:
            problem = _("the column '{heading}' was left out: it is not one of {table}.").format(
                heading=heading, table=layout.table.name
            )
            near = nearest_heading(heading, layout.table)
            remedy = _("Did you mean '{name}'?").format(name=near) if near else ""
        yield RowWarning(sheet.label, layout.row, shown(heading), "", problem, remedy)


def _result(batches: Sequence[Batch], union: Union, errors: list[RowError], notes: list[RowWarning]) -> ImportResult:
    for batch in batches:
        errors.extend(batch.errors)
        notes.extend(batch.warnings)
    accepted = {name: tuple(union.good[name][key].record for key in sorted(union.good[name])) for name in TABLES}
    return ImportResult(
        inventory=_inventory(accepted),
        errors=tuple(sorted(errors, key=_place)),
        notes=tuple(sorted(notes, key=_place)),
        rejected=tuple(rejected_rows(batches, SECRET_HEADINGS)),
        files=tuple(_count(batch, union) for batch in batches),
        counts={name: len(records) for name, records in accepted.items() if records},
    )


def _inventory(records: Mapping[str, tuple[Record, ...]]) -> Inventory:
    build: Callable[..., Inventory] = Inventory
    return build(**{each.name: records[each.name] for each in fields(Inventory)})


def _place(finding: RowError | RowWarning) -> tuple[str, int]:
    return finding.file, finding.row


def _count(batch: Batch, union: Union) -> FileCount:
    table = batch.layout.table.name
    good = [entry for entry in batch.entries if union.good[table].get(entry.key) is entry]
    before: Mapping[Key, Record] = union.stored[table]
    added = sum(1 for entry in good if entry.key not in before)
    unchanged = sum(1 for entry in good if before.get(entry.key) == entry.record)
    return FileCount(
        file=batch.sheet.label,
        table=table,
        rows=batch.rows,
        accepted=len(good),
        rejected=batch.rows - len(good),
        added=added,
        changed=len(good) - added - unchanged,
        unchanged=unchanged,
    )
