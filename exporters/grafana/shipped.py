"""The dashboards as they were written by `python -m exporters.dashboards`, and in which folder each belongs."""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

DATASOURCE: Final = "kentongan"
"""uid and provisioned name of the data source that the dashboards choose at first."""

DEFAULT_CONSOLE: Final = "http://127.0.0.1:9280"


@dataclass(frozen=True, slots=True)
class Folder:
    uid: str
    title: str
    dashboards: tuple[str, ...]


FOLDERS: Final = (
    Folder(
        "kentongan-pantau",
        "Kentongan: pantau",
        (
            "kentongan-noc",
            "kentongan-map",
            "kentongan-kecamatan",
            "kentongan-desa",
            "kentongan-opd",
            "kentongan-services",
            "kentongan-cctv",
        ),
    ),
    Folder(
        "kentongan-jaringan",
        "Kentongan: jaringan",
        ("kentongan-device", "kentongan-link", "kentongan-olt", "kentongan-radio", "kentongan-power"),
    ),
    Folder("kentongan-rencana", "Kentongan: rencana", ("kentongan-sla", "kentongan-capacity")),
    Folder("kentongan-sistem", "Kentongan: sistem", ("kentongan-itself",)),
)


@dataclass(frozen=True, slots=True)
class Shipped:
    """One dashboard. model: as Grafana's API takes it."""

    uid: str
    title: str
    folder: Folder
    model: dict[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.model, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def shipped(console: str = DEFAULT_CONSOLE) -> tuple[Shipped, ...]:
    """All, folder by folder. console: the address that their links to the console begin with."""
    return tuple(_read(uid, folder, console.rstrip("/")) for folder in FOLDERS for uid in folder.dashboards)


def _read(uid: str, folder: Folder, console: str) -> Shipped:
    text = (files("exporters.dashboards") / "json" / f"{uid}.json").read_text(encoding="utf-8")
    model: dict[str, Any] = json.loads(text)
    for variable in model["templating"]["list"]:
        if variable["name"] == "console":
            variable["query"] = console
    return Shipped(uid, model["title"], folder, model)
