"""The kinds of panels, each one call. Every panel has a description; no gap is filled with an old value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any, Final

from grafana_foundation_sdk.builders import bargauge, geomap, stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders import common as parts
from grafana_foundation_sdk.builders.dashboard import DashboardLink, FieldColor
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import common
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    DataSourceRef,
    DataTransformerConfig,
    DynamicConfigValue,
    FieldColorModeId,
    Panel,
    ValueMapping,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from exporters.dashboards.vocabulary import MEASURED, About, Colour, Limits, Unit

PROMETHEUS: Final = DataSourceRef("prometheus", "${datasource}")
NO_DATA: Final = "tidak ada data"


@dataclass(frozen=True, slots=True)
class Query:
    """legend: with `{{label}}`. colour: of this line alone. dashed: what was promised, not measured."""

    expr: str
    legend: str = ""
    colour: Colour | None = None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """name: a label, or `Value #A`… of the query of that letter. link: an address with `${__value.raw}`."""

    name: str
    title: str
    unit: Unit | None = None
    decimals: int | None = None
    limits: Limits | None = None
    words: Sequence[ValueMapping] = ()
    link: str = ""
    link_title: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A panel on its way into a row. width: of 24; 0 shares what is left."""

    panel: Builder[Panel]
    width: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """title: "" for a row that goes on with the one above."""

    title: str
    height: int
    pieces: tuple[Piece, ...] = field(default=())


def row(title: str, height: int, *pieces: Piece) -> Row:
    return Row(title, height, pieces)


def to(uid: str, **variables: str) -> str:
    """The address of another dashboard, the time and the data source with it."""
    chosen = "".join(f"&var-{name}={value}" for name, value in variables.items())
    return f"/d/{uid}?${{__url_time_range}}&${{datasource:queryparam}}{chosen}"


def place_of(expr: str, desa: str = "desa") -> str:
    """With a label `place` to join villages by: half of the kabupaten have two of one name."""
    return f'label_join({expr}, "place", ", ", "{desa}", "kecamatan")'


def figure(
    title: str,
    about: About,
    expr: str,
    unit: Unit = Unit.COUNT,
    limits: Limits = MEASURED,
    *,
    legend: str = "",
    decimals: int | None = None,
    words: Sequence[ValueMapping] = (),
    spark: bool = False,
    link: str = "",
    named: bool = False,
    width: int = 0,
) -> Piece:
    """One number, or a few beside each other. spark: with its course behind it. named: the legend instead of it."""
    query = Query(expr, legend)
    panel = (
        stat.Panel()
        .title(title)
        .description(about.text)
        .datasource(PROMETHEUS)
        .with_target(_ranged(query, 0) if spark else _instant(query, 0))
        .unit(unit)
        .thresholds(limits.builder)
        .color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
        .mappings(list(words))
        .no_value(NO_DATA)
        .graph_mode(common.BigValueGraphMode.AREA if spark else common.BigValueGraphMode.NONE)
        .color_mode(common.BigValueColorMode.VALUE)
        .text_mode(common.BigValueTextMode.NAME if named else common.BigValueTextMode.AUTO)
        .reduce_options(parts.ReduceDataOptions().calcs(["lastNotNull"]).values(False).fields(""))
    )
    if decimals is not None:
        panel.decimals(decimals)
    if link:
        panel.data_links([DashboardLink(title).type(DashboardLinkType.LINK).url(link)])
    return Piece(panel, width)


def curve(
    title: str,
    about: About,
    *queries: Query,
    unit: Unit = Unit.COUNT,
    limits: Limits | None = None,
    stacked: bool = False,
    lowest: float | None = None,
    highest: float | None = None,
    width: int = 0,
) -> Piece:
    """Lines over time. limits: drawn as dashed lines in their colours."""
    panel = (
        timeseries.Panel()
        .title(title)
        .description(about.text)
        .datasource(PROMETHEUS)
        .unit(unit)
        .no_value(NO_DATA)
        .line_width(1)
        .fill_opacity(25 if stacked else 0)
        .show_points(common.VisibilityMode.AUTO)
        .span_nulls(False)
        .legend(
            parts.VizLegendOptions()
            .display_mode(common.LegendDisplayMode.TABLE)
            .placement(common.LegendPlacement.BOTTOM)
            .show_legend(True)
            .calcs(["lastNotNull", "max"])
        )
        .tooltip(parts.VizTooltipOptions().mode(common.TooltipDisplayMode.MULTI).sort(common.SortOrder.DESCENDING))
    )
    for place, query in enumerate(queries):
        panel.with_target(_ranged(query, place))
        if query.colour or query.dashed:
            panel.override_by_query(ascii_uppercase[place], _drawn(query))
    if stacked:
        panel.stacking(parts.StackingConfig().mode(common.StackingMode.NORMAL).group("A"))
    if limits is not None:
        panel.thresholds(limits.builder).thresholds_style(
            parts.GraphThresholdsStyleConfig().mode(common.GraphThresholdsStyleMode.DASHED)
        )
    if lowest is not None:
        panel.min(lowest)
    if highest is not None:
        panel.max(highest)
    return Piece(panel, width)


def bars(
    title: str,
    about: About,
    expr: str,
    legend: str,
    unit: Unit = Unit.COUNT,
    limits: Limits = MEASURED,
    *,
    highest: float | None = None,
    words: Sequence[ValueMapping] = (),
    width: int = 0,
) -> Piece:
    """A bar for each series, as they come: sort in the query."""
    panel = (
        bargauge.Panel()
        .title(title)
        .description(about.text)
        .datasource(PROMETHEUS)
        .with_target(_instant(Query(expr, legend), 0))
        .unit(unit)
        .thresholds(limits.builder)
        .mappings(list(words))
        .color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
        .no_value(NO_DATA)
        .min(0)
        .orientation(common.VizOrientation.HORIZONTAL)
        .display_mode(common.BarGaugeDisplayMode.BASIC)
        .value_mode(common.BarGaugeValueMode.TEXT)
        .show_unfilled(True)
        .reduce_options(parts.ReduceDataOptions().calcs(["lastNotNull"]).values(False).fields(""))
    )
    if highest is not None:
        panel.max(highest)
    return Piece(panel, width)


def timeline(
    title: str, about: About, expr: str, legend: str, words: Sequence[ValueMapping], *, width: int = 0
) -> Piece:
    """A bar of states for each series."""
    panel = (
        statetimeline.Panel()
        .title(title)
        .description(about.text)
        .datasource(PROMETHEUS)
        .with_target(_ranged(Query(expr, legend), 0))
        .mappings(list(words))
        .color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
        .thresholds(Limits(Colour.UNKNOWN).builder)
        .no_value(NO_DATA)
        .merge_values(True)
        .show_value(common.VisibilityMode.NEVER)
        .row_height(0.85)
        .fill_opacity(90)
        .line_width(0)
        .per_page(25)
    )
    return Piece(panel, width)


def listing(
    title: str,
    about: About,
    queries: Sequence[str],
    columns: Sequence[Column],
    *,
    key: str,
    sort: str = "",
    descending: bool = True,
    width: int = 0,
) -> Piece:
    """A table: a row for each value of the label `key`, by which several queries are joined. sort: a column's title."""
    panel = (
        table.Panel()
        .title(title)
        .description(about.text)
        .datasource(PROMETHEUS)
        .show_header(True)
        .cell_height(common.TableCellHeight.SM)
        .filterable(True)
        .cell_options(common.TableAutoCellOptions())
        .no_value("")
    )
    for place, expr in enumerate(queries):
        panel.with_target(_instant(Query(expr), place).format(PromQueryFormat.TABLE))
    for transformation in _shaped(columns, key, several=len(queries) > 1):
        panel.with_transformation(transformation)
    for column in columns:
        properties = _of_column(column)
        if properties:
            panel.override_by_name(column.title, properties)
    if sort:
        panel.sort_by([parts.TableSortByFieldState().display_name(sort).desc(descending)])
    return Piece(panel, width)


def map_of(
    title: str, about: About, queries: Sequence[str], columns: Sequence[Column], *, key: str, colour: str, link: str
) -> Piece:
    """Points on a map. Among the columns must be some titled latitude and longitude; colour: the one that paints."""
    painted = next(column for column in columns if column.title == colour)
    assert painted.limits is not None
    markers = {
        "showLegend": False,
        "style": {
            "color": {"field": colour, "fixed": Colour.UNKNOWN},
            "opacity": 0.8,
            "rotation": {"fixed": 0, "max": 360, "min": -360, "mode": "mod"},
            "size": {"fixed": 6, "max": 15, "min": 2},
            "symbol": {"fixed": "img/icons/marker/circle.svg", "mode": "fixed"},
            "symbolAlign": {"horizontal": "center", "vertical": "center"},
            "textConfig": {"fontSize": 12, "offsetX": 0, "offsetY": 0, "textAlign": "center", "textBaseline": "middle"},
        },
    }
    panel = (
        geomap.Panel()
        .title(title)
        .description(about.text)
        .datasource(PROMETHEUS)
        .thresholds(painted.limits.builder)
        .color_scheme(FieldColor().mode(FieldColorModeId.THRESHOLDS))
        .view(geomap.MapViewConfig().id("fit").all_layers(True).padding(5))
        .controls(geomap.ControlsOptions().show_zoom(True).mouse_wheel_zoom(True).show_attribution(True))
        .tooltip(geomap.TooltipOptions())
        .basemap(parts.MapLayerOptions().type("default").name("Peta dasar"))
        .layers(
            [
                parts.MapLayerOptions()
                .type("markers")
                .name("Situs")
                .config(markers)
                .location(
                    parts.FrameGeometrySource()
                    .mode(common.FrameGeometrySourceMode.COORDS)
                    .latitude("latitude")
                    .longitude("longitude")
                )
                .tooltip(True)
            ]
        )
    )
    for place, expr in enumerate(queries):
        panel.with_target(_instant(Query(expr), place).format(PromQueryFormat.TABLE))
    for transformation in _shaped(columns, key, several=len(queries) > 1):
        panel.with_transformation(transformation)
    for column in columns:
        properties = _of_column(column)
        if properties:
            panel.override_by_name(column.title, properties)
    panel.data_links([DashboardLink(title).type(DashboardLinkType.LINK).url(link)])
    return Piece(panel)


def _ranged(query: Query, place: int) -> Dataquery:
    return _target(query, place).range()


def _instant(query: Query, place: int) -> Dataquery:
    return _target(query, place).instant()


def _target(query: Query, place: int) -> Dataquery:
    target = Dataquery().expr(query.expr).ref_id(ascii_uppercase[place]).datasource(PROMETHEUS)
    return target.legend_format(query.legend or "__auto")


def _drawn(query: Query) -> list[DynamicConfigValue]:
    found = []
    if query.colour:
        found.append(DynamicConfigValue("color", {"mode": "fixed", "fixedColor": query.colour}))
    if query.dashed:
        found.append(DynamicConfigValue("custom.lineStyle", {"fill": "dash", "dash": [6, 6]}))
    return found


def _shaped(columns: Sequence[Column], key: str, *, several: bool) -> list[DataTransformerConfig]:
    """Queries side by side, then the columns that are wanted, in their order, with their titles."""
    steps = []
    if several:
        steps.append(DataTransformerConfig(id_val="joinByField", options={"byField": key, "mode": "outer"}))
    names = [column.name for column in columns]
    steps.append(DataTransformerConfig(id_val="filterFieldsByName", options={"include": {"names": names}}))
    renamed: Mapping[str, Any] = {
        "excludeByName": {},
        "includeByName": {},
        "indexByName": {name: place for place, name in enumerate(names)},
        "renameByName": {column.name: column.title for column in columns},
    }
    steps.append(DataTransformerConfig(id_val="organize", options=renamed))
    return steps


def _of_column(column: Column) -> list[DynamicConfigValue]:
    found = []
    if column.unit is not None:
        found.append(DynamicConfigValue("unit", column.unit))
    if column.decimals is not None:
        found.append(DynamicConfigValue("decimals", column.decimals))
    if column.limits is not None:
        found.append(DynamicConfigValue("thresholds", column.limits.plain()))
        found.append(DynamicConfigValue("color", {"mode": "thresholds"}))
        found.append(DynamicConfigValue("custom.cellOptions", {"type": "color-text"}))
    if column.words:
        found.append(DynamicConfigValue("mappings", list(column.words)))
        found.append(DynamicConfigValue("custom.cellOptions", {"type": "color-text"}))
    if column.link:
        links = [{"title": column.link_title or column.title, "url": column.link}]
        found.append(DynamicConfigValue("links", links))
    if column.width:
        found.append(DynamicConfigValue("custom.width", column.width))
    return found
