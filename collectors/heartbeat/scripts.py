"""The scripts that a site sends its heartbeat with, rendered from `templates/`. Pure but for reading the templates.

Every value that goes into a script is checked against the few characters it may have, and then quoted in the
language of the script: neither is trusted alone. RouterOS: Scripting manual, section on escape sequences.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from domain.language import _
from domain.secrets import Secret
from domain.services import ScriptRefusedError, is_token

SCRIPT_NAME: Final = "kentongan-heartbeat"
SHORTEST_SECONDS, LONGEST_SECONDS = 30, 86_400
PINGS: Final = 5
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,253}(?:/[A-Za-z0-9._~/-]{0,100})?")
_ADDRESS = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,98}[A-Za-z0-9])?")
_HOLE = re.compile(r"@([A-Z_]+)@")


class ScriptKind(StrEnum):
    ROUTEROS6 = "routeros6"
    ROUTEROS7 = "routeros7"
    SHELL = "shell"  # a script for cron on any Unix
    LINE = "line"  # one line for a crontab: that it lives, no tests
    OPENWRT = "openwrt"  # installs itself: script, cron line, hook at ifup


def render_script(
    kind: ScriptKind,
    url: str,
    token: Secret,
    interval_seconds: int,
    *,
    internet: Sequence[str] = ("1.1.1.1", "8.8.8.8"),
    dns: Sequence[str] = ("www.google.com@8.8.8.8",),
    check_certificate: bool = False,
) -> str:
    """The script as text to paste or upload; it holds the token. url: our own, as the site reaches it.

    internet: addresses to ping. dns: names, or name@server to ask a server past the router's cache. check_certificate:
    RouterOS must know the issuer then. Raises ScriptRefusedError.
    """
    url = url.rstrip("/")
    _check(url, token, interval_seconds, internet, dns)
    holes = {"URL": f"{url}/heartbeat/{token.reveal()}", "SECONDS": str(interval_seconds), "NAME": SCRIPT_NAME}
    if kind in (ScriptKind.ROUTEROS6, ScriptKind.ROUTEROS7):
        return _routeros(kind, holes, internet, dns, check_certificate)
    shell = {key: _shell_quoted(value) for key, value in holes.items()} | {
        "INTERNET": " ".join(map(_shell_quoted, internet)) or "''",
        "DNS": " ".join(map(_shell_quoted, dns)) or "''",
        "CRON": _cron(interval_seconds),
        "CRON_LINE": _shell_quoted(f"{_cron(interval_seconds)} /usr/bin/{SCRIPT_NAME} >/dev/null 2>&1"),
        "PINGS": str(PINGS),
        "INSECURE": "" if check_certificate else "k",
    }
    script = _filled("shell.sh", shell)
    if kind is ScriptKind.SHELL:
        return script
    if kind is ScriptKind.LINE:
        return _filled("line.txt", shell)
    return _filled("openwrt.sh", shell | {"SCRIPT": script})


def _routeros(
    kind: ScriptKind, holes: dict[str, str], internet: Sequence[str], dns: Sequence[str], check_certificate: bool
) -> str:
    seven = kind is ScriptKind.ROUTEROS7
    tests = "".join(
        _filled("routeros-ping.rsc", {"TARGET": each, "PINGS": str(PINGS), "SHARE": str(100 // PINGS)})
        for each in internet
    )
    for each in dns:
        name, _at, server = each.partition("@")
        ask = f'"{name}" server="{server}"' if server else f'"{name}"'
        tests += _filled("routeros-dns.rsc", {"TARGET": each, "ASK": ask})
    source = _filled(
        "routeros-source.rsc",
        {
            "URL": _routeros_quoted(holes["URL"]),
            "VOLTAGE": _filled(f"routeros{7 if seven else 6}-voltage.rsc", {}),
            "TESTS": tests,
            "OUTPUT": "output=none" if seven else "keep-result=no",
            "CHECK": "yes" if check_certificate else "no",
        },
    )
    wrapper = {"SOURCE": _routeros_quoted(source), "NAME": _routeros_quoted(SCRIPT_NAME), "SECONDS": holes["SECONDS"]}
    return _filled("routeros.rsc", wrapper)


def _check(url: str, token: Secret, interval_seconds: int, internet: Sequence[str], dns: Sequence[str]) -> None:
    try:
        parts = urlsplit(url)
        good = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or not _URL.fullmatch(url):
        raise ScriptRefusedError(
            _("'{url}' is not the plain address of a server: write it like https://kentongan.example.go.id").format(
                url=url[:100]
            )
        )
    if not is_token(token.reveal()):
        raise ScriptRefusedError(_("This is no token: make one with make_token."))
    if not SHORTEST_SECONDS <= interval_seconds <= LONGEST_SECONDS:
        raise ScriptRefusedError(
            _("An interval is {least} to {most} seconds.").format(least=SHORTEST_SECONDS, most=LONGEST_SECONDS)
        )
    for target in (*internet, *(part for each in dns for part in each.split("@"))):
        if not _ADDRESS.fullmatch(target):
            raise ScriptRefusedError(_("'{target}' is neither an address nor a name.").format(target=target[:100]))


def _cron(interval_seconds: int) -> str:
    """The crontab's time: whole minutes that divide an hour, or whole hours that divide a day."""
    minutes = interval_seconds // 60
    if interval_seconds % 60 == 0 and minutes <= 60 and 60 % max(minutes, 1) == 0 and minutes:
        return "* * * * *" if minutes == 1 else "0 * * * *" if minutes == 60 else f"*/{minutes} * * * *"
    hours = minutes // 60
    if interval_seconds % 3_600 == 0 and 24 % hours == 0:
        return "0 0 * * *" if hours == 24 else f"0 */{hours} * * *"
    raise ScriptRefusedError(
        _("cron cannot beat every {seconds} seconds: choose 60, 120, 300, 600, 900 or 3600.").format(
            seconds=interval_seconds
        )
    )


def _filled(template: str, holes: dict[str, str]) -> str:
    """One pass: what a value holds is never taken for a hole. KeyError means a template asks for what nobody gives."""
    text = files("collectors.heartbeat").joinpath("templates", template).read_text(encoding="utf-8")
    return _HOLE.sub(lambda match: holes[match[1]], text)


def _shell_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _routeros_quoted(text: str) -> str:
    escaped = {"\\": "\\\\", '"': '\\"', "$": "\\$", "?": "\\?", "\n": "\\r\\n", "\t": "\\t"}
    return '"' + "".join(escaped.get(letter, letter) for letter in text) + '"'
