"""Takes in answers: whose they are, whether they may be believed, and by which lane their values are read.

An answer is credited only if it comes from the address that was asked, carries the request-id of the request that is
waited for (of any of its attempts), and holds what was asked. Everything else is counted by name.
"""

import errno

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

_SLOT = (1 << SLOT_BITS) - 1
_V2C = 1
_REMEMBERED = 64  # request-ids back that are still called late, not unknown


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
        self.answers = AnswerReader(datagrams, book, memory)

    def take_in(self, arrivals: Arrivals, heard: NDArray[np.float64], at: float) -> None:
        """heard: steady seconds at which each datagram came; at: now."""
        roster, counts = self._roster, self._counts
        counts.answers += len(arrivals)
        headers = self._headers.read(arrivals)
        request_id, odd = headers.request_id, {}
        readable = headers.ordinary
        if not readable.all():
            request_id, readable, odd = self._read_odd(arrivals, headers)
        device = request_id & _SLOT
        if device.max() >= self._fleet.size:
            readable = readable & (device < self._fleet.size)
            device[~readable] = 0
        attempt = (request_id - roster.identity[device]) >> SLOT_BITS
        good = attempt.view(np.uint64) < roster.tries[device]
        good &= readable
        same_source = arrivals.sources == roster.source[device]
        good &= same_source
        good &= self._fleet.generation[device] == roster.generation[device]
        if not good.all():
            self._explain(readable, request_id, device, attempt, same_source)
        place = good.nonzero()[0]
        device = device[place]
        roster.mark[device[::-1]] = place[::-1]
        first = roster.mark[device] == place
        if not first.all():
            counts.duplicate += int(len(first) - first.sum())
            place, device = place[first], device[first]
        if len(place):
            self._read(arrivals, headers, odd, place, device, attempt[place], heard[place], at)

    def _read_odd(
        self, arrivals: Arrivals, headers: Headers
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_], dict[int, bytes]]:
        """Decode those without an ordinary header far enough to know whose they are."""
        counts = self._counts
        request_id, readable = headers.request_id.copy(), headers.ordinary.copy()
        odd: dict[int, bytes] = {}
        garbled: list[int] = []
        for place in (~headers.ordinary).nonzero()[0].tolist():
            if arrivals.cut[place]:
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
        """Octets nobody can read come from somewhere: a device there that is waited for is garbling. Only marked, for
        anybody can send from an address: the poll goes on and may still be answered."""
        roster = self._roster
        waiting = np.isin(roster.source, sources) & (roster.state == ASKING) & (roster.tries > 0)
        roster.garbled[waiting.nonzero()[0]] |= 1

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
        heard: NDArray[np.float64],
        at: float,
    ) -> None:
        roster = self._roster
        roster.octets[device] += arrivals.lengths[place] + HEADERS
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
                self._fleet.start[of],
            )
            if batched is None:
                read = self.answers.read(batch)
            else:
                read[batched] = self.answers.read(batch)
        errors: list[tuple[int, pdu.Pdu]] = []
        garbled: list[int] = []
        if not read.all():
            for one in (~read).nonzero()[0].tolist():
                answer = self._read_exact(arrivals, int(place[one]), int(device[one]))
                if answer is None:
                    garbled.append(one)
                elif answer.error_status:
                    errors.append((one, answer))
                else:
                    read[one] = True
        self._note_times(device, attempt, heard, read, [one for one, _answer in errors])
        roster.credited[device] = roster.identity[device] + (attempt << SLOT_BITS)
        self._counts.credited += int(read.sum())
        self._course.accept(device if len(device) == int(read.sum()) else device[read], at)
        for one, answer in errors:
            self._course.object(int(device[one]), answer, at)
        if garbled:
            self._course.garble(device[garbled], at)

    def _note_times(
        self,
        device: NDArray[np.int64],
        attempt: NDArray[np.int64],
        heard: NDArray[np.float64],
        read: NDArray[np.bool_],
        errors: list[int],
    ) -> None:
        """The first answer of a poll gives it its time and its round trip, even if it is an error."""
        roster = self._roster
        first = np.isnan(roster.answered[device])
        spoke = read
        if errors:
            spoke = read.copy()
            spoke[errors] = True
        first &= spoke
        if not first.any():
            return
        device, heard = device[first], heard[first]
        round_trip = np.maximum(heard - roster.sent.reshape(-1)[device * ATTEMPTS + attempt[first]], 0.0)
        roster.answered[device] = heard
        roster.round_trip[device] = round_trip
        patience = np.minimum(3 * round_trip, roster.interval[device] / ATTEMPTS)
        roster.patience[device] += 0.25 * (patience - roster.patience[device])

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
            start = int(self._fleet.start[device])
            exact.store(self._memory, start, self._book.asked[row], answer.varbinds, self.answers.texts)
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
