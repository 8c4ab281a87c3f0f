"""Who gets gzip, and that it unpacks to the same."""

import gzip

import pytest

from exporters.http.compression import Compression, accepts_gzip, gzipped, is_compressed_for


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("deflate, gzip;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.0, *", False),
        ("br, *;q=0", False),
    ],
)
def test_the_header_is_obeyed(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


@pytest.mark.parametrize(
    ("compression", "client", "packed"),
    [
        (Compression.REMOTE, "10.1.2.3", True),
        (Compression.REMOTE, "127.0.0.1", False),
        (Compression.REMOTE, "::1", False),
        (Compression.REMOTE, "testclient", True),
        (Compression.ALWAYS, "127.0.0.1", True),
        (Compression.NEVER, "10.1.2.3", False),
    ],
)
def test_this_machine_is_not_sent_gzip_unless_told(compression: Compression, client: str, packed: bool) -> None:
    assert is_compressed_for(compression, "gzip", client) is packed
    assert not is_compressed_for(compression, "", client)


def test_pieces_unpack_to_the_same() -> None:
    pieces = [b"kentongan_device_state 4\n" * 10_000, b"", b"end\n"]
    packed = list(gzipped(iter(pieces)))
    assert gzip.decompress(b"".join(packed)) == b"".join(pieces)
    assert sum(map(len, packed)) < 5_000
