"""The dashboards: fresh, asking only for what exists, leading only to what is there, described, read by Grafana."""

import json
import re
from functools import cache
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

from exporters.catalogue import CATALOGUE
from exporters.dashboards.all_boards import BOARDS
from exporters.dashboards.board import CONSOLE, DATASOURCE, text_of
from exporters.dashboards.panels import About, Column, figure, row
from exporters.dashboards.vocabulary import Colour
from exporters.grafana.checking import asked_by
from exporters.grafana.shipped import DATASOURCE as CHOSEN
from exporters.grafana.shipped import DEFAULT_CONSOLE, FOLDERS, shipped
from exporters.prometheus.rules import RULES

UIDS = {board.uid for board in BOARDS}
THERE = {each.uid: each.model for each in shipped()}
METRIC = re.compile(r"\b(?:[a-z_]+:)?kentongan_[a-z0-9_:]+")
NAMES_OF_OTHERS = {"process_resident_memory_bytes", "process_cpu_seconds_total", "up"}
SUFFIXES = ("_bucket", "_sum", "_count")


def panels(uid: str) -> list[dict[str, Any]]:
    return [panel for panel in THERE[uid]["panels"] if panel["type"] != "row"]


@cache
def expressions(uid: str) -> tuple[str, ...]:
    found = [target["expr"] for panel in panels(uid) for target in panel.get("targets", ())]
    found += [one["query"] for one in THERE[uid]["templating"]["list"] if one["type"] == "query"]
    return (*found, *(each["expr"] for each in THERE[uid]["annotations"]["list"]))


def every_value(plain: object, key: str) -> list[Any]:
    if isinstance(plain, dict):
        mine = [plain[key]] if key in plain else []
        return mine + [found for value in plain.values() for found in every_value(value, key)]
    if isinstance(plain, list):
        return [found for value in plain for found in every_value(value, key)]
    return []


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_the_json_in_the_package_is_fresh(board: Any) -> None:
    assert json.loads(text_of(board)) == THERE[board.uid], "run: python -m exporters.dashboards"


def test_each_stands_in_one_folder() -> None:
    placed = [uid for folder in FOLDERS for uid in folder.dashboards]
    assert sorted(placed) == sorted(UIDS)
    assert (CHOSEN, DEFAULT_CONSOLE) == (DATASOURCE, CONSOLE)


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_it_asks_only_for_what_the_catalogue_or_a_rule_makes(uid: str) -> None:
    known = {metric.name for metric in CATALOGUE} | {rule.record for rule in RULES.recordings} | NAMES_OF_OTHERS
    known |= {metric.name + suffix for metric in CATALOGUE if metric.buckets for suffix in SUFFIXES}
    for expr in expressions(uid):
        names = METRIC.findall(expr)
        assert set(names) <= known, expr
        assert names or re.search(r"process_\w+|vector\(", expr), f"asks for nothing: {expr}"


CHOSEN_AND_COMPARED = re.compile(
    r"(?:and|unless)(?: (?:on|ignoring) \([^)]*\))? \w+_info(?:\{[^}]*\})? *(?:[=!<>]=|[-+*/<>](?! on))"
)


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_what_is_chosen_is_compared_and_not_what_chooses(uid: str) -> None:
    """`a and on (x) b_info == 0` is `a and on (x) (b_info == 0)`: never, since an info is 1."""
    assert not [each for each in expressions(uid) if CHOSEN_AND_COMPARED.search(each)]


def test_a_comparison_of_what_chooses_is_seen() -> None:
    assert CHOSEN_AND_COMPARED.search('count(up and on (s) kentongan_s_info{c=~"$c"} == 0)')
    assert CHOSEN_AND_COMPARED.search("count(up and on (s) kentongan_s_info - time() < 9)")
    assert not CHOSEN_AND_COMPARED.search('count((up and on (s) kentongan_s_info{c=~"$c"}) == 0)')
    assert not CHOSEN_AND_COMPARED.search("up == 0 and on (s) kentongan_s_info * on (s) other")


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_every_label_that_is_chosen_is_one_of_its_metric(uid: str) -> None:
    labels = {metric.name: set(metric.labels) for metric in CATALOGUE}
    for expr in expressions(uid):
        for name, chosen in re.findall(r"(kentongan_[a-z0-9_]+)\{([^}]*)\}", expr):
            if name in labels and not re.search(rf"\w:{name}", expr):
                assert set(re.findall(r"(\w+)\s*[=!]~?\"", chosen)) <= labels[name], f"{name}{{{chosen}}}"


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_every_panel_says_in_two_languages_what_it_shows(uid: str) -> None:
    for panel in panels(uid):
        indonesian, _, english = panel["description"].partition("\n\n*")
        assert indonesian
        assert english.endswith("*")
        assert panel["title"]


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_panels_lie_side_by_side(uid: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in THERE[uid]["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    ids = [panel["id"] for panel in THERE[uid]["panels"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_queries_have_letters_and_columns_have_queries(uid: str) -> None:
    for panel in panels(uid):
        letters = [target["refId"] for target in panel["targets"]]
        assert letters == [chr(ord("A") + place) for place in range(len(letters))]
        kept = every_value(panel.get("transformations", []), "names")
        values = {name for names in kept for name in names if name.startswith("Value")}
        assert values <= {"Value", *(f"Value #{letter}" for letter in letters)}, panel["title"]
        assert ("Value" in values) <= (len(letters) == 1), panel["title"]


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_links_lead_to_dashboards_and_variables_that_are_there(uid: str) -> None:
    own = {one["name"] for one in THERE[uid]["templating"]["list"]}
    for url in every_value(THERE[uid], "url"):
        for name in re.findall(r"\$\{(\w+)[:}]", url):
            assert name in own or name.startswith("__"), url
        for target in re.findall(r"/d/([\w-]+)", url):
            assert target in UIDS, url
            there = {one["name"] for one in THERE[target]["templating"]["list"]}
            assert set(re.findall(r"&var-(\w+)=", url)) <= there, url


def test_each_leads_to_the_next_and_all_are_on_the_way() -> None:
    following = {board.uid: board.following for board in BOARDS}
    titles = {board.uid: board.title for board in BOARDS}
    seen, uid = [], BOARDS[0].uid
    while uid not in seen:
        seen.append(uid)
        uid, title = following[uid]
        assert title == titles[uid]
    assert set(seen) == UIDS
    assert uid == BOARDS[0].uid


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_colours_are_those_of_the_vocabulary_and_gaps_stay_gaps(uid: str) -> None:
    colours = {value for value in (*every_value(THERE[uid], "color"), *every_value(THERE[uid], "fixedColor"))
               if isinstance(value, str)}  # fmt: skip
    assert colours <= set(Colour)
    assert set(every_value(THERE[uid], "spanNulls")) <= {False}


@pytest.mark.parametrize("uid", sorted(UIDS))
def test_grafanas_own_types_read_it_and_write_it_back(uid: str) -> None:
    register_default_plugins()
    model = {key: value for key, value in THERE[uid].items() if key != "annotations"}
    again = json.loads(json.dumps(Dashboard.from_json(model), cls=JSONEncoder))
    for variable in again["templating"]["list"]:
        for unknown in ("auto", "auto_count", "auto_min"):  # its builder writes more than Grafana's type has
            variable.pop(unknown, None)
    assert {key: again[key] for key in model} == model


def test_every_panel_and_variable_is_asked_for() -> None:
    asked = list(asked_by(shipped()))
    assert len(asked) > 180
    assert len({(each.uid, each.panel) for each in asked}) > 180
    assert not [query for each in asked for query in each.queries if re.search(r"\$[a-z_{]", query)]


def test_a_row_that_is_not_full_is_refused() -> None:
    from exporters.dashboards.board import Board

    about = About("a", "b")
    board = Board("x", "X", about, (row("R", 4, figure("f", about, "up", width=5)),), ("x", "X"))
    with pytest.raises(ValueError, match="do not fill"):
        text_of(board)


def test_the_console_is_where_it_is_said_to_be() -> None:
    (first, *_) = shipped("https://konsol.example/")
    (console,) = [one for one in first.model["templating"]["list"] if one["name"] == "console"]
    assert console["query"] == "https://konsol.example"
    assert Column("a", "b").link == ""
