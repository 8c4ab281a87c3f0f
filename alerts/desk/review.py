"""What is thought and told of the incidents that are open: they return, fall again, become calm, are judged, and end.

In a storm a step has no time for all: what is new goes first, then whose opinion is oldest, a few in each step.
"""

from collections.abc import Collection, Iterable
from heapq import nsmallest
from operator import attrgetter
from typing import Final

from alerts.desk.book import Book
from alerts.desk.faults import BY_SIGHT, StateView
from alerts.desk.live import Live
from alerts.desk.minutes import Minutes
from alerts.desk.ports import Advisor
from alerts.desk.rules import DeskRules
from alerts.desk.telling import may_tell, news, news_times
from domain.incidents import ActKind, Cause, Condition, NoticeEvent, NoticeReason, Phase
from domain.time import Moment

WAVER_SECONDS: Final = 10.0
MOST_REVIEWS: Final = 100
"""In one step: an opinion takes a third of a millisecond, and the poller waits. The others come at once after."""

MOST_SECOND_LOOKS: Final = 20
"""Of them those of which nothing is new: an event somewhere may have changed what is thought of them."""

PAUSE_SECONDS: Final = 0.2


class Review:
    """Of the incidents in the book. What follows is written into the minutes."""

    def __init__(self, rules: DeskRules, advisor: Advisor, book: Book, minutes: Minutes) -> None:
        self._rules = rules
        self._advisor = advisor
        self._book = book
        self._minutes = minutes
        self._penalties: dict[Cause, tuple[float, float]] = {}  # of what has ended lately, oldest first
        self._scenes = 0  # how many have been seen
        self._postponed = False
        self._waits: dict[str, tuple[float, ...]] = {}  # by incident, when waiting alone may bring something

    def begin(self, *, same: bool) -> None:
        """A scene, another one than the last unless it is the same."""
        self._scenes += not same

    def review(self, lives: Collection[Live], fell: Collection[str], view: StateView, now: Moment) -> list[Live]:
        """All that is restless is followed; opinions and news of so many as a step has time for. fell: ids of those of
        which somebody has fallen again. Returns what may wait for another time than before.
        """
        many = len(lives) > MOST_REVIEWS
        first, others = list(lives), list[Live]()
        if many:
            first = [live for live in lives if live.restless or live.is_new]
            first.sort(key=lambda live: (not live.is_new, live.reviewed))
            others = [live for live in lives if live.reviewed != self._scenes and not (live.restless or live.is_new)]
        left, again, self._postponed = MOST_REVIEWS, MOST_SECOND_LOOKS, False
        for live in first:
            over = live.restless and self._follow(live, live.incident.id in fell, view, now)
            is_new = over or live.is_new
            if many and not is_new and live.reviewed == self._scenes:
                continue
            if left == 0 or (again == 0 and not is_new):
                self._postponed, live.waits_for_review = True, is_new
                continue
            left -= many
            again -= many and not is_new
            if over:
                self.resolve(live, now)
            else:
                self._look_at(live, now)
        looked_at = nsmallest(min(left, again), others, key=attrgetter("reviewed"))
        for live in looked_at:
            self._look_at(live, now)
        self._postponed |= len(looked_at) < len(others)
        return first + looked_at

    def _follow(self, live: Live, fell: bool, view: StateView, now: Moment) -> bool:
        """Let it return, fall again and become calm. Whether it is over."""
        if not live.members:
            return True  # everything it was about has left the inventory
        if live.incident.phase is Phase.RETURNING:
            if fell or live.dark_count:
                live.relapse(now, self._rules)
                self._minutes.note(live, ActKind.CHANGED, now, "fell again")
            elif now.steady_seconds >= live.return_holds_at(self._rules):
                if not _falls_again(live, view):
                    return True
                live.wait_longer(WAVER_SECONDS, now, self._rules)
        elif not live.dark_count:
            live.begin_return(now)
            self._minutes.note(live, ActKind.RETURNING, now)
        if live.incident.flapping and live.penalty(now, self._rules) < self._rules.flap_calm:
            live.change(flapping=False)
        return False

    def _look_at(self, live: Live, now: Moment) -> None:
        live.change(silenced_by=self._advisor.silenced_by(live.incident, now))
        self.judge(live, now)
        self._tell_news(live, now)
        live.reviewed, live.waits_for_review = self._scenes, False

    def _tell_news(self, live: Live, now: Moment) -> None:
        if not live.incident.handling.announced:
            if live.incident.phase is Phase.OPEN and may_tell(live):
                self._minutes.say(live, NoticeEvent.OPENED, NoticeReason.NEW, now)
            return
        reason = news(live, now, self._rules)
        if reason is not None and may_tell(live):
            self._minutes.say(live, NoticeEvent.UPDATED, reason, now)

    # -- what is thought of one -------------------------------------------------------------------------------------

    def judge(self, live: Live, now: Moment) -> None:
        opinion = self._advisor.opinion(live.incident, now, closing=False)
        if live.believes(opinion.verdict, now, self._rules):
            live.change(verdict=opinion.verdict, liable=opinion.liable)

    def weigh(self, live: Live) -> None:
        names = [member.name for member in live.members.values() if not member.unseen]
        live.change(impact=self._advisor.impact(live.incident.condition, names))

    def weigh_anew(self, live: Live, now: Moment, *, by_impact: bool) -> None:
        """One that opens. by_impact: how urgent it is follows from that."""
        self.weigh(live)
        if by_impact:
            live.change(urgency=self._advisor.urgency(live.incident))
        penalty, at = self._penalties.pop(live.incident.cause, (0.0, now.steady_seconds))
        live.begin(self._rules.decayed(penalty, now.steady_seconds - at), now, self._rules)

    def resolve(self, live: Live, now: Moment) -> None:
        """It is over. Both verdicts are kept: what was said while it was open, and what is known at the end."""
        opinion = self._advisor.opinion(live.incident, now, closing=True)
        live.change(preliminary_verdict=live.incident.verdict, verdict=opinion.verdict, liable=opinion.liable)
        back = [member.back_at for member in live.members.values() if member.back_at is not None]
        live.returning_since = None
        live.change(phase=Phase.RESOLVED, resolved_at=max(back, default=now.utc))
        self._minutes.note(live, ActKind.RESOLVED, now)
        if live.incident.handling.announced:
            self._minutes.say(live, NoticeEvent.RESOLVED, NoticeReason.OVER, now)
        self._book.release(live)
        self._book.take_out(live.incident.id)
        self._penalties.pop(live.incident.cause, None)
        self._penalties[live.incident.cause] = (live.penalty(now, self._rules), now.steady_seconds)
        self._minutes.end(live)

    # -- what it waits for ------------------------------------------------------------------------------------------

    def wakes_at(self, stirred: Iterable[Live], now: Moment) -> float:
        """Steady seconds at which time alone may bring something. stirred: those that may wait for another time now.

        What is due and did not come of itself in this step waits for something else than time.
        """
        for live in stirred:
            times = (live.return_holds_at(self._rules), live.rethinks_at(self._rules), *news_times(live, self._rules))
            waits = tuple(at for at in times if at != float("inf"))
            if waits:
                self._waits[live.incident.id] = waits
            else:
                self._waits.pop(live.incident.id, None)
        for id_ in self._waits.keys() - self._book.lives.keys():
            del self._waits[id_]
        self._forgive(now)
        steady = now.steady_seconds
        soonest = min((at for waits in self._waits.values() for at in waits if at > steady), default=float("inf"))
        return min(soonest, steady + PAUSE_SECONDS) if self._postponed else soonest

    def _forgive(self, now: Moment) -> None:
        """Penalties of long ago weigh nothing."""
        long_ago = now.steady_seconds - 4 * self._rules.flap_half_life_seconds
        while self._penalties:
            cause, (_penalty, at) = next(iter(self._penalties.items()))
            if at >= long_ago:
                return
            del self._penalties[cause]


def _falls_again(live: Live, view: StateView) -> bool:
    """Most of its members have just missed an answer: nobody says that it is over while it may be falling again."""
    if live.incident.condition not in BY_SIGHT:
        return False
    return 2 * sum(view.wavers(name) for name in live.members) > len(live.members)


def looked_at(book: Book, *, blind: bool) -> Collection[Live]:
    """While we are blind nothing is said of anybody but that."""
    if not blind:
        return list(book.lives.values())
    return [live for live in book.lives.values() if live.incident.condition is Condition.BLIND]
