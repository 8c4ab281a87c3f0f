"""Status of interfaces: what is a change between two polls, and what only looks like one."""

import numpy as np

from alerts.detect import InterfaceChange, InterfaceWatch
from domain.polling import Column, Fleet, Kind, Plan, Sweep


def column(quantity: str, interface: str = "", kind: Kind = Kind.INTEGER) -> Column:
    return Column(f"1.3.{quantity}.{interface}", kind, "interfaces", quantity, interface)


PLAN = Plan(
    (
        column("sysUpTime", kind=Kind.TIMETICKS),
        column("ifOperStatus", "ether1"),
        column("ifHCInOctets", "ether1", Kind.COUNTER64),
        column("ifOperStatus", "ether2"),
        column("ifAdminStatus", "ether2"),
    )
)
SMALL = Plan((column("ifOperStatus", "wlan1"),))


def sweep(fleet: Fleet, answers: dict[str, list[int | None]], at: float = 1e9, lag: int = 0) -> Sweep:
    device = np.array([fleet.index(name) for name in answers], np.int64)
    cells = [
        (row, int(fleet.start[device[row]]) + place, value)
        for row, values in enumerate(answers.values())
        for place, value in enumerate(values)
    ]
    n = len(device)
    return Sweep(
        device, fleet.generation[device] - lag, np.zeros(n, np.uint8), np.full(n, at), np.full(n, at), np.full(n, at),
        np.zeros(n), np.ones(n, np.int64), np.ones(n, np.int64), np.array([c[0] for c in cells], np.int64),
        np.array([c[1] for c in cells], np.int64), np.array([c[2] or 0 for c in cells], np.uint64),
        np.array([c[2] is not None for c in cells], bool),
    )  # fmt: skip


def watched() -> tuple[Fleet, InterfaceWatch]:
    fleet = Fleet()
    fleet.put("a", PLAN)
    fleet.put("b", SMALL)
    return fleet, InterfaceWatch(fleet)


def brief(changes: tuple[InterfaceChange, ...]) -> list[tuple[str, str, str, int, int]]:
    return [(c.device, c.interface, c.quantity, c.from_, c.to) for c in changes]


def test_what_differs_from_the_last_poll_is_told_and_dated() -> None:
    fleet, watch = watched()
    assert watch.changes(sweep(fleet, {"b": [1], "a": [5, 1, 9, 1, 1]})) == ()
    changes = watch.changes(sweep(fleet, {"a": [6, 2, 99, 1, 2], "b": [7]}, at=1_800_000_000.0))
    assert brief(changes) == [
        ("a", "ether1", "ifOperStatus", 1, 2),
        ("a", "ether2", "ifAdminStatus", 1, 2),
        ("b", "wlan1", "ifOperStatus", 1, 7),
    ]
    assert changes[0].at.timestamp() == 1_800_000_000.0
    assert watch.changes(sweep(fleet, {"a": [7, 2, 99, 1, 2], "b": [7]})) == ()


def test_no_answer_is_no_change_and_the_old_status_is_kept() -> None:
    fleet, watch = watched()
    watch.changes(sweep(fleet, {"a": [5, 1, 9, 1, 1]}))
    assert watch.changes(sweep(fleet, {"a": [5, None, 9, 1, 1]})) == ()
    assert brief(watch.changes(sweep(fleet, {"a": [5, 2, 9, 1, 1]}))) == [("a", "ether1", "ifOperStatus", 1, 2)]


def test_a_new_layout_begins_anew_and_an_old_one_is_passed_over() -> None:
    fleet, watch = watched()
    watch.changes(sweep(fleet, {"a": [5, 1, 9, 1, 1], "b": [1]}))
    fleet.remove("b")
    fleet.put("c", SMALL)
    assert watch.changes(sweep(fleet, {"c": [2]}, lag=1)) == ()
    assert watch.changes(sweep(fleet, {"c": [2]})) == (), "the cells were b's"
    assert brief(watch.changes(sweep(fleet, {"c": [1]}))) == [("c", "wlan1", "ifOperStatus", 2, 1)]


def test_nonsense_is_no_overflow() -> None:
    fleet, watch = watched()
    watch.changes(sweep(fleet, {"b": [2**64 - 1]}))
    assert brief(watch.changes(sweep(fleet, {"b": [1]}))) == [("b", "wlan1", "ifOperStatus", 254, 1)]
