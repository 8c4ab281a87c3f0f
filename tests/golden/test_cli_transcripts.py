"""Simulated command lines answer as written in the transcripts, which an engineer has read."""

from pathlib import Path

import pytest

from tests.golden.transcripts import play

FOLDER = Path(__file__).parent / "transcripts"


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.txt")))
def test_the_device_answers_as_written(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert play(written) == written
