"""Where a secret will stand in a configuration: a hole with a name, filled only when the text is sent to the device.

A rendered text holds no secret, so it can be compared, stored and shown. Holes are filled by `provisioning/rendering`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

OPENS, CLOSES = "⟦", "⟧"
_HOLE: Final = re.compile(r"⟦([a-z0-9][a-z0-9._-]*)/([a-z]+)((?:\|[a-z-]+)*)⟧")


@dataclass(frozen=True, slots=True, order=True)
class SecretHole:
    """credential: a name in the vault. field: which of its texts (password, key, enable, auth, priv, token).

    quoting: the languages in whose quotation marks it stands, innermost first.
    """

    credential: str
    field: str
    quoting: tuple[str, ...] = ()

    def marker(self) -> str:
        return f"{OPENS}{self.credential}/{self.field}{''.join(f'|{each}' for each in self.quoting)}{CLOSES}"

    def __str__(self) -> str:
        raise TypeError("a secret is not joined to a text in a template: put it through the platform's quote filter")


def holes_in(text: str) -> Iterator[SecretHole]:
    """Every hole, in the order of the text."""
    for match in _HOLE.finditer(text):
        yield _hole(match)


def replace_holes(text: str, replacement: Callable[[SecretHole], str]) -> str:
    return _HOLE.sub(lambda match: replacement(_hole(match)), text)


def masked(text: str) -> str:
    """The text for people and files: three stars for each secret."""
    return _HOLE.sub("***", text)


def _hole(match: re.Match[str]) -> SecretHole:
    return SecretHole(match[1], match[2], tuple(filter(None, match[3].split("|"))))
