"""Documents laid out by a process of its own, so that a PDF holds nobody up and takes nobody down with it.

The process begins with the first document, makes one after the other, and ends with whoever asked for them.
"""

import signal
import subprocess
import sys
import threading
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, Self

from domain.documents import AcceptanceSheet
from domain.language import _, active_language
from kentongan.errors import KentonganError

MOST_SECONDS: Final = 60.0


class DocumentProcessError(KentonganError):
    """A document was not made. Nothing else depends on it."""


class DocumentProcess:
    """Implements domain.documents.DocumentWriter. Safe for threads. program: tests give another one."""

    def __init__(self, most_seconds: float = MOST_SECONDS, program: tuple[str, ...] = ()) -> None:
        self._most_seconds = most_seconds
        self._program = program or (sys.executable, "-m", "kentongan.changing.document_process")
        self._mutex = threading.Lock()
        self._running: tuple[subprocess.Popen[bytes], Connection] | None = None

    def acceptance_sheet(self, sheet: AcceptanceSheet) -> bytes:
        """Raises DocumentProcessError."""
        return self._ask(sheet, None)

    def write_acceptance_sheet(self, sheet: AcceptanceSheet, path: Path) -> None:
        """Raises DocumentProcessError."""
        self._ask(sheet, path)

    def close(self) -> None:
        with self._mutex:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def _ask(self, sheet: AcceptanceSheet, path: Path | None) -> bytes:
        with self._mutex:
            try:
                connection = self._started()
                connection.send((active_language(), sheet, path))
                if not connection.poll(self._most_seconds):
                    raise DocumentProcessError(_("it took more than {seconds:g} s").format(seconds=self._most_seconds))
                made, why = connection.recv()
            except (OSError, EOFError) as error:
                self._end()
                raise DocumentProcessError(_("its process ended ({why})").format(why=type(error).__name__)) from error
            except DocumentProcessError:
                self._end()
                raise
        if why:
            raise DocumentProcessError(why)
        assert isinstance(made, bytes)
        return made

    def _started(self) -> Connection:
        if self._running is None:
            ours, theirs = Pipe()
            with theirs:
                number = theirs.fileno()
                process = subprocess.Popen(
                    [*self._program, str(number)],
                    pass_fds=[number],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )
            self._running = (process, ours)
        return self._running[1]

    def _end(self) -> None:
        if self._running is None:
            return
        (process, connection), self._running = self._running, None
        connection.close()
        process.kill()
        process.wait()


def main(number: int) -> None:
    """Until whoever asks is gone."""
    from exporters.documents import PdfWriter
    from exporters.errors import ExporterError
    from kentongan.words import speak

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asks; we follow
    writer = PdfWriter()
    with Connection(number) as connection, suppress(EOFError, OSError):
        while True:
            language, sheet, path = connection.recv()
            speak(language)
            made, why = b"", ""
            try:
                if path is None:
                    made = writer.acceptance_sheet(sheet)
                else:
                    writer.write_acceptance_sheet(sheet, path)
            except ExporterError as error:
                why = str(error)
            connection.send((made, why))


if __name__ == "__main__":
    main(int(sys.argv[1]))
