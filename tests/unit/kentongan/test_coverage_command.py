"""`kentongan coverage` on the simulated Purwakarta: its published curve, evidence, targets, plan, corrections."""

import asyncio
import csv
import io
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from console.web import make_app
from domain.changes import Checked, Outcome, new_job
from domain.coverage.evidence import EvidenceDay, UseDay
from domain.network import Check, Device, PersonRole, RegionCode, Role, Site, SiteKind, Stage, lies_in
from domain.polling import Fleet
from domain.services import Heartbeat, HeartbeatBoard
from domain.states import State, StateChange
from exporters.catalogue import coverage as catalogue
from exporters.own_health import OwnHealth
from inventory.exporting import export_tables
from inventory.regions import shipped_regions
from inventory.store.coverage import SqlCoverageStore
from kentongan.changing.verify import keep_speeds
from kentongan.cli.coverage import rupiah
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.server import make_desk, place_of
from kentongan.coverage import open_coverage
from kentongan.evidence import close_days, is_used, speeds_between
from kentongan.installation import Installation
from kentongan.reporting import ReportDesk
from kentongan.run.coverage import CoverageDesk, figures_of
from kentongan.settings import load_settings
from lab.kabupaten import generate
from provisioning.store.changes import SqlJobStore
from provisioning.store.speeds import SqlSpeeds
from tests.command_line import status_of
from tests.pdf_text import runs_of

CIBODAS = "32.14.13.2009"
BOARD = Path(__file__).parents[3] / "exporters/dashboards/json/kentongan-map.json"


@pytest.fixture(scope="module")
def purwakarta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `init`, and the ordinary import of what the simulated kabupaten exports."""
    folder = tmp_path_factory.mktemp("covered")
    regions = [region for region in shipped_regions() if lies_in(region.code, "32.14")]
    (folder / "files").mkdir()
    for name, content in export_tables(generate("32.14", regions)).items():
        (folder / "files" / name).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert status_of("init", "--kabupaten", "32.14") == 0
        assert status_of("import", "files") == 0
    return folder


@pytest.fixture
def office(purwakarta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of its own, to work in."""
    shutil.copytree(purwakarta, tmp_path / "office")
    monkeypatch.chdir(tmp_path / "office")
    return tmp_path / "office"


@pytest.fixture
def ask(purwakarta: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.chdir(purwakarta)

    def run(*words: str) -> Mapping[str, Any]:
        capsys.readouterr()
        assert status_of("coverage", *words, "--json") == 0
        found: Mapping[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return run


def test_the_published_curve(ask):
    figures = {day: ask("--at", day)["desa"]["connected"] for day in ("2017-12-01", "2019-11-30", "2020-12-31")}
    assert figures == {"2017-12-01": 0, "2019-11-30": 42, "2020-12-31": 102}
    now = ask()
    assert (now["desa"]["villages"], now["desa"]["connected"], now["desa"]["unmeasured"]) == (183, 102, 183)
    assert (now["kelurahan"]["villages"], sum(row["desa"]["connected"] for row in now["kecamatan"])) == (9, 102)
    assert sum(now["desa"]["others"].values()) == 81


def test_what_was_gained_between_two_dates_is_named(ask):
    since = ask("--at", "2020-12-31", "--since", "2019-11-30")["since"]
    assert (since["connected"]["before"], len(since["connected"]["gained"]), since["connected"]["lost"]) == (42, 60, [])
    assert {"code", "name", "kecamatan"} == set(since["connected"]["gained"][0])


def test_targets_with_what_they_replaced_pace_and_slip(ask):
    found = ask("targets", "--at", "2021-12-31")
    rows = {row["dueOn"]: row for row in found["targets"] if row["indicator"] == "desa"}
    assert (rows["2019-11-30"]["reachedOn"], rows["2019-11-30"]["slipDays"]) == ("2019-11-20", -10)
    assert (rows["2020-12-31"]["short"], rows["2020-12-31"]["slipDays"]) == (10, 365)
    assert (rows["2021-12-31"]["value"], [each["value"] for each in rows["2021-12-31"]["replaced"]]) == (125, [147])
    assert ask("targets", "--at", "2021-01-31")["targets"][5]["value"] == 147, "before the revision"
    assert found["curve"][-1] == {"on": "2021-12-31", "connected": 102}
    assert found["forecast"]["expected"] is not None
    assert ask("targets")["forecast"]["expected"] is None, "nobody since 2020"


def test_people_read_calm_lines(office, capsys):
    assert status_of("coverage", "--at", "2020-12-31") == 0
    out, err = capsys.readouterr()
    assert "connected (by documents)\t102\t5" in out
    assert "112 by 31 December 2020 (RKPD 2020): 102 so far." in out
    assert "No service was measured up to 2020-12-31" in err
    for words in (("--by", "kecamatan"), ("--by", "desa"), ("targets",), ("village", CIBODAS)):
        assert status_of("coverage", *words) == 0
        assert "Cibodas" in capsys.readouterr().out or words[-1] in ("kecamatan", "targets")
    assert status_of("coverage", "--by", "desa", "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert (len(rows), sum(row["connected"] == "True" for row in rows)) == (192, 107)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--at", "31/12/2020"), "Write it like 2020-12-31"),
        (("plan", "--budget", "much"), "is no budget"),
        (("village", "32.14.01"), "is not the code of a village here"),
        (("shapes", "nowhere.geojson"), "cannot be read"),
    ],
)
def test_wrong_use_says_what_to_write(office, capsys, words, said):
    assert status_of("coverage", *words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("text", ["750000000", "750.000.000", "750jt", "750 juta", "Rp 0,75 miliar", "rp750_000_000"])
def test_a_budget_as_people_write_it(text):
    assert rupiah(text) == 750_000_000


def test_a_plan_under_a_budget(ask):
    found = ask("plan", "--budget", "750jt")
    assert found["budget"] == 750_000_000 >= found["spent"] > 0
    assert len(found["ranked"]) + len(found["unranked"]) == 85, "81 desa and 4 kelurahan"
    assert found["assumptions"]["lineOfSight"] == "not-checked"
    assert found == ask("plan", "--budget", "750.000.000")


def test_one_village_with_its_papers(ask):
    (site,) = ask("village", CIBODAS)["sites"]
    assert [each["stage"] for each in site["history"]] == ["planned", "funded", "built", "active", "handed-over"]
    assert site["history"][-1]["documentNo"].startswith("BAST/")
    assert site["funding"] == "apbd"


def test_a_paper_of_may_that_arrives_in_july(office, capsys):
    Path("sites.csv").write_text(f"slug,name,kind,region_code,stage\nbalai-baru,Balai,desa,{free_village()},planned\n")
    Path("stages.csv").write_text(
        "slug,stage,date,document_no,recorded_on\nbalai-baru,active,2026-05-12,BAST/X,2026-07-20\n"
    )
    assert status_of("import", "sites.csv", "stages.csv") == 0
    capsys.readouterr()
    counts = []
    for words in (("--known-on", "2026-07-01"), ()):
        assert status_of("coverage", "--at", "2026-06-30", *words, "--json") == 0
        counts.append(json.loads(capsys.readouterr().out)["desa"]["connected"])
    assert counts == [102, 103], "June as it was closed, and as it is known now"


def test_an_older_file_does_not_turn_a_site_back_and_a_change_is_kept(office):
    with Installation(load_settings(None), "siti").open() as installation:
        before = next(site for site in installation.inventory.read().sites if site.slug == "cibodas-bungursari")
        Path("sites.csv").write_text(
            "slug,name,kind,stage,stage_date\ncibodas-bungursari,Desa Cibodas,desa,active,2019-09-29\n"
        )
        assert status_of("import", "sites.csv") == 0
        assert installation.inventory.read().site_by_slug[before.slug].stage is Stage.HANDED_OVER
        Path("sites.csv").write_text("slug,name,kind,stage\ncibodas-bungursari,Desa Cibodas,desa,suspended\n")
        assert status_of("import", "sites.csv") == 0
        told = [each for each in installation.inventory.read().stages if each.slug == before.slug]
        newest = max(told, key=lambda each: each.on)
        assert (newest.stage, newest.on, len(told)) == (Stage.SUSPENDED, installation.today(), 6)
        assert open_coverage(installation).count_at("32.14", installation.today()) == 101
        assert open_coverage(installation).count_at("32.14", installation.today() - timedelta(days=1)) == 102
        installation.inventory.remove([before])
        assert not [each for each in installation.inventory.read().stages if each.slug == before.slug]


def test_what_is_built_and_taken_back_on_one_day_leaves_the_history_as_it_was(office):
    with Installation(load_settings(None), "siti").open() as installation:
        store, today = installation.inventory, installation.today()
        planned = next(site for site in store.read().sites if site.stage is Stage.FUNDED)
        told = [each for each in store.read().stages if each.slug == planned.slug]
        store.write([replace(planned, stage=Stage.BUILT, stage_date=today)])
        assert store.read().site_by_slug[planned.slug].stage is Stage.BUILT
        store.write([replace(planned, stage=Stage.FUNDED, stage_date=None)])
        assert [each for each in store.read().stages if each.slug == planned.slug] == told
        assert store.read().site_by_slug[planned.slug] == planned


def test_evidence_is_a_meter_whose_window_is_a_difference(office):
    with Installation(load_settings(None), "siti").open() as installation:
        store = SqlCoverageStore(installation.database.engine)
        first = date(2026, 1, 1)
        for number in range(60):
            day = first + timedelta(days=number)
            store.add_evidence([EvidenceDay(CIBODAS, day, 100, 90, 10 * (number < 30), used=number % 2 == 0)])
        window = store.window({CIBODAS: 0, "32.14.01.2001": 1}, first + timedelta(days=59), 30)
        assert (window.service.tolist(), window.up.tolist(), window.dark.tolist()) == ([3000, 0], [2700, 0], [0, 0])
        assert (window.use_days.tolist(), window.known.tolist()) == ([15, 0], [True, False])
        early = store.window({CIBODAS: 0}, first + timedelta(days=9), 30)
        assert early.service.tolist() == [1000], "a window that begins before the evidence"
        assert store.window({CIBODAS: 0}, first - timedelta(days=1), 30).last is None
        assert store.window({CIBODAS: 0}, first + timedelta(days=63), 30).last is None, "too old to say anything"
        store.add_use(
            [UseDay(CIBODAS, first, leases=5, users=5, octets=7), UseDay(CIBODAS, first + timedelta(days=1), users=8)]
        )
        store.add_use([UseDay(CIBODAS, first, leases=3, wifi=4, users=4, octets=7)])
        (month,) = store.use_months(first, first + timedelta(days=30))
        assert (month.month, month.days, month.leases, month.wifi, month.users, month.mean_users) == (
            "2026-01",
            2,
            5,
            4,
            8,
            6.5,
        )
        assert store.use_on(first)[CIBODAS].octets == 14


def test_days_that_are_over_become_evidence_once(office):
    with Installation(load_settings(None), "siti").open() as installation:
        today, now = installation.today(), installation.clock.now().utc
        villages = open_coverage(installation).document(today)["villages"]
        without = (each for each in villages if each["kind"] == "desa" and not each["stage"])
        by_its_clinic = RegionCode(next(without)["code"])
        served = [site for site in installation.inventory.read().sites if site.region_code == CIBODAS]
        router = f"rtr-{served[0].slug}"
        clinic = Site("pkm", "Puskesmas", SiteKind.PUSKESMAS, by_its_clinic, stage_date=today - timedelta(days=9))
        installation.inventory.write([clinic, Device("rtr-pkm", "pkm", Role.ROUTER)])
        watch = installation.watches.begin((now - timedelta(days=12)).timestamp())
        installation.watches.seen(watch, now.timestamp())
        up = [StateChange(now - timedelta(days=13), each, State.UNKNOWN, State.UP, "") for each in (router, "rtr-pkm")]
        installation.states.apply(up)
        store = SqlCoverageStore(installation.database.engine)
        for code in (CIBODAS, by_its_clinic):
            store.add_use([UseDay(code, today - timedelta(days=n), users=9, octets=20_000_000) for n in range(1, 9)])
        assert close_days(installation, today) == 11
        assert close_days(installation, today) == 0
        found = open_coverage(installation).document(today)
        row = next(each for each in found["villages"] if each["code"] == CIBODAS)
        assert (row["measured"], row["availabilityPercent"], row["useDays"]) == ("served", 100.0, 8)
        assert (found["desa"]["served"], found["desa"]["connectedUnmeasured"]) == (2, 101)
        row = next(each for each in found["villages"] if each["code"] == by_its_clinic)
        assert (row["connected"], row["measured"], row["availabilityPercent"]) == (True, "served", 100.0)
        window = store.window({by_its_clinic: 0}, today, 30)
        assert window.service.tolist() == [9 * 86_400], "since it is in service"
        assert found["evidence"]["lastDay"] == (today - timedelta(days=1)).isoformat()
        figures = figures_of(open_coverage(installation))
        assert figures.villages["32.14.13", "desa", "served"] == 1
        assert (
            sum(count for (_k, kind, state), count in figures.villages.items() if (kind, state) == ("desa", "all"))
            == 183
        )
        assert figures.targets[("2020-12-31",)] == 112


def test_a_speed_that_a_check_measured_proves_what_nobody_is_seen_to_use(office):
    with Installation(load_settings(None), "siti").open() as installation:
        today, now = installation.today(), installation.clock.now().utc
        slug = next(
            site.slug for site in installation.inventory.read(stages=False).sites if site.region_code == CIBODAS
        )
        watch = installation.watches.begin((now - timedelta(days=4)).timestamp())
        installation.watches.seen(watch, now.timestamp())
        up = StateChange(now - timedelta(days=5), f"rtr-{slug}", State.UNKNOWN, State.UP, "")
        installation.states.apply([up])
        job = new_job("ab12cd", slug, (), "siti", now)
        SqlJobStore(installation.database.engine, lambda: 0.0, lambda _holder: None).put(job, {"stage": "built"})
        changes = SimpleNamespace(installation=installation)
        checks = (
            Checked("throughput", Outcome.FAILED, f"rtr-{slug}", "slow", {"downMbps": 4.5, "upMbps": 2}),
            Checked("throughput", Outcome.UNCHECKED, "rtr-b", "no iperf3", {"downMbps": None, "upMbps": None}),
            Checked("reachable", Outcome.PASSED, f"rtr-{slug}"),
        )
        keep_speeds(changes, job, checks)
        speeds = SqlSpeeds(installation.database.engine)
        (kept,) = speeds.between(now - timedelta(hours=1), now + timedelta(hours=1))
        assert (kept.site, kept.device, kept.down_mbps, kept.up_mbps) == (slug, f"rtr-{slug}", 4.5, 2.0)
        assert speeds_between(installation, today, today + timedelta(days=1)) == {today: {CIBODAS: 4.5}}
        assert speeds_between(installation, today - timedelta(days=9), today) == {}
        speeds.keep(job.id, [replace(kept, at=now - timedelta(days=2), down_mbps=9.0)])
        close_days(installation, today)
        found = open_coverage(installation).document(today)["villages"]
        assert next(each for each in found if each["code"] == CIBODAS)["measured"] == "served"
        assert {each["measured"] for each in found if each["code"] != CIBODAS} == {"unmeasured"}


def test_a_look_counts_users_closes_days_and_lends_figures(office):
    with Installation(load_settings(None), "siti").open() as installation:
        inventory, now = installation.inventory.read(stages=False), installation.clock.now()
        slug = next(site.slug for site in inventory.sites if site.region_code == CIBODAS)
        fleet, board = Fleet(), HeartbeatBoard()
        at = fleet.put(f"rtr-{slug}", None)
        board.expect({slug: 60.0, "pop-plered": 60.0}, now)
        board.hear(Heartbeat(slug, now, dhcp_leases=14, hotspot_users=9, pppoe_users=3))
        service: Any = SimpleNamespace(
            installation=installation,
            fleet=fleet,
            clock=installation.clock,
            jobs=SimpleNamespace(is_clock_trusted=lambda _now: True, add=lambda *_job: None),
            beats=SimpleNamespace(board=board, tokens={slug: "hash", "pop-plered": "hash"}),
            allowance=SimpleNamespace(used=np.array([400], np.int64)),
            tick=SimpleNamespace(use=None),
        )
        desk, health = CoverageDesk(service), OwnHealth("1")
        desk.start(health)
        desk.know(inventory)
        assert service.tick.use is desk.meter
        desk.meter.take()
        desk.meter._octets[at] = 1_000
        asyncio.run(desk.look())
        use = SqlCoverageStore(installation.database.engine).use_on(installation.today())[CIBODAS]
        assert (use.leases, use.hotspot, use.pppoe, use.users, use.octets) == (14, 9, 3, 17, 600)
        text = health.text().decode()
        assert 'kentongan_villages{kecamatan="32.14.13",kind="desa",state="all"} 10.0' in text
        assert 'kentongan_villages_target{due="2020-12-31"} 112.0' in text


def test_command_page_panel_and_paper_say_the_same(office, capsys):
    """Of one day: the command as JSON, the console, what panels of Grafana ask of the metrics, the text of the PDF."""
    with Installation(load_settings(None), "siti").open() as installation:
        today, store = installation.today(), SqlCoverageStore(installation.database.engine)
        connected = [each["code"] for each in told_by_command(capsys, today)["villages"] if each["connected"]]
        seen = [EvidenceDay(code, today, 100, 100 - 30 * (at % 5 == 0), 30 * (at % 5 == 0), speed_mbps=9.5)
                for at, code in enumerate(connected[:61])]  # fmt: skip
        store.add_evidence([replace(each, used=True) for each in seen])
        told = told_by_command(capsys, today)
        counts = [told["desa"][key] for key in ("connected", "served", "notServed", "unmeasured")]
        assert len({*counts}) == 4
        assert min(counts) > 5
        assert sum(counts[1:]) == told["desa"]["villages"] == 183

        assert shown_on_page(installation, today) == (counts[0], counts[1], counts[3])
        health = OwnHealth("1")
        health.read(catalogue.VILLAGES, lambda: figures_of(open_coverage(installation)).villages)
        assert asked_by_panels(health.text().decode()) == counts
        made = ReportDesk(installation).make("coverage", today.isoformat(), "pdf")
        assert made.octets.startswith(b"%PDF")
        assert told_on_paper(made.octets) == counts


def told_by_command(capsys, on):
    capsys.readouterr()
    assert status_of("coverage", "--at", on.isoformat(), "--json") == 0
    return json.loads(capsys.readouterr().out)


def shown_on_page(installation: Installation, on: date) -> tuple[int, ...]:
    """The three large figures."""
    password = Accounts(installation).add("perencana", PersonRole.PLANNER, ()).reveal()
    app = make_app(make_desk(installation, place_of(installation)), place_of(installation), language="en", secure=False)
    browser = TestClient(app, base_url="http://127.0.0.1")
    page = browser.post("/login", data={"name": "perencana", "password": password}).text
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    assert key is not None
    new = "sandi yang cukup panjang 17"
    browser.post("/password", data={"form_key": key[1], "old": password, "new": new, "again": new})
    browser.post("/login", data={"name": "perencana", "password": new})
    answer = browser.get(f"/coverage?at={on}")
    assert answer.status_code == 200
    return tuple(int(each) for each in re.findall(r'<p class="fig">(\d+)', answer.text))


def asked_by_panels(metrics: str) -> list[int]:
    """What the map's panels come to: each is a sum over one kind and state, asked for as it stands in the dashboard."""
    found = []
    for state in ("connected", "served", "not-served", "unmeasured"):
        query = f'sum(kentongan_villages{{kind="desa",state="{state}"}})'
        assert query.replace('"', '\\"') in BOARD.read_text(encoding="utf-8")
        samples = re.findall(rf'^kentongan_villages{{.*kind="desa",state="{state}"}} (\S+)$', metrics, re.MULTILINE)
        found.append(int(sum(map(float, samples))))
    return found


def told_on_paper(pdf: bytes) -> list[int]:
    """Behind the names of the rows of the first table."""
    runs = runs_of(pdf)
    rows = ("connected (by documents)", "served (measured)", "not served (measured)", "unmeasured")
    return [int(runs[runs.index(row) + 1]) for row in rows]


def test_use_needs_clients_and_traffic_or_a_site_that_only_pushes():
    polled, pushed = Device("r", "s", Role.ROUTER), Device("r", "s", Role.ROUTER, check=Check.PUSH)
    day = date(2026, 1, 1)
    busy, quiet = UseDay(CIBODAS, day, users=3, octets=20), UseDay(CIBODAS, day, users=3, octets=5)
    assert is_used(busy, [polled], 10)
    assert not is_used(quiet, [polled], 10)
    assert is_used(quiet, [pushed], 10)
    assert not is_used(UseDay(CIBODAS, day, octets=10**9), [polled], 10), "nobody was there"
    assert not is_used(None, [pushed], 10)


def test_outlines_are_stored_whole_or_not_at_all(office, capsys):
    ring = [[107.4, -6.5], [107.5, -6.5], [107.5, -6.6], [107.4, -6.5]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    made = [{"type": "Feature", "properties": {"kode": "32.14.05"}, "geometry": shape}]
    Path("a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": made}))
    assert status_of("coverage", "shapes", "a.geojson", "--json") == 0
    taken = json.loads(capsys.readouterr().out)
    assert (taken["stored"], len(taken["missing"])) == (["32.14.05"], 16)
    made[0]["properties"] = {"kode": "32.15.05"}
    Path("a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": made}))
    assert status_of("coverage", "shapes", "a.geojson") == 2


def free_village() -> RegionCode:
    """A desa without a site."""
    inventory = generate("32.14", [region for region in shipped_regions() if lies_in(region.code, "32.14")])
    taken = {site.region_code for site in inventory.sites if site.kind is SiteKind.DESA}
    return next(
        row.region_code for row in inventory.villages if row.region_code not in taken and row.region_code[9] == "2"
    )
