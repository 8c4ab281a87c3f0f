"""Puts requests on the wire: templates by reference, a request-id and an address each, batch by batch."""

import errno

import numpy as np
from numpy.typing import NDArray

from collectors.datagrams import Datagrams
from collectors.snmp.counts import SweepCounts
from collectors.snmp.roster import ATTEMPTS, SLOT_BITS, WAITS, Roster
from collectors.snmp.secure.lane import SecureLane
from collectors.snmp.templates import TemplateBook

HEADERS = 28
"""Octets of the IPv4 and UDP headers of a datagram."""

_ONE, _SOCKADDR, _SLOT_BITS, _ATTEMPTS, _HEADERS = (np.array(n) for n in (1, 16, SLOT_BITS, ATTEMPTS, HEADERS))
_AGAIN_SECONDS = 0.005  # when the socket is full


class Sender:
    def __init__(
        self, datagrams: Datagrams, roster: Roster, book: TemplateBook, counts: SweepCounts, lane: SecureLane
    ) -> None:
        self._lane = lane
        self._datagrams = datagrams
        self._roster = roster
        self._book = book
        self._counts = counts
        self._ids: NDArray[np.uint32] = np.zeros(datagrams.batch, np.uint32)
        self._id_at: NDArray[np.uint64] = (self._ids.ctypes.data + 4 * np.arange(datagrams.batch)).astype(np.uint64)
        self._address: NDArray[np.uint8] = roster.address
        self._address_at = roster.address.ctypes.data

    def send(self, devices: NDArray[np.int64], at: float) -> None:
        """Send each its present request once more, at steady second `at`. What a full socket does not take is due
        again in a moment."""
        batch = self._datagrams.batch
        for first in range(0, len(devices), batch):
            some = devices[first : first + batch]
            done = self._send_batch(some, at)
            if done < len(some):
                self._counts.socket_full += 1
                self._roster.due[devices[first + done :]] = at + _AGAIN_SECONDS
                return

    def _send_batch(self, devices: NDArray[np.int64], at: float) -> int:
        datagrams, roster, book = self._datagrams, self._roster, self._book
        if self._address is not roster.address:
            self._address, self._address_at = roster.address, roster.address.ctypes.data
        count = len(devices)
        row = roster.row[devices]
        attempt = roster.tries[devices].view(np.int64)
        self._ids[:count] = (roster.identity[devices] + (attempt << _SLOT_BITS)).astype(np.uint32).byteswap()
        parts = datagrams.parts[:count]
        parts[:] = book.parts.take(row, 0)
        parts[:, 1, 0] = self._id_at[:count]
        octets = book.octets[row]
        if self._lane.peers:
            octets = self._lane.seal(devices, attempt, self._ids[:count], parts, octets, at)
        datagrams.names[:count] = (devices * _SOCKADDR + np.array(self._address_at)).view(np.uint64)
        done, unsent = datagrams.send(count)
        for refusal in unsent:
            self._counts.refuse_to_send(errno.errorcode.get(refusal.error, str(refusal.error)))
        if done < count:
            devices, octets, attempt = devices[:done], octets[:done], attempt[:done]
        self._counts.requests += done
        self._counts.retries += int(np.count_nonzero(attempt))
        roster.tries[devices] = attempt + _ONE
        roster.sent.reshape(-1)[devices * _ATTEMPTS + attempt] = at
        wait = np.maximum(roster.interval[devices] * WAITS[attempt], roster.patience[devices])
        roster.due[devices] = np.minimum(wait + np.array(at), roster.until[devices])
        roster.octets[devices] += octets + _HEADERS
        return done
