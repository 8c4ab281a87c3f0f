"""A push: what is not there comes, what is there stays, what people edited is theirs."""

import copy
from typing import Any

import pytest

from exporters.errors import GrafanaRefusedError
from exporters.grafana.pushing import MESSAGE, Kind, Step, push
from exporters.grafana.shipped import DATASOURCE, Folder, Shipped

FOLDER = Folder("f", "Folder", ("d",))
WANTED = Shipped("d", "Dasbor", FOLDER, {"uid": "d", "title": "Dasbor", "panels": [1]})
PROMETHEUS = "http://127.0.0.1:9090"


class Memory:
    """A Grafana as it keeps things: numbers what it saves, and refuses a save on an old number."""

    def __init__(self) -> None:
        self.datasources: dict[str, dict[str, Any]] = {}
        self.folders: dict[str, dict[str, Any]] = {}
        self.dashboards: dict[str, dict[str, Any]] = {}
        self.saves: list[tuple[str, str]] = []
        self.race = False

    def datasource(self, uid: str) -> dict[str, Any] | None:
        return copy.deepcopy(self.datasources.get(uid))

    def create_datasource(self, datasource: dict[str, Any]) -> None:
        self.datasources[datasource["uid"]] = {"id": 1, "version": 1, **datasource}
        self.saves.append(("datasource", datasource["uid"]))

    def update_datasource(self, uid: str, datasource: dict[str, Any]) -> None:
        self.datasources[uid] |= datasource
        self.saves.append(("datasource", uid))

    def folder(self, uid: str) -> dict[str, Any] | None:
        return self.folders.get(uid)

    def create_folder(self, uid: str, title: str) -> None:
        self.folders[uid] = {"uid": uid, "title": title, "version": 1}
        self.saves.append(("folder", uid))

    def rename_folder(self, uid: str, title: str, version: int) -> None:
        assert version == self.folders[uid]["version"]
        self.folders[uid] |= {"title": title, "version": version + 1}
        self.saves.append(("folder", uid))

    def dashboard(self, uid: str) -> dict[str, Any] | None:
        return copy.deepcopy(self.dashboards.get(uid))

    def last_version(self, uid: str) -> dict[str, Any] | None:
        return self.dashboards[uid]["last"]  # type: ignore[no-any-return]

    def save_dashboard(self, model: dict[str, Any], folder: str, message: str) -> None:
        there = self.dashboards.get(model["uid"])
        if self.race or (there is not None and model.get("version") != there["dashboard"]["version"]):
            raise GrafanaRefusedError("changed meanwhile", 412)
        version = there["dashboard"]["version"] + 1 if there else 1
        self.dashboards[model["uid"]] = {
            "dashboard": {**model, "id": 7, "version": version},
            "meta": {"folderUid": folder},
            "last": {"message": message, "createdBy": "sa-kentongan"},
        }
        self.saves.append(("dashboard", model["uid"]))

    def edit(self, **changes: Any) -> None:
        there = self.dashboards["d"]
        there["dashboard"] |= {**changes, "version": there["dashboard"]["version"] + 1}
        there["last"] = {"message": "", "createdBy": "asep"}


def steps(memory: Memory, wanted: Shipped = WANTED, **options: Any) -> dict[Kind, Step]:
    return {each.kind: each.step for each in push(memory, [wanted], PROMETHEUS, **options)}


@pytest.fixture
def pushed() -> Memory:
    memory = Memory()
    assert set(steps(memory).values()) == {Step.CREATED}
    assert memory.saves == [("datasource", DATASOURCE), ("folder", "f"), ("dashboard", "d")]
    memory.saves.clear()
    return memory


def test_a_second_push_changes_nothing(pushed: Memory) -> None:
    assert set(steps(pushed).values()) == {Step.UNCHANGED}
    assert pushed.saves == []


def test_a_dry_run_says_the_same_and_does_nothing() -> None:
    memory = Memory()
    assert set(steps(memory, dry_run=True).values()) == {Step.CREATED}
    assert memory.saves == []


def test_a_newer_dashboard_replaces_the_one_we_brought(pushed: Memory) -> None:
    newer = Shipped("d", "Dasbor", FOLDER, WANTED.model | {"panels": [1, 2]})
    assert steps(pushed, newer)[Kind.DASHBOARD] is Step.UPDATED
    assert pushed.dashboards["d"]["dashboard"]["panels"] == [1, 2]
    assert pushed.dashboards["d"]["last"]["message"] == MESSAGE
    assert set(steps(pushed, newer).values()) == {Step.UNCHANGED}


def test_what_somebody_edited_is_kept_and_told_of(pushed: Memory) -> None:
    pushed.edit(panels=[9])
    (edited,) = [each for each in push(pushed, [WANTED], PROMETHEUS) if each.kind is Kind.DASHBOARD]
    assert (edited.step, edited.by) == (Step.EDITED, "asep")
    assert not edited.step.is_well
    assert pushed.dashboards["d"]["dashboard"]["panels"] == [9]
    assert steps(pushed, overwrite=True)[Kind.DASHBOARD] is Step.UPDATED
    assert pushed.dashboards["d"]["dashboard"]["panels"] == [1]


def test_a_dashboard_that_was_moved_comes_back_to_its_folder(pushed: Memory) -> None:
    pushed.dashboards["d"]["meta"]["folderUid"] = "elsewhere"
    assert steps(pushed)[Kind.DASHBOARD] is Step.UPDATED
    assert pushed.dashboards["d"]["meta"]["folderUid"] == "f"


def test_one_that_comes_from_a_file_is_left_alone(pushed: Memory) -> None:
    pushed.edit(panels=[9])
    pushed.dashboards["d"]["meta"]["provisioned"] = True
    pushed.datasources[DATASOURCE] |= {"readOnly": True, "url": "http://elsewhere"}
    assert steps(pushed, overwrite=True) == {
        Kind.DATASOURCE: Step.PROVISIONED,
        Kind.FOLDER: Step.UNCHANGED,
        Kind.DASHBOARD: Step.PROVISIONED,
    }
    assert pushed.saves == []


def test_somebody_who_saves_in_the_same_moment_wins(pushed: Memory) -> None:
    newer = Shipped("d", "Dasbor", FOLDER, WANTED.model | {"panels": [1, 2]})
    pushed.race = True
    assert steps(pushed, newer)[Kind.DASHBOARD] is Step.EDITED


def test_a_data_source_keeps_what_people_set_and_takes_the_new_address(pushed: Memory) -> None:
    pushed.datasources[DATASOURCE] |= {"name": "Prometheus pusat", "url": "http://old", "jsonData": {"x": 1}}
    assert steps(pushed)[Kind.DATASOURCE] is Step.UPDATED
    there = pushed.datasources[DATASOURCE]
    assert (there["name"], there["url"], there["jsonData"]) == ("Prometheus pusat", PROMETHEUS, {"x": 1})


def test_without_an_address_a_missing_data_source_is_told_of() -> None:
    memory = Memory()
    found = {each.kind: each.step for each in push(memory, [WANTED])}
    assert found[Kind.DATASOURCE] is Step.MISSING
    assert not Step.MISSING.is_well


def test_a_folder_gets_its_title_back(pushed: Memory) -> None:
    pushed.folders["f"]["title"] = "Lain"
    assert steps(pushed)[Kind.FOLDER] is Step.UPDATED
    assert pushed.folders["f"]["title"] == "Folder"
