"""How fast TCP is to an iperf3 server: the real client (iperf.fr, 3.7 or later) as a child with hard limits.

It starts no server. What the far end may say is bounded: a child that does not end in time is killed.
"""

import json
import re
import shutil
import subprocess
from typing import Any, Final

from domain.changes import SpeedAnswer
from domain.language import _

CONNECT_SECONDS: Final = 3.0
GRACE_SECONDS: Final = 6.0  # to connect, to exchange results and to end
MOST_SECONDS: Final = 30.0
_ADDRESS: Final = re.compile(r"[0-9A-Za-z][\w.:%-]{0,252}")


class Iperf3:
    """Implements domain.changes.Speed. program: '' looks for iperf3 on the path."""

    def __init__(self, program: str = "", grace_seconds: float = GRACE_SECONDS) -> None:
        self._program = program or shutil.which("iperf3") or ""
        self._grace_seconds = grace_seconds

    def __call__(self, address: str, port: int, seconds: float) -> SpeedAnswer:
        if not self._program:
            return SpeedAnswer(trouble=_("iperf3 is not installed here (Debian package iperf3)"))
        if not _ADDRESS.fullmatch(address):
            return SpeedAnswer(trouble=_("{address} is no address").format(address=address))
        down, trouble = self._measured(address, port, seconds, ())
        if down is None:
            return SpeedAnswer(trouble=trouble)
        up, trouble = self._measured(address, port, seconds, ("--reverse",))
        return SpeedAnswer(down, up, trouble)

    def _measured(self, address: str, port: int, seconds: float, way: tuple[str, ...]) -> tuple[float | None, str]:
        """Mbit/s that arrived, or why not."""
        seconds = min(max(seconds, 1.0), MOST_SECONDS)
        words = [self._program, "--client", address, "--port", str(port), "--json", "--interval", "0", *way]
        words += ["--time", f"{seconds:.0f}", "--connect-timeout", f"{CONNECT_SECONDS * 1000:.0f}"]
        try:
            done = subprocess.run(
                words,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=seconds + self._grace_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None, _("iperf3 did not end in time and was stopped")
        except OSError as error:
            return None, _("iperf3 cannot be run: {reason}").format(reason=error.strerror)
        return read_result(done.stdout)


def read_result(text: str) -> tuple[float | None, str]:
    """What `iperf3 --json` wrote: Mbit/s that arrived, or why nothing was measured. Pure."""
    try:
        said: Any = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return None, _("iperf3 said nothing that can be read")
    if error := said.get("error"):
        return None, f"iperf3: {' '.join(str(error).split())[:200]}"
    end = said.get("end")
    received = end.get("sum_received") if isinstance(end, dict) else None
    bits = received.get("bits_per_second") if isinstance(received, dict) else None
    if not isinstance(bits, int | float) or isinstance(bits, bool) or bits <= 0:
        return None, _("iperf3 measured nothing")
    return round(bits / 1e6, 2), ""
