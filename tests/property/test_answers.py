"""Both lanes read the same values from the same octets, whatever the shapes, and no octets at all make them fail."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.datagrams import Arrivals, Datagrams
from collectors.snmp import exact, pdu
from collectors.snmp.answers import AnswerReader, Batch
from collectors.snmp.fingerprints import fingerprint
from collectors.snmp.headers import HeaderReader
from collectors.snmp.memory import CellMemory
from collectors.snmp.templates import TemplateBook
from domain.polling import Budget, Column, Fleet, Kind, PlanBook
from tests import scripted_agents as agents

TAGS = {
    Kind.INTEGER: agents.INTEGER,
    Kind.COUNTER32: agents.COUNTER32,
    Kind.COUNTER64: agents.COUNTER64,
    Kind.GAUGE32: agents.GAUGE32,
    Kind.TIMETICKS: agents.TIMETICKS,
    Kind.TEXT: agents.OCTETS,
}
DEVICES = 12
ODD = (
    (agents.NULL, b""),
    (agents.INTEGER, b""),
    (agents.INTEGER, bytes(8) + b"\x05"),
    (agents.COUNTER32, b"\x01\0\0\0\0"),
    (agents.COUNTER32, b"\xff\xff\xff\xff"),
    (agents.COUNTER64, b"\xff" * 9),
    (0x7F, b"??"),
    (6, b"\x80"),
)


def random_columns(chance: random.Random) -> list[Column]:
    """OIDs from three octets to some that no whole row of words can hold."""
    columns = []
    long = chance.random() < 0.4
    for place in range(chance.randint(1, 40)):
        arcs = (0, 1, 2, 127, 128, 16384, 2**32 - 1) if long else (0, 1, 2, 127, 128)
        tail = ".".join(str(chance.choice(arcs)) for _ in range(chance.randint(1, 9 if long else 7)))
        if long and chance.random() < 0.01:
            tail += ".77" * 60
        kind = chance.choice(list(Kind))
        columns.append(Column(f"1.3.6.{place}.{tail}", kind, chance.choice("abc"), "q"))
    return columns


class Bench:
    """Devices of random shapes, and two memories: one filled by the batch lane, one by the exact lane."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.fleet = Fleet()
        self.datagrams = Datagrams(batch=DEVICES)
        self.book = TemplateBook()
        plans = PlanBook()
        self.rows = []
        for number in range(DEVICES):
            plan = plans.intern(random_columns(self.chance), Budget(varbinds=25))
            community = bytes(self.chance.choices(b"abc", k=self.chance.choice((0, 3, 6, 27, 28, 100))))
            device = self.fleet.put(f"d{number}", plan)
            self.rows.append(self.book.script(plan, community, 25).first)
            assert device == number
        self.batched, self.one_by_one = CellMemory(self.fleet), CellMemory(self.fleet)
        everybody = np.arange(DEVICES)
        for memory in (self.batched, self.one_by_one):
            memory.desks.lend(everybody, self.fleet.count[everybody])
        self.reader = AnswerReader(self.datagrams, self.book, self.batched)
        self.headers = HeaderReader(self.datagrams)
        self.texts: dict[int, bytes] = {}
        self.values = [[self.value(asked) for asked in self.book.asked[row]] for row in self.rows]

    def value(self, asked) -> agents.Value:
        if self.chance.random() < 0.03:
            return self.chance.choice(ODD)
        return agents.random_value(self.chance, TAGS[asked.kind])

    def vary(self) -> None:
        for row, values in zip(self.rows, self.values, strict=True):
            for place in range(len(values)):
                if self.chance.random() < 0.1:
                    values[place] = self.value(self.book.asked[row][place])

    def messages(self) -> list[bytes]:
        found = []
        self.forms = [self.chance.choice((0, 0, 1, 2)) for _ in self.rows]
        for number, row in enumerate(self.rows):
            request = agents.Request(self.book.community[row], 1 << 24 | number, [], ("", 0))
            names = [agents.oid_text(asked.oid) for asked in self.book.asked[row]]
            values = list(zip(names, self.values[number], strict=True))
            found.append(agents.answer(request, values, form=self.forms[number]))
        return found

    def batch_lane(self, messages: list[bytes]) -> tuple[np.ndarray, np.ndarray]:
        """Which had an ordinary header, and which were read."""
        starts = self.datagrams._starts[: len(messages)]
        for start, message in zip(starts.tolist(), messages, strict=True):
            self.datagrams.octets[start : start + len(message)] = np.frombuffer(message, np.uint8)
        lengths = np.array([len(message) for message in messages])
        nothing = np.zeros((len(messages), 8), np.int64)
        arrivals = Arrivals(starts, starts + lengths, lengths, np.zeros(len(messages), np.uint64), nothing, None)
        headers = self.headers.read(arrivals)
        which = headers.ordinary.nonzero()[0]
        read = np.zeros(len(messages), bool)
        if len(which):
            batch = Batch(
                headers.greeting_at[which],
                headers.varbinds_at[which],
                arrivals.stops[which],
                np.array(self.rows)[which],
                self.fleet.start[which],
                self.batched.desks.first[which],
                self.batched.texts.start[which],
            )
            read[which] = self.reader.read(batch)
        return headers.ordinary, read

    def exact_lane(self, number: int, message: bytes) -> bool:
        """Whether the reference lane credits it to this device; its values are stored."""
        row = self.rows[number]
        try:
            version, community, answer = pdu.decode_community_message(message)
        except pdu.BerError:
            return False
        wanted = (
            version == 1
            and community == self.book.community[row]
            and answer.tag == pdu.RESPONSE
            and answer.error_status == 0
            and exact.answers_what_was_asked(self.book.asked[row], answer.varbinds)
        )
        if wanted:
            memory = self.one_by_one
            places = exact.Places(self.fleet.start[number], memory.desks.first[number], memory.texts.start[number])
            exact.store(memory, places, self.book.asked[row], answer.varbinds, self.texts)
        return wanted

    def cells(self, number: int) -> slice:
        first = int(self.fleet.start[number])
        return slice(first, first + len(self.book.asked[self.rows[number]]))

    def desk(self, number: int) -> slice:
        first = int(self.batched.desks.first[number])
        return slice(first, first + len(self.book.asked[self.rows[number]]))

    def prints(self, number: int) -> slice:
        first = int(self.batched.texts.start[number])
        return slice(first, first + int(self.batched.texts.count[number]))

    def print_of(self, cell: int) -> int:
        number = int(np.flatnonzero(self.fleet.start[:DEVICES] <= cell).max())
        asked = self.book.asked[self.rows[number]][cell - int(self.fleet.start[number])]
        return int(self.batched.prints[int(self.batched.texts.start[number]) + asked.number])

    def assert_equal(self, number: int) -> None:
        desk = self.desk(number)
        assert self.batched.desks.valid[desk].tolist() == self.one_by_one.desks.valid[desk].tolist()
        assert self.batched.desks.raw[desk].tolist() == self.one_by_one.desks.raw[desk].tolist()
        assert self.batched.prints[self.prints(number)].tolist() == self.one_by_one.prints[self.prints(number)].tolist()

    def copy_over(self, number: int) -> None:
        for mine, other in ((self.batched, self.one_by_one), (self.batched.desks, self.one_by_one.desks)):
            for name, part in (("code", self.cells), ("prints", self.prints), ("raw", self.desk), ("valid", self.desk)):
                if hasattr(mine, name):
                    getattr(mine, name)[part(number)] = getattr(other, name)[part(number)]


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=60)
def test_both_lanes_read_the_same(seed):
    bench = Bench(seed)
    for _ in range(4):
        messages = bench.messages()
        fits = [len(message) <= bench.datagrams.slot_bytes for message in messages]
        _ordinary, read = bench.batch_lane([m if fit else b"" for m, fit in zip(messages, fits, strict=True)])
        for number, message in enumerate(messages):
            assert bench.exact_lane(number, message)
            if read[number]:
                bench.assert_equal(number)
            else:
                bench.copy_over(number)
        for cell, octets in bench.reader.texts.items():
            assert fingerprint(octets) == bench.print_of(cell)
            assert bench.texts[cell] == octets
        bench.reader.texts.clear()
        bench.texts.clear()
        bench.vary()


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=40)
def test_the_batch_lane_reads_all_that_can_be_predicted(seed):
    """What was laid out alike in the last answer does not need the exact lane."""
    bench = Bench(seed)
    messages = bench.messages()
    for number, message in enumerate(messages):
        assert bench.exact_lane(number, message)
        bench.copy_over(number)
    _ordinary, read = bench.batch_lane([m if len(m) <= bench.datagrams.slot_bytes else b"" for m in messages])
    for number, row in enumerate(bench.rows):
        unknown = (bench.batched.code[bench.cells(number)] == 255).any()
        long = len(messages[number]) > bench.datagrams.slot_bytes
        deep = bench.book.deep[row] and bench.forms[number] != agents.SHORT
        if bench.book.predictable[row] and not unknown and not long and not deep:
            assert read[number]


@given(st.integers(0, 2**32), st.integers(1, 6))
@settings(deadline=None, max_examples=80)
def test_what_is_mangled_is_read_as_the_exact_lane_reads_it_or_not_at_all(seed, mutations):
    bench = Bench(seed)
    chance = random.Random(seed + 1)
    messages = [message[: bench.datagrams.slot_bytes] for message in bench.messages()]
    for number, message in enumerate(messages):
        bench.exact_lane(number, message)
        bench.copy_over(number)
    for _ in range(5):
        mangled = []
        for message in messages:
            octets = bytearray(message)
            for _ in range(chance.randint(0, mutations)):
                at = chance.randrange(len(octets))
                octets[at] = chance.choice(
                    (octets[at] ^ 1 << chance.randrange(8), chance.randrange(256), 0x30, 0x82, 0)
                )
            if chance.random() < 0.1:
                del octets[chance.randrange(len(octets)) :]
            mangled.append(bytes(octets))
        _ordinary, read = bench.batch_lane(mangled)
        for number in read.nonzero()[0].tolist():
            assert bench.exact_lane(number, mangled[number]), "credited what the reference lane refuses"
            bench.assert_equal(number)
        for number in range(DEVICES):
            bench.copy_over(number)


@given(st.lists(st.binary(max_size=400), min_size=1, max_size=DEVICES))
@settings(deadline=None, max_examples=200)
def test_no_octets_make_a_lane_fail(messages):
    bench = Bench(1)
    for number, message in enumerate(messages):
        bench.exact_lane(number, message)
    _ordinary, read = bench.batch_lane(messages)
    assert not read.any()
