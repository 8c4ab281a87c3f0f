"""What the desk decides in one step, as it is written down: lines of timelines, notices, incidents that ended."""

from alerts.desk.live import Live
from alerts.desk.telling import tell
from domain.incidents import MACHINE, Act, ActKind, Incident, Notice, NoticeEvent, NoticeReason
from domain.time import Moment


class Minutes:
    """`take` what has been written and begin a new page."""

    def __init__(self) -> None:
        self._acts: list[Act] = []
        self._notices: list[Notice] = []
        self._ended: list[Incident] = []

    def note(self, live: Live, kind: ActKind, now: Moment, text: str = "", **values: str) -> None:
        self._acts.append(Act(live.incident.id, now.utc, MACHINE, kind, text, values))

    def say(self, live: Live, event: NoticeEvent, reason: NoticeReason, now: Moment) -> None:
        notice = tell(live, event, reason, now)
        self._notices.append(notice)
        self.note(live, ActKind.ANNOUNCED, now, event.value, notice=notice.id, reason=reason.value)

    def end(self, live: Live) -> None:
        self._ended.append(live.incident)

    def take(self) -> tuple[tuple[Incident, ...], tuple[Act, ...], tuple[Notice, ...]]:
        taken = tuple(self._ended), tuple(self._acts), tuple(self._notices)
        self._ended, self._acts, self._notices = [], [], []
        return taken
