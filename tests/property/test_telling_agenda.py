"""Telling that looks only at those whose time has come tells what telling that looks at everybody tells, and then."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.round import Step
from alerts.dispatch.routing import Routing
from alerts.texts import Surroundings
from domain.incidents import Act, Incident, Notice, NoticeEvent, NoticeReason, Urgency, notice_id
from domain.time import Moment
from tests.property.test_telling import EVENTS, HOOK, play
from tests.unit.alerts.telling_office import DAY, NIGHT, Office, fault, open_office

OPENED = NoticeEvent.OPENED


class Thorough(Dispatcher):
    """Asks of every incident at each step."""

    def step(self, notices: Iterable[Notice], acts: Iterable[Act], incidents: Iterable[Incident], now: Moment) -> Step:
        self._planned_on = None
        return super().step(notices, acts, incidents, now)


def thorough(office: Office) -> Office:
    def make() -> Dispatcher:
        made = office.make()
        made.__class__ = Thorough
        return made

    return replace(office, dispatcher=make(), make=make, incidents={}, counts={}, sent=[], steps=[], memories={})


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=25), st.sampled_from([DAY, NIGHT]), st.sampled_from([1, 2, 6]))
def test_who_is_not_looked_at_had_nothing_to_say(
    events: list[tuple[str, int, object]], at: datetime, burst: int
) -> None:
    quick = open_office(at, (HOOK,), burst=burst)
    slow = thorough(quick)
    play(quick, events)
    play(slow, events)
    assert [(each.id, each.channel, each.at) for each in quick.sent] == [
        (each.id, each.channel, each.at) for each in slow.sent
    ]


@pytest.mark.parametrize(("at", "urgency"), [(DAY, Urgency.PAGE), (NIGHT, Urgency.DAY)])
def test_a_thousand_quiet_incidents_are_not_looked_at(
    at: datetime, urgency: Urgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what was told by day nor what waits for the morning."""
    office = open_office(at)
    faults = [fault(f"L{number}", office.now.utc, id_=f"{number:04}-aaaa", urgency=urgency) for number in range(1000)]
    for each in faults:
        office.incidents[each.id] = each
    notices = [Notice(notice_id(e.id, OPENED, 0), OPENED, NoticeReason.NEW, office.now.utc, e) for e in faults]
    office._step(notices)
    office.pass_(300)
    asked: list[str] = []
    may_wake = Routing.may_wake

    def noted(routing: Routing, incident: Incident, around: Surroundings, day: date) -> bool:
        asked.append(incident.id)
        return may_wake(routing, incident, around, day)

    monkeypatch.setattr(Routing, "may_wake", noted)
    office.now = Moment(office.now.steady_seconds + 1, office.now.unix_seconds + 1)
    office.incidents[faults[7].id] = replace(faults[7], detail="one word more")
    office._step([])
    assert set(asked) <= {faults[7].id}
