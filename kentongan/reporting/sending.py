"""Reports that are due are made and put into the outbox, each period once, also over restarts and after an absence.

What went out is remembered in the transaction that puts it there; the sender of `kentongan run` delivers it and tries
again. A report that cannot be made is named, and made when it can be.
"""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from alerts.dispatch.memory import Memory
from alerts.dispatch.messages import Fate, Message, Sent, message_id
from alerts.store.outbox import SqlOutbox
from alerts.store.tellings import SqlTellings
from domain.language import _
from exporters.errors import ExporterError
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.reporting.desk import ReportDesk
from kentongan.reporting.records import MadeReport, ReportKind, offers
from kentongan.reporting.schedule import Due, Schedule, due_between, next_due, read_schedule

KIND: Final = "report"
FIRST_LOOK: Final = timedelta(days=3)  # a schedule that is new sends what came due just now, not years of it
MOST_AT_ONCE: Final = 12
MOST_OCTETS: Final = 15_000_000  # what mail servers take
MAILTO: Final = "mailto"


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one due report. problem: '' if it is in the outbox."""

    schedule: str
    period: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a schedule stands. last: the newest period that was sent, with its messages. problem: why one waits."""

    schedule: Schedule
    next: Due
    last: str = ""
    messages: tuple[Sent, ...] = ()
    problem: str = ""


class ReportSending:
    """One look at the schedule. Blocks: it makes documents."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._zone = ZoneInfo(installation.loaded.settings.language.timezone)
        engine = installation.database.engine
        self._tellings, self._outbox = SqlTellings(engine), SqlOutbox(engine)
        self._desk = ReportDesk(installation)

    def send_due(self, now: datetime, note: Callable[[Made], None] = lambda made: None) -> list[Made]:
        """Everything that is due, oldest first; note: told of each. Raises ScheduleError, DatabaseError."""
        found: list[Made] = []
        for schedule, due in self.waiting(now):
            if any(each.schedule == schedule.name and each.problem for each in found):
                continue  # its later periods wait for the earlier one, so that nothing is left out
            made = self._send(schedule, due, now)
            note(made)
            found.append(made)
        return found

    def waiting(self, now: datetime) -> list[tuple[Schedule, Due]]:
        """What is due and was not sent. A schedule that is seen for the first time is remembered."""
        schedules = self._schedules()
        memories = self._memories() if schedules else {}
        found: list[tuple[Schedule, Due]] = []
        new = []
        for schedule in schedules:
            memory = memories.get(schedule.name)
            since = _since(memory, now)
            if memory is None:
                new.append(Memory(KIND, schedule.name, {"since": since.timestamp()}))
            due = due_between(schedule, since, now, self._zone)[-MOST_AT_ONCE:]
            found += [(schedule, each) for each in due]
        if new:
            self._tellings.save(new)
        return sorted(found, key=lambda pair: (pair[1].at, pair[0].name))

    def outlook(self, now: datetime) -> Iterator[Outlook]:
        """How each schedule stands."""
        memories = self._memories()
        for schedule in self._schedules():
            document = memories[schedule.name].document if schedule.name in memories else {}
            last = str(document.get("period", ""))
            sent = self._outbox.about(_topic(schedule, last)) if last else ()
            problem = str(document.get("problem", ""))
            yield Outlook(schedule, next_due(schedule, now, self._zone), last, tuple(sent), problem)

    def _schedules(self) -> tuple[Schedule, ...]:
        loaded = self._installation.loaded
        return read_schedule(loaded.beside(loaded.settings.report.schedule)) if loaded.settings.report.schedule else ()

    def _memories(self) -> Mapping[str, Memory]:
        return {each.key: each for each in self._tellings.read() if each.kind == KIND}

    def _send(self, schedule: Schedule, due: Due, now: datetime) -> Made:
        memory = self._memories().get(schedule.name)
        try:
            made = [
                self._desk.make(schedule.kind.value, due.period, each.value, schedule.by) for each in schedule.formats
            ]
        except (KentonganError, ExporterError) as error:
            document = {**(memory.document if memory else {}), "problem": str(error)}
            self._tellings.save([Memory(KIND, schedule.name, document)])
            return Made(schedule.name, due.period, str(error))
        messages = [self._message(schedule, due, made, address, now) for address in schedule.to]
        with self._installation.database.transaction() as connection:
            self._outbox.put_in(connection, messages)
            sent = Memory(KIND, schedule.name, {"since": due.at.timestamp(), "period": due.period})
            self._tellings.save_in(connection, [sent])
        self._installation.record(
            "report sent", f"{schedule.name} {due.period}", to=list(schedule.to), sha256=[each.sha256 for each in made]
        )
        return Made(schedule.name, due.period)

    def _message(
        self, schedule: Schedule, due: Due, made: Sequence[MadeReport], address: str, now: datetime
    ) -> Message:
        topic, channel = _topic(schedule, due.period), f"{MAILTO}:{address}"
        title = next(each.title for each in offers() if each.kind == schedule.kind.value)
        fits = sum(len(each.octets) for each in made) <= MOST_OCTETS
        payload = {
            "subject": f"{title}: {_period_words(schedule, due)}",
            "text": "\n".join(_text(title, schedule, due, made, fits)),
            "attachments": [
                {
                    "filename": each.filename,
                    "type": each.media_type,
                    "base64": base64.b64encode(each.octets).decode("ascii"),
                }
                for each in made
                if fits
            ],
        }
        return Message(message_id(topic, channel), topic, channel, "report", "schedule", now, payload)


def _text(title: str, schedule: Schedule, due: Due, made: Sequence[MadeReport], fits: bool) -> Iterator[str]:
    yield _("{title}, {period}.").format(title=title, period=_period_words(schedule, due))
    if any(each.provisional for each in made):
        yield _("Provisional: the period is not closed, figures may still change.")
    if not fits:
        yield _("The files are too large for a mail. They are given out by: kentongan report")
    yield ""
    for each in made:
        yield f"{each.filename}  SHA-256 {each.sha256}"


def _period_words(schedule: Schedule, due: Due) -> str:
    # Imported here: whoever only looks whether something is due needs no words, and no writer of documents with them.
    from exporters.reports.words import day_word, period_word

    return day_word(due.period) if schedule.kind is ReportKind.COVERAGE else period_word(due.period)


def _topic(schedule: Schedule, period: str) -> str:
    return f"report-{schedule.name}-{period}"


def _since(memory: Memory | None, now: datetime) -> datetime:
    """A mark in the future is of a clock that was wrong."""
    mark = memory.document.get("since") if memory is not None else None
    if not isinstance(mark, int | float):
        return now - FIRST_LOOK
    return min(datetime.fromtimestamp(mark, UTC), now)


def fate_of(sent: Sequence[Sent]) -> str:
    """The worst of what became of the messages, as a word of `Fate`; '' of none."""
    order = (Fate.REFUSED, Fate.GIVEN_UP, Fate.DROPPED, Fate.NOT_ANNOUNCED, Fate.WAITING, Fate.DELIVERED)
    fates = {each.fate for each in sent}
    return next((each.value for each in order if each in fates), "")
