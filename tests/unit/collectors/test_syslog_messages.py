"""One syslog message from its octets, and messages out of a stream."""

import pytest

from collectors.errors import ProfileError
from collectors.syslog import Frames, Message, Patterns, read_message
from collectors.syslog.patterns import parse

SAID = {
    "<34>Oct 11 22:14:15 mymachine su: 'su root' failed": Message(4, 2, "mymachine", "su: 'su root' failed"),
    "<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!": Message(1, 5, "10.0.0.99", "Use the BFG!"),
    '<165>1 2003-10-11T22:14:15.003Z host app 7 ID47 [ex@1 a="1"][b@2 c="\\"]"] \ufeffhello': Message(
        20, 5, "host", "app[7]: hello"
    ),
    "<165>1 - - - - - -": Message(20, 5, "", ""),
    "<189>45: *Mar  1 00:12:10.123: %SYS-5-CONFIG_I: x": Message(23, 5, "", "%SYS-5-CONFIG_I: x"),
    "<189>45: rtr: Mar  1 2026 00:12:10.123 WIB: %A-5-B: x": Message(23, 5, "rtr", "%A-5-B: x"),
    "<189>Sep 23 2026 10:15:40 HW %%01SHELL/5/X(s): y": Message(23, 5, "HW", "%%01SHELL/5/X(s): y"),
    "<190>2026-11-22 10:00:00+07:00 olt-1 z": Message(23, 6, "olt-1", "z"),
    "<30>Nov 22 10:00:00 sshd[1]: x": Message(3, 6, "", "sshd[1]: x"),
    "no syslog at all": Message(1, 5, "", "no syslog at all"),
    "<999>x": Message(1, 5, "", "<999>x"),
    "": Message(1, 5, "", ""),
}


@pytest.mark.parametrize("said", SAID)
def test_read(said: str) -> None:
    assert read_message(said.encode()) == SAID[said]


def test_what_a_terminal_or_a_database_would_stumble_over_is_gone() -> None:
    content = read_message(b"<13>a\x00b\x1b[31mc\r\nd\x9be\xff\xed\xa0\x80").content
    assert content.isprintable()
    assert "\x00" not in content
    assert content.startswith("a b [31mc d")
    assert len(read_message(b"<13>" + b"x" * 9000).content) == 1024


def test_streams_may_count_or_end_lines_and_come_in_pieces() -> None:
    stream = b"5 <13>a6 <13>b\nx<13>line\r\n<13>other\0" + b"4 <1>"
    frames = Frames()
    found = [message for octet in stream for message in frames.feed(bytes([octet]))]
    assert found == [b"<13>a", b"<13>b\n", b"x<13>line", b"<13>other"]
    assert frames.rest() == b"4 <1>"
    assert Frames().feed(stream) == found


@pytest.mark.parametrize("stream", [b"99999 x", b"123456 x", b"12x", b"<13>" + b"x" * 9000])
def test_a_stream_that_cannot_be_right_is_given_up(stream: bytes) -> None:
    frames = Frames()
    assert frames.feed(stream) == []
    assert frames.broken
    assert frames.feed(b"\n<13>a\n") == []
    assert frames.rest() == b""


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("platforms: [x]\nsource: y\nlines: [{kind: changed, pattern: '(who'}]", "regular expression"),
        ("platforms: [x]\nsource: y\nlines: [{kind: changed, pattern: '(?P<whom>x)'}]", "whom"),
        ("platforms: [x]\nsource: y\nlines: []", "at least 1"),
        ("platforms: [x", "expected"),
    ],
)
def test_a_file_of_patterns_that_is_wrong_is_named(text: str, cause: str) -> None:
    with pytest.raises(ProfileError, match=f"acme.yaml.*{cause}"):
        parse(text, "acme.yaml")


def test_two_files_of_one_platform_are_refused() -> None:
    one = parse("platforms: [x]\nsource: y\nlines: [{kind: changed, pattern: z}]", "one.yaml")
    with pytest.raises(ProfileError, match="x logs"):
        Patterns([one, one])
