"""Bring a Grafana to what is shipped: keyed by uid, so that a second push changes nothing.

What somebody has edited by hand is kept and told of, unless it is to be overwritten. Every save of ours carries a
message by which it is known again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from exporters.errors import GrafanaRefusedError
from exporters.grafana.shipped import DATASOURCE, Folder, Shipped

MESSAGE: Final = "kentongan grafana push"
_CHANGED_MEANWHILE: Final = 412
_ITS_OWN: Final = ("id", "version")
Answer = dict[str, Any]


class Kind(StrEnum):
    DATASOURCE = "datasource"
    FOLDER = "folder"
    DASHBOARD = "dashboard"


class Step(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    EDITED = "edited"  # by hand; kept
    PROVISIONED = "provisioned"  # comes from a file there; kept
    MISSING = "missing"  # a data source that nobody has named an address for

    @property
    def is_well(self) -> bool:
        return self in (Step.CREATED, Step.UPDATED, Step.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Done:
    """One thing and what became of it; in a dry run what would. by: who edited it."""

    kind: Kind
    uid: str
    title: str
    step: Step
    by: str = ""


class FolderShelf(Protocol):
    def folder(self, uid: str) -> Answer | None: ...
    def create_folder(self, uid: str, title: str) -> None: ...
    def rename_folder(self, uid: str, title: str, version: int) -> None: ...


class DatasourceShelf(Protocol):
    def datasource(self, uid: str) -> Answer | None: ...
    def create_datasource(self, datasource: Answer) -> None: ...
    def update_datasource(self, uid: str, datasource: Answer) -> None: ...


class DashboardShelf(Protocol):
    def dashboard(self, uid: str) -> Answer | None: ...
    def last_version(self, uid: str) -> Answer | None: ...
    def save_dashboard(self, model: Answer, folder: str, message: str) -> None: ...


class Shelf(FolderShelf, DatasourceShelf, DashboardShelf, Protocol):
    """A Grafana, as `server.GrafanaServer` is one."""


def push(
    shelf: Shelf, dashboards: Iterable[Shipped], prometheus: str = "", *, dry_run: bool = False, overwrite: bool = False
) -> Iterator[Done]:
    """Data source, folders, dashboards, each as soon as it is done. Raises what the shelf raises.

    prometheus: address for the data source; "" leaves the one that is there. overwrite: also what was edited by hand.
    """
    wanted = tuple(dashboards)
    yield _datasource(shelf, prometheus, dry_run)
    for folder in dict.fromkeys(each.folder for each in wanted):
        yield _folder(shelf, folder, dry_run)
    for each in wanted:
        yield _dashboard(shelf, each, dry_run, overwrite)


def _datasource(shelf: DatasourceShelf, prometheus: str, dry_run: bool) -> Done:
    there = shelf.datasource(DATASOURCE)
    title = "Kentongan"
    if not prometheus:
        step = Step.UNCHANGED if there else Step.MISSING
        return Done(Kind.DATASOURCE, DATASOURCE, str(there["name"]) if there else title, step)
    wanted = {"uid": DATASOURCE, "name": title, "type": "prometheus", "access": "proxy", "url": prometheus}
    if there is None:
        if not dry_run:
            shelf.create_datasource(wanted | {"jsonData": {"httpMethod": "POST"}})
        return Done(Kind.DATASOURCE, DATASOURCE, title, Step.CREATED)
    if there.get("readOnly"):
        return Done(Kind.DATASOURCE, DATASOURCE, str(there["name"]), Step.PROVISIONED)
    kept = {"name", "isDefault", "basicAuth", "jsonData", "withCredentials", "version"} & there.keys()
    if all(there.get(key) == wanted[key] for key in ("type", "access", "url")):
        return Done(Kind.DATASOURCE, DATASOURCE, str(there["name"]), Step.UNCHANGED)
    if not dry_run:
        shelf.update_datasource(DATASOURCE, wanted | {key: there[key] for key in kept})
    return Done(Kind.DATASOURCE, DATASOURCE, str(there["name"]), Step.UPDATED)


def _folder(shelf: FolderShelf, folder: Folder, dry_run: bool) -> Done:
    there = shelf.folder(folder.uid)
    if there is None:
        if not dry_run:
            shelf.create_folder(folder.uid, folder.title)
        return Done(Kind.FOLDER, folder.uid, folder.title, Step.CREATED)
    if there.get("title") == folder.title:
        return Done(Kind.FOLDER, folder.uid, folder.title, Step.UNCHANGED)
    if not dry_run:
        shelf.rename_folder(folder.uid, folder.title, int(there.get("version") or 0))
    return Done(Kind.FOLDER, folder.uid, folder.title, Step.UPDATED)


def _dashboard(shelf: DashboardShelf, wanted: Shipped, dry_run: bool, overwrite: bool) -> Done:
    there = shelf.dashboard(wanted.uid)
    if there is None:
        return _saved(shelf, wanted, None, Step.CREATED, dry_run)
    model, meta = there.get("dashboard", {}), there.get("meta", {})
    if _content(model) == _content(wanted.model) and meta.get("folderUid") == wanted.folder.uid:
        return _told(wanted, Step.UNCHANGED)
    if meta.get("provisioned"):
        return _told(wanted, Step.PROVISIONED)
    if not overwrite:
        last = shelf.last_version(wanted.uid)
        if last is not None and last.get("message") != MESSAGE:
            return _told(wanted, Step.EDITED, str(last.get("createdBy") or ""))
    return _saved(shelf, wanted, model.get("version"), Step.UPDATED, dry_run)


def _saved(shelf: DashboardShelf, wanted: Shipped, version: Any, step: Step, dry_run: bool) -> Done:
    model = wanted.model if version is None else wanted.model | {"version": version}
    if dry_run:
        return _told(wanted, step)
    try:
        shelf.save_dashboard(model, wanted.folder.uid, MESSAGE)
    except GrafanaRefusedError as refused:
        if refused.status != _CHANGED_MEANWHILE:
            raise
        return _told(wanted, Step.EDITED)
    return _told(wanted, step)


def _told(wanted: Shipped, step: Step, by: str = "") -> Done:
    return Done(Kind.DASHBOARD, wanted.uid, wanted.title, step, by)


def _content(model: Answer) -> Answer:
    """What a person sees of it: without what Grafana itself numbers."""
    return {key: value for key, value in model.items() if key not in _ITS_OWN}
