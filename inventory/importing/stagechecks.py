"""What must hold along a site's stages: they go forward step by step, or are suspended and come back."""

from collections import defaultdict

from domain.coverage.stages import Step, in_order, step
from domain.language import _
from domain.network import StageEntry
from inventory.importing.findings import shown
from inventory.importing.rows import Entry
from inventory.importing.union import Union

TABLE = "stages"


def check_stages(union: Union) -> None:
    """Refuses rows that turn a site back; warns of steps that nobody wrote down. Asks only for sites with new rows."""
    rows: dict[str, dict[StageEntry, Entry]] = defaultdict(dict)
    for entry in union.good[TABLE].values():
        if isinstance(entry.record, StageEntry):
            rows[entry.record.slug][entry.record] = entry
    if not rows:
        return
    entries: dict[str, list[StageEntry]] = defaultdict(list)
    for record, _entry in union.records(TABLE):
        if isinstance(record, StageEntry) and record.slug in rows:
            entries[record.slug].append(record)
    for slug, new in rows.items():
        while _refuse_one(union, entries[slug], new):
            pass


def _refuse_one(union: Union, entries: list[StageEntry], rows: dict[StageEntry, Entry]) -> bool:
    """Refuses the first row that is at fault; whether there was one."""
    before: StageEntry | None = None
    for record in in_order(entries):
        what = step(before.stage if before else None, record.stage)
        if before is not None and what is Step.BACK and (fault := rows.get(record) or rows.get(before)):
            problem = _("{slug} cannot go from {before} ({day}) to {after}.").format(
                slug=shown(record.slug), before=before.stage.value, day=before.on, after=record.stage.value
            )
            remedy = _("Stages go forward; from suspended back to active. Is one of the two dates wrong?")
            at_fault = record if record in rows else before
            union.refuse(fault, "stage", at_fault.stage.value, problem, remedy)
            entries.remove(at_fault)
            del rows[at_fault]
            return True
        before = record
    _warn(in_order(entries), rows)
    return False


def _warn(entries: list[StageEntry], rows: dict[StageEntry, Entry]) -> None:
    before: StageEntry | None = None
    for record in entries:
        row = rows.get(record)
        if before is not None and row is not None and step(before.stage, record.stage) is Step.SKIPPED:
            row.batch.warn(
                row.row,
                "stage",
                record.stage.value,
                _("{slug} goes from {before} to {after}: the step between was not written down.").format(
                    slug=shown(record.slug), before=before.stage.value, after=record.stage.value
                ),
            )
        before = record
