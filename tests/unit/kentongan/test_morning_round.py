"""What telling does by itself: each morning and each warning once, over restarts; Alertmanager hears what is open."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.channels.alertmanager import Alertmanager
from alerts.dispatch.contacts import read_contacts
from alerts.dispatch.directory import Directory
from alerts.dispatch.messages import Delivered, Later, Result
from alerts.dispatch.routing import Routing
from alerts.store.outbox import SqlOutbox
from alerts.store.outbox_tables import outbox
from domain.network import Contract, Inventory, Role
from domain.network import Device as NetworkDevice
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.alertmanager_refresh import Reminder
from kentongan.run.morning import Morning, served_villages
from kentongan.settings import load_settings
from tests.unit.alerts.telling_office import DAY, INVENTORY, NAMES, fault, open_office

ZONE = ZoneInfo("Asia/Jakarta")
ROUTING = Routing(read_contacts(INVENTORY.people)[0])
ENDING = replace(INVENTORY, contracts=(Contract("14/2026", "Nusantara", ends_on=date(2026, 12, 20)),))
NODE = "http://127.0.0.1:1"


def at(day: int, hours: int, minutes: int = 0) -> Moment:
    return Moment(1.0, datetime(2026, 11, day, hours, minutes, tzinfo=ZONE).timestamp())


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    file = tmp_path / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(file, {"KENTONGAN_NOTIFY__LANGUAGE": "id"}), "test").prepare() as made:
        made.regions.load_all()
        home = made.regions.get("32.14")
        assert home is not None
        made.regions.set_home(home.code)
        yield made


def morning(installation: Installation, inventory: Inventory = INVENTORY) -> Morning:
    made = Morning(installation, lambda _device: True)
    made.know(inventory, NAMES, ROUTING)
    return made


def turn(each: Morning, moment: Moment) -> int:
    return asyncio.run(each.turn(moment))


def told(installation: Installation, topic: str) -> list[tuple[str, str]]:
    return [
        (sent.message.channel, str(sent.message.payload["text"]))
        for sent in SqlOutbox(installation.database.engine).about(topic)
    ]


def test_the_night_is_told_once_each_morning_also_over_restarts(installation: Installation) -> None:
    first = morning(installation)
    assert turn(first, at(22, 14)) == 0, "the day of the installation has had no night"
    ended = datetime(2026, 11, 22, 20, 0, tzinfo=ZONE).astimezone(UTC)
    over = replace(fault(at=ended - timedelta(hours=2), members=("rtr-sukahaji",)), resolved_at=ended)
    installation.incidents.save([over])
    assert turn(first, at(23, 7, 29)) == 0
    assert turn(first, at(23, 7, 30)) > 0
    messages = told(installation, "digest")
    assert turn(first, at(23, 7, 31)) == 0
    assert turn(morning(installation), at(23, 9)) == 0, "a restart tells nothing again"
    assert told(installation, "digest") == messages
    assert dict(messages)["telegram:1"].startswith("Kec. Tegalwaru, semalam:")
    assert "Terlayani 2 dari 2 desa" in dict(messages)["telegram:1"]
    assert turn(morning(installation), at(24, 8)) > 0, "a machine that was off at half past seven tells it at eight"


def test_what_is_long_past_is_not_told_as_news(installation: Installation) -> None:
    assert turn(morning(installation), at(20, 8)) == 0
    assert turn(morning(installation), at(22, 23)) == 0, "nobody wants yesterday's night before midnight"
    assert turn(morning(installation), at(23, 8)) > 0


def test_a_mark_of_a_clock_that_was_wrong_keeps_nobody_waiting(installation: Installation) -> None:
    assert turn(morning(installation), Moment(1.0, datetime(2031, 1, 1, tzinfo=UTC).timestamp())) == 0
    assert turn(morning(installation), at(23, 8)) > 0
    assert turn(morning(installation), at(24, 8)) > 0


def test_a_contract_is_warned_of_once_at_each_mark_whatever_became_of_the_messages(installation: Installation) -> None:
    counts = {}
    for day in range(20, 31):
        turn(morning(installation, ENDING), at(day, 8))
        with installation.database.engine.begin() as connection:  # as retention does, long after
            rows = connection.execute(outbox.delete().where(outbox.c.reason == "contract")).rowcount
        counts[day] = rows
    assert counts == {day: int(day == 20) for day in range(20, 31)}, "30 days before the 20th of December; at 7 again"


def test_without_a_digest_contracts_are_warned_of_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "kentongan.toml"
    file.write_text('[notify]\ndigest_at = ""\n', encoding="utf-8")
    with Installation(load_settings(file, {}), "test").prepare() as installation:
        assert turn(morning(installation, ENDING), at(20, 8)) == 1
        assert turn(morning(installation, ENDING), at(21, 8)) == 0
        assert not told(installation, "digest")


def test_a_village_is_served_if_anything_in_it_answers() -> None:
    more = replace(INVENTORY, devices=(*INVENTORY.devices, NetworkDevice("ap-cadassari", "desa-cadassari", Role.AP)))
    directory = Directory(more, NAMES)
    assert served_villages(more, directory, lambda name: name == "ap-cadassari") == {"32.14.10": (1, 2)}
    assert served_villages(more, directory, lambda _name: False) == {"32.14.10": (0, 2)}
    assert served_villages(Inventory(), directory, lambda _name: True) == {}


@dataclass
class FakeNode(Alertmanager):
    """An Alertmanager that takes what is given, or does not."""

    answer: Result = field(default_factory=Delivered)
    got: list[list[str]] = field(default_factory=list)

    async def remind(self, node: str, bodies: Any, now: datetime) -> Result:
        self.got.append([body["incident"]["id"] for body in bodies])
        return self.answer


def test_alertmanager_hears_again_what_it_knows_to_be_open() -> None:
    office, node = open_office(machines=(f"alertmanager:{NODE}",)), FakeNode()
    reminder = Reminder(office.dispatcher, node, (NODE,))

    def remind(*moments: float) -> Sequence[list[str]]:
        node.got.clear()
        for seconds in moments:
            asyncio.run(reminder.remind(Moment(seconds, DAY.timestamp() + seconds)))
        return node.got

    assert remind(0) == [], "nothing is open"
    first = fault(id_="firs-0001")
    office.tell(first)
    office.tell(fault("other", id_="othe-0001"))
    assert remind(60, 120) == [["firs-0001", "othe-0001"]] * 2
    node.answer = Later("nobody there")
    assert len(remind(180, 240)) == 2
    node.answer = Delivered()
    office.over(first)
    assert remind(300) == [["othe-0001"]]
