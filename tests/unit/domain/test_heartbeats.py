"""Tokens, what a site tells, whose heartbeat is missing, and what it proves."""

import hashlib
from typing import Any

import pytest

from domain.secrets import Secret
from domain.services import (
    Heartbeat,
    HeartbeatBoard,
    HeartbeatRefusedError,
    PathTest,
    Pulse,
    SiteTokens,
    evidence_from,
    evidence_of,
    hash_of,
    is_token,
    make_token,
    read_heartbeat,
)
from domain.time import Moment


def at(seconds: float) -> Moment:
    return Moment(seconds, 1_700_000_000 + seconds)


def read(**fields: Any) -> Heartbeat:
    return read_heartbeat("desa-1", fields, at(0))


def test_a_token_is_160_bits_and_only_its_hash_is_kept() -> None:
    token = make_token(bytes(range(20)))
    assert is_token(token.reveal())
    assert len(token.reveal()) == 32
    assert str(token) == "***"
    assert hash_of(token) == hashlib.sha256(token.reveal().encode()).hexdigest()
    with pytest.raises(ValueError, match="16 octets"):
        make_token(bytes(15))


def test_only_the_token_opens() -> None:
    token = make_token(b"x" * 20)
    tokens = SiteTokens({hash_of(token): "desa-1", hash_of(make_token(b"y" * 20)): "desa-2"})
    assert tokens.site_of(token.reveal()) == "desa-1"
    for wrong in ("", "a" * 32, token.reveal()[:-1], token.reveal().upper(), hash_of(token), "é" * 32, "a" * 100_000):
        assert tokens.site_of(wrong) is None
    # not even when somebody stored the hash of nothing
    assert SiteTokens({hash_of(Secret("x")): "desa-1"}).site_of("x") is None
    assert list(tokens) == ["desa-1", "desa-2"]


def test_a_form_as_a_router_sends_it() -> None:
    beat = read_heartbeat(
        "desa-1",
        [
            ("uptime", "1w2d03:04:05"), ("voltage", "24.1"), ("internet", "1.1.1.1,0,12"), ("internet", "8.8.8.8,100,"),
            ("dns", "www.google.com@8.8.8.8,0"), ("leases", "120"), ("pool", "200"), ("hotspot", "31"), ("pppoe", "4"),
            ("serial", "HE708ABCD"), ("version", "6.49.10"), ("other", "ignored"),
        ],
        at(5),
        "10.0.0.1",
    )  # fmt: skip
    assert beat.uptime_seconds == 9 * 86_400 + 3 * 3_600 + 4 * 60 + 5
    assert beat.internet == (PathTest("1.1.1.1", 0.0, 0.012), PathTest("8.8.8.8", 1.0, None))
    assert beat.dns == (PathTest("www.google.com@8.8.8.8", 0.0, None),)
    assert (beat.voltage_volts, beat.dhcp_leases, beat.dhcp_pool, beat.hotspot_users) == (24.1, 120, 200, 31)
    assert (beat.pppoe_users, beat.serial, beat.version, beat.sender) == (4, "HE708ABCD", "6.49.10", "10.0.0.1")


def test_json_may_be_richer_and_may_be_empty() -> None:
    beat = read(uptime=3600.5, internet=[{"target": "1.1.1.1", "loss": 20, "ms": 30.5}, "8.8.8.8,0,9"], dns=None)
    assert beat.internet == (PathTest("1.1.1.1", 0.2, 0.0305), PathTest("8.8.8.8", 0.0, 0.009))
    assert beat.uptime_seconds == 3600.5
    assert read() == Heartbeat("desa-1", at(0))
    assert read(uptime="3w4d5h6m7s").uptime_seconds == 25 * 86_400 + 5 * 3_600 + 6 * 60 + 7


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uptime", "soon"), ("uptime", -1), ("uptime", True), ("voltage", "nan"), ("voltage", 1e9), ("voltage", []),
        ("leases", 1.5), ("leases", 2_000_000), ("pool", "x" * 200), ("serial", "a\nb"), ("serial", {"a": 1}),
        ("internet", "1.1.1.1"), ("internet", "1.1.1.1,200,3"), ("internet", ["; rm -rf /,0"]),
        ("internet", [f"1.1.1.{n},0" for n in range(9)]), ("dns", [[1]]), ("uptime", [1, 2]),
    ],
)  # fmt: skip
def test_what_cannot_be_true_is_refused_by_name(field: str, value: object) -> None:
    if value == []:
        assert read(**{field: value}) == read()
        return
    with pytest.raises(HeartbeatRefusedError, match=field) as caught:
        read(**{field: value})
    assert "rm -rf" not in str(caught.value)


def test_missing_after_three_intervals_and_back() -> None:
    board = HeartbeatBoard()
    board.expect({"desa-1": 60.0, "desa-2": 60.0}, at(0))
    assert board.missing(at(10_000)) == ()  # never sent: awaited, not missing
    change = board.hear(Heartbeat("desa-1", at(10_000)))
    assert change is not None
    assert (change.before, change.after) == (Pulse.AWAITED, Pulse.BEATING)
    assert board.hear(Heartbeat("desa-1", at(10_060))) is None
    assert board.missing(at(10_240)) == ()
    (gone,) = board.missing(at(10_241))
    assert (gone.site, gone.after, gone.last) == ("desa-1", Pulse.MISSING, Heartbeat("desa-1", at(10_060)))
    assert board.missing(at(10_300)) == ()
    back = board.hear(Heartbeat("desa-1", at(10_400)))
    assert back is not None
    assert back.before is Pulse.MISSING
    assert board.hear(Heartbeat("stranger", at(1))) is None


def test_a_wall_clock_that_jumps_makes_nobody_missing() -> None:
    board = HeartbeatBoard()
    board.expect({"desa-1": 60.0}, at(0))
    board.hear(Heartbeat("desa-1", at(10)))
    assert board.missing(Moment(20.0, 2e9)) == ()


def test_while_we_are_deaf_nobody_is_missing() -> None:
    board = HeartbeatBoard()
    board.expect({"desa-1": 60.0}, at(0))
    board.hear(Heartbeat("desa-1", at(0)))
    board.deaf_until(at(1_000))
    assert board.missing(at(1_100)) == ()
    assert len(board.missing(at(1_181))) == 1


def test_who_is_no_longer_expected_is_forgotten() -> None:
    board = HeartbeatBoard()
    board.expect({"desa-1": 60.0}, at(0))
    board.hear(Heartbeat("desa-1", at(1)))
    board.expect({"desa-1": 300.0}, at(2))
    assert board.pulse("desa-1") is Pulse.BEATING
    board.expect({}, at(3))
    assert board.pulse("desa-1") is None
    assert evidence_from(board, "desa-1") is None


def test_ping_that_answers_while_dns_is_dead_serves_nobody() -> None:
    evidence = evidence_of(read(internet="1.1.1.1,0,9", dns="www.google.com,100"))
    assert (evidence.internet_ok, evidence.dns_ok, evidence.serves) == (True, False, False)
    assert evidence_of(read(internet="1.1.1.1,100;8.8.8.8,0,5", dns="x.id,0")).serves is True
    assert evidence_of(read()).serves is None


def test_figures_of_the_evidence() -> None:
    beat = read(uptime=100, leases=181, pool=200, hotspot=3, pppoe=4, internet="a.id,40,80;b.id,0,20", voltage=23)
    evidence = evidence_of(beat)
    assert evidence.users == 7
    assert (evidence.loss, evidence.rtt_seconds) == (0.0, 0.02)
    assert evidence.booted_at_unix == 1_700_000_000 - 100


def test_stale_evidence_says_nothing_of_now() -> None:
    board = HeartbeatBoard(missed_intervals=2)
    board.expect({"desa-1": 60.0}, at(0))
    board.hear(read(internet="1.1.1.1,0,9"))
    fresh = evidence_from(board, "desa-1")
    assert fresh is not None
    assert fresh.serves is True
    board.missing(at(121))
    stale = evidence_from(board, "desa-1")
    assert stale is not None
    assert stale.serves is None
