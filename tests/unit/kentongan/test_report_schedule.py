"""Reports that are sent by themselves: when they are due, once over restarts, made up for, and what fails is said."""

import asyncio
import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.channels.mail import letter
from alerts.dispatch.messages import Message
from alerts.store.outbox import SqlOutbox
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.reporting import ReportKind
from kentongan.reporting.schedule import Every, Schedule, ScheduleError, due_between, next_due, read_schedule
from kentongan.reporting.sending import ReportSending
from kentongan.run.reports_due import ReportsDue
from kentongan.settings import load_settings
from tests.command_line import Call, calling
from tests.unit.kentongan.dark_month import FIRST, PERIOD

WIB = ZoneInfo("Asia/Jakarta")
NEXT = (FIRST + timedelta(days=32)).replace(day=1)
FILE = """
[[report]]
name = "bulanan"
kind = "availability"
by = "opd"
formats = ["pdf", "xlsx"]
to = ["kadis@contoh.go.id", "noc@contoh.go.id"]
"""
ZERO = datetime(2026, 1, 1, tzinfo=WIB)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "reports.toml"
    path.write_text(text, encoding="utf-8")
    return path


def labels(schedule: Schedule, since: datetime, until: datetime) -> list[tuple[str, str]]:
    return [(each.period, f"{each.at:%Y-%m-%d %H.%M}") for each in due_between(schedule, since, until, WIB)]


def test_when_reports_are_due() -> None:
    month = Schedule("m", ReportKind.AVAILABILITY, ("a@b",))
    assert labels(month, ZERO, ZERO + timedelta(days=40)) == [
        ("2025-12", "2026-01-03 07.00"),
        ("2026-01", "2026-02-03 07.00"),
    ]
    half = Schedule("h", ReportKind.EVALUATION, ("a@b",), Every.HALF, day=15)
    assert labels(half, ZERO, ZERO + timedelta(days=365)) == [
        ("2025-H2", "2026-01-15 07.00"),
        ("2026-H1", "2026-07-15 07.00"),
    ]
    coverage = Schedule("c", ReportKind.COVERAGE, ("a@b",), Every.HALF)
    assert labels(coverage, ZERO, ZERO + timedelta(days=200))[-1] == ("2026-06-30", "2026-07-03 07.00")
    year = Schedule("y", ReportKind.INCIDENTS, ("a@b",), Every.YEAR)
    assert labels(year, ZERO, ZERO + timedelta(days=365)) == [("2025", "2026-01-03 07.00")]
    assert next_due(year, ZERO + timedelta(days=3), WIB).period == "2026"
    edge = datetime(2026, 2, 3, 7, tzinfo=WIB)
    assert labels(month, edge, edge) == []
    assert labels(month, edge - timedelta(seconds=1), edge) == [("2026-01", "2026-02-03 07.00")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[report]\n", "[[report]]"),
        ("report = 3", "[[report]]"),
        ("[[report]]\nname = 'a'\nkind = 'gossip'\nto = ['a@b']\n", "'gossip' is not one of"),
        ("[[report]]\nname = 'a b'\nkind = 'coverage'\nto = ['a@b']\n", "name"),
        ("[[report]]\nname = 'a'\nkind = 'coverage'\n", "mail address"),
        ("[[report]]\nname = 'a'\nkind = 'coverage'\nto = ['noc']\n", "'noc' is not one mail address"),
        ("[[report]]\nname = 'a'\nkind = 'coverage'\nto = ['a@b']\nday = 0\n", "from 1 to"),
        ("[[report]]\nname = 'a'\nkind = 'coverage'\nto = ['a@b']\nat = '25.00'\n", "07.30"),
        ("[[report]]\nname = 'a'\nkind = 'coverage'\nto = ['a@b']\nby = 'opd'\n", "only availability"),
        ("[[report]]\nname = 'a'\nkind = 'evaluation'\nto = ['a@b']\nevery = 'month'\n", "half-yearly"),
        ("[[report]]\nname = 'a'\nkind = 'coverage'\nto = ['a@b']\nwhen = 'now'\n", "'when' is not known"),
        ("[[report]]\nname = 'a'\nkind = 'coverage'\nto = ['a@b']\n" * 2, "two reports"),
        ("[[report]", "cannot be read"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        read_schedule(written(tmp_path, text))
    assert said in str(caught.value)
    assert "reports.toml" in str(caught.value)


def test_without_a_file_nothing_is_sent(tmp_path: Path) -> None:
    assert read_schedule(tmp_path / "reports.toml") == ()


@pytest.fixture
def installation(in_dark_month: Path) -> Iterator[Installation]:
    written(in_dark_month, FILE)
    with Installation(load_settings(None), "siti").open() as opened:
        yield opened


def at(days: float) -> datetime:
    """So long after the month has ended, at noon."""
    return (NEXT + timedelta(days=days, hours=12)).astimezone(UTC)


def waiting(installation: Installation) -> list[Message]:
    return [each.message for each in SqlOutbox(installation.database.engine).waiting(100)]


def test_a_month_is_sent_once_with_its_files_over_restarts(installation: Installation) -> None:
    assert ReportSending(installation).send_due(at(1)) == []
    (made,) = ReportSending(installation).send_due(at(2))
    assert (made.period, made.problem) == (PERIOD, "")
    assert ReportSending(installation).send_due(at(2)) == []
    assert ReportSending(installation).send_due(at(20)) == []
    first, second = waiting(installation)
    assert {first.channel, second.channel} == {"mailto:kadis@contoh.go.id", "mailto:noc@contoh.go.id"}
    mail = letter(first, "kentongan@contoh.go.id")
    files = {part.get_filename(): part for part in mail.iter_attachments()}
    assert list(files) == [f"availability-opd-{PERIOD}.pdf", f"availability-opd-{PERIOD}.xlsx"]
    pdf = next(iter(files.values()))
    assert pdf.get_content_type() == "application/pdf"
    octets = pdf.get_payload(decode=True)
    assert isinstance(octets, bytes)
    assert octets.startswith(b"%PDF")
    body = mail.get_body()
    assert body is not None
    assert hashlib.sha256(octets).hexdigest() in body.get_content()
    assert "Provisional" in body.get_content()


def test_after_an_absence_every_month_is_made_up_for(installation: Installation) -> None:
    ReportSending(installation).send_due(at(-40))
    found = ReportSending(installation).send_due(at(2))
    assert [each.period for each in found][-1] == PERIOD
    assert len(found) >= 2
    assert ReportSending(installation).send_due(at(2)) == []


def test_what_cannot_be_made_is_said_and_made_when_it_can_be(installation: Installation, in_dark_month: Path) -> None:
    written(in_dark_month, FILE + "[[report]]\nname = 'evaluasi'\nkind = 'evaluation'\nto = ['a@contoh.go.id']\n")
    july = datetime(FIRST.year, 7, 3, 8, tzinfo=WIB).astimezone(UTC)
    found = [each for each in ReportSending(installation).send_due(july) if each.schedule == "evaluasi"]
    assert "no indicators" in found[0].problem
    outlook = {each.schedule.name: each for each in ReportSending(installation).outlook(july)}
    assert "no indicators" in outlook["evaluasi"].problem
    half = f"{FIRST.year}-H1"
    Path("indicators.csv").write_text(f"half,code,pillar,name\n{half},A,living,X\n", encoding="utf-8")
    call = _calling_quietly()
    assert call("import", "indicators.csv") == 0
    again = [each for each in ReportSending(installation).send_due(july) if each.schedule == "evaluasi"]
    assert [(each.period, each.problem) for each in again] == [(half, "")]
    outlook = {each.schedule.name: each for each in ReportSending(installation).outlook(july)}
    assert (outlook["evaluasi"].problem, outlook["evaluasi"].last) == ("", half)


def _calling_quietly() -> Any:
    from tests.command_line import status_of

    return status_of


def test_the_command_shows_and_sends(in_dark_month: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call: Call = calling(capsys)
    assert json.loads(call("report", "schedule", "--json")[1]) == []
    written(in_dark_month, FILE.replace("availability", "coverage").replace('by = "opd"\n', ""))
    (shown,) = json.loads(call("report", "schedule", "--json")[1])
    assert (shown["name"], shown["last"], shown["problem"]) == ("bulanan", None, "")
    assert call("report", "send")[0] == 0
    written(in_dark_month, "[[report]]\n")
    status, _out, err = call("report", "send")
    assert (status, "reports.toml" in err) == (1, True)


def test_a_process_of_its_own_makes_them_and_one_that_fails_is_tried_again_later(installation: Installation) -> None:
    woken: list[int] = []
    mark = Path("mark")
    script = f"import pathlib, sys; p = pathlib.Path({str(mark)!r}); n = len(p.read_text()) if p.exists() else 0; "
    script += "p.write_text('x' * (n + 1)); sys.exit(n == 0)"
    due = ReportsDue(installation, lambda: woken.append(1), (sys.executable, "-c", script))

    def look(seconds: float) -> int:
        asyncio.run(due.look(Moment(seconds, at(2).timestamp())))
        return len(mark.read_text()) if mark.exists() else 0

    assert [look(0), look(60), look(899), look(900), look(960)] == [1, 1, 1, 2, 3]
    ReportSending(installation).send_due(at(2))
    assert look(1020) == 3, "nothing is due any more"


def test_files_of_a_message_that_are_damaged_are_refused() -> None:
    files = [{"filename": "a.pdf", "type": "application/pdf", "base64": "###"}]
    bent = Message("a", "a", "mailto:a@b.example", "report", "schedule", at(0), {"text": "x", "attachments": files})
    with pytest.raises(ValueError, match=r"base64|Non-"):
        letter(bent, "k@k.example")
    files[0]["base64"] = base64.b64encode(b"ok").decode()
    good = letter(Message("a", "a", "mailto:a@b.example", "report", "x", at(0), {"attachments": files}), "k@k.example")
    assert [part.get_content() for part in good.iter_attachments()] == [b"ok"]
