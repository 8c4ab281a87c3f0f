"""Another serial at a known place is asked about once, in the NOC's channel too; the known one's return ends it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.dispatch.contacts import Contact
from alerts.dispatch.messages import Message
from alerts.dispatch.routing import Routing
from domain.network import Device, Inventory, PersonRole, RegionCode, Role, Site, SiteKind
from domain.network.units import Answer, UnitQuestion, is_same_unit, plain_serial, spare_name
from domain.polling.facts import Discovery, OnuFacts, SystemFacts
from kentongan.run.units import UnitWatch
from kentongan.units import command_for

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
ROUTER = Device("rtr-cibodas", "cibodas", Role.ROUTER, serial="HE108PZ0OLD")
OLT = Device("olt-sukatani", "pop", Role.OLT)
ONU = Device(
    "onu-cibodas", "cibodas", Role.ONU, serial="ZTEGC0FFEE01", olt="olt-sukatani", olt_port="1/1/3", onu_id="5"
)
PLACES = {"citeko": "32.14.05.2001", "jauh": "32.14.10.2001"}
NOC = Contact("NOC", PersonRole.NOC, "telegram:1")
BOSS = Contact("Kabid", PersonRole.VIEWER, "telegram:2")


class Sent:
    def __init__(self) -> None:
        self.messages: list[Message] = []

    def put(self, messages: Iterable[Message]) -> None:
        self.messages += messages


def answered(serial: str, model: str = "", onus: tuple[OnuFacts, ...] = ()) -> Discovery:
    system = SystemFacts("1.3.6.1.4.1.14988.1", "RouterOS", "rtr")
    return Discovery("10.1.1.1", system, model=model, serial=serial, onus=onus)


class Kept:
    """As inventory.store.units keeps them."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], UnitQuestion] = {}

    def ask(self, seen: Iterable[UnitQuestion]) -> tuple[UnitQuestion, ...]:
        new = []
        for each in seen:
            held = self.held.get((each.device, each.serial))
            if held is None or held.answer is Answer.WITHDRAWN:
                new.append(each)
            self.held[each.device, each.serial] = (
                each if each in new or held is None else replace(held, last_at=each.last_at)
            )
        return tuple(new)

    def withdraw(self, devices: Iterable[str], now: datetime) -> None:
        for device in devices:
            self.answer(device, Answer.WITHDRAWN)

    def questions(self, *, answered: bool = False) -> tuple[UnitQuestion, ...]:
        return tuple(each for each in self.held.values() if answered or each.answer is None)

    def answer(self, device: str, answer: Answer) -> None:
        for key, each in self.held.items():
            if each.device == device and each.answer is None:
                self.held[key] = replace(each, answer=answer)


@pytest.fixture
def units() -> Kept:
    return Kept()


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def watch(units: Kept, sent: Sent) -> UnitWatch:
    made = UnitWatch(units, sent, ZoneInfo("Asia/Jakarta"))
    made.know(Inventory(devices=(ROUTER, OLT, ONU)), Routing([NOC, BOSS]))
    return made


def test_it_is_asked_once_and_told_once(watch: UnitWatch, units: Kept, sent: Sent) -> None:
    for hours in range(3):
        at = NOW + timedelta(hours=hours)
        watch.look([(ROUTER, answered("HGQ09NEW123", "L009UiGS"))], {}, at)
    (question,) = units.questions()
    assert (question.known_serial, question.serial, question.first_at) == ("HE108PZ0OLD", "HGQ09NEW123", NOW)
    assert question.last_at == NOW + timedelta(hours=2)
    (message,) = sent.messages
    assert message.channel == "telegram:1"
    command = 'kentongan device replace rtr-cibodas --serial HGQ09NEW123 --model "L009UiGS" --already'
    assert command_for(question) == command
    assert command in str(message.payload["text"])


def test_whoever_answers_for_an_area_is_asked_of_what_stands_there(units: Kept, sent: Sent) -> None:
    sites = [Site(slug, slug, SiteKind.DESA, RegionCode(code)) for slug, code in PLACES.items()]
    devices = [replace(ROUTER, name=f"rtr-{site.slug}", site=site.slug) for site in sites]
    area = replace(NOC, name="Asep", channel="telegram:2", regions=("32.14.05",))
    watch = UnitWatch(units, sent, ZoneInfo("Asia/Jakarta"))
    watch.know(Inventory(sites=tuple(sites), devices=tuple(devices)), Routing([NOC, area]))
    watch.look([(each, answered("HGQ09NEW123")) for each in devices], {}, NOW)
    texts = {each.channel: str(each.payload["text"]) for each in sent.messages}
    assert ["rtr-citeko:" in texts[channel] for channel in (NOC.channel, area.channel)] == [True, True]
    assert ["rtr-jauh:" in texts[channel] for channel in (NOC.channel, area.channel)] == [True, False]


def test_the_known_unit_again_withdraws_it_and_another_exchange_asks_anew(
    watch: UnitWatch, units: Kept, sent: Sent
) -> None:
    watch.look([(ROUTER, answered("HGQ09NEW123"))], {}, NOW)
    watch.look([(ROUTER, answered("he108pz0-old"))], {}, NOW)
    assert units.questions() == ()
    assert units.questions(answered=True)[0].answer is Answer.WITHDRAWN
    watch.look([(ROUTER, answered("HGQ09NEW123"))], {}, NOW + timedelta(hours=2))
    assert len(units.questions()) == 1
    assert len(sent.messages) == 2


def test_a_no_is_kept_for_that_serial_alone(watch: UnitWatch, units: Kept, sent: Sent) -> None:
    watch.look([(ROUTER, answered("HGQ09NEW123"))], {}, NOW)
    units.answer("rtr-cibodas", Answer.DISMISSED)
    watch.look([(ROUTER, answered("HGQ09NEW123"))], {}, NOW)
    assert units.questions() == ()
    watch.look([(ROUTER, answered("HGQ09OTHER1"))], {}, NOW)
    assert [each.serial for each in units.questions()] == ["HGQ09OTHER1"]
    assert len(sent.messages) == 1


def test_an_inventory_with_wrong_serials_does_not_fill_the_channel(watch: UnitWatch, sent: Sent) -> None:
    """What comes within an hour of a message is told with the next one."""
    devices = [replace(ROUTER, name=f"rtr-{number}") for number in range(5)]
    watch.look([(devices[0], answered("HGQ09NEW123"))], {}, NOW)
    for each in devices[1:]:
        watch.look([(each, answered("HGQ09NEW123"))], {}, NOW + timedelta(minutes=5))
    assert len(sent.messages) == 1
    watch.look([(devices[0], answered("HGQ09NEW123"))], {}, NOW + timedelta(hours=1))
    assert len(sent.messages) == 2
    text = str(sent.messages[1].payload["text"])
    assert [f"rtr-{number}:" in text for number in range(5)] == [False, True, True, True, False]
    assert "1 more" in text


def test_an_onu_is_told_of_by_its_olt(watch: UnitWatch, units: Kept) -> None:
    """The OLT may write the maker's letters in hexadecimal, and another port's ONU is another ONU."""
    same = OnuFacts("gpon-olt_1/1/3", "5", serial="5A544547C0FFEE01")
    other = OnuFacts("gpon-olt_1/1/4", "5", serial="ZTEG00000099")
    watch.look([(OLT, answered("", onus=(same, other)))], {}, NOW)
    assert units.questions() == ()
    watch.look([(OLT, answered("", onus=(OnuFacts("1/1/3", "5", serial="ZTEG00000042"),)))], {}, NOW)
    (question,) = units.questions()
    assert (question.device, question.serial, question.seen_by) == ("onu-cibodas", "ZTEG00000042", "olt-sukatani")


def test_where_the_inventory_knows_no_serial_the_last_discovery_does(watch: UnitWatch, units: Kept) -> None:
    nameless = replace(ROUTER, serial="")
    watch.look([(nameless, answered("HE108PZ0OLD"))], {}, NOW)
    assert units.questions() == ()
    watch.look([(nameless, answered("HGQ09NEW123"))], {"rtr-cibodas": "HE108PZ0OLD"}, NOW)
    assert [each.known_serial for each in units.questions()] == ["HE108PZ0OLD"]


def test_a_device_that_tells_no_serial_asks_nothing(watch: UnitWatch, units: Kept) -> None:
    watch.look([(ROUTER, answered("")), (replace(ROUTER, serial=""), answered("HGQ09NEW123"))], {}, NOW)
    assert units.questions(answered=True) == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ZTEGC0FFEE01", "5A544547C0FFEE01", True),
        ("ztegc0ffee01", "ZTEG-C0FFEE01", True),
        ("HE108PZ0OLD", "HE108PZ0LAB", False),
        ("", "HE108PZ0LAB", True),
        ("0123456789ABCDEF", "0123456789abcdef", True),
    ],
)
def test_serials_are_compared_as_people_write_them(one: str, other: str, same: bool) -> None:
    assert is_same_unit(one, other) is same
    assert is_same_unit(other, one) is same


def test_a_serial_that_is_not_an_onus_stays_as_it_is() -> None:
    assert plain_serial("0123456789ABCDEF") == "0123456789ABCDEF"


def test_every_old_unit_has_a_name_of_its_own() -> None:
    assert spare_name("rtr-a", "HE 108/P", {}, NOW) == "rtr-a-HE-108-P"
    assert spare_name("rtr-a", "HE1", {"rtr-a-HE1": 1}, NOW) == "rtr-a-HE1-2"
    assert spare_name("rtr-a", "", {}, NOW) == "rtr-a-20261122"
