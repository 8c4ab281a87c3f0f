"""`python -m exporters.dashboards` writes the JSON of every dashboard beside this file."""

from pathlib import Path

from exporters.dashboards.all_boards import BOARDS
from exporters.dashboards.board import text_of

_FOLDER = Path(__file__).parent / "json"

if __name__ == "__main__":
    for board in BOARDS:
        (_FOLDER / f"{board.uid}.json").write_text(text_of(board), encoding="utf-8")
