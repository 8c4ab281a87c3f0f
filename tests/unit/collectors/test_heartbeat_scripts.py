"""Scripts for the sites: nothing that was handed in breaks out of its quotes; what shells read, shells accept."""

import re
import shutil
import subprocess

import pytest

from collectors.heartbeat import ScriptKind, render_script
from domain.secrets import Secret
from domain.services import ScriptRefusedError, make_token

TOKEN = make_token(bytes(range(20)))
URL = "https://kentongan.example.go.id"
ROUTEROS = (ScriptKind.ROUTEROS6, ScriptKind.ROUTEROS7)


@pytest.mark.parametrize("kind", ScriptKind)
def test_every_kind_holds_the_whole_address_and_no_hole(kind: ScriptKind) -> None:
    script = render_script(kind, URL + "/", TOKEN, 300)
    assert f"{URL}/heartbeat/{TOKEN.reveal()}" in script
    assert not re.search(r"@[A-Z_]+@", script)


@pytest.mark.parametrize("kind", [ScriptKind.SHELL, ScriptKind.OPENWRT])
@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_shells_accept_it(kind: ScriptKind, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is missing")
    script = render_script(kind, URL, TOKEN, 60, internet=(), dns=("a.id", "b.id@1.1.1.1"))
    done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def unquoted(text: str) -> str:
    """A RouterOS string as the router reads it: one pair of quotes, escapes by the Scripting manual."""
    assert text.startswith('"')
    assert text.endswith('"')
    letters = {"r": "\r", "n": "\n", "t": "\t", '"': '"', "\\": "\\", "$": "$", "?": "?"}
    inside = re.sub(r"\\(.)", lambda match: letters[match[1]], text[1:-1])
    assert not re.search(r'(?<!\\)(?:\\\\)*["$]', text[1:-1])
    return inside


@pytest.mark.parametrize("kind", ROUTEROS)
def test_a_routers_script_is_one_string_with_balanced_braces(kind: ScriptKind) -> None:
    script = render_script(kind, URL, TOKEN, 60)
    (line,) = (line for line in script.splitlines() if line.startswith("/system script add"))
    source = unquoted(line.partition("source=")[2]).replace("\r\n", "\n")
    for opening, closing in ("{}", "[]", "()"):
        assert source.count(opening) == source.count(closing)
    assert source.count('"') % 2 == 0
    assert "interval=60s start-time=startup" in script
    assert 'server="8.8.8.8"' in source


def test_the_two_versions_differ_where_routeros_does() -> None:
    six, seven = (render_script(kind, URL, TOKEN, 60) for kind in ROUTEROS)
    assert "keep-result=no" in six
    assert "output=none" in seven
    assert "[find name=voltage] value" in seven
    assert "/ 10" in six
    assert "check-certificate=no" in six
    assert "check-certificate=yes" in render_script(ScriptKind.ROUTEROS7, URL, TOKEN, 60, check_certificate=True)


@pytest.mark.parametrize(
    "url",
    [
        'https://x.id/"; /system reset',
        "https://x.id/$(id)",
        "https://x.id/'`id`'",
        "https://x.id/a b",
        "https://x.id\n/x",
        "ftp://x.id",
        "https://",
        "https://x.id:0/",
        "https://user:pw@x.id",
        "https://x.id/?a=@TOKEN@",
    ],
)
def test_an_address_that_would_break_out_is_refused(url: str) -> None:
    with pytest.raises(ScriptRefusedError):
        render_script(ScriptKind.SHELL, url, TOKEN, 60)


@pytest.mark.parametrize("target", ["$(id)", "a b", "'", '"', "-c5", "a;b", "", "@x", "a@", "a@b@c d", "x\n"])
def test_targets_too(target: str) -> None:
    with pytest.raises(ScriptRefusedError):
        render_script(ScriptKind.ROUTEROS7, URL, TOKEN, 60, internet=(target,), dns=())
    if target not in ("a@b@c d",):
        with pytest.raises(ScriptRefusedError):
            render_script(ScriptKind.SHELL, URL, TOKEN, 60, internet=(), dns=(target,))


def test_tokens_and_intervals_too() -> None:
    with pytest.raises(ScriptRefusedError):
        render_script(ScriptKind.SHELL, URL, Secret("';id;'"), 60)
    for seconds in (0, 29, 86_401, -60):
        with pytest.raises(ScriptRefusedError):
            render_script(ScriptKind.ROUTEROS6, URL, TOKEN, seconds)


@pytest.mark.parametrize(
    ("seconds", "cron"),
    [(60, "* * * * *"), (300, "*/5 * * * *"), (3_600, "0 * * * *"), (7_200, "0 */2 * * *"), (86_400, "0 0 * * *")],
)
def test_cron_lines(seconds: int, cron: str) -> None:
    assert render_script(ScriptKind.LINE, URL, TOKEN, seconds).startswith(cron + " curl ")


@pytest.mark.parametrize("seconds", [30, 90, 420, 5 * 3_600])
def test_what_cron_cannot_beat_is_refused(seconds: int) -> None:
    with pytest.raises(ScriptRefusedError, match="cron"):
        render_script(ScriptKind.SHELL, URL, TOKEN, seconds)
    assert f"interval={seconds}s" in render_script(ScriptKind.ROUTEROS7, URL, TOKEN, seconds)
