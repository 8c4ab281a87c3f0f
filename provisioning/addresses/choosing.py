"""Which pools a request means, the best first. Pure."""

from collections.abc import Collection, Iterable, Sequence

from domain.addressing import AddressingError, Kind, Pool, Request, read_span
from domain.addressing.kinds import number_in
from domain.addressing.ranges import Block
from domain.language import _
from provisioning.addresses.errors import RequestError, UnknownPoolError

Key = tuple[str, Kind, str]
"""Owner, kind, label: what the same request is known again by."""


def check_requests(requests: Sequence[Request]) -> None:
    """Raises RequestError for what is asked without an owner or a label."""
    for request in requests:
        if not request.owner.strip() or not request.label.strip():
            raise RequestError(_("Say for whom (a site) and what (lan, loopback, …)."))


def candidates(request: Request, pools: Iterable[Pool]) -> tuple[Pool, ...]:
    """The named pool, or all of the kind, purpose and zone: of the region itself, then of what it lies in, by name.

    Raises UnknownPoolError.
    """
    if request.pool:
        found = tuple(pool for pool in pools if pool.name == request.pool)
        if not found:
            raise UnknownPoolError(_("There is no pool {name}. See: kentongan pool list").format(name=request.pool))
        return found
    fitting = [pool for pool in pools if _fits(pool, request)]
    if not fitting:
        raise UnknownPoolError(_no_pool(request))
    return tuple(sorted(fitting, key=lambda pool: (-len(pool.region), pool.name)))


def check_pools(requests: Iterable[Request], pools: Collection[Pool]) -> None:
    """Raises UnknownPoolError that names every pool that is lacking, so that a new office adds them all at once."""
    kinds = {(each.kind, each.purpose, each.zone, each.region): each for each in requests if not each.pool}
    lacking = [request for request in kinds.values() if not any(_fits(pool, request) for pool in pools)]
    if lacking:
        raise UnknownPoolError("\n".join(_no_pool(request, number) for number, request in enumerate(lacking)))


def _fits(pool: Pool, request: Request) -> bool:
    same = (pool.kind, pool.purpose, pool.zone) == (request.kind, request.purpose, request.zone)
    return same and _lies_in(request.region, pool.region)


def _lies_in(region: str, area: str) -> bool:
    return not area or region == area or region.startswith(area + ".")


def _no_pool(request: Request, number: int = 0) -> str:
    """number: of several, so that the ranges of the examples are none over the other."""
    where = request.region or _("the whole kabupaten")
    example = {
        Kind.IPV4: f"10.14.{16 * (number % 16)}.0/20 --length {request.length or 26}",
        Kind.IPV6: f"fd00:14:{number:x}::/48 --length {request.length or 64}",
        Kind.VLAN: f"{100 * (1 + number % 39)}-{100 * (1 + number % 39) + 99} --kind vlan",
        Kind.ASN: "4200000000-4200000999 --kind asn",
        Kind.NAME: "1-9999 --kind name --pattern 'rtr-{number:04}'",
    }[request.kind]
    name = (request.purpose or "NAME") + ("" if request.kind.is_address else f"-{request.kind.value}")
    return _("There is no pool of {kind} for '{purpose}' in {where}. Add one: {command}").format(
        kind=request.kind.value,
        purpose=request.purpose,
        where=where,
        command=f"kentongan pool add {name} {example} --purpose {request.purpose or 'WHAT'}",
    )


def size_bits_of(request: Request, pool: Pool) -> int:
    """How large a block of this pool the request wants. Raises RequestError."""
    if not request.length or not pool.kind.is_address:
        return pool.size_bits
    bits = pool.kind.bits - request.length
    if bits < 0 or 1 << bits > pool.span.size:
        raise RequestError(
            _("A /{length} cannot come out of the pool {name} ({span}).").format(
                length=request.length, name=pool.name, span=pool
            )
        )
    return bits


def exact_block(request: Request, pool: Pool) -> Block:
    """The very block that `exactly` names. Raises RequestError for one that is not of this pool."""
    kind, text = pool.kind, request.exactly
    try:
        if kind is Kind.NAME:
            number = number_in(pool.pattern, text)
            block = Block(-1 if number is None else number, 0)
        else:
            read, span = read_span(text)
            if (read or kind) is not kind or span.size & (span.size - 1):
                raise AddressingError(_("'{text}' is not of the kind {kind}.").format(text=text, kind=kind.value))
            block = Block(span.first, span.size.bit_length() - 1)
    except AddressingError as error:
        raise RequestError(str(error)) from None
    if block.first < 0 or not pool.span.covers(block.span):
        raise RequestError(
            _("{text} does not lie in the pool {name} ({span}).").format(text=text, name=pool.name, span=pool)
        )
    return block
