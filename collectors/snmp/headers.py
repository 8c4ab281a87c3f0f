"""The part of each answer in front of its varbinds, for a whole batch at once (RFC 3416 section 3, in BER).

Tells where the varbinds begin and whose answer it is, if the header is an ordinary one: a response without error and a
request-id of four octets. What is not ordinary is read one by one elsewhere; nothing is judged here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collectors.datagrams import Arrivals, Datagrams
from collectors.snmp import pdu

# By the first octet of a length: how far the content is behind the tag, and what of the two octets in front of the
# content states the length. Lengths of more than two octets are not ordinary.
_CONTENT = np.full(256, 2, np.int64)
_CONTENT[0x81], _CONTENT[0x82] = 3, 4
_STATED = np.full(256, 0xFF, np.int64)
_STATED[0x80:], _STATED[0x81], _STATED[0x82] = 0, 0xFF, 0xFFFF
_BEHIND_COMMUNITY = np.arange(256) + 5

# Arrays without dimensions: numpy adds them to others in half the time it takes for a Python number.
_ONE, _FOUR, _TWELVE = (np.array(number) for number in (1, 4, 12))
_SIXTEEN_BITS = np.array(16, np.uint64)
_SEQUENCE, _RESPONSE = np.array(pdu.SEQUENCE, np.uint8), np.array(pdu.RESPONSE, np.uint8)

# 02 04 <request-id> 02 01 | 00 02 01 00 30: request-id, error-status 0, error-index 0, the list of varbinds
_ID_MASK, _ID = np.array(0xFFFF00000000FFFF, np.uint64), np.array(0x0102000000000402, np.uint64)
_STATUS_MASK, _STATUS = np.array(0xFFFFFFFFFF, np.uint64), np.array(0x3000010200, np.uint64)


@dataclass(frozen=True, slots=True)
class Headers:
    """Of k answers. ordinary: whether the rest can be trusted. request_id: 32 bits, unsigned. greeting_at: where the
    version begins. varbinds_at: where the first varbind begins."""

    ordinary: NDArray[np.bool_]
    request_id: NDArray[np.int64]
    greeting_at: NDArray[np.int64]
    varbinds_at: NDArray[np.int64]


class HeaderReader:
    def __init__(self, datagrams: Datagrams) -> None:
        self._octets = datagrams.octets
        self._pairs = datagrams.windows("V16", 16)
        self._lengths = datagrams.windows(">u2", 2, before=2)

    def read(self, arrivals: Arrivals) -> Headers:
        octets, starts, stops = self._octets, arrivals.starts, arrivals.stops
        form = octets[starts + _ONE]
        greeting_at = starts + _CONTENT[form]
        ordinary = self._is_whole(greeting_at, form, stops)
        pdu_at = greeting_at + _BEHIND_COMMUNITY[octets[greeting_at + _FOUR]]
        form = octets[pdu_at + _ONE]
        body_at = pdu_at + _CONTENT[form]
        ordinary &= self._is_whole(body_at, form, stops)
        list_at = body_at + _TWELVE
        form = octets[list_at + _ONE]
        varbinds_at = list_at + _CONTENT[form]
        ordinary &= self._is_whole(varbinds_at, form, stops)
        words = self._pairs[body_at].view("<u8").reshape(-1, 2)
        identity = words[:, 0]
        ordinary &= (identity & _ID_MASK) == _ID
        ordinary &= (words[:, 1] & _STATUS_MASK) == _STATUS
        ordinary &= octets[starts] == _SEQUENCE
        ordinary &= octets[pdu_at] == _RESPONSE
        request_id = (identity >> _SIXTEEN_BITS).astype(np.uint32).byteswap().astype(np.int64)
        return Headers(ordinary, request_id, greeting_at, varbinds_at)

    def _is_whole(
        self, content_at: NDArray[np.int64], form: NDArray[np.uint8], stops: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Whether a content, by the length that stands in front of it, ends where the datagram ends."""
        stated = self._lengths[content_at].astype(np.int64)
        stated &= _STATED[form]
        whole: NDArray[np.bool_] = stated == stops - content_at
        return whole
