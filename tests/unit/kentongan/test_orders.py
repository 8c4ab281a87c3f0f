"""An order is answered by the transaction that keeps it: what was answered is kept, what was lost is not answered."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import OperationalError

from alerts.desk import DeskRules
from alerts.detect import InterfaceWatch
from alerts.dispatch.directory import Directory
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.routing import Routing
from alerts.dispatch.timing import Timing
from alerts.dispatch.writing import Addresses, Writer
from alerts.states import StateBoard
from alerts.texts import Wording
from domain.incidents import Act, ActKind, Cause, CauseKind, Condition, Incident, Member, Urgency
from domain.network import Device, Inventory, Role, Site, SiteKind, Stage, Topology
from domain.polling import Fleet
from domain.time import Moment
from kentongan.__main__ import main
from kentongan.installation import Installation
from kentongan.run.keeping import Decided, Keeper
from kentongan.run.orders import ACT, Orders, act_payload
from kentongan.run.outage import OutageDesk
from kentongan.settings import load_settings
from kentongan.store.commands import Command, CommandState

T0 = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
NOW = Moment(1000.0, T0.timestamp())
BROKEN = Incident(
    "k7f3-2qxm",
    Condition.OUTAGE,
    Cause(CauseKind.LINK, "fo-plered"),
    "silent",
    Urgency.PAGE,
    T0,
    T0,
    (Member("r", T0),),
)


@dataclass
class Desk:
    installation: Installation
    outage: OutageDesk
    orders: Orders
    keeper: Keeper

    def order(self, kind: ActKind = ActKind.NOTE, incident: str = BROKEN.id) -> int:
        act = Act(incident, T0, "siti", kind, "on the way")
        return self.installation.commands.insert(ACT, act_payload(act), NOW.unix_seconds)

    def take(self) -> Command:
        (command,) = self.installation.commands.take()
        return command

    def turn(self) -> tuple[Decided, ...]:
        return self.outage.turn(NOW, blind=False)[1]

    def state(self, number: int) -> CommandState:
        return self.installation.commands.get(number).state

    def notes(self) -> list[str]:
        return [act.text for act in self.installation.acts.of(BROKEN.id) if act.kind is ActKind.NOTE]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ordered")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        with pytest.raises(SystemExit):
            main(["init", "--kabupaten", "32.14"])
    return folder


@pytest.fixture
def desk(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "en")
    with Installation(load_settings(None), "siti").open() as installation:
        installation.incidents.save([BROKEN])
        fleet = Fleet()
        board = StateBoard(fleet)
        zone = ZoneInfo("Asia/Jakarta")
        writer = Writer(Wording("en", zone), Addresses())
        dispatcher = Dispatcher(Routing(()), Directory(Inventory(), {}), writer, Timing(zone=zone))
        outage = OutageDesk(fleet, board, InterfaceWatch(fleet), DeskRules(), dispatcher)
        outage.restore([BROKEN], (), {}, NOW)
        yield Desk(installation, outage, Orders(installation, outage), Keeper(installation))


def test_an_order_is_answered_when_it_is_kept(desk: Desk) -> None:
    number = desk.order()
    assert desk.orders.carry_out(desk.take(), NOW) is None
    decided = desk.turn()
    assert (desk.state(number), desk.notes()) == (CommandState.TAKEN, [])
    desk.keeper(decided)
    assert (desk.state(number), desk.notes()) == (CommandState.DONE, ["on the way"])
    assert desk.installation.commands.get(number).outcome == {"stillDark": []}


def test_what_cannot_be_written_is_not_answered_until_it_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = desk.order()
    desk.orders.carry_out(desk.take(), NOW)
    decided = desk.turn()
    with monkeypatch.context() as patch:

        def locked(*_words: object, **_named: object) -> None:
            raise OperationalError("INSERT", {}, Exception("database is locked"))

        patch.setattr(type(desk.installation.acts), "append_in", locked)
        with pytest.raises(OperationalError):
            desk.keeper(decided)
    assert (desk.state(number), desk.notes()) == (CommandState.TAKEN, [])
    desk.keeper(decided)
    assert (desk.state(number), desk.notes()) == (CommandState.DONE, ["on the way"])


def test_an_engine_that_dies_in_between_has_answered_nothing(desk: Desk) -> None:
    number = desk.order()
    desk.orders.carry_out(desk.take(), NOW)
    desk.turn()  # killed here: what was decided is gone with the process
    assert desk.installation.commands.abandon(NOW.unix_seconds) == 1
    assert (desk.state(number), desk.notes()) == (CommandState.FAILED, [])


def test_the_answer_cannot_be_there_without_what_it_answers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are one transaction: where the answer fails, nothing is kept."""
    number = desk.order()
    desk.orders.carry_out(desk.take(), NOW)
    decided = desk.turn()
    with monkeypatch.context() as patch:

        def dies(*_words: object, **_named: object) -> None:
            raise OSError("disk full")

        patch.setattr(type(desk.installation.commands), "finish_in", dies)
        with pytest.raises(OSError, match="disk full"):
            desk.keeper(decided)
    assert (desk.state(number), desk.notes()) == (CommandState.TAKEN, [])


def test_a_refusal_is_answered_at_once(desk: Desk) -> None:
    desk.order(incident="none-here")
    assert "There is no incident none-here" in (desk.orders.carry_out(desk.take(), NOW) or "")
    assert not [answer for each in desk.turn() for answer in each.answers]


def test_who_waits_for_it_hears_of_it_only_once_it_is_kept(desk: Desk) -> None:
    async def tell() -> None:
        act = Act(BROKEN.id, T0, "siti", ActKind.NOTE, "from a telephone")
        waiting = asyncio.create_task(desk.orders.act_and_keep(act, NOW))
        await asyncio.sleep(0)
        decided = desk.turn()
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await asyncio.to_thread(desk.keeper, decided)
        assert await asyncio.wait_for(waiting, 5) == {"stillDark": []}
        assert desk.notes() == ["from a telephone"]

    asyncio.run(tell())


def test_an_incident_of_a_site_that_is_suspended_ends(desk: Desk) -> None:
    sites = (Site("desa", "Desa", SiteKind.DESA, stage=Stage.SUSPENDED),)
    inventory = Inventory(sites=sites, devices=(Device("r", "desa", Role.ROUTER),))
    desk.outage.know(inventory, Topology(), {}, Routing(()))
    desk.keeper(desk.turn())
    kept = desk.installation.incidents.get(BROKEN.id)
    assert kept is not None
    assert (kept.is_open, [member.name for member in kept.members]) == (False, ["r"]), "its dark hours stay its own"
