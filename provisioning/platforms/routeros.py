"""MikroTik RouterOS 6 and 7, from `/export` (help.mikrotik.com, Configuration Management; Scripting)."""

import re

from domain.shell import Dialect, Reading
from provisioning.platforms.platform import ConfigPlatform, Layout, Ways

# c: no colours, t: no questions to the terminal, w and h: its size (help.mikrotik.com, Console login options).
LOGIN_SUFFIX = "+ct511w4098h"


def reading(version: str) -> Reading:
    """Version 6 hides secrets when told to; 7 hides them unless told otherwise and refuses the old word."""
    hide = "" if version.startswith("7") or not version else " hide-sensitive"
    return Reading((f"/export terse{hide}",), begin=r"^# .*by RouterOS")


def up_seconds_in(answer: str) -> float | None:
    """Of `/system resource print`: `uptime: 1w2d3h4m5s`, in old versions `2d03:04:05`."""
    found = re.search(r"^ *uptime: *(\S+)", answer, re.MULTILINE)
    if found is None:
        return None
    match = re.fullmatch(
        r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+):(\d+):(\d+)|(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:\d+ms)?)", found[1]
    )
    if match is None:
        return None
    weeks, days, *rest = (int(each or 0) for each in match.groups())
    hours, minutes, seconds = (rest[at] + rest[at + 3] for at in range(3))
    return float(((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds)


def tidy(text: str) -> str:
    """Lines that the console wrapped are joined; of the first line, the version stays and the hour goes."""
    joined = re.sub(r"\\\n[ \t]*", "", text)
    return re.sub(r"^# .*\bby (RouterOS \S+)", r"# by \1", joined, flags=re.MULTILINE)


def undo(line: str) -> str:
    """What takes back one line of a terse export; a line that only sets something cannot be taken back by itself."""
    match = re.fullmatch(r"(/[\w/ -]+?) add (.*)", line)
    if match is None:
        return f"# {line}"
    words = [word for word in re.findall(r'[\w-]+=(?:"(?:\\.|[^"])*"|\S+)', match[2]) if "***" not in word]
    where = " ".join(word for word in words if not word.startswith(("comment=", "disabled=")))
    return f"{match[1]} remove [find where {where}]"


ROUTEROS = ConfigPlatform(
    name="mikrotik-routeros",
    profile="mikrotik-routeros",
    layout=Layout.PATHS,
    dialect=Dialect(driver="mikrotik_routeros", login_suffix=LOGIN_SUFFIX, more=r"-- \[Q quit\|.*$"),
    reading=reading,
    comment="#",
    asks="/system resource print",
    version=r"version: *(\d+\.[\w.]+)",
    up_seconds_in=up_seconds_in,
    begun_seconds=60.0,  # an entry of its scheduler that runs at the start runs 3 s after the console, long after boot
    volatile=(
        r"^# software id = ",
        r"^# (?:poe-out status|PoE)",
        r"^# (?:received packet from|lcp|no link|.*not ready|.* not running|inactive|interface not)",
        r"^# VRRP? ",
    ),
    secrets=(
        r"(?<![\w-])(?:password|secret|passphrase|wpa2?-pre-shared-key|pre-shared-key|private-key|preshared-key|"
        r"authentication-password|encryption-password|wep-key|static-key-\d|key|shared-secret|ipsec-secret|"
        r'tls-crypt|token|auth-key|md5-key|tcp-md5-key)="?(?P<secret>(?<=")(?:\\.|[^"\\])*|[^\s"]+)',
        r"^/snmp community .*\bname=\"?(?P<secret>[^\s\"]+)",
    ),
    tidy=tidy,
    ways=Ways(
        arm=(
            "/system backup save name=kentongan-before dont-encrypt=yes",
            '/system scheduler add name=kentongan-revert interval=10m on-event="/system backup load '
            'name=kentongan-before password=\\"\\""',
        ),
        disarm=("/system scheduler remove [find where name=kentongan-revert]",),
        save=(),
        undo=undo,
    ),
)
