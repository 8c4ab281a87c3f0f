"""The address plan under examination: what two sites use, what is full, what does not add up. Changes nothing."""

from collections.abc import Iterator

from domain.addressing import Use
from domain.language import _, n_
from kentongan.addresses import Conflict, address_plan, conflicts, in_use
from kentongan.doctor.findings import Finding, Severity
from kentongan.installation import Installation

SHOWN = 10


def look_at_addresses(installation: Installation) -> Iterator[Finding]:
    """Nothing is said where there is no pool."""
    about = _("address plan")
    plan = address_plan(installation)
    pools = plan.pools()
    if not pools:
        return
    with installation.database.engine.execution_options(reading=True).connect() as connection:
        used = list(in_use(connection, pools))
    found = conflicts(used, plan.allocations(), pools)
    yield from (_of_conflict(each) for each in found[:SHOWN])
    if len(found) > SHOWN:
        more = len(found) - SHOWN
        text = n_("… and {count} more.", "… and {count} more.", more).format(count=more)
        yield Finding(Severity.WRONG, about, text)
    wrong = plan.verify()
    for name in wrong:
        yield Finding(
            Severity.WRONG,
            about,
            _("What is free in the pool {name} is not what is left over: somebody wrote past Kentongan.").format(
                name=name
            ),
            _("Bring back a backup from before: kentongan db restore FILE"),
        )
    uses = plan.use(installation.clock.now().utc)
    full = [use for use in uses if _is_full(use)]
    yield from (_of_full(use) for use in full)
    if not found and not wrong and not full:
        count = len(pools)
        text = n_("{count} pool, nothing given twice", "{count} pools, nothing given twice", count).format(count=count)
        yield Finding(Severity.OK, about, text)


def _of_conflict(conflict: Conflict) -> Finding:
    used, given = conflict.used, conflict.allocation
    return Finding(
        Severity.WRONG,
        _("address plan"),
        _("{used} of {site} stands on {text}, which was given to {owner} ({label}).").format(
            used=used.said, site=used.site, text=given.text, owner=given.owner, label=given.label
        ),
        _("Correct devices.csv or prefixes.csv and import again, or: kentongan pool release {owner} {label}").format(
            owner=given.owner, label=given.label
        ),
    )


def _is_full(use: Use) -> bool:
    """Not even one more of what it is for."""
    return use.largest_free_bits is None or use.largest_free_bits < use.pool.size_bits


def _of_full(use: Use) -> Finding:
    name = use.pool.name
    if use.pools and not use.allocations:
        return Finding(Severity.NOTE, _("address plan"), _("The pool {name} is all in pools inside.").format(name=name))
    return Finding(
        Severity.WARNING,
        _("address plan"),
        _("The pool {name} ({range}) is full.").format(name=name, range=use.pool),
        _("Add a second one of the same purpose: kentongan pool add NAME RANGE --purpose {purpose}").format(
            purpose=use.pool.purpose or name
        ),
    )
