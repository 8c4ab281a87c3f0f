"""From what a device wrote to what is kept: noise out, secrets masked, equal configurations equal texts. Pure."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Final

from domain.secrets import Secret
from provisioning.platforms.platform import ConfigPlatform

Seal = Callable[[str], str]
"""From a secret to a short mark that tells two secrets apart and gives neither away."""

SHORTEST: Final = 4  # shorter texts of stored credentials ("lan") stand in a configuration for other reasons
LONG: Final = 8


def clean(platform: ConfigPlatform, written: str) -> str:
    """Without lines that change by themselves; no blanks at the ends, one newline after the last line."""
    text = platform.tidy(written.replace("\r\n", "\n").replace("\r", ""))
    noise = _any_of(platform.volatile)
    lines = (line.rstrip() for line in text.split("\n"))
    kept = [line for line in lines if noise is None or not noise.search(line)]
    return "\n".join(_without_double_blanks(kept)).strip("\n") + "\n"


def mask(platform: ConfigPlatform, text: str, seal: Seal, stored: Iterable[Secret] = ()) -> str:
    """Secrets as `***` and their seal. stored: texts that are secret wherever they stand."""
    for first, last in platform.mask_blocks:
        text = _without_blocks(text, first, last, seal)
    patterns = [re.compile(pattern) for pattern in platform.secrets]
    text = "\n".join(_masked_line(line, patterns, seal) for line in text.split("\n"))
    for part in sorted(_texts(stored), key=len, reverse=True):
        text = re.sub(_sought(part), lambda _match, part=part: _mark(seal(part)), text)  # type: ignore[misc]
    return text


def changed_by(platform: ConfigPlatform, written: str) -> str:
    """Who changed the device last, where it tells; '' otherwise."""
    found = re.search(platform.changed_by, written, re.MULTILINE) if platform.changed_by else None
    return found["who"] if found else ""


def _mark(sealed: str) -> str:
    return f"***{sealed}***" if sealed else "***"


def _masked_line(line: str, patterns: list[re.Pattern[str]], seal: Seal) -> str:
    for pattern in patterns:
        line = pattern.sub(lambda match: _masked_match(match, seal), line)
    return line


def _masked_match(match: re.Match[str], seal: Seal) -> str:
    secret = match["secret"]
    if not secret or secret.startswith("***"):
        return match[0]
    start, end = match.start("secret") - match.start(), match.end("secret") - match.start()
    return match[0][:start] + _mark(seal(secret)) + match[0][end:]


def _without_blocks(text: str, first: str, last: str, seal: Seal) -> str:
    def masked(match: re.Match[str]) -> str:
        return f"{match[1]}\n{_mark(seal(match[2]))}\n{match[3]}"

    return re.sub(rf"^({first})\n(.*?)\n({last})$", masked, text, flags=re.MULTILINE | re.DOTALL)


def _texts(stored: Iterable[Secret]) -> set[str]:
    whole = {secret.reveal() for secret in stored}
    return {text for text in whole if len(text) >= SHORTEST and "\n" not in text}


def _sought(secret: str) -> str:
    """A long one anywhere; a short one ("public") only as a word of its own."""
    return re.escape(secret) if len(secret) >= LONG else rf"(?<![\w-]){re.escape(secret)}(?![\w-])"


def _without_double_blanks(lines: list[str]) -> list[str]:
    return [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)) if patterns else None
