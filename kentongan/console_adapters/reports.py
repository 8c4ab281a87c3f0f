"""Reports for the console. Each is made by a process of its own, so that a year of figures never holds up a page."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Final

from console.ports.reports import Asked, KeptFile, KeptReport, NoReportError, Offer, ReportFile, ReportRefusedError
from domain.language import _, active_language
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.reporting import Edition, MadeReport, ReportDesk, ReportError, ReportUnknownError
from kentongan.settings import Loaded
from kentongan.store.faults import DatabaseError
from kentongan.words import speak

AT_ONCE: Final = 2
Run = Callable[[Loaded, str, str, str, tuple[Any, ...]], Any]
"""(settings, in whose name, language, method of the desk, its arguments)"""


class DeskReports:
    """Implements console.ports.reports.Reports."""

    def __init__(self, installation: Installation, run: Run | None = None) -> None:
        self._installation = installation
        self._desk = ReportDesk(installation)
        self._run = run or run_apart
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def offers(self) -> Sequence[Offer]:
        return [Offer(each.kind, each.title, each.by, each.period) for each in self._desk.kinds()]

    def kept(self) -> Sequence[KeptReport]:
        return [_kept(each) for each in self._desk.stored()]

    def get(self, id_: str, format: str) -> ReportFile:
        with _refusing():
            return _file(self._desk.get(id_, format))

    def make(self, who: str, asked: Asked, format: str) -> ReportFile:
        made = self._order(who, "make", (asked.kind, asked.period, format, asked.by))
        assert isinstance(made, MadeReport)
        return _file(made)

    def close(self, who: str, asked: Asked) -> str:
        edition = self._order(who, "close", (asked.kind, asked.period, asked.by))
        assert isinstance(edition, Edition)
        return edition.id

    def revise(self, who: str, asked: Asked, why: str) -> str:
        edition = self._order(who, "revise", (asked.kind, asked.period, why, asked.by))
        return edition.id if isinstance(edition, Edition) else ""

    def _order(self, who: str, method: str, arguments: tuple[Any, ...]) -> Any:
        if not self._room.acquire(timeout=1):
            raise ReportRefusedError(_("Two reports are being made. Ask again in a minute."))
        try:
            with _refusing():
                return self._run(self._installation.loaded, who, active_language(), method, arguments)
        finally:
            self._room.release()


def run_apart(loaded: Loaded, who: str, language: str, method: str, arguments: tuple[Any, ...]) -> Any:
    """In a fresh process, which ends with it. Raises what the desk raises."""
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(1, mp_context=context) as processes:
            return processes.submit(run_here, loaded, who, language, method, arguments).result()
    except BrokenProcessPool as error:
        raise ReportError(_("The report could not be made: its process ended. Is there memory left?")) from error


def run_here(loaded: Loaded, who: str, language: str, method: str, arguments: tuple[Any, ...]) -> Any:
    speak(language)
    with Installation(loaded, who).open() as installation:
        return getattr(ReportDesk(installation), method)(*arguments)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except ReportUnknownError as error:
        raise NoReportError(str(error)) from error
    except DatabaseError:
        raise
    except KentonganError as error:
        raise ReportRefusedError(str(error)) from error


def _file(made: MadeReport) -> ReportFile:
    return ReportFile(made.filename, made.octets, made.sha256, made.media_type, made.edition)


def _kept(each: Edition) -> KeptReport:
    files = tuple(KeptFile(file.format.value, file.filename, file.sha256, file.size) for file in each.files)
    return KeptReport(
        each.id, each.kind.value, each.title, each.subject, each.by, each.period, each.revision, each.made_at,
        each.made_by, each.why, files,
    )  # fmt: skip
