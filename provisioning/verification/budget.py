"""What light has to arrive over a fibre: from its length, its splitters and what a class of optics sends.

Figures: ITU-T G.652 (0.35 dB a km at 1310 nm, 0.25 at 1490 and 1550), ITU-T G.984.2 class B+ (the OLT sends 1.5 to
5 dBm, the ONU takes -27 to -8), splitters as their data sheets say; 0.3 dB a connector, 0.1 dB a splice each 3 km.
"""

import math
from dataclasses import dataclass
from typing import Final

KM_DB: Final = 0.3
CONNECTOR_DB: Final = 0.3
SPLICE_DB: Final = 0.1
SPLICE_EACH_KM: Final = 3.0
SPLITTER_DB: Final = {2: 3.7, 4: 7.3, 8: 10.5, 16: 13.7, 32: 17.1, 64: 20.5, 128: 24.0}
MARGIN_DB: Final = 3.0


@dataclass(frozen=True, slots=True)
class OpticalPath:
    """splits: of each splitter on the way, 8 for 1:8. sends: dBm of the other end, lowest and highest. takes: what the
    receiver is good for."""

    length_km: float | None = None
    splits: tuple[int, ...] = ()
    sends: tuple[float, float] = (1.5, 5.0)
    takes: tuple[float, float] = (-27.0, -8.0)


def loss_db(path: OpticalPath) -> float:
    length = path.length_km or 0.0
    splitters = sum(SPLITTER_DB.get(ways, 3.5 * math.log2(max(ways, 2))) for ways in path.splits)
    connectors = 2 + 2 * len(path.splits)
    return length * KM_DB + splitters + connectors * CONNECTOR_DB + length / SPLICE_EACH_KM * SPLICE_DB


def expected(path: OpticalPath) -> tuple[float, float]:
    """dBm, lowest and highest that is all right. Of a length that is not known only what the receiver takes."""
    if path.length_km is None:
        return path.takes
    loss = loss_db(path)
    return max(path.takes[0], path.sends[0] - loss - MARGIN_DB), min(path.takes[1], path.sends[1] - loss + MARGIN_DB)
