"""What the closed words of coverage are called, in the active language: the same on every page and in every report."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.coverage.evidence import Reason
from domain.language import _


def reason_word(word: str) -> str:
    """Why a village counts as it does."""
    return {
        Reason.SERVED: _("served"),
        Reason.UNAVAILABLE: _("too often down"),
        Reason.UNUSED: _("up, but no use is seen"),
        Reason.UNSEEN: _("seen too little"),
        Reason.NOTHING: _("not watched"),
        Reason.OWN: _("its own provider"),
        Reason.BAKTI: _("BAKTI"),
        Reason.NONE: _("no internet"),
        Reason.UNKNOWN: _("not known"),
    }[Reason(word)]


def gap_word(word: str) -> str:
    """Why a village is listed and not ranked."""
    return {
        "no-coordinates": _("no coordinates"),
        "no-population": _("nobody says how many people live there"),
        "suspended": _("its site is built and suspended: a contract is wanting"),
    }[word]


def assumptions_said(takes: Mapping[str, Any], number: Callable[[float, int], str]) -> Iterator[str]:
    """What a ranking takes for granted, of the document of `coverage plan`. number: a figure with so many digits."""
    yield _(
        "Assumed: fibre up to {fibre} km, Rp {site} million and {km} million a kilometre; roads {detour} × the line."
    ).format(
        fibre=number(takes["fibreKm"], 0),
        site=number(takes["fibreSiteRupiah"] / 1e6, 0),
        km=number(takes["fibreRupiahPerKm"] / 1e6, 0),
        detour=number(takes["detour"], 1),
    )
    yield _(
        "Radio up to {km} km, Rp {cost} million: line of sight not checked. Else satellite, Rp {satellite} million."
    ).format(
        km=number(takes["radioKm"], 0),
        cost=number(takes["radioSiteRupiah"] / 1e6, 0),
        satellite=number(takes["satelliteSiteRupiah"] / 1e6, 0),
    )
    yield _(
        "Ranked by people × their internet now × how far their kecamatan has fallen behind, for each million rupiah."
    )
