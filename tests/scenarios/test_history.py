"""Months of a small simulated kabupaten through the real engine: what was so is what the records say."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
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
from console.api import make_api
from console.web import make_app
from domain.availability import By, Records, Reporter, month
from domain.availability.kinds import Kind
from domain.coverage.stages import recorded
from domain.incidents import ActKind, Condition
from domain.network import Inventory, PersonRole, Region, Role, SiteKind, lies_in
from domain.states import State
from inventory.regions import shipped_regions
from kentongan.availability import open_month
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.server import make_desk, place_of
from kentongan.console_adapters.tokens import Tokens
from kentongan.coverage import open_coverage
from kentongan.history.clock import FastClock
from kentongan.history.making import HistoryError, Made, Wanted, make_history
from kentongan.installation import Installation
from kentongan.reporting.coverage import compose_coverage
from kentongan.run.coverage import figures_of
from kentongan.settings import load_settings
from kentongan.settings.template import settings_file
from lab.kabupaten.story import Story
from lab.kabupaten.troubles import Deed
from tests.command_line import status_of

ZONE = ZoneInfo("Asia/Jakarta")
CODE, SEED = "32.14", 5
UNTIL = datetime(2020, 11, 30, 20, 0, tzinfo=ZONE)
ASKED = date(2020, 11, 30)
DEMANDING = {f"coverage.{way}_percent": 99.9 for way in ("fibre", "radio", "metered", "slow")}
"""In so small a world few outages are long: whoever had one at all is not served."""

AGENCIES = ("opd-setda", "opd-dinkes")


def small(whole: Inventory) -> Inventory:
    """Without most of the agencies, the cameras and the applications."""
    gone = {
        site.slug
        for site in whole.sites
        if site.kind in (SiteKind.OPD, SiteKind.UPTD, SiteKind.CCTV, SiteKind.MPP) and site.slug not in AGENCIES
    }
    devices = tuple(device for device in whole.devices if device.site not in gone and (device.role is not Role.SERVER))
    names = {device.name for device in devices} | {""}
    return replace(
        whole,
        sites=tuple(site for site in whole.sites if site.slug not in gone),
        devices=devices,
        links=tuple(link for link in whole.links if {link.a_device, link.z_device} <= names),
        services=(),
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


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Made]:
    folder = tmp_path_factory.mktemp("history")
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
