"""What a terminal shows in the end, which echo is dropped, which algorithms are offered."""

import socket

import pytest

from collectors.ssh.algorithms import disabled, preferring, vouching_first
from collectors.ssh.intake import Intake
from collectors.ssh.screen import last_line, shown, without_echo


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("a\r\nb\r\n", "a\nb\n"),
        ("a\r\r\nb", "a\nb"),
        ("\x1b[32mhijau\x1b[0m biasa", "hijau biasa"),
        (" --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\binterface e1", "interface e1"),
        ("  ---- More ----\x1b[16D                \x1b[16D#", "#"),
        ("--More--\r        \rend", "end"),
        ("satu\b\b\b\bdua", "duau"),
        ("sysname r1\x1b[1D2", "sysname r2"),
        ("\b\bx", "x"),
    ],
)
def test_what_is_seen(written: str, seen: str) -> None:
    assert shown(written) == seen


def test_the_last_line() -> None:
    assert last_line("a\r\nb\r\n[admin@r1] > ") == "[admin@r1] > "


@pytest.mark.parametrize(
    ("text", "command", "left"),
    [
        ("show run\nhostname a\nsw#", "show run", "hostname a\nsw#"),
        ("[a@b] > /export\n\n# x", "/export", "# x"),
        ("hostname a", "", "hostname a"),
        ("\n\nhostname a", "show run", "hostname a"),
    ],
)
def test_the_echo_goes(text: str, command: str, left: str) -> None:
    assert without_echo(text, command) == left


def test_broken_algorithms_are_offered_to_nobody_else() -> None:
    assert disabled(legacy=True) == {}
    assert "ssh-rsa" in disabled(legacy=False)["keys"]
    assert not any("sha2" in name for names in disabled(legacy=False).values() for name in names)


def test_a_device_with_several_keys_shows_the_known_one() -> None:
    offered = ("ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256")
    assert preferring("ssh-rsa", offered) == ("rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519")
    assert preferring("ssh-ed25519", offered) == offered


def test_ciphers_that_vouch_for_their_packets_come_first_and_the_others_stay() -> None:
    offered = ("aes128-ctr", "aes128-cbc", "aes256-gcm@openssh.com")
    assert vouching_first(offered) == ("aes256-gcm@openssh.com", "aes128-ctr", "aes128-cbc")


def test_what_is_taken_at_once_is_given_out_in_pieces_until_the_other_side_closes() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        intake = Intake(ours)
        theirs.sendall(b"abcdefg")
        assert [intake.recv(3), intake.recv(3)] == [b"abc", b"def"]
        theirs.sendall(b"h")
        assert [intake.recv(3), intake.recv(3)] == [b"g", b"h"]
        theirs.close()
        assert intake.recv(3) == b""


def test_closing_wakes_whoever_reads() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        intake = Intake(ours)
        intake.close()
        intake.close()
        assert theirs.recv(1) == b""
