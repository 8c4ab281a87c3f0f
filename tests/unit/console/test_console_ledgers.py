"""Contracts, assets and reports: what comes first, who sees what, what is kept stays."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from console.ports.contracts import MonthSoFar, QuotaMonth
from console.views.quotas import quotas_of
from console.views.reports import offer_rows
from console.web.assets import assets_part
from console.web.contracts import contracts_part
from console.web.reports import HASH_HEADER, reports_part
from domain.network import DeviceStatus, Inventory, Link, PersonRole
from tests.unit.console.console_ledgers import KEPT, MemoryContracts, MemoryReports, come_in, stock
from tests.unit.console.console_office import EVIL, INVENTORY, NOW, ZONE, Office, office

PAGES = ("/contracts", "/contracts/one?id=K/01", "/assets", "/reports")
SHEETS = ("/contracts.csv", "/assets.csv", "/reports.csv")
MAKERS = {PersonRole.ENGINEER, PersonRole.PLANNER, PersonRole.ADMIN}


@pytest.fixture(scope="module")
def contracts() -> MemoryContracts:
    return MemoryContracts()


@pytest.fixture(scope="module")
def reports() -> MemoryReports:
    return MemoryReports()


@pytest.fixture(scope="module")
def here(contracts: MemoryContracts, reports: MemoryReports) -> Iterator[Office]:
    parts = [contracts_part(contracts), assets_part(), reports_part(reports)]
    with office(parts=parts) as made:
        look = made.sources.look()
        held = replace(look, inventory=Inventory(sites=INVENTORY.sites, devices=stock()))
        made.sources.look = lambda: held  # type: ignore[method-assign]
        made.look_again()
        yield made


@pytest.mark.parametrize("path", [*PAGES, *SHEETS])
def test_nobody_is_let_in_without_a_name(here: Office, path: str) -> None:
    here.client.cookies.clear()
    assert here.client.get(path).status_code == 303


def test_texts_of_others_are_text_and_no_formula(here: Office) -> None:
    come_in(here, "admin")
    assert EVIL not in "".join(here.client.get(path).text for path in PAGES)
    sheets = "".join(here.client.get(path).text for path in SHEETS)
    assert [f"'{each}" in sheets for each in ("=Star", "=S<", "=siti")] == [True] * 3


def test_what_is_over_and_ends_soonest_stands_first(here: Office) -> None:
    come_in(here, "viewer")
    text = here.client.get("/contracts").text
    order = [text.index(f"id=K/0{n}") for n in (2, 1, 4, 3)]
    assert order == sorted(order)
    assert "2 contracts end within 60 days, or are over" in text
    assert "Rp 45,000" in text
    assert 'dark">97.25' in text, "below what is promised"
    assert "K/01" not in here.client.get("/contracts?q=star").text
    one = here.client.get("/contracts/one?id=K/02").text
    assert "/links/leo-1" in one
    assert "no rule" in one
    assert here.client.get("/contracts/one?id=K/99").status_code == 404


def test_a_contract_says_what_of_its_quota_was_used_month_by_month(here: Office) -> None:
    come_in(here, "viewer")
    text = here.client.get("/contracts/one?id=K/02").text
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in text.split("<tbody>")[1].split("</tr>")[:4]]
    assert [" ".join(row) for row in rows] == [
        "Nov 2026 Nearly spent 42 50 85",
        "Oct 2026 Spent 61 50 122",
        "Sep 2026 Not counted 50",
        "Aug 2026 Within it 5.2 50 10",
    ], "a month in which nothing was counted is no zero"
    assert "Quota by link" not in text, "there is one alone"
    assert "Quota</h2>" not in here.client.get("/contracts/one?id=K/01").text
    [asked] = [each for each in here.client.get("/api/v1/contracts", headers=here.token("viewer")).json()["items"]
               if each["id"] == "K/02"]  # fmt: skip
    assert asked["quotaBytes"] == 50_000_000_000
    assert asked["usedBytes"] == {"2026-08": 5_250_000_000, "2026-10": 61_000_000_000, "2026-11": 42_500_000_000}


def test_links_of_one_contract_share_its_quota_and_the_fullest_comes_first() -> None:
    links = [Link("a", "r", quota_gb=100), Link("b", "s", quota_gb=20), Link("c", "t")]
    used = [
        QuotaMonth("a", "2026-11", 30 * 10**9),
        QuotaMonth("b", "2026-11", 15 * 10**9),
        QuotaMonth("c", "2026-11", 1),
    ]
    found = quotas_of(links, used, ("2026-11", "2026-10"))
    assert found is not None
    assert [(row.of, row.used, row.quota, row.percent) for row in found.months] == [("Nov 2026", "45", "120", "38")]
    assert [(row.of, row.percent) for row in found.links] == [("b", "75"), ("a", "30")]
    assert quotas_of(links[2:], used, ("2026-11",)) is None


def test_a_month_that_is_not_worked_out_yet_is_said(here: Office, contracts: MemoryContracts) -> None:
    come_in(here, "viewer")
    before, contracts.now = contracts.now, MonthSoFar()
    text = here.client.get("/contracts").text
    contracts.now = before
    assert "open the page again in a moment" in text
    assert "97.25" not in text


def test_who_sees_a_part_sees_what_hangs_there_and_no_sums(here: Office) -> None:
    come_in(here, "of-plered")
    text = here.client.get("/contracts").text + here.client.get("/contracts/one?id=K/01").text
    assert "K/01" in text
    for foreign in ("K/02", "K/03", "Rp 45,000", "Rp 1,500,000", "97.25", "Cadassari"):
        assert foreign not in text
    assert here.client.get("/contracts/one?id=K/02").status_code == 404
    asked = here.client.get("/api/v1/contracts", headers=here.token("of-plered")).json()
    assert [(each["id"], each["priceMonth"], each["owedFromDetection"]) for each in asked["items"]] == [
        ("K/01", None, None)
    ]
    whole = here.client.get("/api/v1/contracts", headers=here.token("viewer")).json()
    assert [each["links"] for each in whole["items"]] == [[], ["leo-1", "leo-2"], [], []]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["onu-lost", "onu-spare", "srv-1", "rtr-citeko", "rtr-cadassari"]),
        ("q=zteg-7", ["onu-lost", "onu-spare"]),
        ("q=%25", []),
        ("status=lost&status=spare", ["onu-lost", "onu-spare"]),
        ("role=server", ["srv-1"]),
        ("ending=true", ["rtr-citeko", "rtr-cadassari"]),
    ],
)
def test_assets_are_found_by_serial(here: Office, query: str, names: list[str]) -> None:
    come_in(here, "viewer")
    rows = here.client.get(f"/assets.csv?{query}").text.splitlines()[1:]
    assert [row.partition(",")[0] for row in rows] == names
    assert here.client.get(f"/assets?{query}").text.count('<th scope="row"') == len(names)


def test_assets_of_one_kecamatan(here: Office) -> None:
    come_in(here, "of-plered")
    text = here.client.get("/assets").text + here.client.get("/assets.csv").text
    assert [name in text for name in ("rtr-citeko", "onu-spare", "onu-lost", "srv-1")] == [True, True, False, False]
    asked = here.client.get("/api/v1/assets?status=spare", headers=here.token("of-plered")).json()
    assert [(each["name"], each["status"]) for each in asked["items"]] == [("onu-spare", DeviceStatus.SPARE.value)]


@pytest.mark.parametrize("path", ["/assets?q=" + "x" * 10_000, "/assets?status=gone", "/contracts?page=0"])
def test_filters_that_are_none(here: Office, path: str) -> None:
    come_in(here, "viewer")
    assert here.client.get(path).status_code == 422


@pytest.mark.parametrize("role", list(PersonRole))
def test_everybody_reads_reports_and_who_plans_makes_them(
    here: Office, reports: MemoryReports, role: PersonRole
) -> None:
    form_key = come_in(here, role.value)
    reports.made.clear()
    assert here.client.get("/reports").status_code == 200
    kept = here.client.get(f"/reports/{KEPT.id}/pdf")
    assert (kept.content, kept.headers[HASH_HEADER]) == (b"%PDF-kept", "ab" * 32)
    form = {"form_key": form_key, "kind": "availability", "period": "2026-10", "by": "opd"}
    answers = {act: here.client.post("/reports", data=form | {"act": act}) for act in ("pdf", "close")}
    if role in MAKERS:
        assert answers["pdf"].content == b"%PDF-1"
        assert "\r" not in answers["pdf"].headers["content-disposition"]
        assert answers["pdf"].headers["content-disposition"].count('"') == 2
        assert reports.made == [
            (role.value, "make", "availability", "2026-10", "opd", "pdf"),
            (role.value, "close", "availability", "2026-10", "opd"),
        ]
    else:
        assert {each.status_code for each in answers.values()} == {403}
        assert reports.made == []
    asked = here.client.post("/api/v1/reports/file", json={"kind": "a", "period": "b"}, headers=here.token(role.value))
    assert asked.status_code == (200 if role in MAKERS else 403)


def test_who_sees_a_part_gets_no_report_of_the_whole(here: Office, reports: MemoryReports) -> None:
    come_in(here, "of-plered")
    for path in ("/reports", "/reports.csv", f"/reports/{KEPT.id}/pdf"):
        assert here.client.get(path).status_code == 403
    for path in ("/reports", "/reports/kinds", f"/reports/{KEPT.id}/pdf"):
        assert here.client.get(f"/api/v1{path}", headers=here.token("of-plered")).status_code == 403


def test_what_cannot_be_made_stays_on_the_page(here: Office, reports: MemoryReports) -> None:
    form_key = come_in(here, "planner")
    form = {"form_key": form_key, "kind": "availability", "period": "never", "act": "pdf"}
    refused = here.client.post("/reports", data=form)
    assert (refused.status_code, "&#39;never&#39; is no period." in refused.text) == (422, True)
    assert here.client.post("/reports", data=form | {"act": "docx"}).status_code == 422
    assert here.client.post("/reports", data=form | {"act": "revise"}).status_code == 422, "without a reason"
    reports.differs = False
    nothing = here.client.post("/reports", data=form | {"act": "revise", "why": "BA 14", "period": "2026-1"})
    assert "Nothing reads otherwise" in nothing.text
    reports.differs = True
    assert here.client.post("/reports", data=form | {"act": "revise", "why": "BA 14"}).status_code == 303
    assert here.client.post("/reports", data=form | {"form_key": "guessed"}).status_code == 403
    assert here.client.get("/reports/none/pdf").status_code == 404


def test_the_period_that_is_likely_wanted_is_there(here: Office) -> None:
    usual = {each.kind: each.usual for each in offer_rows(MemoryReports().offers(), NOW, ZONE)}
    assert usual == {"availability": "2026-10", "coverage": "2026-11-23", "evaluation": "2026-1"}
    january = {each.kind: each.usual for each in offer_rows(MemoryReports().offers(), NOW.replace(month=1), ZONE)}
    assert (january["availability"], january["evaluation"]) == ("2025-12", "2025-2")
