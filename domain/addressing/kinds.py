"""What is numbered, and how its numbers are written and read: prefixes, VLANs, AS numbers, names."""

import re
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final

from domain.addressing.ranges import Block, Range
from domain.language import _

NUMBER: Final = re.compile(r"\{number(?::0?(\d))?\}")
_SPAN: Final = re.compile(r"(\d{1,10})(?:\s*-\s*(\d{1,10}))?")


class AddressingError(ValueError):
    """A text that cannot be read, or a pool that cannot be; the message says what would be right."""


class Kind(StrEnum):
    IPV4 = "ipv4"
    IPV6 = "ipv6"
    VLAN = "vlan"  # IEEE 802.1Q: 1 to 4094
    ASN = "asn"  # RFC 6793: 1 to 4294967294
    NAME = "name"  # a number in a pattern

    @property
    def is_address(self) -> bool:
        return self in (Kind.IPV4, Kind.IPV6)

    @property
    def bits(self) -> int:
        """How long its numbers are."""
        return {Kind.IPV4: 32, Kind.IPV6: 128, Kind.VLAN: 12, Kind.ASN: 32, Kind.NAME: 32}[self]

    @property
    def widest(self) -> Range:
        """Every number of the kind that may be given out at all."""
        match self:
            case Kind.VLAN:
                return Range(1, 4094)
            case Kind.ASN:
                return Range(1, (1 << 32) - 2)
            case _:
                return Range(0, (1 << self.bits) - 1)


def read_span(text: str, pattern: str = "") -> tuple[Kind | None, Range]:
    """`10.14.0.0/16`, `fd00:14::/32` with its kind; `100-199` or `7` without (None). Raises AddressingError."""
    if "/" in text or ":" in text or text.count(".") == 3:
        return read_prefix(text)
    found = _SPAN.fullmatch(text.strip())
    if found is None or int(found[2] or found[1]) < int(found[1]):
        raise AddressingError(
            _("'{text}' is neither a prefix nor a range. Write 10.14.0.0/16 or 100-199.").format(text=text)
        )
    return None, Range(int(found[1]), int(found[2] or found[1]))


def read_prefix(text: str) -> tuple[Kind, Range]:
    """A prefix, or an address as the prefix of one. Raises AddressingError, with the right prefix for host bits."""
    try:
        network = ip_network(text.strip())
    except ValueError:
        try:
            right = ip_network(text.strip(), strict=False)
        except ValueError:
            raise AddressingError(
                _("'{text}' is not a prefix. Write 10.14.0.0/16 or fd00:14::/32.").format(text=text)
            ) from None
        raise AddressingError(
            _("'{text}' is an address inside a prefix. Write {right}.").format(text=text, right=right)
        ) from None
    kind = Kind.IPV4 if network.version == 4 else Kind.IPV6
    first = int(network.network_address)
    return kind, Range(first, first + network.num_addresses - 1)


def written(kind: Kind, block: Block, pattern: str = "") -> str:
    """As people write it: `10.14.3.0/27`, `120`, `rtr-0007`."""
    match kind:
        case Kind.IPV4:
            return f"{IPv4Address(block.first)}/{32 - block.size_bits}"
        case Kind.IPV6:
            return f"{IPv6Address(block.first)}/{128 - block.size_bits}"
        case Kind.NAME:
            return name_of(pattern, block.first)
        case _:
            return str(block.first)


def written_span(kind: Kind, span: Range) -> str:
    """A whole range: one prefix where it is one, else from-to."""
    size_bits = span.size.bit_length() - 1
    if kind.is_address:
        if span.size == 1 << size_bits and span.first % span.size == 0:
            return written(kind, Block(span.first, size_bits))
        host = IPv4Address if kind is Kind.IPV4 else IPv6Address
        return f"{host(span.first)}-{host(span.last)}"
    return str(span.first) if span.size == 1 else f"{span.first}-{span.last}"


def name_of(pattern: str, number: int) -> str:
    """`{number:04}` in the pattern becomes the number with four digits."""
    return NUMBER.sub(lambda found: str(number).zfill(int(found[1] or 1)), pattern, count=1)


def number_in(pattern: str, name: str) -> int | None:
    """The number with which the pattern makes this name; None if it makes it with none."""
    found = NUMBER.search(pattern)
    if found is None:
        return None
    before, after = pattern[: found.start()], pattern[found.end() :]
    digits = name[len(before) : len(name) - len(after)]
    if not name.startswith(before) or not name.endswith(after) or not (digits.isascii() and digits.isdigit()):
        return None
    number = int(digits) if len(digits) <= 10 else -1
    return number if number >= 0 and name_of(pattern, number) == name else None
