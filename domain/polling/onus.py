"""What an OLT says of its ONUs when it is asked about an outage: lit or not, why it went, and how much light it had.

Vendors number and name their causes each in their own way; profiles map those words onto the closed set here. What an
outage is called in the end is decided from several witnesses, not here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_PLACE = re.compile(r"\d+(?:/\d+)*$")


class DownCause(StrEnum):
    """Why an ONU went, as far as its OLT can tell."""

    POWER = "power"  # its last word was a dying gasp: it lost its electricity
    FIBRE = "fibre"  # no light or no frames from it, and no dying gasp before
    SIGNAL = "signal"  # light and frames, but too many errors or no acknowledgement
    RESTARTED = "restarted"
    DEACTIVATED = "deactivated"  # somebody switched it off at the OLT
    REPLACED = "replaced"  # the OLT refuses it: another serial or password than it was told
    LOOP = "loop"  # it was shut out because its users had made a ring
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class OnuReading:
    """One ONU at the time of asking.

    online: None where the OLT does not say. cause: why it went last, which of an ONU that is online is history.
    state: the vendor's own word. rx_dbm: light at the ONU, None for 'no reading', as of one that is dark.
    """

    olt_port: str
    onu_id: str
    online: bool | None = None
    cause: DownCause = DownCause.UNKNOWN
    state: str = ""
    rx_dbm: float | None = None

    @property
    def down_cause(self) -> DownCause | None:
        """Why it is dark now; None for one that is online or may be."""
        return self.cause if self.online is False else None


def cause_of(state: DownCause | None, last: DownCause | None) -> DownCause:
    """One cause from the ONU's present state and the last event, either of which may say nothing (None or unknown).

    A present dying gasp counts most. Beyond it the event does: an ONU without electricity gives no light either, so
    that a state of 'no light' after a dying gasp is no contradiction.
    """
    if state is DownCause.POWER:
        return DownCause.POWER
    return next((said for said in (last, state) if said not in (None, DownCause.UNKNOWN)), None) or DownCause.UNKNOWN


def port_place(port: str) -> str:
    """A PON port without its vendor's prefix: `gpon_1/2/3`, `GPON 1/2/3` and `1/2/3` are one place."""
    found = _PLACE.search(port.strip())
    return found.group(0) if found else port.strip()


def find_onu(readings: Iterable[OnuReading], olt_port: str, onu_id: str) -> OnuReading | None:
    """The reading of an ONU as the inventory names it; ports are compared by their place."""
    place = port_place(olt_port)
    return next((one for one in readings if one.onu_id == onu_id and port_place(one.olt_port) == place), None)
