"""Reads latitudes and longitudes, and says when a place cannot be in Indonesia."""

import re
from typing import Final

from domain.language import _
from inventory.errors import CellError
from inventory.importing.cells import Cell
from inventory.importing.findings import shown
from inventory.importing.numbers import Lone, numeral

# Badan Informasi Geospasial: Pulau Rote to Pulau Weh's waters, Pulau Benggala to the border of Papua, rounded outwards.
SOUTHMOST, NORTHMOST = -11.2, 6.3
WESTMOST, EASTMOST = 94.7, 141.2
_DEGREES: Final = re.compile(
    r"(?P<sign>[-+]?)\s*(?P<deg>[0-9]{1,3})\s*[°º]\s*"
    r"((?P<min>[0-9]{1,2}([.,][0-9]+)?)\s*['’′]\s*)?"
    r"((?P<sec>[0-9]{1,2}([.,][0-9]+)?)\s*(\"|”|″|''|’’)\s*)?"
    r"(?P<side>ls|lu|bt|bb|n|s|e|w)?",
    re.IGNORECASE,
)
_NEGATIVE_SIDES: Final = frozenset({"ls", "s", "bb", "w"})


def read_degrees(cell: Cell) -> float:
    """Degrees from -180 to 180: -6,5531 or 6°33'11" LS."""
    if isinstance(cell, str) and (match := _DEGREES.fullmatch(cell.strip())):
        return _sexagesimal(match)
    if isinstance(cell, str) and re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{3}){2,}", cell.strip()):
        raise _lost_point(cell)
    degrees = float(numeral(cell, Lone.DECIMAL))
    if not -180 <= degrees <= 180:
        raise _lost_point(cell)
    return degrees


def _lost_point(cell: Cell) -> CellError:
    return CellError(
        _("'{value}' is not a number of degrees; Excel may have moved the decimal comma.").format(value=shown(cell)),
        _("Format the column as Text and write it as -6,5531."),
    )


def _sexagesimal(match: re.Match[str]) -> float:
    minutes, seconds = (float((match[part] or "0").replace(",", ".")) for part in ("min", "sec"))
    if minutes >= 60 or seconds >= 60:
        raise CellError(_("'{value}' has 60 or more minutes or seconds.").format(value=shown(match.group())))
    degrees = int(match["deg"]) + minutes / 60 + seconds / 3600
    south_or_west = (match["side"] or "").lower() in _NEGATIVE_SIDES or match["sign"] == "-"
    return round(-degrees if south_or_west else degrees, 7)


def place_error(latitude: float, longitude: float) -> tuple[str, str, str] | None:
    """What is wrong with the pair: (the field to blame, problem, remedy), or None for a place in Indonesia."""
    if in_indonesia(latitude, longitude):
        return None
    if in_indonesia(longitude, latitude):
        return (
            "latitude",
            _("latitude {latitude} and longitude {longitude} are swapped.").format(
                latitude=latitude, longitude=longitude
            ),
            _("Exchange the two."),
        )
    if in_indonesia(-latitude, longitude):
        return (
            "latitude",
            _("latitude {latitude} does not lie in Indonesia.").format(latitude=latitude),
            _("South of the equator it begins with a minus: {right}.").format(right=-latitude),
        )
    field = "longitude" if SOUTHMOST <= latitude <= NORTHMOST else "latitude"
    return (
        field,
        _("latitude {latitude}, longitude {longitude} does not lie in Indonesia.").format(
            latitude=latitude, longitude=longitude
        ),
        _("Latitude runs from {south} to {north}, longitude from {west} to {east}.").format(
            south=SOUTHMOST, north=NORTHMOST, west=WESTMOST, east=EASTMOST
        ),
    )


def in_indonesia(latitude: float, longitude: float) -> bool:
    return SOUTHMOST <= latitude <= NORTHMOST and WESTMOST <= longitude <= EASTMOST
