"""Takes what is plainly a secret out of a logged command: the word after `password` and its like. Pure.

It knows no platform's configuration; whoever keeps the line masks it once more with what he knows.
"""

import re
from typing import Final

_WORDS: Final = (
    r"pass(?:word|phrase|wd)?|secret|community|psk|(?:wpa2?-)?pre-?shared-key|private-key|auth(?:entication)?-password|"
    r"encryption-password|priv(?:acy)?-password|cipher|irreversible-cipher|simple|key-string|hmac-\S+|token|"
    r"md5|sha|aes|key"
)
_SECRET: Final = re.compile(
    rf"(?i)(?P<before>(?<![\w-])(?:(?:{_WORDS})(?:[ \t]*[=:][ \t]*|[ \t]+))+(?:\d{{1,3}} )?)"
    r"(?P<secret>\"(?:\\.|[^\"\\])*\"|[^\s\"),;]+)"
)
_PLAIN: Final = re.compile(r"(?i)(?:128|192|256|private|read-access|write-access|mode|chain|(?:auth|priv)\w*|\*+)")


def masked(text: str) -> str:
    """Three stars for each; a word more that was no secret is no harm."""
    return _SECRET.sub(_stars, text)


def _stars(found: re.Match[str]) -> str:
    return found[0] if _PLAIN.fullmatch(found["secret"]) else f"{found['before']}***"
