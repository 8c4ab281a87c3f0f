"""Text of labels (Prometheus text format 0.0.4): what a device calls itself may hold any bytes at all."""

import re
from collections.abc import Iterable

# The line layout uses controls as placeholders; surrogates stand for octets that were no UTF-8.
_UNFIT = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


def escape(value: str) -> str:
    """The value between quotes: backslash, quote and newline escaped, controls and lone surrogates replaced.

    The result always encodes to UTF-8.
    """
    if value.isascii() and value.isprintable() and "\\" not in value and '"' not in value:
        return value
    value = _UNFIT.sub(_UNREADABLE, value)
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def label_set(pairs: Iterable[tuple[str, str]]) -> str:
    """`{name="value",…}` without the labels whose value is empty; '' if none is left."""
    text = ",".join(f'{name}="{escape(value)}"' for name, value in pairs if value)
    return f"{{{text}}}" if text else ""
