"""What the sweep remembers costs no more after a thousand polls than after one, and polls never share a desk."""

import numpy as np

from collectors.snmp.memory import Desks
from domain.polling import Budget
from tests.unit.collectors.sweep_network import Network, columns_of_router, table_of_router


def test_desks_do_not_overlap_and_are_used_again() -> None:
    chance = np.random.default_rng(3)
    desks = Desks()
    counts = chance.choice([1, 2, 3, 122, 128, 129, 5000], 300)
    lent: set[int] = set()
    size = 0
    for turn in range(40):
        back = np.array([device for device in sorted(lent) if chance.random() < 0.5], np.int64)
        desks.give_back(back)
        lent -= set(back.tolist())
        new = np.array([device for device in range(300) if device not in lent and chance.random() < 0.8])
        desks.lend(new, counts[new])
        lent |= set(new.tolist())
        ranges = sorted((int(desks.first[device]), int(counts[device])) for device in lent)
        ends = [first + count for first, count in ranges]
        assert all(end <= first for end, (first, _count) in zip(ends, ranges[1:], strict=False))
        assert ends[-1] <= len(desks.raw) == len(desks.valid)
        if turn == 0:
            desks.give_back(np.array(sorted(lent)))
            desks.lend(np.arange(300), counts)
            lent, size = set(range(300)), len(desks.raw)
    assert len(desks.raw) == size


def test_a_desk_is_free_again_however_a_poll_ends() -> None:
    network = Network()
    try:
        _answers, _silent, withdrawn, changed = (network.add(silent=number == 1) for number in range(4))
        for turn in range(6):
            network.begin()
            network.step()
            network.sweeper.withdraw(withdrawn)
            network.assign(withdrawn)
            shape = network.plans.intern(columns_of_router()[1 - turn % 2 :], Budget())
            network.fleet.put(f"device-{changed}", shape)
            assert len(network.run(2)) == 2
            network.step(60.0)
        desks = network.sweeper._memory.desks
        assert not desks.valid.any()
        assert sum(len(firsts) << power for power, firsts in desks._free.items()) == desks._used == 4 * 32
    finally:
        network.close()


def test_only_texts_that_changed_are_told() -> None:
    network = Network()
    try:
        table = table_of_router()
        device = network.add(table=table)
        [first], [second] = network.poll(device), network.poll(device)
        assert list(first.texts.values()) == [b"router-1"]
        assert second.texts == {}
    finally:
        network.close()
