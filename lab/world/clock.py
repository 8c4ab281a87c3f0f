"""Which of the country's three times a kabupaten keeps."""

_HOUR = 3600.0
_WITA = frozenset({"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"})
_WIT = frozenset({"81", "82", "91", "92", "93", "94", "95", "96", "97"})


def utc_offset_seconds(code: str) -> float:
    """WIB, WITA or WIT by the province's code: seven, eight or nine hours."""
    province = code[:2]
    return (9 if province in _WIT else 8 if province in _WITA else 7) * _HOUR
