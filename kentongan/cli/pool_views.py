"""How the address plan is shown: tables and bars for people, plain values with stable keys for JSON."""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from domain.addressing import Allocation, AllocationState, Pool, Use
from domain.language import _, n_
from kentongan.cli.bars import bar, legend
from kentongan.cli.output import note, print_table

NUMBERS: Final = (5, 6)  # columns of numbers
ROOMY: Final = 110  # characters of a terminal, from which on a bar may be wide
WIDE: Final = 24
NARROW: Final = 12


def as_tree(uses: Sequence[Use]) -> list[tuple[int, Use]]:
    """By kind, zone and range; each pool after the one that it lies in, with how deep."""
    shown = {use.pool.name: use.pool for use in uses}
    ordered = sorted(uses, key=lambda use: (use.pool.kind, use.pool.zone, use.pool.span.first, -use.pool.span.size))
    return [(_depth_of(use.pool, shown), use) for use in ordered]


def _depth_of(pool: Pool, shown: dict[str, Pool]) -> int:
    depth = 0
    while (outer := shown.get(pool.parent)) is not None:
        pool, depth = outer, depth + 1
    return depth


def print_uses(tree: Sequence[tuple[int, Use]], zone: ZoneInfo) -> None:
    """Each pool one line, with a bar on a terminal. tree: how deep, and the pool's use."""
    head = [_("pool"), _("range"), _("purpose"), _("region"), _("zone"), _("taken"), _("held"), _("next free")]
    rows = [
        (
            "  " * depth + use.pool.name,
            str(use.pool),
            use.pool.purpose,
            use.pool.region,
            use.pool.zone,
            f"{100 * use.share:.1f} %",
            str(use.allocations),
            "" if use.free or not use.next_free_at else _day(use.next_free_at, zone),
        )
        for depth, use in tree
    ]
    if not sys.stdout.isatty():
        print_table(head, rows)
        return
    console = Console()
    filled = [at for at in range(len(head)) if any(row[at] for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for at in filled:
        table.add_column(head[at], justify="right" if at in NUMBERS else "left", no_wrap=at < 2)
    table.add_column("", no_wrap=True)
    for row, (_depth, use) in zip(rows, tree, strict=True):
        table.add_row(*(row[at] for at in filled), bar(use, WIDE if console.width >= ROOMY else NARROW))
    console.print(table)
    console.print(legend())


def print_allocations(found: Sequence[Allocation], zone: ZoneInfo) -> None:
    words = {
        AllocationState.GIVEN: _("given"),
        AllocationState.RESERVED: _("reserved"),
        AllocationState.QUARANTINED: _("in quarantine"),
    }
    if not found:
        print(_("Nothing is allocated."))
        return
    head = [_("site"), _("what"), _("kind"), _("value"), _("gateway"), _("pool"), _("state"), _("until")]
    print_table(
        head,
        (
            (
                each.owner,
                each.label,
                each.kind.value,
                each.text,
                each.gateway,
                each.pool,
                _("free") if _is_free(each) else words[each.state],
                _day(each.until, zone) if each.until else "",
            )
            for each in found
        ),
    )
    if len(found) > 1:
        note(n_("{count} allocation", "{count} allocations", len(found)).format(count=len(found)))


def _is_free(allocation: Allocation) -> bool:
    """Released without a quarantine."""
    return allocation.state is AllocationState.QUARANTINED and allocation.until is None


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d}"


def plain(each: Allocation) -> dict[str, object]:
    return {
        "site": each.owner,
        "label": each.label,
        "kind": each.kind.value,
        "value": each.text,
        "gateway": each.gateway or None,
        "pool": each.pool,
        "state": "free" if _is_free(each) else each.state.value,
        "madeAt": each.made_at.isoformat(),
        "until": each.until.isoformat() if each.until else None,
        "new": each.is_new,
    }


def plain_pool(pool: Pool) -> dict[str, object]:
    return {
        "name": pool.name,
        "kind": pool.kind.value,
        "range": str(pool),
        "length": pool.length or None,
        "purpose": pool.purpose,
        "region": pool.region or None,
        "zone": pool.zone or None,
        "parent": pool.parent or None,
        "pattern": pool.pattern or None,
        "quarantineDays": pool.quarantine_days,
        "note": pool.note,
    }


def plain_use(use: Use) -> dict[str, object]:
    largest = None if use.largest_free_bits is None else use.pool.kind.bits - use.largest_free_bits
    return {
        **plain_pool(use.pool),
        "size": use.size,
        "given": use.given,
        "used": use.used,
        "pools": use.pools,
        "reserved": use.reserved,
        "quarantined": use.quarantined,
        "free": use.free,
        "share": round(use.share, 4),
        "allocations": use.allocations,
        "largestFreeLength": largest if use.pool.kind.is_address else None,
        "nextFreeAt": use.next_free_at.isoformat() if use.next_free_at else None,
    }
