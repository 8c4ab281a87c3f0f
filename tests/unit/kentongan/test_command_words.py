"""Help and complaints of the command line come in the active language, not in the library's."""

from collections.abc import Iterator
from gettext import NullTranslations

import pytest

from domain.language import use
from kentongan.__main__ import main
from kentongan.settings.problems import in_plain_words

ENGLISH_OF_THE_LIBRARY = ("Usage:", "Options:", "Commands:", "Show this message", "[required]", "[default:", "Error:")


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use("en", NullTranslations())


def output(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, *words: str) -> str:
    monkeypatch.setenv("KENTONGAN_LANGUAGE__LANGUAGE", language)
    with pytest.raises(SystemExit):
        main(list(words))
    printed = capsys.readouterr()
    return printed.out + printed.err


@pytest.mark.parametrize("words", [["--help"], ["import", "--help"], ["db", "--help"], ["demo", "--help"], ["lab"]])
def test_help_is_in_indonesian(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = output(capsys, monkeypatch, "id", *words)
    assert "Pemakaian:" in page
    assert not [word for word in ENGLISH_OF_THE_LIBRARY if word in page]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["init"], "The option --kabupaten is missing.\nSee: "),
        (["import"], "'paths' is missing."),
        (["initt"], "There is no command 'initt'. Did you mean 'init'?"),
        (["nonsense"], "There is no command 'nonsense'."),
        (["check", "--jsn"], "There is no option --jsn. Did you mean --json?"),
        (["check", "--what"], "There is no option --what."),
        (["demo", "--seconds", "x"], "--seconds: write a number"),
        (["demo", "--port", "70000"], "--port: write 65535 or less"),
        (["devices", "--state", "gone"], "--state: 'gone' is not one of: 'up', 'degraded', 'down'"),
        (["probe", "127.0.0.1", "161"], "Too many words: 161."),
        (["run", "--seconds"], "The option --seconds needs a value."),
    ],
)
def test_a_mistyped_command_is_told_what_is_wrong(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert output(capsys, monkeypatch, "en", *words).startswith(said)


def test_a_choice_of_the_validator_is_a_list_of_words() -> None:
    assert in_plain_words("Input should be 'auto', 'id' or 'en'") == "write one of: 'auto', 'id', 'en'"


def test_a_sentence_nobody_foresaw_is_passed_on() -> None:
    assert in_plain_words("Value error, odd") == "odd"
