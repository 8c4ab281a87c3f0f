"""When an open incident is worth a word to people, and why. At most one notice a step; a repeat is somebody else's."""

from alerts.desk.live import Live
from alerts.desk.rules import DeskRules
from domain.incidents import Notice, NoticeEvent, NoticeReason, Phase, Urgency, notice_id
from domain.time import Moment

GREW_FACTOR = 1.5
GREW_BY = 3


def tell(live: Live, event: NoticeEvent, reason: NoticeReason, now: Moment) -> Notice:
    """Make the notice and remember that it was made."""
    incident = live.incident
    id_ = notice_id(incident.id, event, incident.handling.notices)
    live.told_steady = now.steady_seconds
    live.handle(
        notices=incident.handling.notices + 1,
        announced=True,
        told_at=now.utc,
        told_dark=live.dark_count,
        told_cause=incident.cause,
    )
    return Notice(id_, event, reason, now.utc, live.incident)


def may_tell(live: Live) -> bool:
    return live.incident.urgency is not Urgency.RECORD and not live.incident.silenced_by


def news(live: Live, now: Moment, rules: DeskRules) -> NoticeReason | None:
    """What has changed enough since it was last told; None: nothing, or not long enough."""
    if live.incident.phase is not Phase.OPEN or not live.incident.handling.announced:
        live.partly_back_since = None
        return None
    steady = now.steady_seconds
    handling, dark = live.incident.handling, live.dark_count
    partly = 0 < dark < handling.told_dark and not live.incident.flapping
    live.partly_back_since = (live.partly_back_since or steady) if partly else None
    if handling.told_cause != live.incident.cause:
        return NoticeReason.CAUSE_CHANGED
    if steady - live.told_steady < rules.retell_seconds:
        return None
    if live.partly_back_since is not None and steady - live.partly_back_since >= rules.return_holds_seconds:
        return NoticeReason.PARTLY_BACK
    if dark >= handling.told_dark + GREW_BY and dark >= GREW_FACTOR * handling.told_dark:
        return NoticeReason.GREW
    return None


def news_times(live: Live, rules: DeskRules) -> tuple[float, ...]:
    """Steady seconds at which waiting alone may bring news."""
    times = []
    if live.partly_back_since is not None:
        times.append(max(live.partly_back_since + rules.return_holds_seconds, live.told_steady + rules.retell_seconds))
    if live.dark_count > live.incident.handling.told_dark > 0:
        times.append(live.told_steady + rules.retell_seconds)
    return tuple(times)
