"""What there will be once the import is stored: the imported rows that are still good, over what is stored already."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from domain.language import _
from domain.network import Inventory, Record, key_of
from inventory.importing.findings import shown
from inventory.importing.rows import Batch, Entry, Key
from inventory.importing.tables import TABLES

ONE_KEY: Final = 1


def stored_by_key(stored: Inventory) -> dict[str, dict[Key, Record]]:
    return {name: {key_of(record): record for record in getattr(stored, name)} for name in TABLES}


class Union:
    """Good rows by table and key. A row that falls takes with it the rows that need it, and only those."""

    def __init__(self, batches: Sequence[Batch], stored: Mapping[str, Mapping[Key, Record]]) -> None:
        self.batches = batches
        self.stored = stored
        self.good: dict[str, dict[Key, Entry]] = {name: {} for name in TABLES}
        self._broken: dict[str, dict[Key, tuple[str, int]]] = {name: {} for name in TABLES}
        self._needed_by: dict[tuple[str, Key], list[Entry]] | None = None
        for batch in batches:
            broken = self._broken[batch.layout.table.name]
            for key, row in batch.broken.items():
                broken.setdefault(key, (batch.sheet.label, row))
        for batch in batches:
            for entry in batch.entries:
                self._add(entry)

    def record(self, table: str, key: Key) -> Record | None:
        entry = self.good[table].get(key)
        return entry.record if entry is not None else self.stored[table].get(key)

    def records(self, table: str) -> Iterator[tuple[Record, Entry | None]]:
        """Every record there will be, stored ones first, each with its row if it is imported."""
        good = self.good[table]
        for key, record in self.stored[table].items():
            if key not in good:
                yield record, None
        for entry in good.values():
            yield entry.record, entry

    def stands(self, entry: Entry) -> bool:
        """Whether the row is still to be stored."""
        return self.good[entry.batch.layout.table.name].get(entry.key) is entry

    def broken(self, table: str, key: Key) -> tuple[str, int] | None:
        """The row, if there is one, that would have brought the key."""
        return self._broken[table].get(key)

    def refuse(self, entry: Entry, attribute: str, value: object, problem: str, remedy: str = "") -> None:
        """The row is wrong: it falls, with an error."""
        entry.batch.refuse(entry.row, attribute, value, problem, remedy)
        self._drop(entry)

    def drop_dependent(self, entry: Entry, value: str, origin: tuple[str, int]) -> None:
        """The row is good, but needs one that is not: it falls, with a reason and without an error."""
        self._explain(entry, value, origin)
        self._drop(entry)

    def _explain(self, entry: Entry, value: str, origin: tuple[str, int]) -> None:
        reason = _("needs '{name}' of {file} row {row}, which was rejected.").format(
            name=shown(value), file=origin[0], row=origin[1]
        )
        entry.batch.reasons.setdefault(entry.row, []).append(reason)

    def _add(self, entry: Entry) -> None:
        table = entry.batch.layout.table
        first = self.good[table.name].setdefault(entry.key, entry)
        if first is entry:
            return
        attribute = table.key[0]
        value = getattr(entry.record, attribute)
        where = _("row {row}").format(row=first.row)
        if first.batch is not entry.batch:
            where = _("{file} row {row}").format(file=first.batch.sheet.label, row=first.row)
        entry.batch.refuse(
            entry.row,
            attribute,
            value,
            _("'{value}' stands already in {where}.").format(value=shown(value), where=where),
            _("Delete one of the two rows, or give this one another {column}.").format(
                column=entry.batch.heading(attribute)
            ),
        )

    def _drop(self, entry: Entry) -> None:
        waiting = [entry]
        while waiting:
            fallen = waiting.pop()
            table = fallen.batch.layout.table.name
            if not self.stands(fallen):
                continue
            del self.good[table][fallen.key]
            origin = (fallen.batch.sheet.label, fallen.row)
            self._broken[table][fallen.key] = origin
            if fallen.key in self.stored[table] or len(fallen.key) != ONE_KEY:
                continue
            for each in self._dependents(table, fallen.key):
                if self.stands(each):
                    self._explain(each, str(fallen.key[0]), origin)
                    waiting.append(each)

    def _dependents(self, table: str, key: Key) -> Iterable[Entry]:
        """Built at the first fall: most imports have none."""
        if self._needed_by is None:
            self._needed_by = defaultdict(list)
            for entries in self.good.values():
                for entry in entries.values():
                    for _attribute, refers, name in references_of(entry):
                        self._needed_by[refers, (name,)].append(entry)
        return self._needed_by.get((table, key), ())


def references_of(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """(attribute, table, name) of everything the record names."""
    for attribute, refers in entry.batch.layout.table.references:
        value = getattr(entry.record, attribute)
        if isinstance(value, tuple):
            for each in value:
                yield attribute, refers, each
        elif value:
            yield attribute, refers, value
