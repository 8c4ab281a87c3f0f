"""Documents by a process of their own: as good as our own, and whatever goes wrong there stays there."""

import sys
import time
from pathlib import Path

import pytest

from exporters.documents import PdfWriter
from kentongan.changing.document_process import DocumentProcess, DocumentProcessError
from tests.acceptance_example import example_sheet

HANGS = (sys.executable, "-c", "import time; time.sleep(60)")
DIES = (sys.executable, "-c", "raise SystemExit(3)")


def test_it_makes_what_we_would_make(tmp_path: Path) -> None:
    sheet, path = example_sheet(), tmp_path / "sheet.pdf"
    with DocumentProcess() as process:
        process.write_acceptance_sheet(sheet, path)
        with pytest.raises(DocumentProcessError, match="cannot be written"):
            process.write_acceptance_sheet(sheet, tmp_path / "nowhere" / "sheet.pdf")
        assert process.acceptance_sheet(sheet) == path.read_bytes() == PdfWriter().acceptance_sheet(sheet)


def test_one_that_hangs_is_not_waited_for_and_one_that_dies_is_said() -> None:
    began = time.monotonic()
    with DocumentProcess(0.2, HANGS) as process, pytest.raises(DocumentProcessError, match=r"more than 0\.2 s"):
        process.acceptance_sheet(example_sheet())
    with DocumentProcess(30, DIES) as process, pytest.raises(DocumentProcessError, match="its process ended"):
        process.acceptance_sheet(example_sheet())
    assert time.monotonic() - began < 20
