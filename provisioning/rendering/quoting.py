"""Texts as arguments in the languages of devices: quoted so that no text can become a command, or refused. Pure.

No language is trusted with control characters. Each function here is safe by itself: what a variable's type lets
through does not matter to it.

Sources: RouterOS, Scripting, "Constant Escape Sequences"; POSIX.1-2017, Shell Command Language, 2.2.2; OpenWrt, "The
UCI system" (quoting as in a shell); Cisco IOS Configuration Fundamentals, "Using the Command-Line Interface" (`?` asks
for help anywhere in a line, `!` begins a comment); Huawei VRP, "Command Line Interface Overview" (`?`, `#`); net-snmp,
snmp_config(5).
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, assert_never

from domain.intent import Platform, SecretHole
from domain.intent.secret_holes import CLOSES, OPENS, replace_holes
from domain.language import _
from provisioning.errors import UnquotableError


class Language(StrEnum):
    """How a text is written down: as a quoted argument, as the rest of a line, or as one bare word."""

    ROUTEROS = "routeros"
    SHELL = "shell"
    UCI = "uci"
    SNMPD = "snmpd"
    LINE = "line"  # the rest of a line of a command line without quotation marks: IOS, VRP, FRR, ZTE
    WORD = "word"  # one argument of such a command line
    QUOTED = "quoted"  # one argument in quotation marks that cannot be escaped: Huawei's OLTs


WITHIN: Final = "in-"
"""Before a language in a hole's quoting: the quotation marks around it stand there already."""


class Written(str):
    """A text that is already in the language of the template it goes into: the only text that templates put out."""

    __slots__ = ()


_ROUTEROS_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
_ROUTEROS_ESCAPES: Final[Mapping[str, str]] = {"\\": "\\\\", '"': '\\"', "$": "\\$", "?": "\\?"}
_SHELL_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:/@_-]*")
_LINE = re.compile(r"[!-~]([ -~]*[!-~])?")
_WORD = re.compile(r"[A-Za-z0-9@#$%^&*()_+={}:,.<>/~-]+")
_SNMPD = re.compile(r"[ !#-\[\]-~]+")
_HUAWEI_QUOTED = re.compile(r"[ !#->@-\[\]-~]+")  # no backslash: what it does there is documented nowhere


def language_of(platform: Platform) -> Language:
    """What the filter `quote` writes in a platform's templates."""
    match platform:
        case Platform.ROUTEROS:
            return Language.ROUTEROS
        case Platform.OPENWRT:
            return Language.UCI
        case Platform.IOS | Platform.VRP | Platform.FRR | Platform.ZTE_OLT:
            return Language.LINE
        case Platform.HUAWEI_OLT:
            return Language.QUOTED
        case _:
            assert_never(platform)


def write(language: Language, value: str | SecretHole) -> Written:
    """The text as one argument, or the hole with the language it will be written in. Raises UnquotableError."""
    if isinstance(value, SecretHole):
        return Written(SecretHole(value.credential, value.field, (*value.quoting, language.value)).marker())
    if OPENS in value or CLOSES in value:
        raise UnquotableError(_("{text}: the signs {signs} are kept for secrets.").format(text=value, signs="⟦ ⟧"))
    return Written(_WRITERS[language](value))


def nested(language: Language, text: str) -> Written:
    """A text that holds written holes, quoted once more around them: a script inside an argument."""
    kept: list[SecretHole] = []

    def keep(hole: SecretHole) -> str:
        kept.append(SecretHole(hole.credential, hole.field, (*hole.quoting, f"{WITHIN}{language.value}")))
        return "\x00"

    pieces = replace_holes(text, keep).split("\x00")
    inner = [escaped(language, piece) for piece in pieces]
    holes = [f"{SecretHole(each.credential, each.field, each.quoting).marker()}" for each in kept]
    joined = inner[0] + "".join(hole + piece for hole, piece in zip(holes, inner[1:], strict=True))
    return Written(f'"{joined}"' if language is Language.ROUTEROS else f"'{joined}'")


def escaped(language: Language, text: str) -> str:
    """Escaped, without the quotation marks around it; lines are allowed here."""
    match language:
        case Language.ROUTEROS:
            lines = text.replace("\r", "").split("\n")
            return "\\r\\n".join(_routeros_escaped(line) for line in lines)
        case Language.SHELL | Language.UCI:
            return text.replace("'", "'\\''")
        case _:
            raise UnquotableError(_("A script cannot stand inside an argument of this platform."))


def _routeros_escaped(text: str) -> str:
    return "".join(
        _ROUTEROS_ESCAPES.get(letter)
        or (letter if " " <= letter <= "~" else "".join(f"\\{octet:02X}" for octet in letter.encode()))
        for letter in text
    )


def _routeros(text: str) -> str:
    _check_controls(text)
    return text if _ROUTEROS_BARE.fullmatch(text) else f'"{_routeros_escaped(text)}"'


def _shell(text: str) -> str:
    _check_controls(text)
    return text if _SHELL_BARE.fullmatch(text) else "'" + text.replace("'", "'\\''") + "'"


def _uci(text: str) -> str:
    _check_controls(text)
    return "'" + text.replace("'", "'\\''") + "'"


def _snmpd(text: str) -> str:
    _match(_SNMPD, text)
    return f'"{text}"'


def _line(text: str) -> str:
    if text[:1] in ("!", "#", "?") or "?" in text:
        raise _unquotable(text)
    return _match(_LINE, text)


def _word(text: str) -> str:
    if text[:1] == "#":
        raise _unquotable(text)
    return _match(_WORD, text)


def _quoted(text: str) -> str:
    return f'"{_match(_HUAWEI_QUOTED, text)}"'


_WRITERS: Final[Mapping[Language, Callable[[str], str]]] = {
    Language.ROUTEROS: _routeros,
    Language.SHELL: _shell,
    Language.UCI: _uci,
    Language.SNMPD: _snmpd,
    Language.LINE: _line,
    Language.WORD: _word,
    Language.QUOTED: _quoted,
}


def _match(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise _unquotable(text)
    return text


def _check_controls(text: str) -> None:
    if not text.isprintable():
        raise _unquotable(text)


def _unquotable(text: str) -> UnquotableError:
    """Without the text itself: it may be a secret that is being filled in."""
    shown = ", ".join(sorted({repr(letter) for letter in text if not letter.isalnum()})[:8]) or _("nothing")
    return UnquotableError(
        _("This platform cannot take a text of {length} characters with {signs} in it.").format(
            length=len(text), signs=shown
        )
    )
