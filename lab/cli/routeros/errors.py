"""What RouterOS's console refuses, in its own words."""

from lab.cli.conversation import CliError


class RouterError(CliError):
    """The text is what the console prints."""


class SyntaxRefusedError(RouterError):
    """Found before anything ran; says where, as `bad command name foo (line 1 column 1)`."""

    def __init__(self, words: str, line: int, column: int) -> None:
        super().__init__(f"{words} (line {line} column {column})")
        self.line = line
        self.column = column


class FailureError(RouterError):
    """A command that was understood and could not be done: `failure: already have such address`."""
