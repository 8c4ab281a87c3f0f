"""Line editing: each line ends once, whatever ends it; keys, history, what is hidden."""

from lab.cli.terminal import Happening, LineEditor


def _lines(editor: LineEditor, text: str) -> list[str]:
    return [value for happening, value in editor.feed(text) if happening is Happening.LINE]


def _echo(editor: LineEditor, text: str) -> str:
    return "".join(value for happening, value in editor.feed(text) if happening is Happening.ECHO)


def test_a_line_ends_once() -> None:
    assert _lines(LineEditor(), "a\rb\nc\r\nd\r\n") == ["a", "b", "c", "d"]
    assert _lines(LineEditor(), "\r\r\n") == ["", ""]


def test_backspace_and_control_u() -> None:
    editor = LineEditor()
    assert _echo(editor, "abx\x7f") == "abx\b \b"
    assert _lines(editor, "c\r") == ["abc"]
    assert _lines(editor, "salah\x15benar\r") == ["benar"]


def test_what_is_hidden_is_not_echoed_nor_remembered() -> None:
    editor = LineEditor(hidden=True)
    assert _echo(editor, "rahasia\r") == "\r\n"
    editor.hidden = False
    assert _lines(editor, "\x1b[A\r") == [""]


def test_the_arrow_brings_the_last_line() -> None:
    editor = LineEditor()
    _lines(editor, "show version\r")
    assert _lines(editor, "\x1b[A\r") == ["show version"]


def test_one_key_answers() -> None:
    editor = LineEditor(wants_key=True)
    assert list(editor.feed("y")) == [(Happening.KEY, "y")]
    assert list(editor.feed("\r")) == [(Happening.KEY, "")]


def test_control_c_drops_the_line_and_control_d_ends_an_empty_one() -> None:
    editor = LineEditor()
    assert (Happening.INTERRUPT, "") in list(editor.feed("abc\x03"))
    assert list(editor.feed("\x04")) == [(Happening.END, "")]


def test_a_question_mark_asks_only_where_there_is_help() -> None:
    assert list(LineEditor(helps=True).feed("sh?")) == [
        (Happening.ECHO, "s"),
        (Happening.ECHO, "h"),
        (Happening.HELP, "sh"),
    ]
    assert _lines(LineEditor(), "a?\r") == ["a?"]


def test_a_line_wider_than_the_terminal_is_drawn_anew() -> None:
    editor = LineEditor(columns=20, prompt="[a@b] > ")
    assert _echo(editor, "x" * 11) == "x" * 11
    assert _echo(editor, "y") == "\r[a@b] > <xxxxxy"
    assert _lines(editor, "\r") == ["x" * 11 + "y"]
