"""The fleet at a glance for the live view: sites and devices by state."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.language import _
from domain.network import Check, Device, Site, SiteKind
from domain.polling import Fleet
from domain.states import State

STATES = (State.UNKNOWN, State.DOWN, State.UNREACHABLE, State.DEGRADED, State.UP)  # by the board's codes
SHOWN_KINDS = (SiteKind.DESA, SiteKind.OPD, SiteKind.POP, SiteKind.CCTV)


class FleetSummary:
    """Laid out once per inventory; `sites` and `devices` count by the codes of now. What nobody asks is left out."""

    def __init__(self, fleet: Fleet, sites: Sequence[Site], devices: Sequence[Device]) -> None:
        place = {site.slug: i for i, site in enumerate(sites)}
        watched = [device for device in devices if device.check is not Check.NONE]
        here = [device for device in watched if device.site in place and device.name in fleet]
        self._device = np.array([fleet.index(device.name) for device in here], np.int64)
        self._site = np.array([place[device.site] for device in here], np.int64)
        self._kinds = [site.kind for site in sites]

    def sites(self, codes: NDArray[np.uint8]) -> dict[str, Mapping[State, int]]:
        """Kind of site, in words → how many are in each state. Sites without a device in use are left out."""
        n = len(STATES)
        counts = np.bincount(self._site * n + codes[self._device], minlength=len(self._kinds) * n).reshape(-1, n)
        state = site_states(counts)
        shown: dict[str, Mapping[State, int]] = {}
        for kind in (*SHOWN_KINDS, None):
            mine = [
                code
                for k, code, some in zip(self._kinds, state.tolist(), counts.sum(axis=1).tolist(), strict=True)
                if some and (k is kind or (kind is None and k not in SHOWN_KINDS))
            ]
            if mine:
                shown[_word(kind)] = {State(STATES[code]): mine.count(code) for code in set(mine)}
        return shown

    def devices(self, codes: NDArray[np.uint8]) -> dict[State, int]:
        counts = np.bincount(codes[self._device], minlength=len(STATES)).tolist()
        return dict(zip(STATES, counts, strict=True))


def _word(kind: SiteKind | None) -> str:
    if kind is None:
        return _("other sites")
    return kind.value if kind is SiteKind.DESA else kind.value.upper()


def site_states(counts: NDArray[np.integer]) -> NDArray[np.int64]:
    """[sites, 5] devices by state → the site's own: dark if all are dark, degraded if some are not up."""
    total = counts.sum(axis=1)
    unknown, down, unreachable, _degraded, up = counts.T
    state = np.full(len(counts), STATES.index(State.DEGRADED), np.int64)
    state[up == total] = STATES.index(State.UP)
    state[(unknown > 0) & (unknown + up == total)] = STATES.index(State.UNKNOWN)
    dark = down + unreachable == total
    state[dark] = np.where(down > 0, STATES.index(State.DOWN), STATES.index(State.UNREACHABLE))[dark]
    return state
