"""Checks as they are made from services.csv and cameras; states as they are decided from outcomes."""

from dataclasses import replace

import pytest

from domain.network import Check, Device, DeviceStatus, Inventory, Role, Service
from domain.services import (
    CheckKind,
    DnsCheck,
    Finding,
    HttpCheck,
    RtspCheck,
    ServiceBoard,
    ServiceOutcome,
    ServiceWord,
    TcpCheck,
    UncheckableServiceError,
    check_of,
    plan_of,
)
from domain.states import State
from domain.time import Moment

CAMERA = Device("cam-1", "cctv-1", Role.CAMERA, model="DS-2CD2T47G2", address="10.1.1.9", check=Check.RTSP,
                credential="kamera")  # fmt: skip


def service(url: str, **more: object) -> Service:
    return replace(Service("app", "App", url=url), **more)


def at(seconds: float) -> Moment:
    return Moment(seconds, 1e9 + seconds)


def outcome(word: ServiceWord, seconds: float) -> ServiceOutcome:
    return ServiceOutcome("app", CheckKind.HTTP, at(seconds), (Finding(word),))


def test_each_scheme_makes_its_check() -> None:
    http = check_of(service("portal.go.id", expect_status=302))
    assert isinstance(http, HttpCheck)
    assert (http.url, http.expect_status) == ("https://portal.go.id", 302)
    assert check_of(service("tcp://mail.go.id:25", expect_text="ESMTP")) == TcpCheck("app", "mail.go.id", 25, "ESMTP")
    dns = check_of(service("dns://10.0.0.53/portal.go.id?type=aaaa", expect_text="::1, ::2"))
    assert dns == DnsCheck("app", "10.0.0.53", 53, "portal.go.id", "AAAA", frozenset({"::1", "::2"}))
    rtsp = check_of(service("rtsp://10.1.1.9:8554/live?x=1"), CAMERA)
    assert rtsp == RtspCheck("app", "10.1.1.9", 8554, "/live?x=1", "kamera")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.go.id",
        "tcp://mail.go.id",
        "dns://10.0.0.53/",
        "dns://10.0.0.53/x?type=ANY",
        "https://",
        "https://x:99999/",
        "https://user:rahasia@x.go.id/",
        "rtsp://admin@10.1.1.9/",
    ],
)
def test_what_cannot_be_checked_says_so(url: str) -> None:
    with pytest.raises(UncheckableServiceError) as caught:
        check_of(service(url))
    assert "rahasia" not in str(caught.value)


def test_a_plan_holds_services_and_cameras_once() -> None:
    spoken = replace(CAMERA, name="cam-2", address="10.1.1.10")
    off = replace(CAMERA, name="cam-3", status=DeviceStatus.SPARE)
    pinged = replace(CAMERA, name="cam-4", check=Check.ICMP, credential="")
    both = replace(CAMERA, name="cam-5", check=Check.ICMP)
    inventory = Inventory(
        devices=(CAMERA, spoken, off, pinged, both),
        services=(
            service("https://a.go.id/", code="a", interval=300),
            service("rtsp://10.1.1.10/x", code="b", host="cam-2"),
            service("", code="c"),
            service("gopher://x", code="d"),
        ),
    )
    plan = plan_of(inventory, rtsp_port=10554)
    assert [planned.check.code for planned in plan.checks] == ["a", "b", "cam-1", "cam-5"]
    assert plan.checks[0].interval_seconds == 300
    camera = plan.checks[2].check
    assert camera == RtspCheck("cam-1", "10.1.1.9", 10554, "/Streaming/Channels/102", "kamera")
    assert list(plan.refused or {}) == ["d"]
    first = plan.checks[0].check
    assert isinstance(first, HttpCheck)
    assert "a.go.id" in first.trusted_hosts


def test_one_bad_check_is_a_chance_two_are_a_state() -> None:
    board = ServiceBoard(misses=2)
    first = board.take(outcome(ServiceWord.OK, 0))
    assert first is not None
    assert (first.before, first.after.state) == (None, State.UP)
    assert board.take(outcome(ServiceWord.REFUSED, 60)) is None
    assert not board.is_decided("app")
    change = board.take(outcome(ServiceWord.SILENT, 63))
    assert change is not None
    assert (change.after.state, change.after.word, change.after.since) == (State.DOWN, ServiceWord.SILENT, at(60))
    assert board.take(outcome(ServiceWord.SILENT, 120)) is None
    back = board.take(outcome(ServiceWord.OK, 180))
    assert back is not None
    assert (back.after.state, back.after.since) == (State.UP, at(180))


def test_a_chance_in_between_is_forgotten() -> None:
    board = ServiceBoard(misses=2)
    for at_second, word in enumerate((ServiceWord.OK, ServiceWord.SILENT) * 5):
        board.take(outcome(word, at_second))
    state = board.get("app")
    assert state is not None
    assert state.state is State.UP


def test_slow_for_long_does_not_make_one_refusal_an_outage() -> None:
    board = ServiceBoard(misses=2)
    for second in range(5):
        board.take(outcome(ServiceWord.SLOW, second))
    assert board.take(outcome(ServiceWord.REFUSED, 9)) is None
    change = board.take(outcome(ServiceWord.REFUSED, 10))
    assert change is not None
    assert (change.after.state, change.after.since) == (State.DOWN, at(9))


def test_another_word_of_the_same_state_is_a_change() -> None:
    board = ServiceBoard(misses=1)
    board.take(outcome(ServiceWord.WRONG_STATUS, 0))
    change = board.take(outcome(ServiceWord.DEFACED, 1))
    assert change is not None
    assert change.after.word is ServiceWord.DEFACED
    board.forget(["app"])
    assert board.states == ()
