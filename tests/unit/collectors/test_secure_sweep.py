"""SNMPv3 devices in the sweep: values, engines met and met again, and everything that must not be believed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from collectors.snmp import pdu
from collectors.snmp.usm import read_envelope
from domain.polling import Budget, Outcome
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser
from lab.world.usm import Engine
from tests import scripted_agents as agents
from tests.unit.collectors.secure_network import (
    NOBODY,
    SIGNED,
    STRONG,
    STRONGER,
    USERS,
    SecureAgent,
    SecureNetwork,
)
from tests.unit.collectors.sweep_network import NAME, assert_read, columns_of_router, table_of_router

PIECES = 2  # requests of a poll with the budget below
BUDGET = Budget(varbinds=15)


@pytest.fixture
def secure() -> Iterator[SecureNetwork]:
    made = SecureNetwork()
    yield made
    made.close()


def read_well(secure: SecureNetwork, *devices: int) -> None:
    for poll in secure.poll(*devices):
        assert poll.outcome is Outcome.OK
        assert_read(poll, table_of_router(), columns_of_router())


def of_discovery(request: bytes) -> bool:
    return read_envelope(request).engine_id == b""


def last_id(agent: SecureAgent) -> int:
    return read_envelope(agent.heard[-1]).message_id


@pytest.mark.parametrize("access", USERS, ids=lambda user: user.user)
def test_every_level_is_read(secure: SecureNetwork, access: SnmpUser) -> None:
    device = secure.add_secure(access, budget=BUDGET)
    (poll,) = secure.poll()
    assert poll.outcome is Outcome.OK
    assert_read(poll, table_of_router(), columns_of_router())
    assert b"router-1" in poll.texts.values()
    assert len(secure.agent(device).heard) == 1 + PIECES  # who are you, and the questions
    read_well(secure)
    assert len(secure.agent(device).heard) == 1 + 2 * PIECES
    assert secure.counts.one_by_one <= 2  # by columns as soon as the layout is known
    assert secure.counts.credited == 2 * PIECES


def test_all_kinds_of_devices_in_one_sweep(secure: SecureNetwork) -> None:
    for access in (*USERS, STRONG, STRONGER):
        secure.add_secure(access, budget=BUDGET)
        secure.port = 0
        secure.add()
    for _ in range(3):
        read_well(secure)
    assert secure.counts.retries == 0
    assert set(secure.counts.reports) == {"unknownEngineIDs"}


def test_what_is_sent_is_sealed(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.poll()
    community = secure.sweeper._lane.community
    for request in secure.agent(device).heard:
        assert community not in request
        assert pdu.encode_oid(NAME) not in request
    salts = [read_envelope(request).salt for request in secure.agent(device).heard[1:]]
    assert len(set(salts)) == len(salts)


def test_octets_are_those_on_the_wire(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    agent = secure.agent(device)
    sent: list[bytes] = []
    agent.tamper = lambda _agent, _request, answer: sent.append(answer) or [answer]  # type: ignore[func-returns-value]
    (poll,) = secure.poll()
    messages = [*agent.heard, *sent]
    assert poll.bytes_used == sum(map(len, messages)) + 28 * len(messages) - 28  # a report's own header is not counted


def test_an_engine_that_dialogues_know_is_not_asked_for(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.poll()
    secure.give(device, STRONG)
    heard = len(secure.agent(device).heard)
    read_well(secure)
    assert not any(of_discovery(request) for request in secure.agent(device).heard[heard:])


def test_a_rebooted_engine_is_followed_within_the_poll(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.poll()
    for boots, seconds in ((6, 3), (6, 90_000), (5, 0)):  # rebooted, jumped, and its count of boots lost
        secure.agent(device).set_clock(boots, seconds)
        read_well(secure)
    assert secure.counts.reports["notInTimeWindows"] == 3


def test_another_engine_at_the_address_is_met_within_the_poll(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.poll()
    agent = secure.agent(device)
    agent.engine = Engine(agent.engine.id + b"new", 1, 7)
    read_well(secure)
    assert secure.counts.reports["unknownEngineIDs"] == 2


def test_another_engine_that_keeps_silent_to_strangers_is_met_at_last(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.poll()
    agent = secure.agent(device)
    agent.engine = Engine(agent.engine.id + b"new", 1, 7)
    agent.silent = lambda request: read_envelope(request).engine_id not in (b"", agent.engine.id)
    read_well(secure)


@pytest.mark.parametrize(
    ("access", "report"),
    [
        (replace(STRONG, user="stranger"), "unknownUserNames"),
        (replace(STRONG, auth_password=Secret("wrong password")), "wrongDigests"),
        (replace(STRONG, auth=AuthProtocol.SHA256), "wrongDigests"),
        (replace(STRONG, priv_password=Secret("wrong password")), "decryptionErrors"),
        (replace(SIGNED, priv=PrivProtocol.AES128, priv_password=Secret("x" * 8)), "unsupportedSecLevels"),
    ],
)
def test_who_is_refused_is_unauthorised_at_once(secure: SecureNetwork, access: SnmpUser, report: str) -> None:
    device = secure.add_secure(access)
    began = secure.seconds
    for times in (1, 2):
        (poll,) = secure.poll()
        assert poll.outcome is Outcome.UNAUTHORISED
        assert (poll.raw, poll.valid) == ([], [])
        assert secure.counts.reports[report] == times
    assert secure.seconds - began < 2
    secure.give(device, STRONG)  # the password is put right
    read_well(secure)


def test_a_user_below_its_level_is_unauthorised(secure: SecureNetwork) -> None:
    secure.add_secure(SnmpUser("s", "strong", AuthProtocol.SHA1, Secret("authpassword")))
    (poll,) = secure.poll()
    assert poll.outcome is Outcome.UNAUTHORISED
    assert secure.counts.errors == {"authorizationError": 1}


def test_a_device_that_is_silent_only_to_its_user_is_unauthorised(secure: SecureNetwork) -> None:
    """As net-snmp is to what it cannot decipher."""
    device = secure.add_secure()
    secure.poll()
    secure.agent(device).silent = lambda request: not of_discovery(request)
    (poll,) = secure.poll(deadline=30.0)
    assert poll.outcome is Outcome.UNAUTHORISED
    secure.agent(device).silent = lambda _request: False
    read_well(secure)
    secure.agent(device).silent = lambda _request: True
    (poll,) = secure.poll(deadline=30.0)
    assert poll.outcome is Outcome.SILENT


def test_a_device_that_was_never_met_is_silent(secure: SecureNetwork) -> None:
    secure.add_secure()
    secure.agent(0).silent = lambda _request: True
    (poll,) = secure.poll(deadline=30.0)
    assert (poll.outcome, poll.attempts) == (Outcome.SILENT, 6)
    assert all(of_discovery(request) for request in secure.agent(0).heard)


def test_a_lost_answer_is_asked_for_again(secure: SecureNetwork) -> None:
    device = secure.add_secure(budget=BUDGET)
    secure.poll()
    agent = secure.agent(device)
    agent.tamper = lambda agent, _request, answer: [answer] if len(agent.heard) % 2 else []
    read_well(secure)
    assert secure.counts.retries >= 1


def test_an_error_status_costs_its_table_alone(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.agent(device).status = lambda oids: 5 if any(oid.startswith("1.3.6.1.4.1.") for oid in oids) else 0
    (poll,) = secure.poll()
    assert (poll.outcome, poll.failed) == (Outcome.PARTIAL, ("health",))
    assert poll.valid[:-1] == [True] * (len(columns_of_router()) - 1)


def test_too_big_is_asked_in_halves(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.agent(device).status = lambda oids: 1 if len(oids) > 10 else 0
    read_well(secure)
    asked = len(secure.agent(device).asked)
    read_well(secure)
    assert len(secure.agent(device).asked) - asked < asked  # remembered


def test_an_answer_of_many_kilobytes(secure: SecureNetwork) -> None:
    table = table_of_router() | {NAME: agents.text(b"x" * 40_000)}
    secure.add_secure(table=table)
    (poll,) = secure.poll()
    assert poll.outcome is Outcome.OK
    assert_read(poll, table, columns_of_router())
    assert table[NAME][1] in poll.texts.values()


# What must not be believed


def test_a_changed_octet_anywhere_is_not_believed(secure: SecureNetwork) -> None:
    device = secure.add_secure(budget=BUDGET)
    secure.poll()
    agent, sizes = secure.agent(device), []

    def spoil(_agent: SecureAgent, _request: bytes, answer: bytes) -> list[bytes]:
        sizes.append(len(answer))
        spoilt = [answer[:at] + bytes((octet ^ 1,)) + answer[at + 1 :] for at, octet in enumerate(answer)]
        return [*spoilt, answer]

    agent.tamper = spoil
    credited = secure.counts.credited
    read_well(secure)
    assert secure.counts.credited == credited + PIECES
    assert secure.counts.unsigned > 400
    assert secure.counts.answers >= sum(sizes)


def test_a_truncated_answer_is_not_believed(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.poll()
    agent = secure.agent(device)
    agent.tamper = lambda _agent, _request, answer: [*(answer[:size] for size in range(len(answer))), answer]
    read_well(secure)
    assert secure.counts.truncated > 300


def test_answers_from_elsewhere_are_not_believed(secure: SecureNetwork) -> None:
    one, two = secure.add_secure(), secure.add_secure()
    secure.poll()
    elsewhere = secure.agent(two).socket

    def from_elsewhere(_agent: SecureAgent, _request: bytes, answer: bytes) -> list[bytes]:
        elsewhere.sendto(answer, secure.sweeper._datagrams._socket.getsockname())  # type: ignore[union-attr]
        return []

    secure.agent(one).tamper = from_elsewhere
    (poll,) = secure.poll(one, deadline=20.0)
    assert poll.outcome is Outcome.SILENT
    assert secure.counts.wrong_source >= 5


def test_plain_answers_are_not_believed_of_a_secure_device(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.poll()

    def plain(agent: SecureAgent, request: bytes, _answer: bytes) -> list[bytes]:
        wanted = agents.Request(b"public", read_envelope(request).message_id, [], ("", 0))
        values = [(oid, agent.table[oid]) for oid in agent.asked[-1]]
        return [agents.answer(wanted, values)]

    secure.agent(device).tamper = plain
    credited = secure.counts.credited
    (poll,) = secure.poll(deadline=20.0)
    assert poll.outcome is not Outcome.OK
    assert poll.outcome is not Outcome.PARTIAL
    assert secure.counts.credited == credited


def test_a_weaker_answer_is_not_believed(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.poll()
    agent = secure.agent(device)

    def weaker(agent: SecureAgent, request: bytes, _answer: bytes) -> list[bytes]:
        return [sealed(agent, read_envelope(request).message_id, level) for level in (0, 1)]

    agent.tamper = weaker
    (poll,) = secure.poll(deadline=20.0)
    assert poll.outcome in (Outcome.SILENT, Outcome.GARBLED)
    assert secure.counts.wrong_level >= 2


def sealed(
    agent: SecureAgent,
    message_id: int,
    level: int,
    engine: Engine | None = None,
    request_id: int | None = None,
    tag: int = 0xA2,
    inside: bytes | None = None,
) -> bytes:
    """A message of the agent for user STRONG, by the simulated world's code."""
    from lab.world.usm import _Message

    wanted = message_id if request_id is None else request_id
    body = agents.tlv(tag, agents.tlv(2, agents.signed(wanted)) + b"\x02\x01\x00\x02\x01\x00\x30\x00")
    about = _Message(b"", message_id, 65507, level | 4, b"", 0, 0, b"strong", b"", 0, b"", b"")
    engine = engine or agent.engine
    scope = agents.tlv(4, engine.id) + agents.tlv(4, b"")
    keys = agent.usm._ring.keys(b"strong", engine.id)
    return agent.usm._seal(about, engine, level, scope + body if inside is None else inside, keys)


def test_an_answer_of_another_question_is_not_believed(secure: SecureNetwork) -> None:
    """A message id that is awaited around a request-id that is not: a device could speak for another one."""
    one, two = secure.add_secure(), secure.add_secure()
    secure.poll()
    ids: dict[int, int] = {}

    def swapped(agent: SecureAgent, request: bytes, answer: bytes) -> list[bytes]:
        device = one if agent is secure.agent(one) else two
        ids[device] = read_envelope(request).message_id
        other = ids.get(two if device == one else one)
        return [sealed(agent, ids[device], 3, request_id=other)] if other else []

    secure.agent(one).tamper = secure.agent(two).tamper = swapped
    credited = secure.counts.credited
    polls = secure.poll(deadline=20.0)
    assert {poll.outcome for poll in polls} == {Outcome.SILENT}
    assert secure.counts.credited == credited
    assert secure.counts.unknown >= 5


def test_an_old_answer_is_late_or_twice(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    recorded: list[bytes] = []
    agent = secure.agent(device)
    agent.tamper = lambda _agent, _request, answer: recorded.append(answer) or [answer]  # type: ignore[func-returns-value]
    secure.poll()
    agent.tamper = lambda _agent, _request, answer: [*recorded, answer, answer]
    read_well(secure)
    secure.step()
    assert secure.counts.late + secure.counts.duplicate == len(recorded) + 1
    assert secure.counts.credited == 2


def test_an_answer_of_the_past_is_not_believed(secure: SecureNetwork) -> None:
    """Signed well, with the message id that is awaited: only its clock tells that it is old."""
    device = secure.add_secure()
    agent = secure.agent(device)
    secure.poll()
    past = Engine(agent.engine.id, agent.engine.boots - 1, agent.engine.seconds)
    slow = Engine(agent.engine.id, agent.engine.boots, agent.engine.seconds - 200)

    def replayed(agent: SecureAgent, request: bytes, _answer: bytes) -> list[bytes]:
        return [sealed(agent, read_envelope(request).message_id, 3, engine=past)]

    agent.tamper = replayed
    credited = secure.counts.credited
    (poll,) = secure.poll(deadline=20.0)
    assert poll.outcome is not Outcome.OK
    assert secure.counts.credited == credited
    assert secure.counts.out_of_time >= 1
    agent.tamper = lambda agent, request, answer: [sealed(agent, last_id(agent), 3, engine=slow), answer]
    secure.poll()
    assert secure.counts.out_of_time >= 2


def test_a_clock_that_began_anew_and_told_nobody(secure: SecureNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """Agents that check no time and lose their boots: their answers look old until the engine is asked."""
    monkeypatch.setattr("lab.world.usm._WINDOW_SECONDS", 1e9)
    device = secure.add_secure()
    secure.poll()
    secure.agent(device).set_clock(secure.agent(device).engine.boots, 3)
    read_well(secure)
    assert secure.counts.out_of_time == 1
    read_well(secure)
    assert secure.counts.out_of_time == 1


def test_an_answer_of_another_engine_is_not_believed(secure: SecureNetwork) -> None:
    device = secure.add_secure(NOBODY)
    agent = secure.agent(device)
    secure.poll()
    other = Engine(agent.engine.id + b"x", 5, 1000)

    def elsewhere(agent: SecureAgent, request: bytes, answer: bytes) -> list[bytes]:
        envelope = read_envelope(request)
        if not envelope.engine_id:
            return [answer]
        changed = replaced_engine(answer, agent.engine.id, other.id)
        return [changed]

    agent.tamper = elsewhere
    (poll,) = secure.poll(deadline=20.0)
    assert poll.outcome is not Outcome.OK
    assert secure.counts.wrong_engine >= 1


def replaced_engine(message: bytes, old: bytes, new: bytes) -> bytes:
    """Of the same length: the last octet of the id that stands in the header."""
    at = message.index(old)
    return message[:at] + new[: len(old) - 1] + b"?" + message[at + len(old) :]


def test_a_stranger_cannot_set_the_clock_nor_the_engine_of_a_signed_user_for_good(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    agent = secure.agent(device)
    secure.poll()
    counter = agents.tlv(0x30, agents.tlv(6, agents.oid_octets("1.3.6.1.6.3.15.1.1.2.0")) + b"\x41\x01\x01")

    def lying(agent: SecureAgent, request: bytes, answer: bytes) -> list[bytes]:
        message_id = read_envelope(request).message_id
        far = Engine(agent.engine.id, 99, 99)
        scope = agents.tlv(4, far.id) + agents.tlv(4, b"")
        report = agents.tlv(0xA8, b"\x02\x01\x00\x02\x01\x00\x02\x01\x00" + agents.tlv(0x30, counter))
        return [sealed(agent, message_id, 0, engine=far, inside=scope + report), answer]

    agent.tamper = lying
    read_well(secure)
    assert secure.counts.reports["notInTimeWindows"] == 1
    assert secure.counts.retries == 0


def test_signed_nonsense_is_garbled(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    agent = secure.agent(device)
    secure.poll()
    for inside in (b"", b"\x04", b"\x04\x7f", b"\x04\x00\x04\x00\xa2", b"\x04\x00\x04\x00\xa2\x03\x02\x01\x05"):
        agent.tamper = lambda agent, _request, _answer, inside=inside: [sealed(agent, last_id(agent), 3, inside=inside)]
        (poll,) = secure.poll(deadline=20.0)
        assert poll.outcome in (Outcome.GARBLED, Outcome.SILENT)
    assert secure.counts.undecipherable >= 4


def test_a_report_that_never_ends_is_not_followed_for_ever(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    agent = secure.agent(device)
    secure.poll()

    def moving(agent: SecureAgent, _request: bytes, answer: bytes) -> list[bytes]:
        agent.set_clock(agent.engine.boots + 1, 1)
        return [answer]

    agent.tamper = moving
    agent.set_clock(50, 1)
    (poll,) = secure.poll()
    assert poll.outcome is Outcome.UNAUTHORISED
    assert secure.counts.reports["notInTimeWindows"] <= 5


def test_a_device_that_is_withdrawn_is_forgotten(secure: SecureNetwork) -> None:
    device = secure.add_secure()
    secure.begin()
    secure.step()
    secure.sweeper.withdraw(device)
    secure.step()
    secure.step(1.0)
    assert secure.sweeper.in_flight == 0
    assert not secure.sweeper._lane.peers
    assert secure.begin(device) == [device]
