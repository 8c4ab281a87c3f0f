"""Numbers as evidence carries them: as text, with no more places than anybody reads."""

from math import floor, log10


def shown(value: float) -> str:
    """Three figures that count, whole numbers without a point, never an exponent: 22.7, 0.25, 1340."""
    if value == 0:
        return "0"
    places = max(0, 2 - floor(log10(abs(value))))
    text = f"{value:.{min(places, 6)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
