"""What the closed words of coverage are called, in the active language: the same on every page and in every report."""

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
