"""A country flaps: 83,762 devices behind cuts, losing every third echo, coming back, at once; every state stays right.

The oracle is the tree itself: who is cut, who stands behind, who only loses echoes.
"""

import random
import time
from math import nan

import numpy as np
import pytest

from alerts.states import STATES, StateBoard
from domain.network import Check, Device, PollClassName, Role, Topology
from domain.polling import DEFAULT_CLASSES, Fleet, Outcome, PingRound
from domain.states import State
from domain.time import Moment
from tests.soaking import Soak

DEVICES, KECAMATAN, KABUPATEN = 83_762, 7_285, 514  # the first ones stand before all others
FIBRE = DEFAULT_CLASSES[PollClassName.FIBRE]
STORM_ROUNDS = FIBRE.icmp_misses + 4
CALM_ROUNDS = 20  # until 16 attempts in a row have forgotten the loss
DARK = [code for code, state in enumerate(STATES) if state in (State.DOWN, State.UNREACHABLE)]
CODES = {state: code for code, state in enumerate(STATES)}


class Country:
    """Kabupaten on a ring of their own accord, kecamatan behind them, villages behind those."""

    def __init__(self, chance: random.Random) -> None:
        self.dice = np.random.default_rng(chance.getrandbits(64))
        self.fleet = Fleet()
        self.board = StateBoard(self.fleet)
        self.at = 1000.0
        count = DEVICES
        self.parent = np.full(count, -1)
        self.parent[KABUPATEN : KABUPATEN + KECAMATAN] = self.dice.integers(0, KABUPATEN, KECAMATAN)
        self.parent[KABUPATEN + KECAMATAN :] = self.dice.integers(
            KABUPATEN, KABUPATEN + KECAMATAN, count - KABUPATEN - KECAMATAN
        )
        self.other = self.parent.copy()  # a third of the kecamatan stand on a ring: two ways lead to them
        ring = np.arange(KABUPATEN, KABUPATEN + KECAMATAN, 3)
        self.other[ring] = (self.parent[ring] + 1) % KABUPATEN
        names = [f"d{number}" for number in range(count)]
        for number, name in enumerate(names):
            assert self.fleet.put(name, None) == number
            self.board.put(number, Check.ICMP_SNMP, FIBRE, self.now)
        self.topology = Topology.of(
            Device(name, "s", Role.ROUTER, uplink=tuple(names[up] for up in dict.fromkeys(ups) if up >= 0))
            for name, *ups in zip(names, self.parent.tolist(), self.other.tolist(), strict=True)
        )
        self.shown = np.zeros(count, np.uint8)
        self.changes = self.echoes = 0
        self.slowest = 0.0

    @property
    def now(self) -> Moment:
        return Moment(self.at, 1.8e9 + self.at)

    def behind(self, cut: np.ndarray) -> np.ndarray:
        """Whom the cut ones silence, themselves included."""
        dark = cut.copy()
        for _ in range(2):
            dark |= self.all_ways(dark)
        return dark

    def all_ways(self, dark: np.ndarray) -> np.ndarray:
        """Who has ways, and all of them lead into the dark."""
        return (self.parent >= 0) & dark[self.parent] & dark[self.other]

    def storm(self) -> None:
        """Cuts and flaps at once, then calm; the states are looked at when both have lasted long enough."""
        count = len(self.parent)
        cut = self.dice.random(count) < np.where(np.arange(count) < KABUPATEN + KECAMATAN, 0.03, 0.01)
        dark = self.behind(cut)
        flapping = ~dark & (self.dice.random(count) < 0.3)
        phase = self.dice.integers(0, 3, count)
        for number in range(STORM_ROUNDS):
            self.round(~dark & ~(flapping & ((number + phase) % 3 == 0)))
            if number == FIBRE.icmp_misses - 2:
                assert not np.isin(self.shown, DARK).any(), "somebody was impatient"
            elif number == FIBRE.icmp_misses - 1:
                assert np.array_equal(np.isin(self.shown, DARK), dark), "not the ones that are dark, or not in time"
        self.check(dark, flapping)
        for number in range(CALM_ROUNDS):
            self.round(np.ones(count, np.bool_))
            if number in (1, 3):
                assert (self.shown[dark] == CODES[State.UP]).all(), "an outage left something behind"
        self.check(np.zeros(count, np.bool_), np.zeros(count, np.bool_))

    def round(self, answers: np.ndarray) -> None:
        """Everybody is pinged, a third of them polled."""
        everybody = np.arange(len(answers))
        began = time.perf_counter()
        self.at += FIBRE.icmp_seconds
        self.board.observe_pings(PingRound(everybody, nan, np.where(answers, 0.01, nan), self.at), self.now)
        self.poll(everybody[(everybody + int(self.at)) % 3 == 0], answers)
        step = self.board.step(self.now, self.topology)
        self.slowest = max(self.slowest, time.perf_counter() - began)
        self.poll(step.polls, answers)
        self.echoes += len(answers)
        self.apply(step.changes)
        self.apply(self.board.step(self.now, self.topology).changes)

    def poll(self, devices: np.ndarray, answers: np.ndarray) -> None:
        outcome = np.where(answers[devices], Outcome.OK, Outcome.SILENT)
        self.board.observe_outcomes(devices, outcome.astype(np.uint8), np.full(len(devices), self.at))

    def apply(self, changes: tuple) -> None:
        """Each begins where the last one of its device ended, and no device changes twice in a step."""
        assert len({change.name for change in changes}) == len(changes)
        for change in changes:
            device = self.fleet.index(change.name)
            assert STATES[self.shown[device]] is change.from_
            self.shown[device] = CODES[change.to]
        self.changes += len(changes)

    def check(self, dark: np.ndarray, flapping: np.ndarray) -> None:
        codes = self.board.codes[: len(dark)]
        assert np.array_equal(self.shown, codes), "the changes told do not add up to the states"
        stands_behind = dark & self.all_ways(dark)
        expected = np.full(len(dark), CODES[State.UP], np.uint8)
        expected[dark] = CODES[State.DOWN]
        expected[stands_behind] = CODES[State.UNREACHABLE]
        lossy = flapping & (codes == CODES[State.DEGRADED])
        wrong = np.flatnonzero((codes != expected) & ~lossy)
        assert len(wrong) == 0, [(int(one), STATES[codes[one]], STATES[expected[one]]) for one in wrong[:5]]
        for one in self.dice.choice(np.flatnonzero(stands_behind), min(50, int(stands_behind.sum())), replace=False):
            way = [int(one)]
            while self.parent[way[-1]] >= 0 and dark[[self.parent[way[-1]], self.other[way[-1]]]].all():
                way.append(int(self.parent[way[-1]]))
            if (self.parent[way] == self.other[way]).all():  # else there may be two roots
                assert self.board.state(int(one)).reason == f"behind d{way[-1]}"


@pytest.mark.soak
@pytest.mark.timeout(120)
def test_a_country_that_flaps_is_called_what_it_is(soak: Soak, chance: random.Random) -> None:
    country = Country(chance)
    began = time.monotonic()
    storms = 0
    while storms < 1 or time.monotonic() < began + 60 * soak.minutes:
        country.storm()
        storms += 1
    assert country.changes > 10_000
    soak.found(
        f"{storms} storms over {DEVICES:,} devices, {country.echoes:,} echoes, {country.changes:,} changes of state, "
        f"every state right; the slowest round took {country.slowest:.2f} s"
    )
