"""What of a router's tables means trouble: addresses that two hosts use, pools that run out. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address
from typing import Final

from domain.lan.records import AddressHolders, ArpEntry, DhcpPool, DoubleAddress, Lease, LeaseState

DUPLICATES_TOLD: Final = 20
"""More of them in one network are no single hosts any more, and nobody reads on."""

Ranges = Sequence[tuple[IPv4Address, IPv4Address]]


def duplicates(leases: Iterable[Lease], entries: Iterable[ArpEntry]) -> tuple[DoubleAddress, ...]:
    """By address: what the server found taken, what answers from two MAC addresses, and what is leased to one host and
    answered for by another.

    A repeater answers for all behind it with a MAC address of its own, and so do routers with proxy ARP: who answers
    for several addresses is no second host.
    """
    leases, entries = tuple(leases), tuple(entries)
    answers: dict[IPv4Address, set[str]] = defaultdict(set)
    held: dict[str, set[IPv4Address]] = defaultdict(set)
    for entry in entries:
        if entry.mac:
            answers[entry.address].add(entry.mac)
            held[entry.mac].add(entry.address)
    for lease in leases:
        if lease.state is LeaseState.BOUND and lease.mac:
            held[lease.mac].add(lease.address)
    found: dict[IPv4Address, set[str]] = {}
    for address, macs in answers.items():
        if len(macs) > 1:
            found[address] = set(macs)
    for lease in leases:
        if lease.state is LeaseState.BUSY:
            found.setdefault(lease.address, set()).update({lease.mac, *answers.get(lease.address, ())} - {""})
        elif lease.state is LeaseState.BOUND:
            others = {mac for mac in answers.get(lease.address, ()) if mac != lease.mac and len(held[mac]) == 1}
            if others and lease.mac:
                found.setdefault(lease.address, set()).update({lease.mac, *others})
    return tuple(DoubleAddress(address, tuple(sorted(macs))) for address, macs in sorted(found.items()))


def overlapping(holders: Iterable[AddressHolders]) -> tuple[DoubleAddress, ...]:
    """Of what we asked ourselves: the addresses that more than one host answers for."""
    return tuple(DoubleAddress(each.address, each.macs) for each in holders if each.is_double)


def used_of(name: str, ranges: Ranges, leases: Iterable[Lease]) -> DhcpPool:
    """How full a pool is. ranges: first and last address of each, which do not overlap; leases outside are not its."""
    taken = {lease.address for lease in leases if any(first <= lease.address <= last for first, last in ranges)}
    return DhcpPool(name, sum(int(last) - int(first) + 1 for first, last in ranges if first <= last), len(taken))


def fullest(pools: Iterable[DhcpPool]) -> DhcpPool | None:
    """The one that runs out first; None if there is none with an address in it."""
    return max((pool for pool in pools if pool.size), key=lambda pool: (pool.share, pool.name), default=None)
