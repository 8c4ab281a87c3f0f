"""Between the sweep and its socket: seals requests to SNMPv3 devices, opens their answers where they lie.

The sweep asks SNMPv3 devices as it asks all others. On the way out each of its requests becomes an SNMPv3 message; on
the way in what is signed, fresh and deciphered is laid into its slot as a message of SNMPv2c, under a community that is
drawn anew by every process and never sent. Everything behind this is the one path. Reports are heeded here.
"""

import ctypes
import secrets

import numpy as np
from numpy.typing import NDArray

from collectors.datagrams import Arrivals, Datagrams
from collectors.snmp import pdu
from collectors.snmp.counts import SweepCounts
from collectors.snmp.course import Course
from collectors.snmp.engines import Engine, EngineBook
from collectors.snmp.keys import KeyRing
from collectors.snmp.roster import ATTEMPTS, SLOT_BITS, Roster
from collectors.snmp.secure.ciphers import Salts
from collectors.snmp.secure.layouts import begin_of, layout_of, message_id_of, read_alike
from collectors.snmp.secure.peer import Frame, Peer, frame
from collectors.snmp.secure.reports import Report, report_of
from collectors.snmp.usm import AUTH, PRIV, Envelope, read_envelope
from domain.polling import Endpoint
from domain.secrets import SnmpUser

_RECOVERIES = 3  # reports in one poll that are answered by asking again; the first meeting with an engine is none
_REMEMBERED = 64  # message ids back that are still called late, not unknown
_SLOT = (1 << SLOT_BITS) - 1
_LAST_ATTEMPT = ATTEMPTS - 1
_REPORT = bytes((pdu.REPORT,))
_VERSION_3 = np.array(3, np.uint8)
_ONE, _TWO = np.array(1), np.array(2)
_CONTENT_AT = {0x81: 3, 0x82: 4}
_CONTENT = np.full(256, 2, np.int64)
_CONTENT[0x81], _CONTENT[0x82] = 3, 4


class SecureLane:
    """`assign` devices; `seal` what is about to be sent, `open` what has come."""

    def __init__(
        self,
        datagrams: Datagrams,
        roster: Roster,
        course: Course,
        counts: SweepCounts,
        engines: EngineBook | None = None,
        keys: KeyRing | None = None,
    ) -> None:
        self.community = secrets.token_bytes(16)
        """Stands in opened answers in place of a community."""
        self.peers: dict[int, Peer] = {}
        self._datagrams = datagrams
        self._slots = datagrams.octets.data
        self._roster = roster
        self._course = course
        self._counts = counts
        self._engines = engines or EngineBook()
        self._ring = keys or KeyRing()
        self._salts = Salts()
        self._frames: dict[tuple[int, int], Frame] = {}
        self._greeting = pdu.encode_integer(1) + pdu.tlv(pdu.OCTETS, self.community)
        self._sealed = b""  # alive until the next batch is sealed

    def assign(self, device: int, endpoint: Endpoint, user: SnmpUser, source: int) -> None:
        """source: the device's address as `Arrivals.sources` shows it."""
        self.peers[device] = Peer(endpoint, user, source)

    def withdraw(self, device: int) -> None:
        self.peers.pop(device, None)

    def seal(
        self,
        devices: NDArray[np.int64],
        attempt: NDArray[np.int64],
        identity: NDArray[np.uint32],
        parts: NDArray[np.uint64],
        octets: NDArray[np.int64],
        at: float,
    ) -> NDArray[np.int64]:
        """Put sealed messages in place of the `parts` of requests to SNMPv3 devices; returns the octets of all.

        identity: request-ids in network order. octets: of the unsealed requests.
        """
        peers = self.peers
        which: list[int] = []
        messages: list[bytes] = []
        ids, rests, attempts = identity.tobytes(), parts[:, 2].tolist(), attempt.tolist()
        for place, device in enumerate(devices.tolist()):
            peer = peers.get(device)
            if peer is None:
                continue
            which.append(place)
            message_id = ids[4 * place : 4 * place + 4]
            if self._must_ask_engine(peer, device, attempts[place]):
                peer.asks_engine = True
                messages.append(peer.discovery(int.from_bytes(message_id, "big")))
                continue
            peer.asks_engine = False
            rest, size = rests[place]
            pieces = self._frames.get((rest, peer.scope_octets))
            if pieces is None:
                pieces = self._frames[rest, peer.scope_octets] = frame(ctypes.string_at(rest, size), peer.scope_octets)
            messages.append(peer.request(message_id, pieces, at, self._salts))
        if not which:
            return octets
        sizes = np.fromiter(map(len, messages), np.int64, len(messages))
        self._sealed = b"".join(messages)
        begin = np.frombuffer(self._sealed, np.uint8).ctypes.data
        parts[which] = 0
        parts[which, 0, 0] = begin + np.add.accumulate(sizes) - sizes
        parts[which, 0, 1] = sizes
        octets[which] = sizes
        return octets

    def _must_ask_engine(self, peer: Peer, device: int, attempt: int) -> bool:
        """At the first meeting; when its clock cannot be right; and as the last attempt at a device that is silent,
        which may be another one by now, or drop what it cannot decipher."""
        if peer.engine is None:
            known = self._engines.get(peer.endpoint)
            if known is None:
                return True
            peer.meet(known, self._ring)
        if peer.clock_doubted:
            return True
        return attempt == _LAST_ATTEMPT and not self._roster.doubted[device] and self._never_heard(device)

    def _never_heard(self, device: int) -> bool:
        return bool(np.isnan(self._roster.answered[device]))

    def open(self, arrivals: Arrivals, at: float) -> Arrivals:
        """The same arrivals without the SNMPv3 messages that must not be believed; those that may are SNMPv2c now.

        Of what cannot be read as SNMPv3 nothing is changed: whoever reads SNMPv2c will count it.
        """
        octets, starts = self._datagrams.octets, arrivals.starts
        greeting = starts + _CONTENT[octets[starts + _ONE]]
        places = (octets[greeting + _TWO] == _VERSION_3).nonzero()[0]
        if not len(places):
            return arrivals
        begins, ends, sizes = starts.tolist(), arrivals.stops.tolist(), arrivals.lengths.tolist()
        sources = arrivals.sources.tolist()
        dropped: list[int] = []
        slots, slot_bytes = self._slots, self._datagrams.slot_bytes
        for place in places.tolist():
            if arrivals.cut is not None and arrivals.cut[place]:
                continue
            begin, size = begins[place], sizes[place]
            is_large = size > slot_bytes
            data = self._datagrams.message(arrivals, place) if is_large else bytes(slots[begin : begin + size])
            try:
                opened = self._open(data, sources[place], at)
            except pdu.BerError:
                continue
            if opened is None:
                dropped.append(place)
                continue
            ends[place] = self._datagrams.replace(begin, opened)
            sizes[place] = len(opened) if is_large else size
        lengths, stops = np.array(sizes, np.int64), np.array(ends, np.int64)
        believed = Arrivals(starts, stops, lengths, arrivals.sources, arrivals.control, arrivals.cut)
        if not dropped:
            return believed
        self._counts.answers += len(dropped)
        return believed.without(np.array(dropped))

    def _open(self, data: bytes, source: int, at: float) -> bytes | None:
        """An SNMPv2c message, or None for what is not to be believed or has been dealt with. BerError: unreadable."""
        counts, roster, envelope = self._counts, self._roster, None
        begin = begin_of(data)
        message_id = message_id_of(data, begin)
        peer = self.peers.get(message_id & _SLOT)
        if message_id >= 0 and peer is not None and peer.layout is not None:
            envelope = read_alike(peer.layout, data, begin, message_id)
        is_alike = envelope is not None
        if envelope is None:
            envelope = read_envelope(data)
            message_id = envelope.message_id
            peer = self.peers.get(message_id & _SLOT)
        if peer is None:
            counts.unknown += 1
            return None
        if source != peer.source:
            counts.wrong_source += 1
            return None
        device = message_id & _SLOT
        attempt = (message_id - int(roster.identity[device])) >> SLOT_BITS
        if not 0 <= attempt < int(roster.tries[device]):
            self._count_past(message_id, device, attempt)
            return None
        authentic = bool(envelope.flags & AUTH)
        if authentic and not peer.signed(data, envelope):
            counts.unsigned += 1
            self._course.suspect(np.array([device]))
            return None
        if not is_alike:
            peer.layout = layout_of(data, envelope)
        try:
            plain, pdu_at, pdu_stop = peer.find_pdu(data, envelope)
            return self._take(device, peer, envelope, plain[pdu_at:pdu_stop], len(data), at)
        except pdu.BerError:
            counts.undecipherable += 1
            if authentic:
                self._course.garble(np.array([device]), at)
            else:
                self._course.suspect(np.array([device]))
            return None

    def _take(self, device: int, peer: Peer, envelope: Envelope, answer: bytes, octets: int, at: float) -> bytes | None:
        """answer: the PDU of a message of so many octets."""
        if answer[:1] == _REPORT:
            self._roster.octets[device] += octets
            self._heed(device, peer, envelope, _report_in(answer), at)
            return None
        if not self._believes(device, peer, envelope, at):
            return None
        request_id, status = _identity(answer)
        if request_id != envelope.message_id:
            self._counts.unknown += 1
            return None
        if status == pdu.AUTHORIZATION_ERROR:
            self._counts.error(pdu.ERROR_WORDS[status])
            self._course.deny(device, at)
            return None
        size = len(self._greeting) + len(answer)
        return b"".join((b"\x30\x82", size.to_bytes(2, "big"), self._greeting, answer))

    def _count_past(self, message_id: int, device: int, attempt: int) -> None:
        if message_id == int(self._roster.credited[device]):
            self._counts.duplicate += 1
        elif -_REMEMBERED <= attempt < 0:
            self._counts.late += 1
        else:
            self._counts.unknown += 1

    def _believes(self, device: int, peer: Peer, envelope: Envelope, at: float) -> bool:
        """Whether an answer is from the user's level, from the engine that was asked, and no old one."""
        counts, engine = self._counts, peer.engine
        if envelope.flags & (AUTH | PRIV) != peer.level:
            counts.wrong_level += 1
        elif engine is None or envelope.engine_id != engine.engine_id or envelope.user != peer.user_name:
            counts.wrong_engine += 1
        elif peer.level and not engine.keeps_time(envelope.boots, envelope.time, at):
            counts.out_of_time += 1
            peer.clock_doubted = True
            self._ask_again(device, peer, at)
        else:
            return True
        return False

    def _heed(self, device: int, peer: Peer, envelope: Envelope, report: Report, at: float) -> None:
        """Make the next attempt fit what the report says, or end the poll: there is no use in asking on."""
        self._counts.report(report.value)
        if peer.asks_engine or report is Report.UNKNOWN_ENGINE:
            if envelope.engine_id:
                self._meet(device, peer, envelope, at)
        elif report is Report.NOT_IN_TIME:
            if peer.engine is None or (peer.level and not envelope.flags & AUTH):
                return  # anybody may have sent it
            peer.engine.set_clock(envelope.boots, envelope.time, at)
            self._ask_again(device, peer, at)
        else:
            self._course.deny(device, at)

    def _meet(self, device: int, peer: Peer, envelope: Envelope, at: float) -> None:
        known = peer.engine
        if known is not None and known.engine_id == envelope.engine_id and not peer.clock_doubted:
            if peer.asks_engine:
                self._course.doubt(device)  # it tells its engine and is silent to its user
        else:
            engine = Engine(envelope.engine_id, envelope.boots, envelope.time, at)
            self._engines.put(peer.endpoint, engine)
            peer.meet(engine, self._ring)
        if known is None:
            self._course.ask_again(device, at)
        else:
            self._ask_again(device, peer, at)

    def _ask_again(self, device: int, peer: Peer, at: float) -> None:
        started = float(self._roster.started[device])
        if peer.poll != started:
            peer.poll, peer.recoveries = started, 0
        peer.recoveries += 1
        if peer.recoveries > _RECOVERIES:
            self._course.deny(device, at)
        else:
            self._course.ask_again(device, at)


def _identity(answer: bytes) -> tuple[int, int]:
    """Request-id and error-status of a PDU."""
    at = _CONTENT_AT.get(answer[1], 0)
    if at and answer.startswith(b"\x02\x04", at) and answer.startswith(b"\x02\x01\x00", at + 6):
        return int.from_bytes(answer[at + 2 : at + 6], "big"), 0  # as nearly all are
    _tag, start, stop = pdu.read_tlv(answer, 0, len(answer))
    request_id, at = pdu.read_integer(answer, start, stop)
    return request_id, pdu.read_integer(answer, at, stop)[0]


def _report_in(answer: bytes) -> Report:
    report = pdu.decode_pdu(answer, 0, len(answer))
    return report_of(pdu.decode_oid(report.varbinds[0][0])) if report.varbinds else Report.OTHER
