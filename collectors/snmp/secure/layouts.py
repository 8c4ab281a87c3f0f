"""Headers of SNMPv3 answers that are laid out as the last one was, read in a tenth of the time.

A device writes the same header again and again: but for message id, time, digest and salt every octet is where and what
it was. What was read octet by octet once, and is the same now, has the same structure; all else is read as ever.
"""

from typing import NamedTuple

from collectors.snmp.usm import Envelope

_HEAD = b"\x02\x01\x03\x30"
_MESSAGE_ID = b"\x02\x04"


class Layout(NamedTuple):
    """Octets of a header between those that change. Offsets count from behind the message's own length.

    before_time: from behind the message id to the time, whose octets are `time_octets`. after_time: up to the digest.
    after_digest: up to the salt. data_at: where the data begin.
    """

    header_octets: int
    before_time: bytes
    time_at: int
    time_octets: int
    after_time: bytes
    digest_at: int
    digest_octets: int
    after_digest: bytes
    salt_at: int
    data_at: int
    envelope: Envelope


def begin_of(data: bytes) -> int:
    """Where the content of the outermost sequence begins, if that ends with the datagram; else 0."""
    size = len(data)
    if size > 4 and data[0] == 0x30:
        form = data[1]
        if form == 0x82:
            return 4 if (data[2] << 8 | data[3]) + 4 == size else 0
        if form == 0x81:
            return 3 if data[2] + 3 == size else 0
        if form < 0x80:
            return 2 if form + 2 == size else 0
    return 0


def message_id_of(data: bytes, begin: int) -> int:
    """If it takes four octets, as all of ours do; else -1. begin: see `begin_of`."""
    at = begin + 7
    if begin and data.startswith(_HEAD, begin) and data.startswith(_MESSAGE_ID, begin + 5) and len(data) > at + 4:
        return int.from_bytes(data[at : at + 4], "big")
    return -1


def layout_of(data: bytes, envelope: Envelope) -> Layout | None:
    """How later messages may be laid out, too. envelope: what `read_envelope` makes of this one."""
    begin = begin_of(data)
    if message_id_of(data, begin) != envelope.message_id:
        return None
    if len(envelope.user) > 127 or len(envelope.digest) > 127:
        return None
    user = bytes((4, len(envelope.user))) + envelope.user
    after_time = user + bytes((4, len(envelope.digest)))
    time_stop = envelope.digest_at - len(after_time)
    salt_at = envelope.data_at - len(envelope.salt)
    time_octets = _octets_of(data, time_stop, envelope.time)
    expected = data[time_stop : envelope.digest_at] == after_time and data[salt_at : envelope.data_at] == envelope.salt
    if not time_octets or not expected:
        return None
    return Layout(
        data[begin + 4],
        data[begin + 11 : time_stop - time_octets],
        time_stop - time_octets - begin,
        time_octets,
        after_time,
        envelope.digest_at - begin,
        len(envelope.digest),
        data[envelope.digest_at + len(envelope.digest) : salt_at],
        salt_at - begin,
        envelope.data_at - begin,
        envelope,
    )


def _octets_of(data: bytes, stop: int, number: int) -> int:
    """How many octets the INTEGER takes that ends at `stop`; 0 if they cannot be told."""
    for octets in range(1, 5):
        at = stop - octets
        if data[at - 2 : at] == bytes((2, octets)) and int.from_bytes(data[at:stop], "big", signed=True) == number:
            return octets
    return 0


def read_alike(layout: Layout, data: bytes, begin: int, message_id: int) -> Envelope | None:
    """None if the message is laid out otherwise. begin, message_id: as found by the functions above."""
    time_at, digest_at, salt_at = begin + layout.time_at, begin + layout.digest_at, begin + layout.salt_at
    data_at = begin + layout.data_at
    time_stop = time_at + layout.time_octets
    digest_stop = digest_at + layout.digest_octets
    if (
        data[begin + 4] != layout.header_octets
        or not data.startswith(layout.before_time, begin + 11)
        or not data.startswith(layout.after_time, time_stop)
        or not data.startswith(layout.after_digest, digest_stop)
        or data_at > len(data)
        or data[time_at] >= 0x80
    ):
        return None
    known = layout.envelope
    return Envelope(
        message_id,
        known.flags,
        known.engine_id,
        known.boots,
        int.from_bytes(data[time_at:time_stop], "big"),
        known.user,
        digest_at,
        data[digest_at:digest_stop],
        data[salt_at:data_at],
        data_at,
        len(data),
    )
