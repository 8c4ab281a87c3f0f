"""Months of a small simulated kabupaten through the real engine: what was so is what the records say."""

import asyncio
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from alerts.dispatch.messages import Fate
from alerts.store.months import SqlMonthStore
from alerts.store.outbox import SqlOutbox
from alerts.store.trends import SqlTrends
from collectors.http import shipped_phrases
from console.api import make_api
from console.web import make_app
from domain.availability import By, Records, Reporter, month
from domain.availability.kinds import Kind
from domain.coverage.stages import recorded
from domain.incidents import ActKind, CauseKind, ClosingCause, Condition, Incident
from domain.network import Check, Inventory, PersonRole, Region, Role, SiteKind, lies_in
from domain.services import HttpCheck
from domain.states import State
from inventory.regions import shipped_regions
from kentongan.availability import open_month
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.server import make_desk, place_of
from kentongan.console_adapters.tokens import Tokens
from kentongan.coverage import open_coverage
from kentongan.history import making
from kentongan.history.clock import FastClock
from kentongan.history.going_on import bring_up_to_date, gap_before
from kentongan.history.hearts import tokens_of
from kentongan.history.making import HistoryError, Made, Wanted, make_history
from kentongan.history.visits import PaperVisits
from kentongan.installation import Installation
from kentongan.reporting.coverage import compose_coverage
from kentongan.run.coverage import figures_of
from kentongan.run.service import Service
from kentongan.settings import load_settings
from kentongan.settings.template import settings_file
from lab.kabupaten.story import Story
from lab.kabupaten.troubles import Calendar, Deed, Trouble
from lab.kabupaten.unfolding import begins_on
from lab.services import Fault
from lab.services.course import AppCalendar, AppCourse, AppTrouble
from tests.command_line import status_of

ZONE = ZoneInfo("Asia/Jakarta")
CODE, SEED = "32.14", 5
UNTIL = datetime(2020, 11, 30, 20, 0, tzinfo=ZONE)
ASKED = date(2020, 11, 30)
DEMANDING = {f"coverage.{way}_percent": 99.9 for way in ("fibre", "radio", "metered", "slow")}
"""In so small a world few outages are long: whoever had one at all is not served."""

AGENCIES = ("opd-setda", "opd-dinkes")
SERVERS = ("srv-aplikasi-1", "srv-aplikasi-2")


def small(whole: Inventory) -> Inventory:
    """Without most of the agencies, the cameras and four of the servers with their applications."""
    gone = {
        site.slug
        for site in whole.sites
        if site.kind in (SiteKind.OPD, SiteKind.UPTD, SiteKind.CCTV, SiteKind.MPP) and site.slug not in AGENCIES
    }
    devices = tuple(
        device
        for device in whole.devices
        if device.site not in gone and (device.role is not Role.SERVER or device.name in SERVERS)
    )
    names = {device.name for device in devices} | {""}
    return replace(
        whole,
        sites=tuple(site for site in whole.sites if site.slug not in gone),
        devices=devices,
        links=tuple(link for link in whole.links if {link.a_device, link.z_device} <= names),
        services=tuple(each for each in whole.services if each.host in SERVERS),
    )


def regions() -> list[Region]:
    """The kabupaten with two of its kecamatan."""
    here = [region for region in shipped_regions() if lies_in(region.code, CODE)]
    return [region for region in here if region.code == CODE or region.code[:8] in ("32.14.05", "32.14.17")]


def wanted(months: int, until: datetime, seed: int = SEED) -> Wanted:
    return Wanted(CODE, regions(), seed, months, until, 10161, small)


pytestmark = pytest.mark.timeout(300)  # a minute of a quiet machine's, wherever a full one takes it from


@contextmanager
def opened(folder: Path) -> Iterator[Installation]:
    folder.mkdir(exist_ok=True)
    file = folder / "kentongan.toml"
    file.write_text(settings_file({"state.folder": ".", **DEMANDING}), encoding="utf-8")
    installation = Installation(load_settings(file, {}), "test").prepare()
    if installation.regions.home() is None:
        installation.regions.load_all()
        installation.regions.set_home(CODE)
    with installation:
        yield installation


def make(folder: Path, of: Wanted) -> Made:
    with opened(folder) as installation:
        return asyncio.run(make_history(installation, of))


HANG = Trouble(
    datetime(2020, 10, 6, 9, 0, tzinfo=ZONE).timestamp(),
    datetime(2020, 10, 6, 11, 0, tzinfo=ZONE).timestamp(),
    Deed.HANG,
    ("srv-aplikasi-1",),
    ClosingCause.KONFIGURASI,
    "server macet, dinyalakan ulang",
)
NIGHT = Trouble(
    datetime(2020, 10, 20, 21, 0, tzinfo=ZONE).timestamp(),
    datetime(2020, 10, 21, 5, 30, tzinfo=ZONE).timestamp(),
    Deed.POWER,
    ("cibeber-kiarapedes",),
    ClosingCause.DICABUT_PENGGUNA,
    "perangkat dimatikan malam hari oleh penjaga",
)


def worse(whole: Inventory, story: Story, zone: tzinfo) -> Calendar:
    """As it is, with a server and a night that so small a world might be spared."""

    class Worse(Calendar):
        def month(self, first: date) -> tuple[Trouble, ...]:
            ours = (each for each in (HANG, NIGHT) if datetime.fromtimestamp(each.at, zone).month == first.month)
            return tuple(sorted((*super().month(first), *ours), key=lambda each: each.at))

    return Worse(whole, story.seed, zone, begins_on(whole))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    folder = tmp_path_factory.mktemp("history")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "calendar_of", worse)
        return folder, make(folder, wanted(1, UNTIL))


@pytest.fixture
def office(played: tuple[Path, Made]) -> Iterator[Installation]:
    """Opened on the day on which the history ends."""
    with opened(played[0]) as installation:
        installation.clock = FastClock(UNTIL.timestamp())  # type: ignore[assignment]
        yield installation


def test_what_happened_is_in_the_records_of_the_engine(office: Installation) -> None:
    incidents = office.incidents.between(datetime(2020, 10, 1, tzinfo=ZONE), UNTIL)
    assert len(incidents) > 10
    assert {each.condition for each in incidents} >= {Condition.OUTAGE}
    assert SqlOutbox(office.database.engine).counts().get(Fate.DELIVERED, 0) > 10
    assert SqlOutbox(office.database.engine).counts().get(Fate.WAITING, 0) == 0


def test_the_event_log_is_whole(office: Installation) -> None:
    found = office.acts.verify()
    assert found.is_whole
    assert found.rows > 50


def test_people_took_incidents_on_and_said_what_they_found(office: Installation) -> None:
    acts = office.acts.between(datetime(2020, 10, 1, tzinfo=ZONE), UNTIL)
    kinds = {each.kind for each in acts}
    assert {ActKind.ACKNOWLEDGED, ActKind.DEPARTED, ActKind.ON_SITE, ActKind.CLOSED} <= kinds
    assert len({each.values["cause"] for each in acts if each.kind is ActKind.CLOSED}) > 2


def test_a_month_that_is_over_is_closed_and_the_last_one_is_not(office: Installation) -> None:
    months = SqlMonthStore(office.database.engine)
    october = months.get("2020-10")
    assert october is not None
    assert october.closed_at.astimezone(ZONE).date() == date(2020, 11, 3)
    assert october.closed_by != "test"
    assert months.get("2020-11") is None


def test_something_goes_on_at_the_end(played: tuple[Path, Made], office: Installation) -> None:
    open_ = office.incidents.open()
    assert any(each.condition is Condition.OUTAGE for each in open_)
    events = played[1].events
    assert events is not None
    assert Deed.CUT in {each.deed for each in events.going_on(UNTIL.timestamp() - 1)}


def test_a_light_that_fades_has_its_days(played: tuple[Path, Made], office: Installation) -> None:
    """An engineer sees weeks of it, not two points; whoever does not fade is looked at each week."""
    events = played[1].events
    assert events is not None
    fading = {name for each in events.going_on(UNTIL.timestamp() - 1) if each.deed is Deed.DIM for name in each.names}
    ends = {link.a_device for link in played[1].whole.links if link.name in fading}
    medians = SqlTrends(office.database.engine).since(ASKED - timedelta(days=20), sorted(ends))
    days = {each.day: each.dbm for each in medians}
    assert len(days) > 15
    assert days[max(days)] < days[min(days)] - 2.0
    everybody = SqlTrends(office.database.engine).since(ASKED - timedelta(days=20))
    assert len({each.device for each in everybody}) > len(ends)


def test_availability_of_a_month_is_what_was_so(played: tuple[Path, Made], office: Installation) -> None:
    """The same report once of the states that the engine kept, once of how the world was. A detection may take three
    misses; of a line of a provider the engine knows only that nobody answers, which is not charged."""
    book = open_month(office, month("2020-10", ZONE, UNTIL))
    records = book.reporter.records
    really = replace(records, **truth_of(played[1].dark, records, book.period.span))
    true = {
        row.key: row for row in Reporter(really, book.reporter.names, ZONE, book.reporter.holidays).report(By.DESA).rows
    }
    told = book.reporter.report(By.DESA).rows
    assert len(told) > 5
    assert sum(row.figure.outages for row in true.values()) > 1
    for row in told:
        ours, theirs = gone(row.figure.kinds), gone(true[row.key].figure.kinds)
        patience = timedelta(minutes=20) * (true[row.key].figure.outages + 1)
        assert abs(ours - theirs) <= patience, (row.name, ours, theirs)


def gone(kinds: Mapping[Kind, int]) -> timedelta:
    return timedelta(microseconds=kinds[Kind.DOWN] + kinds[Kind.UNREACHABLE] + kinds[Kind.UNKNOWN])


def truth_of(dark: Mapping[str, list[list[float]]], records: Records, span: tuple[int, int]) -> dict[str, Any]:
    """Initial states and changes as if somebody had watched every moment."""
    met = [name for name in records.initial if records.changes.get(name) or records.initial[name][0] is State.UP]
    changes: dict[str, list[tuple[int, State, str]]] = {name: [] for name in met}
    initial = {**records.initial, **dict.fromkeys(met, (State.UP, ""))}
    for name in met:
        for began, ended in dark.get(name, ()):
            for at, state in ((began, State.DOWN), (ended, State.UP)):
                if at * 1e6 < span[0]:
                    initial[name] = state, ""
                elif at * 1e6 < span[1]:
                    changes[name].append((int(at * 1e6), state, ""))
    return {"initial": initial, "changes": changes}


def of_applications(office: Installation) -> list[Incident]:
    found = office.incidents.between(datetime(2020, 10, 1, tzinfo=ZONE), UNTIL)
    return [each for each in found if each.condition is Condition.SERVICE]


def app_troubles(played: tuple[Path, Made]) -> list[AppTrouble]:
    calendar = AppCalendar(played[1].whole, SEED, ZONE)
    return [each for month_ in (9, 10, 11) for each in calendar.month(date(2020, month_, 1))]


def test_an_application_that_fails_by_itself_is_one_incident(played: tuple[Path, Made], office: Installation) -> None:
    began = datetime(2020, 10, 1, tzinfo=ZONE).timestamp()
    failed = [each for each in app_troubles(played) if each.fault is Fault.ERROR and each.at > began]
    assert len(failed) > 1
    for trouble in failed:
        (incident,) = (each for each in of_applications(office) if each.cause.name == trouble.code)
        assert (incident.cause.kind, incident.reason) == (CauseKind.SERVICE, "wrong-status")
        assert 0 <= incident.started_at.timestamp() - trouble.at < 120
        assert incident.resolved_at is not None
        assert 0 <= incident.resolved_at.timestamp() - trouble.until < 300
        (closed,) = (each for each in office.acts.of(incident.id) if each.kind is ActKind.CLOSED)
        assert closed.text == trouble.words
    assert {each.cause.name for each in of_applications(office)} <= {each.code for each in app_troubles(played)}


def test_applications_of_a_server_that_hangs_are_told_with_it(played: tuple[Path, Made], office: Installation) -> None:
    began, ended = (datetime.fromtimestamp(at, ZONE) for at in (HANG.at, HANG.until))
    (outage,) = (
        each for each in office.incidents.between(began, ended) if HANG.names[0] in {one.name for one in each.members}
    )
    here = {each.code for each in played[1].whole.services if each.host == HANG.names[0]}
    assert len(here) > 10
    assert here <= {place.key for place in outage.impact.services}
    assert not [each for each in of_applications(office) if began <= each.started_at <= ended + timedelta(hours=1)]


def test_a_certificate_that_is_renewed_late_is_warned_of_twice(played: tuple[Path, Made], office: Installation) -> None:
    soon, over = (each for each in app_troubles(played) if each.code == "rumah-dinas-laporan" and "expir" in each.fault)
    told = {each.reason: each for each in of_applications(office) if each.cause.name == soon.code}
    assert {*told} == {"certificate-expires", "certificate-expires-soon", "certificate-expired"}
    days = {reason: (over.at - each.started_at.timestamp()) / 86_400 for reason, each in told.items()}
    assert 29.9 < days["certificate-expires"] <= 30
    assert 6 <= days["certificate-expires-soon"] <= 7
    assert -0.01 < days["certificate-expired"] <= 0
    assert all(each.resolved_at and each.resolved_at.timestamp() >= over.at for each in told.values())
    assert told["certificate-expired"].resolved_at.timestamp() - over.until < 300  # type: ignore[union-attr]


def test_a_heartbeat_that_misses_a_night_is_told_and_counted(played: tuple[Path, Made], office: Installation) -> None:
    router = f"rtr-{NIGHT.names[0]}"
    (device,) = (each for each in office.inventory.read().devices if each.name == router)
    assert device.check is Check.PUSH
    began, ended = (datetime.fromtimestamp(at, ZONE) for at in (NIGHT.at, NIGHT.until))
    changes = [each for each in office.states.changes(began, 9999) if each.name == router and each.at < ended]
    assert [(each.to, each.reason) for each in changes][:1] == [(State.DOWN, "heartbeat-silent")]
    (outage,) = (
        each for each in office.incidents.between(began, ended) if router in {one.name for one in each.members}
    )
    assert outage.resolved_at is not None
    assert 0 <= outage.resolved_at.timestamp() - NIGHT.until < 300
    row = next(
        row
        for row in open_month(office, month("2020-10", ZONE, UNTIL)).reporter.report(By.DESA).rows
        if "cibeber" in row.name.casefold()
    )
    assert (
        timedelta(hours=3) < gone(row.figure.kinds) < timedelta(hours=6)
    )  # a morning of its provider's; nights are free
    assert {liable.name for liable, _cause, _ours in row.figure.charges} == {"Orbit Rendah"}


def test_villages_begin_when_their_papers_say(played: tuple[Path, Made], office: Installation) -> None:
    """42 of 102 at the end of November 2019, 102 a year later: here half the way of a few kecamatan."""
    book = open_coverage(office)
    curve = dict(book.curve(ASKED))
    assert 0 < curve[date(2019, 11, 30)] < curve[date(2020, 10, 31)] < curve[ASKED] < len(played[1].whole.villages)
    stored = office.inventory.read()
    assert all(recorded(each) <= ASKED for each in stored.stages)


def test_one_question_has_one_answer_everywhere(office: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    """How many desa are really served that day, which are not, and why: command line, console, metrics, report."""
    assert office.loaded.file is not None
    capsys.readouterr()
    assert status_of("--config", str(office.loaded.file), "coverage", "--at", ASKED.isoformat(), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    served = told["desa"]["served"]
    missing = {each["code"]: each["reason"] for each in told["villages"] if is_missing(each)}
    assert served > 2
    assert missing

    accounts, tokens = Accounts(office), Tokens(office)
    accounts.add("perencana", PersonRole.PLANNER, ())
    key, _token = tokens.add("perencana", 1, read_only=True, note="")
    desk, place = make_desk(office, place_of(office)), place_of(office)
    app = make_app(desk, place, language="en", secure=False, api=make_api(desk, tokens.door(), []))
    answer = TestClient(app, base_url="http://127.0.0.1").get(
        f"/api/v1/coverage?at={ASKED}", headers={"Authorization": f"Bearer {key.reveal()}"}
    )
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert shown["desa"]["served"] == served
    assert {each["code"]: each["reason"] for each in shown["villages"] if is_missing(each)} == missing

    gauges = figures_of(open_coverage(office)).villages
    assert sum(count for (_code, sort, state), count in gauges.items() if (sort, state) == ("desa", "served")) == served

    report = compose_coverage(office, ASKED, None, ASKED).report
    tables = {each.key: each for each in report.tables}
    assert [row[1] for row in tables["summary"].rows][2] == served
    desa_missing = [each for each in told["villages"] if is_missing(each)]
    assert len(tables["not-served"].rows) == len(desa_missing)


def is_missing(village: Mapping[str, Any]) -> bool:
    return bool(village["connected"]) and village["measured"] == "not-served"


def test_it_goes_on_live_years_later_under_a_clock_that_stands_there(played: tuple[Path, Made], tmp_path: Path) -> None:
    """Hours are played that nobody saw, then it lives: nothing is told but what is so; nobody's silence counts."""
    shutil.copytree(played[0], tmp_path / "on")
    now = UNTIL + timedelta(hours=30)
    with opened(tmp_path / "on") as installation:
        assert gap_before(installation, played[1].story, now) == timedelta(hours=30)
        of = replace(wanted(0, now), closing=False)
        asyncio.run(make_history(installation, of))
    with opened(tmp_path / "on") as installation:
        clock = FastClock(now.timestamp())
        installation.clock = clock
        bring_up_to_date(installation, of, with_services=True)
        known = installation.inventory.read()
        assert not [each for each in known.devices if each.check is Check.PUSH]
        assert not set(tokens_of(installation).read())
        before = {each.id for each in installation.incidents.open()}
        told = asyncio.run(lives(installation, clock))
        assert {each.id for each in told} <= before
        assert installation.acts.verify().is_whole


async def lives(installation: Installation, clock: FastClock) -> list[Incident]:
    """A quarter of an hour in which every application is asked, as its course has it. What was decided."""
    service = Service(installation)
    await service.resume()
    course = AppCourse(AppCalendar(installation.inventory.read(), SEED, ZONE), clock.unix_seconds)
    visits = PaperVisits(course, shipped_phrases(), 30, lambda code: True)
    told: list[Incident] = []
    for _minute in range(15):
        clock.move_to(clock.unix_seconds + 60)
        for each in service.services.plan.checks:
            if isinstance(each.check, HttpCheck):
                service.services.take(visits(each.check, clock.now()))
        _step, decided = service.tick.decide(clock.now())
        service.keeper(decided)
        told += [incident for each in decided for incident in each.incidents]
    await service.telling.stop()
    assert service.services.last
    return told


def test_the_same_seed_makes_the_same_and_what_is_there_is_extended(tmp_path: Path) -> None:
    end, later = (datetime(2020, 1, day, 20, 0, tzinfo=ZONE) for day in (4, 6))
    found = []
    for name in ("one", "other"):
        made = make(tmp_path / name, wanted(0, end))
        assert made.story.began == datetime(2020, 1, 1, tzinfo=ZONE).timestamp()
        with opened(tmp_path / name) as installation:
            found.append(keys(installation))
    assert found[0] == found[1]
    assert found[0]
    assert make(tmp_path / "one", wanted(0, end)).turns == 0  # it is there
    with pytest.raises(HistoryError):
        make(tmp_path / "one", wanted(0, later, seed=SEED + 1))
    known = Story.read(tmp_path / "one")
    assert known is not None
    replace(known, reached=known.reached - 36_000.0).write(tmp_path / "one")  # killed before it wrote how far it came
    again = make(tmp_path / "one", wanted(0, later))
    assert again.story.reached == later.timestamp()
    assert Story.read(tmp_path / "one") == again.story
    with opened(tmp_path / "one") as installation:
        assert {started for started, *_rest in keys(installation)} >= {started for started, *_rest in found[0]}
        looked = installation.watches.between(end - timedelta(days=5), later)
        assert all(before[1] <= after[0] for before, after in pairwise(looked)), "no hour is played twice"
        assert installation.acts.verify().is_whole


def keys(installation: Installation) -> list[tuple[object, ...]]:
    incidents = installation.incidents.between(datetime(2017, 1, 1, tzinfo=ZONE), datetime(2030, 1, 1, tzinfo=ZONE))
    return sorted(
        (each.started_at, each.cause.kind.value, each.cause.name, each.verdict.kind.value, len(each.members))
        for each in incidents
    )
