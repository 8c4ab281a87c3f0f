"""What to build next, out of what the database holds; and one village with all that is known of its sites."""

from collections import defaultdict
from datetime import date
from typing import Any, Final

import numpy as np

from domain.coverage.candidates import Assumptions, BuildPlan, Candidate, Wanting, plan
from domain.coverage.columns import stage_of
from domain.coverage.picture import Picture
from domain.coverage.reach import Reach, point_of
from domain.coverage.stages import in_order, may_connect
from domain.coverage.villages import INTERNETS
from domain.language import _
from domain.network import Inventory, Site, Stage
from inventory.store.coverage import UseMonth
from kentongan.coverage import CoverageBook
from kentongan.errors import UsageError

GONE: Final = frozenset({Stage.RETIRED})


def build_plan(book: CoverageBook, inventory: Inventory, budget: int, assumptions: Assumptions) -> BuildPlan:
    """As things stand today. budget: rupiah."""
    picture = book.picture(book.today)
    return plan(wanting(book, picture, inventory), Reach(inventory, assumptions.detour), budget, assumptions)


def wanting(book: CoverageBook, picture: Picture, inventory: Inventory) -> list[Wanting]:
    """Every village that is not connected, desa and kelurahan. Its place is its site's, else its own."""
    villages = picture.book
    sites: dict[str, list[Site]] = defaultdict(list)
    for site in inventory.sites:
        if site.region_code and may_connect(site) and site.stage not in GONE:
            sites[site.region_code].append(site)
    statistics = villages.statistics
    rows, internet = statistics.rows_at(picture.on.year), statistics.internet_at(picture.on.year)
    shares = _shares(picture)
    found = []
    for at in np.flatnonzero(picture.exists & ~picture.connected).tolist():
        code, row = villages.codes[at], int(rows[at])
        people = int(statistics.population[row]) if row >= 0 else -1
        own = (float(statistics.latitude[row]), float(statistics.longitude[row])) if row >= 0 else None
        points = [point for site in sites.get(code, ()) if (point := point_of(site)) is not None]
        found.append(
            Wanting(
                code,
                book.name(code),
                book.name(code.rpartition(".")[0]),
                people if people >= 0 else None,
                next(iter(points), None) or (own if own is not None and not np.isnan(own).any() else None),
                INTERNETS[int(internet[at])],
                shares[int(villages.district[at])],
                stage_of(int(picture.stage[at])),
            )
        )
    return found


def plain_plan(found: BuildPlan) -> dict[str, Any]:
    """Keys are a promise."""
    takes = found.assumptions
    return {
        "budget": found.budget,
        "spent": found.spent,
        "chosen": len(found.chosen),
        "people": sum(each.wanting.people or 0 for each in found.chosen),
        "ranked": [_plain_candidate(each) for each in found.ranked],
        "unranked": [
            {"code": each.code, "name": each.name, "kecamatan": each.kecamatan, "reason": gap.value}
            for each, gap in found.unranked
        ],
        "assumptions": {
            "detour": takes.detour,
            "fibreKm": takes.fibre_km,
            "radioKm": takes.radio_km,
            "fibreSiteRupiah": takes.fibre_site,
            "fibreRupiahPerKm": takes.fibre_each_km,
            "radioSiteRupiah": takes.radio_site,
            "satelliteSiteRupiah": takes.satellite_site,
            "equity": takes.equity,
            "weights": {internet.value: weight for internet, weight in takes.weights.items()},
            "lineOfSight": "not-checked",
        },
    }


def village_document(book: CoverageBook, inventory: Inventory, code: str) -> dict[str, Any]:
    """One village today: its facts, its sites with their stages, funding, contract and documents, and its users."""
    picture = book.picture(book.today)
    place = book.history.codes.get(code)
    if place is None:
        raise UsageError(
            _("{code} is not the code of a village here. See: kentongan coverage --by desa").format(code=code)
        )
    only = np.zeros(len(picture.book), np.bool_)
    only[place] = True
    facts = next(iter(picture.villages(only)))
    months = book.store.use_months(date(book.today.year - 2, 1, 1), book.today)
    return {
        "code": code,
        "name": book.name(code),
        "kecamatan": book.name(code.rpartition(".")[0]),
        "connected": facts.connected,
        "reason": facts.reason.value,
        "availabilityPercent": facts.percent,
        "useDays": facts.use_days,
        "sites": [_plain_site(site, inventory) for site in inventory.sites if site.region_code == code],
        "users": [plain_use(each) for each in months if each.region_code == code],
    }


def plain_use(month: UseMonth) -> dict[str, Any]:
    return {
        "month": month.month,
        "days": month.days,
        "leases": month.leases,
        "hotspot": month.hotspot,
        "pppoe": month.pppoe,
        "wifi": month.wifi,
        "users": month.users,
        "meanUsers": month.mean_users,
    }


def _plain_site(site: Site, inventory: Inventory) -> dict[str, Any]:
    entries = in_order(each for each in inventory.stages if each.slug == site.slug)
    return {
        "slug": site.slug,
        "name": site.name,
        "countsForCoverage": may_connect(site),
        "stage": site.stage.value,
        "funding": site.funding.value if site.funding else None,
        "contract": site.contract or None,
        "history": [
            {
                "stage": each.stage.value,
                "date": each.on.isoformat(),
                "documentNo": each.document_no or None,
                "recordedOn": each.recorded_on.isoformat() if each.recorded_on else None,
            }
            for each in entries
        ],
    }


def _shares(picture: Picture) -> dict[int, float]:
    """Of each kecamatan's villages those that are connected."""
    size = len(picture.book.districts)
    whole = np.bincount(picture.book.district[picture.exists], minlength=size)
    some = np.bincount(picture.book.district[picture.connected], minlength=size)
    return {at: float(some[at] / whole[at]) if whole[at] else 0.0 for at in range(size)}


def _plain_candidate(each: Candidate) -> dict[str, Any]:
    return {
        "rank": each.rank,
        "code": each.wanting.code,
        "name": each.wanting.name,
        "kecamatan": each.wanting.kecamatan,
        "people": each.wanting.people,
        "internet": each.wanting.internet.value,
        "stage": each.wanting.stage.value if each.wanting.stage else None,
        "medium": each.medium.value,
        "cost": each.cost,
        "value": each.value,
        "joins": each.way.joins if each.way else None,
        "newKm": each.way.new_km if each.way else None,
        "alongKm": each.way.along_km if each.way else None,
        "pop": each.way.pop if each.way else None,
        "mast": each.mast.site if each.mast else None,
        "mastKm": each.mast.km if each.mast else None,
        "lineOfSight": "not-checked" if each.mast else None,
        "chosen": each.chosen,
        "spent": each.spent if each.chosen else None,
    }
