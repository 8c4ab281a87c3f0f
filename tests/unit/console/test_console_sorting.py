"""Lists are sorted by the server, over all of their rows: every head of every list, up, down and back; the CSV too."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from console.api.cursor import after_cursor, cursor_of
from console.views.sorting import Columns, in_order, turned
from tests.unit.console.guarded_town import Town, town

LISTS = (
    "/incidents", "/devices", "/links", "/villages", "/sites", "/waves", "/backups", "/services", "/cameras",
    "/certificates", "/contracts", "/assets", "/people", "/coverage",
)  # fmt: skip
WITH_CSV = {
    "/devices": (0, "name"), "/links": (0, "name"), "/villages": (1, "name"), "/assets": (0, "name"),
    "/services": (1, "name"), "/people": (0, "account"), "/contracts": (0, "contract"), "/backups": (0, "device"),
    "/sites": (1, "site"), "/waves": (0, "wave"),
}  # fmt: skip
"""Which column of the sheet is which of the page."""


@dataclass(frozen=True)
class Row:
    name: str
    size: float | None
    place: int


COLUMNS: Columns[Row] = {"name": lambda row: row.name, "size": lambda row: row.size}
ROWS = [Row("ether10", 2, 0), Row("", 3, 1), Row("Ether2", None, 2), Row("ether2", 3, 3)]


@pytest.mark.parametrize(
    ("sort", "want"),
    [
        ("", [0, 1, 2, 3]),
        ("name", [2, 3, 0, 1]),
        ("-name", [0, 2, 3, 1]),
        ("size", [0, 1, 3, 2]),
        ("-size", [1, 3, 0, 2]),
        ("nothing", [0, 1, 2, 3]),
        ("--name", [0, 1, 2, 3]),
    ],
)
def test_blank_comes_last_and_what_is_alike_stays(sort: str, want: list[int]) -> None:
    assert [row.place for row in in_order(ROWS, COLUMNS, sort)] == want


def test_ten_thousand_figures_are_a_text_like_any_other() -> None:
    assert len(in_order([Row("9" * 10_000, None, 0), Row("9", None, 1)], COLUMNS, "name")) == 2


def test_a_head_leads_up_then_down_then_back() -> None:
    assert [turned(each, "name") for each in ("", "name", "-name", "size")] == ["name", "-name", "", "name"]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("sorted")) as made:
        made.enter("admin")
        yield made


def heads(text: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<a class="sort" href="([^"]*)"', text)]


@pytest.mark.parametrize("path", LISTS)
def test_every_head_sorts(here: Town, path: str) -> None:
    links = heads(here.client.get(f"{path}?page=1").text)
    assert links
    for up in links:
        assert set(parse_qs(urlsplit(up).query)) == {"sort"}, "from the first page on"
        first = here.client.get(up)
        assert first.text.count('aria-sort="ascending"') == 1, up
        [down] = set(heads(first.text)) - {each for each in links if each != up}
        assert parse_qs(urlsplit(down).query)["sort"][0].startswith("-")
        second = here.client.get(down)
        assert (second.status_code, second.text.count('aria-sort="descending"')) == (200, 1), down
        names = [re.findall(r'<th scope="row"[^>]*>(.*?)</th>', each.text, re.S) for each in (first, second)]
        assert sorted(names[0]) == sorted(names[1])


@pytest.mark.parametrize(("path", "at", "name"), [(path, *which) for path, which in WITH_CSV.items()])
def test_the_sheet_has_the_order_of_the_page(here: Town, path: str, at: int, name: str) -> None:
    cells = []
    for sort in (name, f"-{name}", "rahasia"):
        text = here.client.get(f"{path}.csv?sort={sort}").text.lstrip("\ufeff")
        cells.append([row[at] for row in csv.reader(text.splitlines())][1:])
    assert cells[0] == sorted(cells[0], key=str.casefold)
    assert cells[1] == sorted(cells[0], key=str.casefold, reverse=True)
    assert sorted(cells[2]) == sorted(cells[0]), "of a column that there is not: as it comes"


def test_the_order_is_remembered(here: Town) -> None:
    """While it is filtered by a form, by a head, and while it is turned page by page."""
    text = here.client.get("/devices?q=rtr&state=up&state=down&sort=-name").text
    assert '<input type="hidden" name="sort" value="-name">' in text
    assert all(parse_qs(urlsplit(each).query)["state"] == ["up", "down"] for each in heads(text))
    assert 'href="/devices.csv?q=rtr&amp;state=up&amp;state=down&amp;sort=-name"' in text
    names = re.findall(r'href="/devices/([\w-]+)"', text)
    assert names == sorted(names, reverse=True)
    assert len(names) > 1


def test_nobody_sorts_by_a_novel(here: Town) -> None:
    assert here.client.get("/devices?sort=" + "x" * 10_000).status_code == 422
    assert "<script>alert" not in here.client.get("/devices?sort=<script>alert(1)</script>").text


API = {
    "/incidents": "devices", "/devices": "state", "/sites": "organisation", "/links": "capacityMbps",
    "/villages": "kecamatan", "/changes": "standing", "/waves": "madeAt", "/backups": "readAt", "/drift": "state",
    "/services": "name", "/certificates": "host", "/contracts": "provider", "/assets": "warrantyUntil",
    "/accounts": "role",
}  # fmt: skip


@pytest.mark.parametrize(("path", "name"), API.items())
def test_programs_turn_the_pages_of_a_sorted_list(here: Town, path: str, name: str) -> None:
    """One row at a time, both ways: every row once, none twice, and the other way round is the same rows."""
    token, found = here.token("admin"), []
    for sort in (name, f"-{name}"):
        whole = here.client.get(f"/api/v1{path}", params={"sort": sort, "limit": 500}, headers=token).json()["items"]
        rows, after = [], ""
        while after is not None:
            asked = {"sort": sort, "limit": 1, "after": after}
            answer = here.client.get(f"/api/v1{path}", params=asked, headers=token)
            assert answer.status_code == 200, answer.text
            rows += answer.json()["items"]
            after = answer.json()["next"]
        assert rows == whole
        found.append(rows)
    assert sorted(map(repr, found[0])) == sorted(map(repr, found[1]))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("sort=secret", 422),
        ("sort=--name", 422),
        ("sort=name&after=x", 404),
        ("sort=name&after=[1]", 404),
        ('sort=name&after=[5,"a"]', 404),
        ('sort=name&after=["a",5]', 404),
        ('sort=since&after=["a","a"]', 404),
    ],
)
def test_another_order_is_refused(here: Town, query: str, status: int) -> None:
    answer = here.client.get(f"/api/v1/devices?{query}", headers=here.token("admin"))
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_page_goes_on_where_the_last_one_ended_although_that_row_is_gone(here: Town) -> None:
    rows = [Row(name, size, 0) for name, size in (("a", 2), ("b", 1), ("c", None), ("d", 2), ("e", 3))]
    for sort, want in (("size", "badec"), ("-size", "eadbc")):
        whole = after_cursor(rows, lambda row: row.name, COLUMNS, sort, "")
        assert "".join(row.name for row in whole) == want
        for place, gone in enumerate(whole):
            after = cursor_of(gone, lambda row: row.name, COLUMNS, sort)
            left = [row for row in rows if row is not gone]
            assert after_cursor(left, lambda row: row.name, COLUMNS, sort, after) == whole[place + 1 :]
