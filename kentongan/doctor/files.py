"""The office's own files beside the settings: thresholds, holidays, reports. Each complaint names file and line."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from alerts.degraded import load_thresholds
from alerts.errors import AlertError
from domain.language import _, n_
from domain.time import NATIONAL, knows, read_holidays
from kentongan.doctor.findings import Finding, Severity
from kentongan.reporting.schedule import ScheduleError, read_schedule
from kentongan.settings import Loaded
from kentongan.settings.sections.presentation import ReportSettings

AUTUMN = 10  # from October on the coming year's list is out, and wanted


def look_at_files(loaded: Loaded, today: date) -> Iterator[Finding]:
    """today: in the kabupaten's zone."""
    yield from _thresholds(loaded)
    yield from _holidays(loaded, today)
    yield from _reports(loaded)


def _thresholds(loaded: Loaded) -> Iterator[Finding]:
    file = loaded.thresholds
    if file is None:
        return
    about = _("thresholds")
    try:
        found = load_thresholds(file)
    except AlertError as error:
        remedy = _("Correct the file; kentongan run does not start with it. See docs/how-to/thresholds.md.")
        yield Finding(Severity.WRONG, about, where(file, str(error)), remedy)
        return
    count = len(found)
    text = n_("{file}: {count} threshold in force", "{file}: {count} thresholds in force", count)
    yield Finding(Severity.OK, about, text.format(file=file, count=count))


def _holidays(loaded: Loaded, today: date) -> Iterator[Finding]:
    about, file = _("holidays"), loaded.holidays_file
    known = dict(NATIONAL)
    if file.exists():
        try:
            own = read_holidays(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            remedy = _("Correct the line; until then only the national list counts.")
            yield Finding(Severity.WRONG, about, where(file, str(error)), remedy)
            return
        known |= own
        text = n_("{file}: {count} day", "{file}: {count} days", len(own)).format(file=file, count=len(own))
        yield Finding(Severity.OK, about, text)
    wanted = [today.year, *([today.year + 1] if today.month >= AUTUMN else [])]
    for year in wanted:
        if not knows(year, known):
            severity = Severity.WARNING if year == today.year else Severity.NOTE
            remedy = _("Write them into {file}, a line each: 2027-01-01,Tahun Baru").format(file=file)
            yield Finding(severity, about, _("The holidays of {year} are not known.").format(year=year), remedy)


def _reports(loaded: Loaded) -> Iterator[Finding]:
    given = loaded.settings.report.schedule
    if not given:
        return
    about, file = _("reports"), loaded.beside(given)
    try:
        found = read_schedule(file)
    except ScheduleError as error:
        remedy = _("Correct the file; until then no report is sent by itself. See docs/how-to/reports.md.")
        yield Finding(Severity.WRONG, about, where(file, str(error)), remedy)
        return
    if file.exists():
        text = n_(
            "{file}: {count} report is sent by itself", "{file}: {count} reports are sent by themselves", len(found)
        )
        yield Finding(Severity.OK, about, text.format(file=file, count=len(found)))
    elif given != ReportSettings().schedule:
        remedy = _("Write the file, or empty report.schedule. See docs/how-to/reports.md.")
        yield Finding(Severity.WARNING, about, _("{file} is not there: no report is sent.").format(file=file), remedy)


def where(file: Path, complaint: str) -> str:
    """`file:line: what is wrong`; the line is found by what the complaint names."""
    what = complaint.replace(f"{file}, ", "").replace(f"{file}: ", "").replace(f"{file} ", "")
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return complaint
    number = _said(what) or _named(lines, what)
    return f"{file}:{number}: {what}" if number else f"{file}: {what}"


def _said(what: str) -> int | None:
    """The reader of TOML or CSV says it itself."""
    found = re.search(r"\b(?:line|baris) (\d+)", what)
    return int(found[1]) if found else None


def _named(lines: list[str], what: str) -> int | None:
    """The heading of the entry that is named; below it the line of the key that is named too."""
    begins = _heading(lines, what)
    if begins is None:
        return None
    keys = {*re.findall(r"'(\w+)(?: = [^']*)?'", what), *re.findall(r"(?:^|: )(\w+): ", what)}
    for number, line in enumerate(lines[begins:], begins + 1):
        if line.lstrip().startswith("["):
            break
        if (key := re.match(r"\s*([\w-]+)\s*=", line)) and key[1] in keys:
            return number
    return begins


def _heading(lines: list[str], what: str) -> int | None:
    for number, line in enumerate(lines, 1):
        table = re.match(r"\s*\[([\w-]+)\]", line)
        if table and f"[{table[1]}]" in what:
            return number
    for number, line in enumerate(lines, 1):
        name = re.match(r"""\s*name\s*=\s*["']([^"']+)["']""", line)
        if name and re.search(rf"(?<![\w-]){re.escape(name[1])}: ", what):
            return number
    kind = "[[report]]" if "[[report]]" in what else "[[threshold]]"
    entries = [number for number, line in enumerate(lines, 1) if line.strip() == kind]
    nth = re.search(r"\b(\d+): ", what)
    return entries[int(nth[1]) - 1] if nth and 0 < int(nth[1]) <= len(entries) else None
