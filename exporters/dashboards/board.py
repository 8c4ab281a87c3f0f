"""What makes panels a dashboard: variables, links to the others and to the console, incidents as annotations."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from grafana_foundation_sdk.builders.dashboard import (
    AnnotationQuery,
    ConstantVariable,
    Dashboard,
    DashboardLink,
    DatasourceVariable,
    QueryVariable,
)
from grafana_foundation_sdk.builders.dashboard import Row as RowBuilder
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    VariableHide,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from exporters.catalogue.services import INCIDENT_START
from exporters.dashboards.panels import PROMETHEUS, Row
from exporters.dashboards.vocabulary import About, Colour

CONSOLE: Final = "http://127.0.0.1:9280"
DATASOURCE: Final = "kentongan"
TAG: Final = "kentongan"
_WIDTH: Final = 24
_GRAFANA: Final = "11.6.0"


@dataclass(frozen=True, slots=True)
class Variable:
    """values: of the label, in series of the selector. several: more than one may be chosen, and all are at first."""

    name: str
    title: str
    selector: str
    label: str = ""
    several: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """following: uid and title of the dashboard that a reader goes on with. console: the page there, after its address.

    hours: shown at first.
    """

    uid: str
    title: str
    about: About
    rows: Sequence[Row]
    following: tuple[str, str]
    variables: Sequence[Variable] = ()
    console: str = ""
    hours: int = 6


def text_of(board: Board) -> str:
    """The dashboard as Grafana keeps it, the same for the same board."""
    plain = json.loads(json.dumps(_built(board).build(), cls=JSONEncoder))
    for annotation in plain["annotations"]["list"]:
        annotation |= _ANNOTATION_WORDS
    for variable in plain["templating"]["list"]:
        for unknown in ("auto", "auto_count", "auto_min"):  # the builder writes them, Grafana's type has none of them
            variable.pop(unknown, None)
    for number, panel in enumerate(plain["panels"], 1):
        panel["id"] = number
        if panel["type"] != "row":  # or Grafana takes it for one of years ago, and mends what is not broken
            panel["pluginVersion"] = _GRAFANA
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


# The builder knows no words of Prometheus annotations; Grafana does.
_ANNOTATION_WORDS: Final[dict[str, Any]] = {
    "titleFormat": "{{kind}} {{cause}}",
    "textFormat": "{{condition}} · {{verdict}} · {{owner}} · {{incident}}",
    "tagKeys": "condition,verdict",
    "step": "60s",
}


def _built(board: Board) -> Dashboard:
    dashboard = (
        Dashboard(board.title)
        .uid(board.uid)
        .description(board.about.text)
        .tags([TAG])
        .timezone("browser")
        .week_start("monday")
        .time(f"now-{board.hours}h", "now")
        .refresh("30s")
        .editable()
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .annotation(_incidents())
    )
    for link in _links(board):
        dashboard.link(link)
    dashboard.with_variable(_datasource()).with_variable(ConstantVariable("console").label("Konsol").value(CONSOLE))
    for variable in board.variables:
        dashboard.with_variable(_variable(variable))
    for row in board.rows:
        _lay(dashboard, row)
    return dashboard


def _lay(dashboard: Dashboard, row: Row) -> None:
    if row.title:
        dashboard.with_row(RowBuilder(row.title))
    for piece, width in zip(row.pieces, _widths(row), strict=True):
        panel: Any = piece.panel
        dashboard.with_panel(panel.height(row.height).span(width))


def _widths(row: Row) -> list[int]:
    """What is left is shared evenly, a column more for the first ones. Raises ValueError for a row that is not full."""
    free = _WIDTH - sum(piece.width for piece in row.pieces)
    shares = sum(not piece.width for piece in row.pieces)
    if free < shares or (free and not shares):
        raise ValueError(f"the panels of the row “{row.title}” do not fill its {_WIDTH} columns")
    found, more = [], free % shares if shares else 0
    for piece in row.pieces:
        found.append(piece.width or free // shares + (more > 0))
        more -= not piece.width
    return found


def _incidents() -> AnnotationQuery:
    return (
        AnnotationQuery()
        .name("Gangguan")
        .datasource(PROMETHEUS)
        .enable(True)
        .icon_color(Colour.DOWN)
        .expr(f'{INCIDENT_START.name}{{condition=~"outage|degraded|service"}} > bool 0')
    )


def _links(board: Board) -> list[DashboardLink]:
    uid, title = board.following
    every = DashboardLink("Dasbor Kentongan").type(DashboardLinkType.DASHBOARDS).tags([TAG]).as_dropdown(True)
    onward = DashboardLink(f"Lanjut: {title}").type(DashboardLinkType.LINK).url(f"/d/{uid}").icon("bolt")
    console = (
        DashboardLink("Konsol").type(DashboardLinkType.LINK).url("${console}" + board.console).icon("external link")
    )
    return [
        every.keep_time(True).include_vars(True),
        onward.keep_time(True).include_vars(True),
        console.target_blank(True),
    ]


def _datasource() -> DatasourceVariable:
    current = VariableOption(selected=True, text="Kentongan", value=DATASOURCE)
    return DatasourceVariable("datasource").label("Sumber data").type("prometheus").current(current)


def _variable(variable: Variable) -> QueryVariable:
    query = f"label_values({variable.selector}, {variable.label or variable.name})"
    built = (
        QueryVariable(variable.name)
        .label(variable.title)
        .datasource(PROMETHEUS)
        .query(query)
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .hide(VariableHide.DONT_HIDE)
    )
    if variable.several:
        everything = VariableOption(selected=True, text=["All"], value=["$__all"])
        built.multi(True).include_all(True).all_value(".*").current(everything)
    return built
