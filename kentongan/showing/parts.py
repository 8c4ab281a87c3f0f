"""The areas of pages that this installation has, in the order in which the page of everything names them."""

from console.web.part import Part
from kentongan.installation import Installation


def parts_of(installation: Installation) -> tuple[Part, ...]:
    return ()
