"""Takes in answers: whose they are, whether they may be believed, and by which lane their values are read.

An answer is credited only if it comes from the address that was asked, carries the request-id of the request that is
waited for (of any of its attempts), and holds what was asked. Everything else is counted by name.
"""

import errno
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from collectors.datagrams import Arrivals, Datagrams, socket_address, source_word
from collectors.snmp import exact, pdu
from collectors.snmp.answers import AnswerReader, Batch
from collectors.snmp.counts import SweepCounts
from collectors.snmp.course import Course
from collectors.snmp.headers import HeaderReader, Headers
from collectors.snmp.memory import CellMemory
from collectors.snmp.roster import ASKING, ATTEMPTS, SLOT_BITS, Roster
from collectors.snmp.sending import HEADERS
from collectors.snmp.templates import TemplateBook
from domain.polling import Fleet

_SLOT = np.array((1 << SLOT_BITS) - 1)
_SLOT_BITS = np.array(SLOT_BITS)
_HEADERS = np.array(HEADERS)
_ATTEMPTS = np.array(ATTEMPTS)
_ZERO, _THREE, _QUARTER, _SHARE = (np.array(number) for number in (0.0, 3.0, 0.25, 1 / ATTEMPTS))
_V2C = 1
_REMEMBERED = 64  # request-ids back that are still called late, not unknown


Heard = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class Intake:
    def __init__(
        self,
        fleet: Fleet,
        datagrams: Datagrams,
        roster: Roster,
        book: TemplateBook,
        memory: CellMemory,
        course: Course,
        counts: SweepCounts,
    ) -> None:
        self._fleet = fleet
        self._datagrams = datagrams
        self._roster = roster
        self._book = book
        self._memory = memory
        self._course = course
        self._counts = counts
        self._headers = HeaderReader(datagrams)
        self._heard: Heard = np.asarray
        self.answers = AnswerReader(datagrams, book, memory)

    def take_in(self, arrivals: Arrivals, at: float, heard: Heard) -> None:
        """at: steady seconds now. heard: makes steady seconds of the kernel's stamps."""
        self._heard = heard
        roster, counts = self._roster, self._counts
        counts.answers += len(arrivals)
        headers = self._headers.read(arrivals)
        request_id, readable = headers.request_id, headers.ordinary
        odd: dict[int, bytes] = {}
        if np.count_nonzero(readable) < len(readable):
            request_id, readable, odd = self._read_odd(arrivals, headers)
        device = request_id & _SLOT
        if device[device.argmax()] >= self._fleet.size:
            known = device < self._fleet.size
            counts.unknown += int(np.count_nonzero(readable & ~known))
            readable = readable & known
            device[~known] = 0
        attempt = (request_id - roster.identity[device]) >> _SLOT_BITS
        good = attempt.view(np.uint64) < roster.tries[device]
        good &= readable
        same_source = arrivals.sources == roster.source[device]
        good &= same_source
        good &= self._fleet.generation[device] == roster.generation[device]
        place = good.nonzero()[0]
        if len(place) < len(good):
            self._explain(readable, request_id, device, attempt, same_source)
            device, attempt = device[place], attempt[place]
        roster.mark[device[::-1]] = place[::-1]
        first = roster.mark[device] == place
        if np.count_nonzero(first) < len(first):
            counts.duplicate += int(len(first) - np.count_nonzero(first))
            place, device, attempt = place[first], device[first], attempt[first]
        if len(place):
            self._read(arrivals, headers, odd, place, device, attempt, at)

    def _read_odd(
        self, arrivals: Arrivals, headers: Headers
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_], dict[int, bytes]]:
        """Decode those without an ordinary header far enough to know whose they are."""
        counts = self._counts
        request_id, readable = headers.request_id.copy(), headers.ordinary.copy()
        odd: dict[int, bytes] = {}
        garbled: list[int] = []
        for place in (~headers.ordinary).nonzero()[0].tolist():
            if arrivals.cut is not None and arrivals.cut[place]:
                counts.cut += 1
                continue
            octets = self._datagrams.message(arrivals, place)
            try:
                _version, _community, answer = pdu.decode_community_message(octets)
            except pdu.BerError:
                garbled.append(place)
                if is_truncated(octets):
                    counts.truncated += 1
                else:
                    counts.malformed += 1
                continue
            request_id[place] = answer.request_id
            readable[place] = 0 <= answer.request_id < 1 << 31
            counts.unknown += not readable[place]
            odd[place] = octets
        if garbled:
            self._blame(arrivals.sources[garbled])
        return request_id, readable, odd

    def _blame(self, sources: NDArray[np.uint64]) -> None:
        """Octets nobody can read come from somewhere: a device there that is waited for may be garbling."""
        roster = self._roster
        waiting = np.isin(roster.source, sources) & (roster.state == ASKING) & (roster.tries > 0)
        self._course.suspect(waiting.nonzero()[0])

    def _explain(
        self,
        readable: NDArray[np.bool_],
        request_id: NDArray[np.int64],
        device: NDArray[np.int64],
        attempt: NDArray[np.int64],
        same_source: NDArray[np.bool_],
    ) -> None:
        roster, counts = self._roster, self._counts
        awaited = readable & (attempt.view(np.uint64) < roster.tries[device])
        counts.wrong_source += int((awaited & ~same_source).sum())
        counts.superseded += int(
            (awaited & same_source & (self._fleet.generation[device] != roster.generation[device])).sum()
        )
        past = readable & ~awaited
        again = past & same_source & (request_id == roster.credited[device])
        late = past & same_source & ~again & (attempt < 0) & (attempt >= -_REMEMBERED)
        counts.duplicate += int(again.sum())
        counts.late += int(late.sum())
        counts.unknown += int((past & ~again & ~late).sum())

    def _read(
        self,
        arrivals: Arrivals,
        headers: Headers,
        odd: dict[int, bytes],
        place: NDArray[np.int64],
        device: NDArray[np.int64],
        attempt: NDArray[np.int64],
        at: float,
    ) -> None:
        roster = self._roster
        roster.octets[device] += arrivals.lengths[place] + _HEADERS
        batched = headers.ordinary[place] if odd else None
        inside = place if batched is None else place[batched]
        read = np.zeros(len(place), np.bool_)
        if len(inside):
            of = device if batched is None else device[batched]
            batch = Batch(
                headers.greeting_at[inside],
                headers.varbinds_at[inside],
                arrivals.stops[inside],
                roster.row[of],
                self._fleet.start[of].astype(np.int64),
                self._memory.desks.first[of],
                self._memory.texts.start[of].astype(np.int64),
            )
            if batched is None:
                read = self.answers.read(batch)
            else:
                read[batched] = self.answers.read(batch)
        errors: list[tuple[int, pdu.Pdu]] = []
        garbled: list[int] = []
        if np.count_nonzero(read) < len(read):
            for one in (~read).nonzero()[0].tolist():
                answer = self._read_exact(arrivals, int(place[one]), int(device[one]))
                if answer is None:
                    garbled.append(one)
                elif answer.error_status:
                    errors.append((one, answer))
                else:
                    read[one] = True
        self._note_times(arrivals, place, device, attempt, read, [one for one, _answer in errors])
        credited = int(np.count_nonzero(read))
        self._counts.credited += credited
        roster.credited[device] = roster.identity[device] + (attempt << _SLOT_BITS)
        if credited:
            self._course.accept(device if credited == len(device) else device[read], at)
        for one, answer in errors:
            self._course.object(int(device[one]), answer, at)
        if garbled:
            self._course.garble(device[garbled], at)

    def _note_times(
        self,
        arrivals: Arrivals,
        place: NDArray[np.int64],
        device: NDArray[np.int64],
        attempt: NDArray[np.int64],
        read: NDArray[np.bool_],
        errors: list[int],
    ) -> None:
        """The first answer of a poll gives it its time and its round trip, even if it is an error."""
        roster = self._roster
        spoke = np.isnan(roster.answered[device])
        if errors:
            spoke[[one for one in range(len(read)) if not read[one] and one not in errors]] = False
        else:
            spoke &= read
        first = spoke.nonzero()[0]
        if not len(first):
            return
        device = device[first]
        heard = self._heard(arrivals.stamps(place[first]))
        round_trip = heard - roster.sent.reshape(-1)[device * _ATTEMPTS + attempt[first]]
        np.maximum(round_trip, _ZERO, out=round_trip)
        roster.answered[device] = heard
        roster.round_trip[device] = round_trip
        # A quarter of the way to three round trips, but no more than an even share of the interval.
        wait = np.minimum(round_trip * _THREE, roster.interval[device] * _SHARE)
        patience = roster.patience[device]
        patience += (wait - patience) * _QUARTER
        roster.patience[device] = patience

    def _read_exact(self, arrivals: Arrivals, place: int, device: int) -> pdu.Pdu | None:
        """None: the answer cannot be credited. A PDU with an error-status gives no values."""
        counts = self._counts
        counts.one_by_one += 1
        row = int(self._roster.row[device])
        try:
            version, community, answer = pdu.decode_community_message(self._datagrams.message(arrivals, place))
        except pdu.BerError:
            counts.malformed += 1
            return None
        if version != _V2C:
            counts.wrong_version += 1
        elif community != self._book.community[row]:
            counts.wrong_community += 1
        elif answer.tag != pdu.RESPONSE:
            counts.malformed += 1
        elif answer.error_status:
            return answer
        elif not exact.answers_what_was_asked(self._book.asked[row], answer.varbinds):
            counts.wrong_oid += 1
        else:
            memory = self._memory
            places = exact.Places(self._fleet.start[device], memory.desks.first[device], memory.texts.start[device])
            exact.store(memory, places, self._book.asked[row], answer.varbinds, self.answers.texts)
            return answer
        return None

    def take_in_errors(self) -> None:
        """ICMP errors: only a closed port says something certain of the device."""
        refused = [
            source_word(socket_address(error.address, error.port))
            for error in self._datagrams.unreachable()
            if error.error == errno.ECONNREFUSED
        ]
        if not refused:
            return
        self._counts.refused += len(refused)
        roster = self._roster
        asking = np.isin(roster.source, np.array(refused, np.uint64)) & (roster.state == ASKING) & (roster.tries > 0)
        devices = asking.nonzero()[0]
        if len(devices):
            self._course.refuse(devices)


def is_truncated(octets: bytes) -> bool:
    """Whether a message's own length says that it should go on behind the datagram's end."""
    if len(octets) < 2 or octets[0] != pdu.SEQUENCE:
        return False
    length, more = octets[1], 0
    if length >= 0x80:
        more = length & 0x7F
        length = int.from_bytes(octets[2 : 2 + more], "big")
    return len(octets) < 2 + more + length
