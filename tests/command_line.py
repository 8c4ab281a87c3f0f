"""The program called in this process as a shell calls it, for tests that need no process of its own."""

from collections.abc import Callable

import pytest

from kentongan.__main__ import main

Call = Callable[..., tuple[int, str, str]]


def status_of(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)


def calling(capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command: its status, what it printed, and its errors."""

    def call(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = status_of(*words)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call
