"""What a telephone is answered: over already, merged, somebody else's; and alerts that wait for their incident."""

import asyncio
import socket
from collections.abc import Coroutine, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from alerts.channels.alert_receiver import ReportedAlert
from alerts.channels.inbound import Outcome
from alerts.desk import OrderRefusedError
from alerts.dispatch.dispatcher import Dispatcher
from alerts.store.outbox import SqlOutbox
from domain.incidents import Act, ActKind, Incident, Phase
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.inbound import Inbound, InboundError
from kentongan.run.phones import PhoneDesk
from kentongan.run.reported import ReportedAlerts
from kentongan.run.telling import CredentialAbsentError
from kentongan.settings import load_settings
from tests.unit.alerts.telling_office import DAY, INVENTORY, Office, fault, open_office

T = TypeVar("T")
FAULT = fault(id_="abcd-efgh")


@dataclass
class FakeDesk:
    """The incidents that are open."""

    live: dict[str, Incident] = field(default_factory=dict)

    @property
    def open(self) -> tuple[Incident, ...]:
        return tuple(self.live.values())

    def get(self, id_: str) -> Incident | None:
        return self.live.get(id_)


@dataclass
class FakeOutage:
    desk: FakeDesk
    dispatcher: Dispatcher


@dataclass
class FakeOrders:
    """Passes acts to the telling, as the engine does, and writes them into the log; may refuse, or say who is dark."""

    office: Office
    installation: Installation
    given: list[Act] = field(default_factory=list)
    refusal: str = ""
    still_dark: list[str] = field(default_factory=list)

    def act(self, act: Act, now: Moment) -> dict[str, object]:
        if self.refusal:
            raise OrderRefusedError(self.refusal)
        self.given.append(act)
        self.installation.acts.append([act])
        self.office.do(self.office.incidents[act.incident], act.kind, act.actor, act.text, **act.values)
        return {"stillDark": self.still_dark if act.kind is ActKind.DONE else []}

    async def act_and_keep(self, act: Act, now: Moment) -> dict[str, object]:
        return self.act(act, now)


@dataclass
class Stage:
    installation: Installation
    office: Office
    orders: FakeOrders
    desk: FakeDesk
    phones: PhoneDesk
    alerts: ReportedAlerts

    def open(self, incident: Incident) -> None:
        self.desk.live[incident.id] = incident
        self.office.tell(incident)
        self.installation.incidents.save([incident])

    def say(self, kind: ActKind, actor: str = "Asep", incident: str = FAULT.id, by: str = "link") -> Outcome:
        return go(self.phones.act(Act(incident, DAY, actor, kind, "", {"by": by})))


def go(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    file = tmp_path / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(file, {"KENTONGAN_NOTIFY__LANGUAGE": "en"}), "test").prepare() as installation:

        class Clock:
            def now(self) -> Moment:
                return office.now

        office, desk = open_office(), FakeDesk()
        installation.clock = cast(Any, Clock())
        outage, orders = FakeOutage(desk, office.dispatcher), FakeOrders(office, installation)
        phones = PhoneDesk(installation, cast(Any, outage), cast(Any, orders))
        phones.know(INVENTORY.people)
        alerts = ReportedAlerts(installation, cast(Any, outage), cast(Any, orders))
        alerts.know(INVENTORY)
        made = Stage(installation, office, orders, desk, phones, alerts)
        made.open(FAULT)
        office.pass_(60)
        yield made


def test_who_takes_it_has_it_and_whoever_comes_after_is_told_so(stage: Stage) -> None:
    first = stage.say(ActKind.ACKNOWLEDGED)
    assert (first.accepted, "until 14:01 WIB" in first.message) == (True, True)
    again = stage.say(ActKind.ACKNOWLEDGED)
    assert (again.accepted, again.message) == (True, "You have it already, until 14:01 WIB.")
    other = stage.say(ActKind.ACKNOWLEDGED, "Budi")
    assert not other.accepted
    assert other.message.startswith("Asep has it already")
    assert [act.actor for act in stage.orders.given] == ["Asep"]
    seen = go(stage.phones.look(FAULT.id, "Asep"))
    assert seen is not None
    assert "Asep has it until" in seen.text
    assert stage.say(ActKind.DEPARTED, "Budi").accepted, "two may go"
    stage.office.pass_(5 * 3600)
    assert stage.say(ActKind.ACKNOWLEDGED, "Budi").accepted, "it has run out"


def test_a_step_is_said_once_also_after_a_restart(stage: Stage) -> None:
    assert stage.say(ActKind.DEPARTED).accepted
    assert stage.say(ActKind.DEPARTED).message == "You have said so already."
    stage.phones._steps.clear()
    assert stage.say(ActKind.DEPARTED).message == "You have said so already."
    assert stage.say(ActKind.ON_SITE).accepted
    assert [act.kind for act in stage.orders.given] == [ActKind.DEPARTED, ActKind.ON_SITE]


def test_everything_goes_into_the_journal_with_name_and_way(stage: Stage) -> None:
    stage.say(ActKind.DEPARTED)
    (entry,) = stage.installation.journal.read(0, 10)
    assert (entry.actor, entry.action, entry.subject) == ("Asep", "incident.departed", FAULT.id)
    assert entry.detail["by"] == "link"


def test_what_is_over_takes_notes_and_nothing_else(stage: Stage) -> None:
    ended = replace(FAULT, phase=Phase.RESOLVED, resolved_at=DAY + timedelta(minutes=1))
    stage.installation.incidents.save([ended])
    del stage.desk.live[FAULT.id]
    late = stage.say(ActKind.ACKNOWLEDGED)
    assert (late.accepted, late.message) == (False, "It is over since 10:01 WIB. There is nothing left to do.")
    assert stage.say(ActKind.NOTE).accepted
    seen = go(stage.phones.look(FAULT.id, "Asep"))
    assert seen is not None
    assert not seen.is_open
    assert not stage.say(ActKind.NOTE, incident="none-0001").accepted
    assert go(stage.phones.look("none-0001", "Asep")) is None


def test_a_link_to_a_number_that_was_merged_leads_to_the_other(stage: Stage) -> None:
    parent = fault("FO lain", id_="pare-0001")
    stage.open(parent)
    stage.installation.incidents.save([replace(FAULT, phase=Phase.MERGED, merged_into=parent.id)])
    del stage.desk.live[FAULT.id]
    assert stage.say(ActKind.DEPARTED).accepted
    assert stage.orders.given[-1].incident == parent.id


def test_done_says_who_is_still_dark_and_a_reply_is_answered_on_its_channel(stage: Stage) -> None:
    stage.orders.still_dark = ["rtr-sukahaji"]
    assert stage.say(ActKind.DONE, by="reply") == Outcome(
        False, "Still dark: rtr-sukahaji. It stays open until they answer."
    )
    (answer,) = SqlOutbox(stage.installation.database.engine).about("reply")
    assert answer.message.channel == "telegram:1"
    assert "rtr-sukahaji" in str(answer.message.payload["text"])
    stage.orders.refusal = "no"
    assert stage.say(ActKind.DONE) == Outcome(False, "no")


def test_a_link_shows_what_lies_in_the_area_of_whom_it_was_sent_to(stage: Stage) -> None:
    whole, part = (go(stage.phones.look(FAULT.id, person)) for person in ("Cici", "Budi"))
    assert whole is not None
    assert part is not None
    assert "1 desa" in whole.text
    assert "desa" not in part.text, "Budi answers for Plered, and nothing is dark there"
    stage.orders.still_dark = ["rtr-sukahaji", "rtr-plered"]
    assert stage.say(ActKind.DONE, "Cici").message.startswith("Still dark: rtr-sukahaji, rtr-plered.")
    assert stage.say(ActKind.DONE, "Budi").message.startswith("Still dark: something outside your area.")


def alert(name: str = "rtr-sukahaji", *, firing: bool = True, fingerprint: str = "f") -> ReportedAlert:
    return ReportedAlert(fingerprint, "HighTemp", name, firing, DAY, None if firing else DAY, "46 °C", "critical")


def lines(acts: Iterable[Act]) -> list[str]:
    return [act.text for act in acts if act.actor == "prometheus"]


def test_an_alert_waits_for_the_incident_of_its_device(stage: Stage) -> None:
    assert go(stage.alerts.report([alert("rtr-cadassari"), alert("nobody", fingerprint="g")])) == 0
    later = fault("WAN Cadassari", id_="cada-0001", members=("rtr-cadassari",))
    stage.open(later)
    go(stage.alerts.join())
    go(stage.alerts.join())
    assert [(act.incident, act.text) for act in stage.orders.given] == [(later.id, "HighTemp (firing): 46 °C")]
    assert go(stage.alerts.report([alert("rtr-cadassari")])) == 1, "said again: it stands there"
    assert go(stage.alerts.report([alert("rtr-cadassari", firing=False)])) == 1
    assert lines(stage.orders.given) == ["HighTemp (firing): 46 °C", "HighTemp (resolved): 46 °C"]


def test_an_alert_that_is_said_again_after_a_restart_stands_there_once(stage: Stage) -> None:
    assert go(stage.alerts.report([alert("desa-sukahaji")])) == 1
    stage.alerts._waiting.clear()
    assert go(stage.alerts.report([alert("desa-sukahaji")])) == 1
    assert len(lines(stage.orders.given)) == 1


def test_an_alert_waits_for_a_day(stage: Stage) -> None:
    go(stage.alerts.report([alert("rtr-cadassari")]))
    stage.office.now = Moment(stage.office.now.steady_seconds + 90_000, datetime.now(UTC).timestamp())
    go(stage.alerts.join())
    stage.open(fault("WAN Cadassari", id_="cada-0001", members=("rtr-cadassari",)))
    go(stage.alerts.join())
    assert not stage.orders.given


def door(tmp_path: Path, stage: Stage, **variables: str) -> Inbound:
    loaded = load_settings(tmp_path / "kentongan.toml", {f"KENTONGAN_{key}": value for key, value in variables.items()})
    stage.installation.loaded = loaded
    return Inbound(
        stage.installation, cast(Any, FakeOutage(stage.desk, stage.office.dispatcher)), cast(Any, stage.orders)
    )


def test_nothing_listens_that_nobody_asked_for(stage: Stage, tmp_path: Path) -> None:
    closed = door(tmp_path, stage)
    go(closed.start())
    assert closed.url == ""
    go(closed.stop())


def test_a_door_that_is_taken_names_its_setting(stage: Stage, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(InboundError, match=r"inbound\.port"):
            go(door(tmp_path, stage, NOTIFY__BASE_URL="https://k.example", INBOUND__PORT=port).start())


def test_a_secret_that_is_not_stored_names_its_setting(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(CredentialAbsentError, match=r"notify\.inbound_credential.*credential add gone --token"):
        door(tmp_path, stage, NOTIFY__INBOUND_CREDENTIAL="gone")
