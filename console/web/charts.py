"""Charts: as data for the script that draws them, and as a page with their numbers for whoever has none."""

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import JSONResponse, Response

from console.ports import Look
from console.ports.charts import ChartKind, Charts, ChartsAwayError, Span
from console.views import charts as view
from console.views.speech import clock
from console.web.visit import TheDesk, TheLook, TheVisitor
from domain.language import _

LONGEST_NAME = 200


def chart_routes(charts: Charts) -> APIRouter:
    router = APIRouter()

    @router.get("/charts/data/{kind}")
    def data(desk: TheDesk, look: TheLook, kind: ChartKind, of: str, span: Span = Span.DAY) -> Response:
        check_seen(look, kind, of)
        try:
            chart = charts.chart(kind, of, span)
        except ChartsAwayError as error:
            since = clock(error.since, desk.zone) if error.since else ""
            return JSONResponse({"why": str(error), "since": since}, 503)
        return JSONResponse(view.document(chart, str(desk.zone)), headers={"Cache-Control": "private, max-age=20"})

    @router.get("/charts/{kind}")
    def page(
        request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, kind: ChartKind, of: str,
        span: Span = Span.DAY,
    ) -> Response:  # fmt: skip
        check_seen(look, kind, of)
        why, since = "", ""
        measures: tuple[view.Measure, ...] = ()
        try:
            measures = view.measures(charts.chart(kind, of, span))
        except ChartsAwayError as error:
            why, since = str(error), clock(error.since, desk.zone) if error.since else ""
        values: dict[str, Any] = {
            "kind": kind, "of": of, "span": span, "title": view.titles()[kind], "spans": view.spans(span),
            "measures": measures, "heads": view.heads(), "why": why, "since": since, "back": back(kind, of, look),
        }  # fmt: skip
        return desk.pages.page(request, "chart.html", visitor, look, **values)

    return router


def check_seen(look: Look, kind: ChartKind, of: str) -> None:
    """Raises HTTPException 404: nothing of this name, or it is not for this account."""
    inventory, what = look.inventory, kind.value.partition("-")[0]
    known = {
        "device": lambda: of in inventory.used_by_name,
        "link": lambda: any(link.name == of for link in inventory.links),
        "site": lambda: of in inventory.site_by_slug,
    }
    if len(of) > LONGEST_NAME or not known[what]():
        raise HTTPException(404, _("There is nothing of this name."))


def back(kind: ChartKind, of: str, look: Look) -> str:
    """The page that the chart is of."""
    what = kind.value.partition("-")[0]
    if what == "site":
        site = look.inventory.site_by_slug[of]
        return f"/villages/{site.region_code}" if site.region_code else f"/devices?q={site.name}"
    return f"/{what}s/{of}"
