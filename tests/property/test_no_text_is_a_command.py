"""No text becomes a command, on any platform: what a quote filter lets through is read back by lexers written here."""

import shlex
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.intent import Platform, SecretHole
from domain.intent.secret_holes import CLOSES, OPENS
from domain.secrets import Secret
from provisioning.errors import TemplateError, UnquotableError, VariableError
from provisioning.profiles import Kind, Layer, Variable, check
from provisioning.rendering import Language, fill, nested, write
from provisioning.rendering.environment import PlatformTemplates

DANGEROUS = "\n\r\t\x00\x0b\x85\u2028 ;|&$`\\\"'{}[]()<>!#?%=,:⟦⟧⟦a/b⟧"
TEXTS = st.text(st.one_of(st.sampled_from(DANGEROUS), st.characters()), max_size=40)


def routeros_value(line: str) -> list[str]:
    """Words of one RouterOS command, unescaped; raises ValueError for what would begin another or call something."""
    words, word, at, quoted = [], "", 0, False
    while at < len(line):
        letter = line[at]
        if quoted and letter == "\\":
            follows = line[at + 1]
            if follows in '\\"$?':
                word, at = word + follows, at + 2
                continue
            word, at = word + chr(int(line[at + 1 : at + 3], 16)), at + 3
            continue
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter == " ":
            words, word = [*words, word], ""
        elif letter in "\n\r$" or (not quoted and letter in ";[]{}()"):
            raise ValueError(letter)
        else:
            word += letter
        at += 1
    if quoted:
        raise ValueError("open quote")
    return [*words, word]


def shell_value(line: str) -> list[str]:
    if "\n" in line:
        raise ValueError("two lines")
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.commenters = ""
    lexer.whitespace_split = True
    return list(lexer)


def plain_line(line: str) -> list[str]:
    """A command line without quotes: one line of printable ASCII without a call for help."""
    if not line.isascii() or not line.isprintable() or "?" in line:
        raise ValueError("not one plain line")
    head, _space, rest = line.partition(" ")
    return [head, rest]


def quoted_line(line: str) -> list[str]:
    """Quotation marks that cannot be escaped: exactly two, around printable ASCII."""
    head, rest = line.split(" ", 1)
    if not rest.isascii() or not rest.isprintable() or rest.count('"') != 2 or "\\" in rest:
        raise ValueError("not one argument")
    return [head, rest[1:-1]]


READERS: dict[Language, Callable[[str], list[str]]] = {
    Language.ROUTEROS: routeros_value,
    Language.SHELL: shell_value,
    Language.UCI: shell_value,
    Language.SNMPD: quoted_line,
    Language.LINE: plain_line,
    Language.WORD: plain_line,
    Language.QUOTED: quoted_line,
}


@pytest.mark.parametrize("language", Language)
@given(text=TEXTS)
@example("a\nreload")
@example("$x[/system reboot];")
@example("';reboot;'")
@example('"; reboot; "')
@example("! x?")
@example("\\")
def test_a_text_stays_one_argument(language: Language, text: str) -> None:
    try:
        written = write(language, text)
    except UnquotableError:
        return
    words = READERS[language](f"word {written}")
    assert words[0] == "word"
    assert len(words) == 2
    if language is Language.ROUTEROS:
        assert words[1].encode("latin-1", "replace") == text.encode() or words[1] == text
    else:
        assert words[1] == text
    if language is Language.QUOTED:
        assert "?" not in written  # asks for help, also between quotation marks
    if language is Language.WORD:
        assert " " not in written
    if language in (Language.LINE, Language.WORD):
        assert written[0] not in "!#? "
        assert written[-1] != " "


@given(text=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30))
def test_a_secret_in_a_script_in_an_argument_is_escaped_twice(text: str) -> None:
    script = ':put "' + "x" + '" ' + str(write(Language.ROUTEROS, SecretHole("site", "token")))
    line = f"source {nested(Language.ROUTEROS, script)}"
    filled = fill(line, lambda hole: Secret(text)).reveal()
    inner = routeros_value(filled)
    assert len(inner) == 2
    assert routeros_value(inner[1])[2] == text


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.NAME, Kind.HOSTNAME, Kind.INTERFACE, Kind.PUBLIC_KEY])
@given(text=TEXTS)
def test_types_let_nothing_through_that_a_platform_could_take_for_a_command(kind: Kind, text: str) -> None:
    variable = Variable.model_validate({"type": kind, "layer": Layer.SITE, "about": "", "longest": 60})
    try:
        value = check(variable, text)
    except VariableError:
        return
    assert not set(str(value)) & set("\n\r\t;\"'[]{}$\\`|&!#?<>%⟦⟧")
    assert str(value).lower() not in ("end", "exit", "quit", "return")
    for language in (Language.ROUTEROS, Language.SHELL, Language.LINE):
        assert len(READERS[language](f"word {write(language, str(value))}")) == 2


@pytest.mark.parametrize("platform", Platform)
@given(text=TEXTS)
def test_a_template_that_forgets_to_quote_renders_nothing(platform: Platform, text: str) -> None:
    book = PlatformTemplates(platform, {"bad.j2": "name {{ text }}\n", "worse.j2": "name {{ 'x' ~ text }}\n"})
    for part in book.parts:
        with pytest.raises(TemplateError):
            book.of(part)[0].template.render({"text": text})


@given(text=TEXTS)
def test_only_holes_of_ours_are_holes(text: str) -> None:
    for language in Language:
        try:
            assert OPENS not in write(language, text)
            assert CLOSES not in write(language, text)
        except UnquotableError:
            continue
