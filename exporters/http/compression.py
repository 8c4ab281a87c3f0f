"""Whether an answer is compressed, and doing it. gzip level 1: the text shrinks to a tenth at 3 ns an octet."""

import zlib
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_address

_GZIP = 16 + zlib.MAX_WBITS


class Compression(StrEnum):
    """Who gets gzip of those who accept it."""

    REMOTE = "remote"  # not this machine itself: there it costs more than sending the text
    ALWAYS = "always"
    NEVER = "never"


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the header allows gzip (RFC 9110 section 12.5.3)."""
    allowed: dict[str, bool] = {}
    for part in accept_encoding.lower().split(","):
        coding, *parameters = (piece.strip() for piece in part.split(";"))
        weights = [piece[2:] for piece in parameters if piece.startswith("q=")]
        allowed[coding] = not (weights and weights[0].rstrip("0") in ("", "0", "0."))
    return allowed.get("gzip", allowed.get("*", False))


def is_compressed_for(compression: Compression, accept_encoding: str, client: str) -> bool:
    """client: the address that asks, '' if not known."""
    if compression is Compression.NEVER or not accepts_gzip(accept_encoding):
        return False
    return compression is Compression.ALWAYS or not _is_loopback(client)


def _is_loopback(client: str) -> bool:
    try:
        return ip_address(client).is_loopback
    except ValueError:
        return False


def gzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(1, wbits=_GZIP)
    for piece in pieces:
        packed = packer.compress(piece)
        if packed:
            yield packed
    yield packer.flush()
