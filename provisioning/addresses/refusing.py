"""What the plan says when it cannot give: who has it, what is in quarantine until when, what to do. Pure."""

from collections.abc import Sequence

from domain.addressing import Allocation, AllocationState, Kind, Pool, Request, Use
from domain.language import _, n_


def nothing_left(request: Request, uses: Sequence[Use], lacking: int) -> str:
    """For a pool, or several that were tried in turn."""
    kind = uses[0].pool.kind
    length = request.length or uses[0].pool.length
    what = f"/{length}" if kind.is_address else {Kind.VLAN: "VLAN", Kind.ASN: "ASN"}.get(kind, _("name"))
    names = ", ".join(f"{use.pool.name} ({use.pool})" for use in uses)
    lines = [
        n_(
            "No {what} is free for {owner} in {pools}; {count} is lacking.",
            "No {what} is free for {owner} in {pools}; {count} are lacking.",
            lacking,
        ).format(what=what, owner=request.owner, pools=names, count=lacking)
    ]
    lines += (_state_of(use) for use in uses)
    lines.append(_("What to do: {ways}.").format(ways="; ".join(_ways(uses[0].pool, uses))))
    return " ".join(lines)


def _state_of(use: Use) -> str:
    taken = (
        (use.given, _("{count} given")),
        (use.reserved, _("{count} reserved")),
        (use.used, _("{count} in use by the inventory")),
        (use.pools, _("{count} in pools inside")),
    )
    parts = ", ".join(words.format(count=count) for count, words in taken if count)
    said = _("{name}: {parts}.").format(name=use.pool.name, parts=parts or _("nothing given"))
    if use.quarantined and use.next_free_at is not None:
        said += " " + n_(
            "{count} in quarantine, the first until {until:%Y-%m-%d}.",
            "{count} in quarantine, the first until {until:%Y-%m-%d}.",
            use.quarantined,
        ).format(count=use.quarantined, until=use.next_free_at)
    if use.free and use.largest_free_bits is not None:
        said += " " + _("{free} are free, in pieces; the largest is a /{length}.").format(
            free=use.free, length=use.pool.kind.bits - use.largest_free_bits
        )
    return said


def _ways(pool: Pool, uses: Sequence[Use]) -> list[str]:
    purpose = pool.purpose or pool.name
    ways = [
        _("add a second pool of the same purpose (kentongan pool add NAME RANGE --purpose {purpose})").format(
            purpose=purpose
        ),
        _("release what is not needed (kentongan pool show {name})").format(name=pool.name),
    ]
    if any(use.quarantined for use in uses):
        ways.append(_("end a quarantine early (kentongan pool release OWNER --quarantine 0)"))
    return ways


def not_free(text: str, pool: Pool, holders: Sequence[Allocation], pools: Sequence[str]) -> str:
    """Who stands where `exactly` was asked for."""
    said = [
        (
            _("{text} is in quarantine until {until:%Y-%m-%d}, after {owner} ({label})")
            if each.state is AllocationState.QUARANTINED
            else _("{text} is {owner}'s ({label})")
        ).format(text=each.text, owner=each.owner, label=each.label, until=each.until)
        for each in holders
    ]
    said += (_("the pool {name} lies there").format(name=name) for name in pools)
    if not said:
        said.append(_("the inventory says that it is in use (prefixes.csv, devices.csv)"))
    return _("{text} is not free in {pool}: {why}.").format(text=text, pool=pool.name, why="; ".join(said))
