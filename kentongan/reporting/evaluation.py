"""The half-yearly evaluation of the smart-city master plan, as a document with stable keys and as a report."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from alerts.risk import rank_risks
from alerts.rootcause import NetworkGraph
from domain.availability import Period, half
from domain.evaluation import Figure, Judgement, Measure, Pillar, PlanIndicator, half_before, judged, pillar_of
from domain.incidents import CauseKind
from domain.language import _
from domain.network import Inventory
from exporters.reports.evaluation import evaluation_report
from kentongan.coverage import open_coverage
from kentongan.installation import Installation
from kentongan.reporting.frame import frame_of
from kentongan.reporting.measuring import Measuring, in_service_on, measures_of
from kentongan.reporting.records import Composed, ReportError

RISKS: Final = 15
_NUMBERS: Final = re.compile(r"(\d+)")


def compose_evaluation(installation: Installation, period: Period, day: date | None) -> Composed:
    """Raises ReportError if nobody imported indicators of this half-year."""
    shown = evaluation_document(installation, period)
    return Composed(evaluation_report(shown, frame_of(installation, day)), period.label, over=period.is_over)


def evaluation_document(installation: Installation, period: Period) -> dict[str, Any]:
    """Everything that stands in the report; keys are a promise."""
    inventory = installation.inventory.read()
    indicators = [each for each in inventory.indicators if each.half == period.label]
    if not indicators:
        raise ReportError(
            _("There are no indicators of {period}: kentongan import indicators.csv").format(period=period.label)
        )
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    wanted, book = measures_of(indicators), open_coverage(installation)
    now = Measuring(installation, period, wanted, book)
    earlier = half_before(period.label)
    then = Measuring(installation, half(earlier, zone, installation.clock.now().utc), wanted, book)
    judgements = _judged(indicators, inventory.indicators, earlier, now.figures(), then.figures())
    return {
        "half": period.label,
        "before": earlier,
        "from": period.start.isoformat(),
        "until": period.until.isoformat(),
        "day": now.day.isoformat(),
        "dayBefore": then.day.isoformat(),
        "over": period.is_over,
        "zone": str(zone),
        "indicators": [_plain(each) for each in judgements],
        "coverage": [
            {"day": each.day.isoformat(), **{sort: each.coverage[sort] for sort in ("desa", "kelurahan")}}
            for each in (then, now)
        ],
        "services": _services(inventory),
        "sites": _sites(inventory, now.day, then.day),
        "risks": _risks(inventory),
    }


def _judged(
    indicators: Sequence[PlanIndicator],
    every: Sequence[PlanIndicator],
    earlier: str,
    now: Mapping[Measure, Figure],
    then: Mapping[Measure, Figure],
) -> list[Judgement]:
    """By pillar, then by code: SG-2 before SG-10."""
    before = {each.code: each for each in every if each.half == earlier}
    places = {pillar: at for at, pillar in enumerate(Pillar)}
    found = [judged(each, now, before.get(each.code), then) for each in indicators]
    return sorted(found, key=lambda each: (places[each.indicator.pillar], _counted(each.indicator.code)))


def _counted(code: str) -> list[tuple[int, str]]:
    """A code with its numbers as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBERS.split(code)]


def _plain(each: Judgement) -> dict[str, Any]:
    row = each.indicator
    return {
        "code": row.code,
        "pillar": row.pillar.value,
        "name": row.name,
        "level": row.level.value,
        "unit": row.unit,
        "baseline": row.baseline,
        "target": row.target,
        "figure": each.figure.value,
        "before": each.before,
        "change": each.change,
        "standing": each.standing.value,
        "reachedPercent": each.reached_percent,
        "measured": row.measured.value if row.measured else None,
        "source": each.figure.source,
        "typedInstead": each.typed_instead,
        "owner": row.owner,
        "note": row.note,
    }


def _services(inventory: Inventory) -> list[dict[str, Any]]:
    """Applications by the pillar they serve; '' where services.csv names none of them."""
    places = {pillar: at for at, pillar in enumerate(Pillar)}
    found = [(pillar_of(each.pillar), each) for each in inventory.services]
    found.sort(key=lambda pair: (places.get(pair[0], len(places)) if pair[0] else len(places), pair[1].code))
    return [
        {
            "pillar": pillar.value if pillar else "",
            "code": each.code,
            "name": each.name,
            "class": each.class_.value,
            "owner": each.owner,
            "public": each.public,
        }
        for pillar, each in found
    ]


def _sites(inventory: Inventory, day: date, before: date) -> list[dict[str, Any]]:
    """By kind: in service at either day; the rest is on its way or over."""
    kinds = sorted({site.kind for site in inventory.sites})
    now, then = (Counter(site.kind for site in in_service_on(inventory, on)) for on in (day, before))
    every = Counter(site.kind for site in inventory.sites)
    return [{"kind": kind.value, "all": every[kind], "now": now[kind], "before": then[kind]} for kind in kinds]


def _risks(inventory: Inventory) -> list[dict[str, Any]]:
    """What goes dark if one thing fails, as `kentongan risk` ranks it; by the network of today."""
    ranked = rank_risks(NetworkGraph.of(inventory), inventory, kinds=list(_RISKY), top=RISKS)
    return [
        {
            "kind": each.cause.kind.value,
            "name": each.cause.name,
            "villages": each.villages,
            "opd": each.opd,
            "services": each.services,
            "sites": each.sites,
            "devices": each.devices,
        }
        for each in ranked
    ]


_RISKY: Final = (
    CauseKind.LINK,
    CauseKind.SEGMENT,
    CauseKind.DEVICE,
    CauseKind.SITE,
    CauseKind.FEEDER,
    CauseKind.PROVIDER,
)
