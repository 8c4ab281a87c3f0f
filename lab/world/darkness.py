"""Silence for ping: the kernel answers echo for all of 127/8, so a table of nftables drops what goes to the dark.
What is said by TCP (applications, cameras) is dropped both ways as well.

The table is the world's own, named with its process id, in the network namespace it runs in. It is removed at the end;
what a killed world left behind (`kill -9`) is removed when the next one starts, or with `nft delete table ip NAME`.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from domain.language import _

_PREFIX = "kentongan_world_"
_TIMEOUT_SECONDS = 10.0
_SBIN = "/usr/sbin:/sbin"


class Darkness:
    """The table of one world. Call `begin` once, `set` whenever the dark set changes, `end` at the end."""

    def __init__(self, port: int) -> None:
        self._table = f"{_PREFIX}{os.getpid()}"
        self._port = port
        self._nft = _find_nft()
        self.active = False
        self.reason = ""

    def begin(self) -> bool:
        """Make the table; False where that cannot be done, `reason` then says why. Removes what dead worlds left."""
        if self._nft is None:
            self.reason = _("nft is not installed (package nftables)")
            return False
        _remove_stale(self._nft)
        rules = f"""
table ip {self._table} {{
  set dark {{ type ipv4_addr; }}
  chain to_dark {{
    type filter hook input priority -10; policy accept;
    iifname "lo" ip daddr @dark icmp type echo-request drop
    iifname "lo" ip daddr @dark udp dport {self._port} drop
    iifname "lo" ip saddr @dark udp sport {self._port} drop
    iifname "lo" meta l4proto tcp ip daddr @dark drop
    iifname "lo" meta l4proto tcp ip saddr @dark drop
  }}
}}
"""
        error = _run(self._nft, rules)
        self.active = error == ""
        self.reason = (
            "" if self.active else _("nft may not be used here ({error}): it needs CAP_NET_ADMIN").format(error=error)
        )
        return self.active

    def set(self, addresses: Iterable[str]) -> None:
        """From now on exactly these addresses are dark, at one stroke. Nothing to do where there is no table."""
        if not self.active or self._nft is None:
            return
        members = ", ".join(sorted(addresses))
        rules = f"flush set ip {self._table} dark\n"
        if members:
            rules += f"add element ip {self._table} dark {{ {members} }}\n"
        error = _run(self._nft, rules)
        if error:
            self.active, self.reason = False, error

    def end(self) -> None:
        """Remove the table. Safe to call twice."""
        if self.active and self._nft is not None:
            self.active = False
            _run(self._nft, f"delete table ip {self._table}\n")


def can_darken_ping() -> bool:
    """Whether this process may make tables: asked by making an empty one and removing it."""
    nft = _find_nft()
    if nft is None:
        return False
    name = f"{_PREFIX}{os.getpid()}_probe"
    return _run(nft, f"add table ip {name}\ndelete table ip {name}\n") == ""


def _find_nft() -> str | None:
    return shutil.which("nft", path=os.environ.get("PATH", "") + ":" + _SBIN)


def _remove_stale(nft: str) -> None:
    listed = subprocess.run(
        [nft, "list", "tables"], capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
    )
    for name, pid in re.findall(rf"^table ip ({_PREFIX}(\d+)\S*)$", listed.stdout, re.MULTILINE):
        if not _is_world(int(pid)):
            _run(nft, f"delete table ip {name}\n")


def _is_world(pid: int) -> bool:
    """Whether a process of that number lives and is a world (its number may have been given out anew)."""
    try:
        return b"lab.world" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _run(nft: str, rules: str) -> str:
    """Apply rules; the first line of what went wrong, or nothing."""
    try:
        done = subprocess.run(
            [nft, "-f", "-"], input=rules, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or [f"nft ended with {done.returncode}"])[0]
