"""The morning digest, contracts that end, and the silence of Kentongan itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.dispatch.contacts import Regions, read_channel, read_contacts
from alerts.dispatch.digest import Night, contract_messages, digest_messages, digest_time, last_due
from alerts.dispatch.directory import Directory
from alerts.dispatch.routing import Routing
from alerts.texts import Wording
from domain.incidents import Condition, Phase
from domain.network import Contract, Person, PersonRole, RegionCode
from tests.unit.alerts.telling_office import INVENTORY, NAMES, fault

ZONE = ZoneInfo("Asia/Jakarta")
WORDING = Wording("id", ZONE)
ROUTING = Routing(read_contacts(INVENTORY.people)[0])
SINCE, UNTIL = datetime(2026, 11, 22, 0, 30, tzinfo=UTC), datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def night(*incidents: object) -> Night:
    served = {"32.14.10": (1, 2), "32.14.05": (1, 1)}
    return Night(SINCE, UNTIL, incidents, served, "32.14", NAMES)  # type: ignore[arg-type]


def texts(*incidents: object) -> dict[str, str]:
    messages = digest_messages(night(*incidents), Directory(INVENTORY, NAMES), INVENTORY.contracts, ROUTING, WORDING)
    assert all(message.id == f"digest-2026-11-23@{message.channel}" for message in messages)
    return {message.channel: str(message.payload["text"]) for message in messages}


def test_everybody_reads_of_their_own_kecamatan() -> None:
    began = SINCE + timedelta(hours=5)
    over = replace(
        fault(at=began, members=("rtr-sukahaji",)), phase=Phase.RESOLVED, resolved_at=began + timedelta(seconds=9960)
    )
    fading = replace(fault("x", began, id_="fade-0001", members=("rtr-cadassari",)), condition=Condition.DEGRADED)
    said = texts(over, fading)
    assert said["telegram:1"] == (
        "Kec. Tegalwaru, semalam: 1 putus selesai (2 j 46 m), 0 terbuka. Menurun: 1. Terlayani 1 dari 2 desa."
    )
    assert said["telegram:2"].startswith("Kec. Plered, semalam: 0 putus selesai, 0 terbuka.")
    assert said["wa:62811"].startswith("Kabupaten, semalam: 1 putus selesai")
    assert "Kec. Tegalwaru" in said["wa:62811"]
    assert "Kec. Plered" not in said["wa:62811"], "quiet kecamatan need no line of their own"
    assert "mailto:euis@example.id" not in said, "viewers are left alone"


def test_when_a_digest_is_due() -> None:
    seven = digest_time("07.30")
    assert seven == time(7, 30)
    assert digest_time("") is None
    now = datetime(2026, 11, 23, 7, 29, tzinfo=ZONE)
    assert last_due(time(7, 30), now, ZONE) == datetime(2026, 11, 22, 7, 30, tzinfo=ZONE)
    assert last_due(time(7, 30), now + timedelta(minutes=1), ZONE) == datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("days", "level"), [(91, None), (90, 90), (60, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_a_contract_is_warned_of_three_times(days: int, level: int | None) -> None:
    today = date(2026, 11, 22)
    ending = replace(INVENTORY, contracts=(Contract("14/2026", "Nusantara", ends_on=today + timedelta(days=days)),))
    messages = contract_messages(ending, ROUTING, WORDING, today, UNTIL)
    if level is None:
        assert messages == ()
        return
    (message,) = messages
    assert message.channel == "mailto:fajar@example.id"
    assert message.id.endswith(f"-{level}@mailto:fajar@example.id")
    assert "1 lokasi dan 1 link" in str(message.payload["text"])


def test_a_warning_keeps_its_id_until_the_next_one() -> None:
    end = date(2027, 3, 1)
    ending = replace(INVENTORY, contracts=(Contract("k", "N", ends_on=end),))
    ids = {
        message.id
        for day in range(120)
        for message in contract_messages(ending, ROUTING, WORDING, end - timedelta(days=119 - day), UNTIL)
    }
    assert len(ids) == 3


def test_people_whose_channel_or_hours_cannot_be_read_are_named() -> None:
    contacts, problems = read_contacts(
        [
            Person("A", PersonRole.NOC, channel="telegram:1", duty_hours="kadang"),
            Person("B", PersonRole.NOC, channel="pigeon:1"),
            Person("C", PersonRole.NOC, channel="mailtos://user:rahasia@host"),
            Person("D", PersonRole.NOC, channel="telegram:"),
            Person("E", PersonRole.NOC),
            Person("F", PersonRole.NOC, channel="d@example.id", duty_hours="Sen-Jum 07.30-16.00"),
        ]
    )
    assert [contact.name for contact in contacts] == ["A", "F"]
    assert contacts[0].hours.is_always, "better told in vain than not at all"
    assert contacts[1].channel == "mailto:d@example.id"
    assert [problem.person for problem in problems] == ["A", "B", "C", "D"]
    assert "rahasia" not in " ".join(problem.message for problem in problems)
    assert "kadang" in problems[0].message


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        (" Telegram: -1001 ", "telegram:-1001"),
        ("a@b.id", "mailto:a@b.id"),
        ("webhook:https://x/y", "webhook:https://x/y"),
    ],
)
def test_channels_as_people_write_them(text: str, channel: str) -> None:
    assert read_channel(text) == channel


def test_areas_are_villages_kecamatan_or_the_kabupaten() -> None:
    (contact,), _problems = read_contacts(
        [Person("A", PersonRole.ENGINEER, region_codes=(RegionCode("32.14.10"),), channel="telegram:1")]
    )
    assert contact.answers_for(Regions(["32.14.10.2001"]))
    assert contact.answers_for(Regions(["32.14.10"]))
    assert contact.answers_for(Regions(["32.14"]))
    assert not contact.answers_for(Regions(["32.14.1"]))
    assert not contact.answers_for(Regions(["32.14.11.2001"]))
    assert contact.answers_for(Regions([]))
