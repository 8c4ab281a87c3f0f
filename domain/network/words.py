"""What the media of links are called for people, in the active language."""

from typing import assert_never

from domain.language import _
from domain.network.links import Medium


def medium_word(medium: Medium) -> str:
    match medium:
        case Medium.FIBRE:
            return _("fibre")
        case Medium.RADIO:
            return _("radio")
        case Medium.COPPER:
            return _("copper")
        case Medium.VPN:
            return _("tunnel")
        case Medium.LTE | Medium.VSAT | Medium.LEO:
            return medium.value.upper()
        case _:
            assert_never(medium)
