"""Whatever comes in by syslog, nobody falls over it, and nothing unprintable is kept."""

import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.syslog import Frames, Intake, Told, read_message, shipped_patterns
from collectors.syslog.messages import MOST_CONTENT, MOST_OCTETS

PATTERNS = shipped_patterns()
PIECES = st.sampled_from(
    [
        b"<13>",
        b"<",
        b">",
        b"1 - - - - - ",
        b'[a b="',
        b'"]',
        b"Nov 22 10:00:00 ",
        b"45: ",
        b"*Mar  1 00:12:10: ",
        b"%SYS-5-CONFIG_I: Configured from ",
        b" by ",
        b" on vty0 (",
        b"changed by ",
        b"tcp-msg(winbox):",
        b"@",
        b"(/ip ",
        b"user ",
        b" logged in from ",
        b" via ssh",
        b"SHELL/5/CMDRECORD",
        b'Command="',
        b"User=",
        b"Ip=",
        b",",
        b"password ",
        b"sshd[1]: Accepted password for ",
        b"sudo: ",
        b"COMMAND=",
        b"vty[1]@(config)# ",
        b" ",
        b"\n",
        b"\0",
        b"9999 ",
        b"\xff",
    ]
)
OCTETS = st.one_of(st.binary(max_size=200), st.lists(PIECES | st.binary(max_size=8), max_size=40).map(b"".join))


@settings(max_examples=300, deadline=None)
@given(OCTETS, st.sampled_from(["", *PATTERNS.platforms]))
def test_no_message_raises(octets: bytes, platform: str) -> None:
    message = read_message(octets)
    assert message.content == "" or message.content.isprintable()
    assert len(message.content) <= MOST_CONTENT
    assert 0 <= message.facility <= 23
    told = PATTERNS.told(platform, message)
    if told is not None:
        assert (told.text + told.who + told.origin + told.command).isprintable() or not told.text
        assert len(told.who) <= 64


@settings(max_examples=200, deadline=None)
@given(st.lists(OCTETS, max_size=8))
def test_no_stream_raises_nor_holds_more_than_a_message(pieces: list[bytes]) -> None:
    frames = Frames()
    seen: list[tuple[str, Told]] = []
    intake = Intake(PATTERNS, lambda _device: "", lambda device, told: seen.append((device, told)))
    intake.know([("10.0.0.1", "rtr")])
    for piece in pieces:
        for message in frames.feed(piece):
            intake.take(message, "10.0.0.1", 0.0)
        assert len(frames._held) <= MOST_OCTETS + len(piece)
    assert intake.counts.received + intake.counts.cut_total <= sum(map(len, pieces))


@settings(max_examples=60, deadline=None)
@given(PIECES, PIECES, st.integers(1, 400), st.sampled_from(["", *PATTERNS.platforms]))
@example(b"@", b"User=", 400, "zte-olt")
@example(b"user:x ", b"ip:y ", 400, "huawei-olt")
@example(b"password ", b"key ", 400, "")
def test_no_line_keeps_us_busy(one: bytes, other: bytes, times: int, platform: str) -> None:
    """The worst known line takes 20 ms of CPU; a pattern that goes back over itself takes ten times as much."""
    message = read_message(b"<13>" + (one + other) * times)
    began = time.process_time()
    PATTERNS.told(platform, message)
    assert time.process_time() - began < (0.6 if not platform else 0.15)
