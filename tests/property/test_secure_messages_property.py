"""SNMPv3 messages: whatever octets come, the secure lane believes nothing and nothing breaks."""

import contextlib
from functools import cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collectors.datagrams import Arrivals, Datagrams
from collectors.snmp import pdu
from collectors.snmp.counts import SweepCounts
from collectors.snmp.course import Course
from collectors.snmp.engines import Engine, EngineBook
from collectors.snmp.keys import KeyRing
from collectors.snmp.roster import ASKING, ATTEMPTS, Roster
from collectors.snmp.secure.lane import SecureLane
from collectors.snmp.secure.layouts import begin_of, message_id_of, read_alike
from collectors.snmp.templates import TemplateBook
from collectors.snmp.usm import read_envelope, unwrap, wrap
from domain.polling import Endpoint
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser

WORDS = Secret("a password")
USERS = (
    SnmpUser("n", "nobody"),
    SnmpUser("s", "strong", AuthProtocol.SHA1, WORDS, PrivProtocol.AES128, WORDS),
    SnmpUser("d", "old", AuthProtocol.MD5, WORDS, PrivProtocol.DES, WORDS),
)
SOURCE = 77
ENGINE = b"\x80\x00\x1f\x88\x04desa"
RING = KeyRing()


class Waiting:
    """A lane in which device 0 … 2, a user of each level, have been asked and nothing has come yet."""

    def __init__(self) -> None:
        self.datagrams = Datagrams(batch=1)
        self.roster, self.counts, engines = Roster(1), SweepCounts(), EngineBook()
        self.course = Course(self.roster, TemplateBook(), self.counts)
        self.lane = SecureLane(self.datagrams, self.roster, self.course, self.counts, engines, RING)
        for device, user in enumerate(USERS):
            endpoint = Endpoint("127.0.0.1", 1000 + device, user)
            engine = Engine(ENGINE, 3, 500)
            engines.put(endpoint, engine)
            self.lane.assign(device, endpoint, user, SOURCE)
            self.lane.peers[device].meet(engine, RING)
        self.wait()

    def wait(self) -> None:
        roster, devices = self.roster, np.arange(len(USERS))
        roster.state[devices], roster.tries[devices] = ASKING, ATTEMPTS
        roster.answered[devices], roster.started[devices], roster.until[devices] = np.nan, 0.0, 100.0
        roster.stop[devices] = 1
        self.course.ready.clear()
        self.course.finished.clear()

    def open(self, octets: bytes) -> bytes | None:
        """What the sweep gets to see."""
        self.wait()
        self.datagrams.octets[: len(octets)] = np.frombuffer(octets, np.uint8)
        size = np.array([len(octets)])
        arrivals = Arrivals(
            np.zeros(1, np.int64), size, size, np.array([SOURCE], np.uint64), np.zeros((1, 8), np.int64), None
        )
        opened = self.lane.open(arrivals, 1.0)
        return self.datagrams.message(opened, 0) if len(opened) else None

    def message(self, device: int, time: int = 500) -> bytes:
        user, message_id = USERS[device], int(self.roster.identity[device])
        body = pdu.encode_varbinds([pdu.encode_oid("1.3.6.1.2.1.1.5.0")] * 5)
        answer = pdu.encode_pdu(pdu.RESPONSE, message_id, body)
        return wrap(message_id, user, RING.keys(user, ENGINE), Engine(ENGINE, 3, time), 0.0, answer)


@cache
def waiting() -> Waiting:
    return Waiting()


devices = st.integers(0, len(USERS) - 1)


@given(devices)
def test_the_true_one_is_opened(device: int) -> None:
    lane = waiting()
    opened = lane.open(lane.message(device))
    assert opened is not None
    version, community, answer = pdu.decode_community_message(opened)
    assert (version, community) == (1, lane.lane.community)
    assert (answer.tag, answer.request_id) == (pdu.RESPONSE, int(lane.roster.identity[device]))


@given(st.binary(max_size=300))
def test_noise_is_left_as_it_is_or_dropped(data: bytes) -> None:
    assert waiting().open(data) in (data, None)


@given(devices, st.data())
def test_a_changed_message_is_not_believed(device: int, data: st.DataObject) -> None:
    lane = waiting()
    whole = lane.message(device)
    lane.open(whole)  # its layout is known now
    whole = lane.message(device)
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + data.draw(st.binary(min_size=1, max_size=4)) + whole[at + 1 :]
    opened = lane.open(changed)
    if device and changed != whole:
        assert opened in (changed, None)


@given(devices, st.data())
def test_a_cut_message_is_not_believed(device: int, data: st.DataObject) -> None:
    lane = waiting()
    lane.open(lane.message(device))
    whole = lane.message(device)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert lane.open(cut) in (cut, None)


@given(st.integers(1, 2), st.binary(max_size=200), st.integers(0, 7))
def test_whatever_is_signed_breaks_nothing(device: int, inside: bytes, flags: int) -> None:
    """A device that is out of its mind, or a user who is not our friend."""
    lane, user = waiting(), USERS[device]
    message_id = int(lane.roster.identity[device])
    lane.open(wrap(message_id, user, RING.keys(user, ENGINE), Engine(ENGINE, 3, 500), 0.0, inside))
    weak = USERS[0]
    lane.open(
        wrap(message_id, weak, RING.keys(weak, ENGINE), Engine(ENGINE, 3, 500), 0.0, bytes((0xA8 | flags,)) + inside)
    )


@given(st.binary(max_size=200), st.binary(max_size=60), st.integers(0, 3))
def test_the_header_reader_raises_nothing_else(data: bytes, more: bytes, lead: int) -> None:
    start = waiting().message(1)[: 7 * lead]
    with contextlib.suppress(pdu.BerError):
        read_envelope(start + data)
    with contextlib.suppress(pdu.BerError):
        unwrap(start + data + more, USERS[1], RING.keys(USERS[1], ENGINE))
    layout = waiting().lane.peers[1].layout
    begin = begin_of(start + data)
    message_id = message_id_of(start + data, begin)
    if layout is not None and message_id >= 0:
        read_alike(layout, start + data, begin, message_id)
