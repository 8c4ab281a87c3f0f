"""One attempt, one rule, one word at a time."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.states import Reason, StateBoard, behind, words
from alerts.states.path import Hearing, Path
from alerts.states.reachability import NOBODY, Reachability
from domain.language import _
from domain.network import Check, Device, PollClassName, Role, Topology
from domain.polling import DEFAULT_CLASSES, Fleet
from domain.time import Moment

ONE = np.zeros(1, np.int64)


def hear(path: Path, pattern: str, interval: float = 20.0, begin: float = 100.0) -> list[Hearing]:
    """`.` answers, `x` is lost; what is thought after each."""
    thought = []
    for k, mark in enumerate(pattern):
        good = np.array([mark == "."])
        path.hear(ONE, good, np.array([begin + k * interval]), np.array([Hearing.SILENT], np.uint8), good)
        thought.append(Hearing(int(path.hearing[0])))
    return thought


def patient(misses: int, of: int) -> Path:
    path = Path()
    path.make_room(1)
    path.set_patience(0, misses, of, 20.0)
    return path


@pytest.mark.parametrize(
    ("misses", "of", "pattern", "fails_at"),
    [
        (4, 5, "..xxxx", 5),
        (4, 5, "..xx.xx", 6),
        (4, 5, "..xx.x.xx..xx", None),
        (3, 3, ".xx.xxx", 6),
        (1, 1, ".x", 1),
        (16, 16, "." + 16 * "x", 16),
        (60, 61, "." + 60 * "x", 60),
        (70, 71, "." + 70 * "x", 63),
    ],
)
def test_it_fails_at_n_of_the_last_m(misses: int, of: int, pattern: str, fails_at: int | None) -> None:
    thought = hear(patient(misses, of), pattern)
    assert (thought.index(Hearing.SILENT) if Hearing.SILENT in thought else None) == fails_at


def test_asking_again_quickly_condemns_only_where_a_recheck_is_set() -> None:
    slow, quick = patient(3, 4), patient(3, 4)
    quick.set_patience(0, 3, 4, 20.0, recheck_seconds=0.2)
    assert hear(slow, ".xxxxx", interval=0.3) == [Hearing.ANSWERS] * 6, "one miss counts, the others came too soon"
    assert hear(quick, ".xxx", interval=0.3)[-2:] == [Hearing.ANSWERS, Hearing.SILENT]
    assert hear(quick, "..", interval=0.3, begin=200.0)[-1] is Hearing.ANSWERS
    assert hear(quick, "x.xx", interval=0.3, begin=300.0)[-1] is Hearing.SILENT
    quick.reset(0)
    assert hear(quick, ".xxx", interval=0.15)[-1] is Hearing.ANSWERS, "sooner than the recheck says nothing new"


def test_with_a_recheck_it_is_asked_until_the_answer_is_known() -> None:
    for recheck, asked in ((0.0, [True, False, False, False]), (0.2, [True, True, True, False])):
        path = patient(3, 4)
        path.set_patience(0, 3, 4, 20.0, recheck)
        hear(path, ".")
        lost, silent = np.array([False]), np.array([Hearing.SILENT], np.uint8)
        heard = [path.hear(ONE, lost, np.array([200.0 + at]), silent, lost) for at in (0.0, 0.15, 0.3, 0.6)]
        assert [len(each.asks) == 1 for each in heard] == asked


def test_it_answers_again_when_fewer_than_n_are_missed() -> None:
    assert hear(patient(4, 5), "xxxx..")[-3:] == [Hearing.SILENT, Hearing.SILENT, Hearing.ANSWERS]
    assert hear(patient(3, 3), "xxx.")[-1] is Hearing.ANSWERS


def test_lost_echoes_of_an_outage_are_no_packet_loss() -> None:
    path = patient(4, 5)
    hear(path, "....xxxxxxxx...")
    assert not path.lossy[0]
    hear(path, "x.x.x.", begin=1000.0)
    assert path.lossy[0]
    hear(path, 15 * ".", begin=2000.0)
    assert not path.lossy[0]


def test_the_first_miss_is_remembered_until_the_end_of_the_outage() -> None:
    path = patient(2, 3)
    hear(path, ".xx")
    assert path.missing_since[0] == 120.0
    hear(path, ".", begin=160.0)
    assert path.missing_since[0] == 120.0, "one answer is not the end yet"
    hear(path, ".", begin=180.0)
    assert path.missing_since[0] == inf


def topology(**uplinks: str) -> Topology:
    return Topology.of(Device(name, "s", Role.ROUTER, uplink=tuple(ups.split())) for name, ups in uplinks.items())


RING = topology(core="", a="core", b="core", c="a b", d="c", e="d", lone="")


def dark_behind(ways: Topology, down: str, unwatched: str = "", absent: str = "") -> dict[str, set[str]]:
    fleet = Fleet()
    names = [name for name in sorted(ways.uplinks) if name not in absent.split()]
    for name in names:
        fleet.put(name, None)
    flags = np.zeros(len(fleet.start), np.bool_)
    flags[[fleet.index(name) for name in down.split()]] = True
    watched = np.zeros(len(fleet.start), np.bool_)
    watched[[fleet.index(name) for name in names if name not in unwatched.split()]] = True
    reachability = Reachability(ways, fleet, watched)
    roots = reachability.roots(flags)
    return {
        fleet.name(device): {reachability.names[root] for root in roots[device].tolist()}
        for device in np.flatnonzero(roots[:, 0] != NOBODY).tolist()
    }


@pytest.mark.parametrize(
    ("down", "dark"),
    [
        ("", {}),
        ("a", {}),
        ("a c", {}),
        ("a b c", {"c": {"a", "b"}}),
        ("a b c d e", {"c": {"a", "b"}, "d": {"a", "b"}, "e": {"a", "b"}}),
        ("core a b c d e", {name: {"core"} for name in "abcde"}),
        ("c e", {}),
        ("lone", {}),
    ],
)
def test_dark_is_who_has_no_way_left(down: str, dark: dict[str, set[str]]) -> None:
    assert dark_behind(RING, down) == dark


def test_a_device_nobody_checks_does_not_hide_what_is_behind_it() -> None:
    assert dark_behind(RING, "c e", unwatched="d") == {"e": {"c"}}
    assert dark_behind(RING, "c e", absent="d") == {"e": {"c"}}
    assert dark_behind(RING, "a b e", unwatched="c d") == {"e": {"a", "b"}}
    assert dark_behind(topology(a="", b=""), "a b") == {}


def by_the_book(ways: Topology, down: set[str]) -> set[str]:
    """Devices that are down and cannot reach a root over devices that are up."""
    lit = {name for name in ways.uplinks if name not in down}
    return {name for name in down if ways.uplinks[name] and not any(up in lit for up in ways.uplinks[name])}


@given(st.data())
def test_any_topology_any_outage(data: st.DataObject) -> None:
    names = [f"n{k}" for k in range(data.draw(st.integers(1, 12)))]
    uplinks = {
        name: tuple(data.draw(st.lists(st.sampled_from(names[:k]), max_size=3, unique=True)) if k else [])
        for k, name in enumerate(names)
    }
    ways = topology(**{name: " ".join(ups) for name, ups in uplinks.items()})
    down = set(data.draw(st.lists(st.sampled_from(names), unique=True)))
    found = dark_behind(ways, " ".join(down))
    assert set(found) == by_the_book(ways, down)
    assert all(roots <= down - set(found) for roots in found.values()), "a root is down by itself"


def test_every_reason_has_words_and_a_strange_one_stays_as_it_is() -> None:
    assert all(words(reason) and words(reason) != reason for reason in Reason if reason is not Reason.ANSWERS)
    assert words(behind(["pop-b", "pop-a"])) == _("stands behind {names}, and every way to it is cut").format(
        names="pop-a, pop-b"
    )
    assert words("optical-low") == "optical-low"


def test_devices_that_nobody_checks_are_unknown() -> None:
    fleet = Fleet()
    board = StateBoard(fleet)
    fleet.put("camera", None)
    board.put(0, Check.NONE, DEFAULT_CLASSES[PollClassName.FIBRE], Moment(10.0, 10.0))
    changes = board.step(Moment(11.0, 11.0)).changes
    assert [(change.to.value, change.reason) for change in changes] == [("unknown", "not-checked")]
    with pytest.raises(KeyError):
        board.state(7)
