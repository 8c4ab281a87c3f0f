"""The other side of the world's control socket: what `kentongan lab cut …` calls."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path

from domain.language import _
from lab.errors import WorldNotRunningError, WorldRefusedError

_TIMEOUT_SECONDS = 15.0


class Control:
    """Sends orders to the world that listens at `path`. Opens a connection per order.

    Every method returns the world's answer (see `lab.world.orders`) and raises WorldNotRunningError when nobody
    listens, WorldRefusedError with the world's own words when it says no (an unknown name comes with the nearest).
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def cut(self, link: str) -> dict[str, object]:
        """Cut a link, or all links over a segment."""
        return self._order("cut", link)

    def restore(self, link: str) -> dict[str, object]:
        """Mend a link or a segment; `all` mends everything and turns all power on."""
        return self._order("restore", link)

    def flap(self, link: str, every_seconds: float) -> dict[str, object]:
        """Cut and mend a link or a segment by turns until it is restored."""
        return self._order("flap", link, {"every": every_seconds})

    def dim(self, link: str, db: float, over_seconds: float = 0.0) -> dict[str, object]:
        """So many dB less arrive over a link or segment, at once or little by little; 0 gives them back."""
        return self._order("dim", link, {"db": db, "over": over_seconds})

    def power_off(self, site: str) -> dict[str, object]:
        return self._order("power-off", site)

    def power_on(self, site: str) -> dict[str, object]:
        return self._order("power-on", site)

    def power_feeder_off(self, feeder: str) -> dict[str, object]:
        """All sites on the feeder lose their mains; those with a battery or a generator hold for their time."""
        return self._order("power-feeder-off", feeder)

    def power_feeder_on(self, feeder: str) -> dict[str, object]:
        return self._order("power-feeder-on", feeder)

    def reboot(self, device: str, seconds: float | None = None) -> dict[str, object]:
        """The device is silent for so long (25 seconds unless said), then back with counters and uptime at nought."""
        return self._order("reboot", device, {} if seconds is None else {"seconds": seconds})

    def status(self) -> dict[str, object]:
        return self._order("status")

    def _order(self, order: str, name: str = "", more: Mapping[str, object] | None = None) -> dict[str, object]:
        line = json.dumps({"order": order, "name": name, **(more or {})}).encode() + b"\n"
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(_TIMEOUT_SECONDS)
                connection.connect(str(self._path))
                connection.sendall(line)
                with connection.makefile("rb") as answers:
                    text = answers.readline()
            answer = json.loads(text)
        except (OSError, ValueError) as error:
            raise WorldNotRunningError(
                _("no simulated world listens at {path} ({error}): start `kentongan demo` first").format(
                    path=self._path, error=error
                )
            ) from error
        if not answer.get("ok"):
            raise WorldRefusedError(str(answer.get("error", "")))
        return dict(answer)
