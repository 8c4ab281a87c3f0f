"""The areas of pages that this installation has, in the order in which the page of everything names them."""

from console.web.part import Part
from console.web.people import people_part
from kentongan.installation import Installation
from kentongan.showing.people import people_book


def parts_of(installation: Installation) -> tuple[Part, ...]:
    return (people_part(people_book(installation)),)
