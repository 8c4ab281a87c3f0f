"""A timeline on a fake clock: what is heard at which second, and the changes that must come of it, and no others."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import nan

import numpy as np
import pytest

from alerts.states import StateBoard, Step
from alerts.states.reasons import loss, loss_percent
from domain.availability.kinds import Kind, kind_of
from domain.network import Check, Device, PollClassName, Role, Topology
from domain.polling import DEFAULT_CLASSES, Fleet, Outcome, PingRound, PollClass, Sweep
from domain.states import DeviceState, State
from domain.time import Moment

FIBRE = DEFAULT_CLASSES[PollClassName.FIBRE]  # echo every 20 s with 4 misses, SNMP every 60 s with 3
MORNING = 1_800_000_000.0

Answers = Callable[[str, float], bool]


def everybody(_name: str, _at: float) -> bool:
    return True


@dataclass
class Timeline:
    """Pings and polls its devices by their class, honours what a step asks for a second later, keeps all changes."""

    checks: dict[str, Check]
    uplinks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    echo: Answers = everybody
    snmp: Callable[[str, float], Outcome] = lambda _name, _at: Outcome.OK
    blind: Callable[[float], bool] = lambda _at: False
    wall: Callable[[float], float] = lambda at: MORNING + at
    poll_class: PollClass = FIBRE
    began: float = 1000.0

    def __post_init__(self) -> None:
        self.fleet = Fleet()
        self.board = StateBoard(self.fleet)
        self.at = self.began
        self.changes: list[tuple[float, str, str, str]] = []
        self.pings = self.polls = 0
        self._asks = self._more_polls = np.zeros(0, np.int64)
        for name, check in self.checks.items():
            self.board.put(self.fleet.put(name, None), check, self.poll_class, self.now)
        self.topology = Topology.of(
            Device(name, "site", Role.ROUTER, uplink=self.uplinks.get(name, ())) for name in self.checks
        )

    @property
    def now(self) -> Moment:
        return Moment(self.at, self.wall(self.at))

    def run(self, seconds: float) -> list[tuple[float, str, str, str]]:
        """Changes as (seconds since the timeline began, name, state, reason)."""
        first = len(self.changes)
        for _ in range(int(seconds)):
            self.at += 1
            since = self.at - self.began
            echo = np.arange(len(self.fleet)) if since % self.poll_class.icmp_seconds == 1 else self._asks
            snmp = np.arange(len(self.fleet)) if since % self.poll_class.snmp_seconds == 5 else self._more_polls
            self.board.observe_pings(self._echo(echo), self.now)
            self.board.observe_sweep(self._snmp(snmp), self.now)
            self._take(self.board.step(self.now, self.topology, self.blind(self.at)))
        return self.changes[first:]

    def _take(self, step: Step) -> None:
        self._asks, self._more_polls = step.asks, step.polls
        for change in step.changes:
            self.changes.append((self.at - self.began, change.name, change.to.value, change.reason))

    def _echo(self, device: np.ndarray) -> PingRound:
        self.pings += len(device)
        rtt = [0.01 if self.echo(self.fleet.name(index), self.at) else nan for index in device.tolist()]
        return PingRound(device, self.now.unix_seconds, np.array(rtt), self.at)

    def _snmp(self, device: np.ndarray) -> Sweep:
        self.polls += len(device)
        outcome = np.array([self.snmp(self.fleet.name(index), self.at) for index in device.tolist()], np.uint8)
        n = len(device)
        heard = np.where(outcome == Outcome.SILENT, nan, self.at)
        empty = np.zeros(0, np.int64)
        return Sweep(
            device, self.fleet.generation[device], outcome, np.full(n, self.at), heard, heard, np.zeros(n),
            np.ones(n, np.int64), np.ones(n, np.int64), empty, empty, empty.astype(np.uint64), empty.astype(bool),
        )  # fmt: skip


BOTH, ECHO, SNMP = Check.ICMP_SNMP, Check.ICMP, Check.SNMP


def silent_from(begin: float, end: float = 1e9, names: str = "abc") -> Answers:
    return lambda name, at: not (name in names and begin <= at - 1000 < end)


def outcome_from(outcome: Outcome, begin: float, end: float = 1e9) -> Callable[[str, float], Outcome]:
    return lambda _name, at: outcome if begin <= at - 1000 < end else Outcome.OK


def dead_from(timeline: Timeline, begin: float, end: float = 1e9, names: str = "abc") -> None:
    """Neither way answers: a cut, or no power."""
    timeline.echo = silent_from(begin, end, names)
    timeline.snmp = lambda name, at: Outcome.OK if timeline.echo(name, at) else Outcome.SILENT


def told(changes: list[tuple[float, str, str, str]]) -> list[tuple[str, str, str]]:
    return [(name, state, reason) for _, name, state, reason in changes]


def test_a_healthy_device_changes_once() -> None:
    timeline = Timeline({"a": BOTH})
    assert told(timeline.run(600)) == [("a", "up", "answers")]
    assert (timeline.pings, timeline.polls) == (30, 10), "nobody is asked more often than his class says"


def test_four_misses_make_an_outage_and_two_answers_end_it() -> None:
    timeline = Timeline({"a": BOTH})
    dead_from(timeline, 100, 400)
    timeline.run(99)
    changes = timeline.run(600)
    assert told(changes) == [("a", "down", "icmp-silent"), ("a", "up", "answers")]
    fell, rose = changes[0][0], changes[1][0]
    assert fell == 161, "misses at 101, 121, 141, 161"
    assert 400 < rose <= 403, "the first answer is followed up at once"


def test_a_generators_change_over_is_no_outage() -> None:
    timeline = Timeline({"a": BOTH, "b": ECHO})
    dead_from(timeline, 100, 155)
    timeline.run(99)
    assert told(timeline.run(120)) in ([], [("a", "degraded", "loss 10%"), ("b", "degraded", "loss 10%")])
    assert State.DOWN not in {state.state for state in timeline.board.states()}


def test_asking_again_quickly_never_shortens_patience() -> None:
    """The first miss is followed by another echo at once; that one, lost as well, does not count."""
    timeline = Timeline({"a": ECHO})
    timeline.echo = silent_from(100)
    assert told(timeline.run(160)) == [("a", "up", "answers")]
    assert told(timeline.run(1)) == [("a", "down", "icmp-silent")]
    assert timeline.pings == 9 + 3, "one more echo after each miss but the last"


def test_a_single_lost_echo_is_nothing() -> None:
    timeline = Timeline({"a": ECHO})
    timeline.echo = silent_from(100, 102)
    assert told(timeline.run(600)) == [("a", "up", "answers")]


def test_random_loss_is_degraded_and_ends_with_the_loss() -> None:
    timeline = Timeline({"a": BOTH})
    timeline.echo = lambda _name, at: at > 2000 or int(at) % 3 != 0
    changes = told(timeline.run(1000))
    assert [each[1:] for each in changes if each[1] == "degraded"] == [
        ("degraded", "loss 10%"),
        ("degraded", "loss 30%"),
    ], "a third, once it has gone on for long enough to be counted"
    assert "down" not in {state for _, state, _ in changes}
    assert told(timeline.run(600))[-1] == ("a", "up", "answers")


@pytest.mark.parametrize("quick", [0.0, 2.0])
def test_the_share_that_is_told_is_the_share_of_packets(quick: float) -> None:
    """Whether misses are followed by questions that count or by such as may only save it: four in ten are lost."""
    dice = np.random.default_rng(4)
    patient = replace(FIBRE, icmp_misses=30, icmp_recheck_seconds=quick)
    timeline = Timeline(dict.fromkeys("abcdefghij", ECHO), poll_class=patient)
    timeline.echo = lambda _name, _at: bool(dice.random() >= 0.4)
    timeline.run(4000)
    reasons = [state.reason for state in timeline.board.states()]
    percents = [loss_percent(reason) for reason in reasons]
    assert 33 <= np.mean(percents) <= 47, reasons
    assert kind_of(State.DEGRADED, loss(40)) is Kind.DOWN
    assert kind_of(State.DEGRADED, loss(30)) is Kind.DEGRADED
    changes = len(timeline.changes)
    timeline.run(3600)
    assert len(timeline.changes) - changes < 12 * len(reasons), "a handful an hour"


@pytest.mark.parametrize("percent", [10, 30, 60])
def test_what_was_lost_before_a_restart_is_lost_after_it(percent: int) -> None:
    kept = DeviceState("a", State.DEGRADED, loss(percent), datetime.fromtimestamp(MORNING, UTC))
    timeline = Timeline({"a": ECHO})
    timeline.board.restore([kept])
    assert timeline.run(30) == []
    assert timeline.board.state(0) == kept


def test_snmp_alone_silent_is_degraded_where_echo_answers() -> None:
    timeline = Timeline({"a": BOTH})
    timeline.snmp = outcome_from(Outcome.SILENT, 100, 600)
    changes = timeline.run(1200)
    assert told(changes) == [("a", "up", "answers"), ("a", "degraded", "snmp-silent"), ("a", "up", "answers")]
    assert changes[1][0] == 245, "polls at 125, 185, 245"


def test_snmp_alone_silent_is_down_where_nothing_else_is_asked() -> None:
    timeline = Timeline({"a": SNMP})
    timeline.snmp = outcome_from(Outcome.SILENT, 100)
    assert told(timeline.run(400)) == [("a", "up", "answers"), ("a", "down", "snmp-silent")]


@pytest.mark.parametrize(
    ("outcome", "with_echo", "alone"),
    [
        (Outcome.REFUSED, ("degraded", "snmp-refused"), ("down", "snmp-refused")),
        (Outcome.UNAUTHORISED, ("degraded", "snmp-unauthorised"), ("degraded", "snmp-unauthorised")),
        (Outcome.GARBLED, ("degraded", "snmp-garbled"), ("degraded", "snmp-garbled")),
    ],
)
def test_other_failures_of_snmp_have_their_own_names(
    outcome: Outcome, with_echo: tuple[str, str], alone: tuple[str, str]
) -> None:
    timeline = Timeline({"a": BOTH, "b": SNMP})
    timeline.snmp = outcome_from(outcome, 100)
    assert told(timeline.run(400))[2:] == [("a", *with_echo), ("b", *alone)]


def test_a_table_that_fails_is_no_fault_of_the_device() -> None:
    timeline = Timeline({"a": BOTH})
    timeline.snmp = outcome_from(Outcome.PARTIAL, 100)
    assert told(timeline.run(400)) == [("a", "up", "answers")]


def test_filtered_echo_is_degraded_while_snmp_answers() -> None:
    timeline = Timeline({"a": BOTH})
    timeline.echo = silent_from(100)
    assert told(timeline.run(3000)) == [("a", "up", "answers"), ("a", "degraded", "icmp-silent")]
    timeline.snmp = outcome_from(Outcome.SILENT, timeline.at - 1000)
    assert told(timeline.run(600)) == [("a", "down", "icmp-silent")]


def test_a_device_without_its_snmp_comes_back_as_it_was() -> None:
    timeline = Timeline({"a": BOTH})
    timeline.snmp = outcome_from(Outcome.SILENT, 100)
    timeline.run(400)
    timeline.echo = silent_from(400, 800)
    assert told(timeline.run(1200)) == [("a", "down", "icmp-silent"), ("a", "degraded", "snmp-silent")]


def test_whichever_way_answers_first_the_return_is_told_once() -> None:
    for phase in range(0, 60, 7):
        timeline = Timeline({"a": BOTH})
        dead_from(timeline, 100, 1000 + phase)
        timeline.run(900)
        assert told(timeline.run(400)) == [("a", "up", "answers")], phase


def test_behind_a_cut_devices_are_unreachable_and_named() -> None:
    timeline = Timeline({"a": BOTH, "b": BOTH, "c": ECHO}, {"b": ("a",), "c": ("b",)})
    dead_from(timeline, 100, 400)
    timeline.run(99)
    assert sorted(told(timeline.run(200))) == [
        ("a", "down", "icmp-silent"),
        ("b", "unreachable", "behind a"),
        ("c", "unreachable", "behind a"),
    ]
    assert sorted(told(timeline.run(300))) == [("a", "up", "answers"), ("b", "up", "answers"), ("c", "up", "answers")]


def test_a_second_way_that_lives_keeps_a_device_down_by_itself() -> None:
    timeline = Timeline({"a": BOTH, "b": BOTH, "c": BOTH}, {"c": ("a", "b")})
    dead_from(timeline, 100, names="ac")
    assert ("c", "down", "icmp-silent") in told(timeline.run(300))
    dead_from(timeline, 100, names="abc")
    assert told(timeline.run(300))[-1] == ("c", "unreachable", "behind a, b")
    dead_from(timeline, 100, names="c")
    assert ("c", "down", "icmp-silent") in told(timeline.run(300)), "its uplinks are back, it is not"


def test_blindness_is_unknown_and_comes_back_without_an_outage() -> None:
    timeline = Timeline({"a": BOTH, "b": SNMP, "c": ECHO})
    dead_from(timeline, 100, 700)
    timeline.blind = lambda at: 130 <= at - 1000 < 700
    timeline.run(99)
    changes = told(timeline.run(1500))
    assert changes == [(n, "unknown", "blind") for n in "abc"] + [(n, "up", "answers") for n in "abc"]


def test_an_outage_before_blindness_is_one_after_it() -> None:
    timeline = Timeline({"a": ECHO})
    timeline.echo = silent_from(100)
    timeline.blind = lambda at: 300 <= at - 1000 < 700
    assert told(timeline.run(1500))[1:] == [
        ("a", "down", "icmp-silent"),
        ("a", "unknown", "blind"),
        ("a", "down", "icmp-silent"),
    ]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("up", "answers"),
        ("down", "icmp-silent"),
        ("degraded", "snmp-silent"),
        ("degraded", "snmp-refused"),
        ("degraded", "icmp-silent"),
        ("unreachable", "behind a"),
    ],
)
@pytest.mark.parametrize("hours_away", [0.01, 100.0])
def test_after_a_restart_the_same_world_changes_nothing(state: str, reason: str, hours_away: float) -> None:
    """kill -9, start again: no false outage and no false recovery, however long it was."""
    echo_fails = state in ("down", "unreachable") or reason == "icmp-silent"
    outcome = {"snmp-silent": Outcome.SILENT, "snmp-refused": Outcome.REFUSED}.get(reason, Outcome.OK)
    if state in ("down", "unreachable"):
        outcome = Outcome.SILENT
    timeline = Timeline({"a": ECHO, "b": BOTH}, {"b": ("a",)}, began=40.0)
    timeline.echo = lambda name, _at: not echo_fails if name == "b" else reason != "behind a"
    timeline.snmp = lambda _name, _at: outcome
    since = datetime.fromtimestamp(MORNING - hours_away * 3600, UTC)
    first = State.DOWN if reason == "behind a" else State.UP
    kept = [
        DeviceState("a", first, "icmp-silent" if reason == "behind a" else "answers", since),
        DeviceState("b", State(state), reason, since),
        DeviceState("gone", State.UP, "answers", since),
    ]
    assert timeline.board.restore(kept) == ("gone",)
    assert timeline.run(1200) == []
    assert [item.since for item in timeline.board.states()] == [since, since]


def test_after_a_restart_fresh_answers_and_fresh_silence_are_believed() -> None:
    timeline = Timeline({"a": BOTH, "b": BOTH})
    since = datetime.fromtimestamp(MORNING, UTC)
    timeline.board.restore(
        [DeviceState("a", State.DOWN, "icmp-silent", since), DeviceState("b", State.UP, "answers", since)]
    )
    dead_from(timeline, 0, names="b")
    assert sorted(told(timeline.run(300))) == [("a", "up", "answers"), ("b", "down", "icmp-silent")]


def test_a_new_device_that_never_answers_is_down_after_its_full_patience() -> None:
    timeline = Timeline({"a": BOTH})
    dead_from(timeline, 0)
    assert timeline.board.state(0).reason == "not-asked-yet"
    assert timeline.run(200) == [(61.0, "a", "down", "icmp-silent")]


def test_a_clock_that_jumps_changes_nothing_but_dates() -> None:
    timeline = Timeline({"a": BOTH, "b": SNMP})
    timeline.wall = lambda at: MORNING + at + (3600 if int(at) % 50 < 20 else -1.5e8)
    assert told(timeline.run(1000)) == [("a", "up", "answers"), ("b", "up", "answers")]


def test_a_poller_that_was_stopped_for_an_hour_sees_no_outage() -> None:
    timeline = Timeline({"a": BOTH})
    timeline.run(500)
    timeline.at += 3600
    assert timeline.run(500) == []


def test_an_index_given_to_another_device_begins_anew() -> None:
    timeline = Timeline({"a": ECHO})
    timeline.echo = silent_from(0)
    timeline.run(200)
    timeline.board.remove(0)
    timeline.fleet.remove("a")
    index = timeline.fleet.put("z", None)
    timeline.board.put(index, ECHO, FIBRE, timeline.now)
    assert (index, timeline.board.state(0).name, timeline.board.state(0).state) == (0, "z", State.UNKNOWN)
    assert told(timeline.run(100)) == [("z", "up", "answers")]


def test_misses_before_a_blink_of_blindness_do_not_count_after_it() -> None:
    timeline = Timeline({"a": ECHO})
    timeline.echo = silent_from(100, 175)
    timeline.blind = lambda at: 145 <= at - 1000 < 150
    assert told(timeline.run(600)) == [
        ("a", "up", "answers"),
        ("a", "unknown", "blind"),
        ("a", "up", "answers"),
    ]


def test_where_snmp_is_rare_it_is_asked_before_filtered_echo_is_called_an_outage() -> None:
    timeline = Timeline({"a": BOTH}, poll_class=DEFAULT_CLASSES[PollClassName.METERED])
    timeline.echo = silent_from(1000)
    assert told(timeline.run(3000)) == [("a", "up", "answers"), ("a", "degraded", "icmp-silent")]


def test_a_device_that_polls_find_back_is_pinged_at_once() -> None:
    timeline = Timeline({"a": BOTH})
    dead_from(timeline, 100, 604)
    timeline.run(603)
    assert timeline.run(60) == [(607.0, "a", "up", "answers")], "polled at 605, pinged at 606 and 607"


def test_silent_snmp_restored_is_not_forgotten_in_an_outage() -> None:
    timeline = Timeline({"a": BOTH})
    timeline.board.restore([DeviceState("a", State.DEGRADED, "snmp-silent", datetime.fromtimestamp(MORNING, UTC))])
    timeline.snmp = outcome_from(Outcome.SILENT, 0)
    timeline.echo = silent_from(100, 800)
    assert told(timeline.run(1200)) == [("a", "down", "icmp-silent"), ("a", "degraded", "snmp-silent")]


def test_one_answer_after_a_restart_does_not_end_a_kept_outage() -> None:
    timeline = Timeline({"a": ECHO})
    timeline.board.restore([DeviceState("a", State.DOWN, "icmp-silent", datetime.fromtimestamp(MORNING, UTC))])
    timeline.echo = lambda _name, at: at == 1021
    assert timeline.run(600) == []
