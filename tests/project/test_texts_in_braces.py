"""A text for people inside the braces of an f-string is not found when catalogues are made, and stays English."""

import ast
import re
from pathlib import Path

from scripts import messages

_SUSPECT = re.compile(r"\{n?_\(")


def hidden(source: str) -> list[str]:
    """Texts that are marked for translation within an f-string."""
    return [
        call.args[0].value
        for string in ast.walk(ast.parse(source))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "n_"}
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


def test_what_is_hidden_is_seen() -> None:
    assert hidden('print(f"== {_("a")} {name} ==" + _("b"))'.replace('"a"', "'a'")) == ["a"]


def test_no_text_is_hidden_that_stands_nowhere_else() -> None:
    known = {message.id for message in messages.read("id")}
    files = [path for package in messages.PACKAGES for path in Path(messages.ROOT, package).rglob("*.py")]
    found = [
        f"{path.relative_to(messages.ROOT)}: {text}"
        for path in files
        if _SUSPECT.search(source := path.read_text("utf-8"))
        for text in hidden(source)
        if text not in known
    ]
    assert not found, "put it outside of the braces"
