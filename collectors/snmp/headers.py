"""The part of each answer in front of its varbinds, for a whole batch at once (RFC 3416 section 3, in BER).

Tells where the varbinds begin and whose answer it is, if the header is an ordinary one: a response without error and a
request-id of four octets. What is not ordinary is read one by one elsewhere; nothing is judged here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collectors.datagrams import Arrivals, Datagrams
from collectors.snmp import pdu

_FORM = np.zeros(256, np.int64)  # octets of length behind the first one
_FORM[0x80:] = 3
_FORM[0x81], _FORM[0x82] = 1, 2
_STATED = np.array([0xFF, 0xFF, 0xFFFF, 0], np.int64)  # by form: what of the two octets before the content counts

# 02 04 <request-id> 02 01 | 00 02 01 00 30: request-id, error-status 0, error-index 0, the list of varbinds
_ID_MASK, _ID = np.uint64(0xFFFF00000000FFFF), np.uint64(0x0102000000000402)
_STATUS_MASK, _STATUS = np.uint64(0xFFFFFFFFFF), np.uint64(0x3000010200)
_SIXTEEN = np.uint64(16)


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
        octets = self._octets
        starts, stops = arrivals.starts, arrivals.stops
        outer_form = _FORM[octets[starts + 1]]
        greeting_at = starts + outer_form + 2
        pdu_at = greeting_at + octets[greeting_at + 4] + 5
        pdu_form = _FORM[octets[pdu_at + 1]]
        body_at = pdu_at + pdu_form + 2
        list_at = body_at + 12
        list_form = _FORM[octets[list_at + 1]]
        varbinds_at = list_at + list_form + 2
        contents = np.concatenate((greeting_at, body_at, varbinds_at))
        forms = np.concatenate((outer_form, pdu_form, list_form))
        stated = self._lengths[contents] & _STATED[forms]
        whole = stated.reshape(3, -1) == stops - contents.reshape(3, -1)
        words = self._pairs[body_at].view("<u8").reshape(-1, 2)
        identity = words[:, 0]
        ordinary = whole[0] & whole[1] & whole[2]
        ordinary &= (identity & _ID_MASK) == _ID
        ordinary &= (words[:, 1] & _STATUS_MASK) == _STATUS
        ordinary &= octets[starts] == pdu.SEQUENCE
        ordinary &= octets[pdu_at] == pdu.RESPONSE
        request_id = (identity >> _SIXTEEN).astype(np.uint32).byteswap().astype(np.int64)
        return Headers(ordinary, request_id, greeting_at, varbinds_at)
