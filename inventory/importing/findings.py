"""What an import says about a row: an error that keeps it out, or a warning that does not."""

from dataclasses import dataclass
from typing import Final

from domain.language import _

LONGEST_VALUE_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one cell, and what would be right.

    file: the file's name, with the sheet for a workbook. row: counted as Excel shows it, from 1; 0 for the whole
    file. column: the heading as the file writes it, empty for the whole row. value: the cell as it stands.
    `problem` and `remedy` are whole sentences in the user's language; a remedy may be empty.
    """

    file: str
    row: int
    column: str
    value: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}".rstrip()

    @property
    def place(self) -> str:
        if not self.row:
            return self.file
        if not self.column:
            return _("{file} row {row}").format(file=self.file, row=self.row)
        return _("{file} row {row}, column {column}").format(file=self.file, row=self.row, column=self.column)

    @property
    def reason(self) -> str:
        """The finding without its file and row, for a place that shows both already."""
        text = f"{self.problem} {self.remedy}".rstrip()
        return f"{self.column}: {text}" if self.column else text

    def as_dict(self) -> dict[str, str | int]:
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "problem": self.problem,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True)
class RowError(Finding):
    """The row is not taken in."""


@dataclass(frozen=True, slots=True)
class RowWarning(Finding):
    """The row is taken in; somebody should look at it."""


def shown(value: object) -> str:
    """A cell as an error shows it: on one line and not too long."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 1] + "…"
