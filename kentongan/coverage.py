"""Coverage out of what the database holds: the one answer for console, command line, Grafana and reports.

`open_coverage` reads; `CoverageBook.document` answers for any date. Keys of documents are a promise.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Final

import numpy as np

from domain.coverage.columns import day_of
from domain.coverage.evidence import REASONS, Demands, Reason
from domain.coverage.picture import Counts, CoverageHistory, Picture, Sort, VillageFacts
from domain.coverage.progress import Forecast, first_reached, forecast_of, month_ends, standing_of
from domain.coverage.targets import Promise, promises, sum_warnings
from domain.coverage.villages import Mask, VillageBook
from domain.language import _, n_
from domain.network import Indicator, Target, lies_in
from inventory.store.coverage import SqlCoverageStore
from kentongan.installation import Installation

MEASURED: Final = {Reason.SERVED: "served", Reason.UNAVAILABLE: "not-served", Reason.UNUSED: "not-served"}


@dataclass(frozen=True, slots=True)
class CoverageBook:
    """One kabupaten's coverage. names: region code → name. today: the day of the asking."""

    home: str
    names: Mapping[str, str]
    history: CoverageHistory
    targets: tuple[Target, ...]
    store: SqlCoverageStore
    demands: Demands
    today: date
    _counted: dict[tuple[str, date, date | None], int] = field(default_factory=dict)

    def picture(self, on: date, known_on: date | None = None) -> Picture:
        """At a date; known_on: by what was known on another day, as a report of then had it."""
        window = self.store.window(self.history.codes, on, self.demands.window_days)
        return self.history.picture(on, self.today, window, self.demands, known_on)

    def document(self, on: date, known_on: date | None = None, since: date | None = None) -> dict[str, Any]:
        """Everything there is to say of a date. since: an earlier date to compare with."""
        picture = self.picture(on, known_on)
        found: dict[str, Any] = {
            "at": on.isoformat(),
            "knownOn": picture.known_on.isoformat(),
            "region": {"code": self.home, "name": self.name(self.home)},
            **{sort.value: plain_counts(picture.counts(picture.mask(sort))) for sort in Sort},
            "kecamatan": self._districts(picture),
            "villages": [self._village(each) for each in picture.villages(picture.exists)],
            "evidence": self._evidence(picture),
            "targets": self.standings(on, known_on),
            "forecast": plain_forecast(self.forecast(on, known_on)),
            "notes": list(self.notes(picture)),
        }
        if since is not None:
            found["since"] = self._compared(picture, self.picture(since, known_on))
        return found

    def name(self, code: str) -> str:
        """A village that is not any more is named after the one it became."""
        if code in self.names:
            return self.names[code]
        at = self.history.codes.get(code)
        after = int(self.history.book.after[at]) if at is not None else -1
        heir = self.names.get(self.history.book.codes[after]) if after >= 0 else None
        return _("{name} (before)").format(name=heir) if heir else code

    def count_at(self, area: str, on: date, known_on: date | None = None) -> int:
        """Connected desa of a region at a date."""
        found = self._counted.get((area, on, known_on))
        if found is None:
            connected, _stage = self.history.connected_at(on, known_on or max(on, self.today), self.today)
            among = connected & self.history.book.desa & self.history.book.in_force(on.year) & self._inside(area)
            found = self._counted[area, on, known_on] = int(among.sum())
        return found

    def whole(self, area: str, on: date) -> int:
        """Desa of a region at a date."""
        book = self.history.book
        return int((book.desa & book.in_force(on.year) & self._inside(area)).sum())

    def first_connected(self) -> date | None:
        day = self.history.stages.first_use()
        return None if day is None else day_of(day)

    def forecast(self, on: date, known_on: date | None = None, area: str = "") -> Forecast | None:
        area = area or self.home
        counted = partial(self.count_at, area, known_on=known_on)
        return forecast_of(counted, on, self.whole(area, on), self.first_connected())

    def curve(self, on: date, known_on: date | None = None, area: str = "") -> list[tuple[date, int]]:
        """Connected desa at the end of each month since the first one."""
        first = self.first_connected()
        ends = month_ends(first, on) if first is not None and first <= on else []
        return [(end, self.count_at(area or self.home, end, known_on)) for end in ends]

    def promises(self, on: date) -> tuple[Promise, ...]:
        """The targets in force on a day, of this kabupaten and its kecamatan."""
        return tuple(each for each in promises(self.targets, on) if lies_in(each.target.region_code, self.home))

    def standings(self, on: date, known_on: date | None = None) -> list[dict[str, Any]]:
        """Each target, and for desa how it stands."""
        return [self._standing(each, on, known_on) for each in self.promises(on)]

    def notes(self, picture: Picture) -> Iterator[str]:
        """What one should know beside the figures."""
        yield from sum_warnings(self.promises(picture.on))
        if picture.undated:
            yield n_(
                "{count} site has no stage date: it counts today, and on no day before.",
                "{count} sites have no stage date: they count today, and on no day before.",
                picture.undated,
            ).format(count=picture.undated)
        if picture.window.last is None:
            yield _("No service was measured up to {day}: nothing is said to be served.").format(day=picture.on)
        if picture.known_on < picture.on:
            yield _("As it was known on {day}, before the date asked for.").format(day=picture.known_on)
        if picture.on > self.today:
            yield _("{day} has not come yet: this is what is known today.").format(day=picture.on)

    def _inside(self, area: str) -> Mask:
        book = self.history.book
        if area == self.home:
            return np.ones(len(book), np.bool_)
        return np.array([lies_in(code, area) for code in book.codes], np.bool_)

    def _districts(self, picture: Picture) -> list[dict[str, Any]]:
        rows: dict[str, dict[str, Any]] = {}
        for sort in Sort:
            for code, counts in picture.by_district(sort):
                row = rows.setdefault(code, {"code": code, "name": self.name(code)})
                row[sort.value] = plain_counts(counts)
        return [
            {**row, **{sort.value: row.get(sort.value) or plain_counts(Counts()) for sort in Sort}}
            for _code, row in sorted(rows.items())
        ]

    def _village(self, facts: VillageFacts) -> dict[str, Any]:
        district = facts.code.rpartition(".")[0]
        return {
            "code": facts.code,
            "name": self.name(facts.code),
            "kecamatan": self.name(district),
            "kecamatanCode": district,
            "kind": facts.sort.value if facts.sort else "other",
            "connected": facts.connected,
            "measured": MEASURED.get(facts.reason, "unmeasured"),
            "reason": facts.reason.value,
            "stage": facts.stage.value if facts.stage else None,
            "availabilityPercent": facts.percent,
            "useDays": facts.use_days,
        }

    def _evidence(self, picture: Picture) -> dict[str, Any]:
        last = picture.window.last
        return {
            "windowDays": self.demands.window_days,
            "lastDay": last.isoformat() if last else None,
            "percent": {name.value: limit for name, limit in self.demands.percent.items()},
            "seenPercent": self.demands.seen_percent,
            "useDays": self.demands.use_days,
        }

    def _standing(self, promise: Promise, on: date, known_on: date | None) -> dict[str, Any]:
        target = promise.target
        row: dict[str, Any] = {
            "code": target.region_code,
            "name": self.name(target.region_code),
            "dueOn": target.due_on.isoformat(),
            "indicator": target.indicator.value,
            "value": target.value,
            "kind": target.kind.value,
            "document": target.document,
            "decidedOn": target.decided_on.isoformat() if target.decided_on else None,
            "replaced": [_plain_target(each) for each in promise.replaced],
        }
        if target.indicator is Indicator.DESA:
            row |= self._of_desa(target, on, known_on)
        return row

    def _of_desa(self, target: Target, on: date, known_on: date | None) -> dict[str, Any]:
        area = str(target.region_code)
        counted: Callable[[date], int] = partial(self.count_at, area, known_on=known_on)
        first = self.first_connected()
        reached_on = first_reached(target.value, first, on, counted) if first is not None else None
        forecast = self.forecast(on, known_on, area)
        stands = standing_of(target.value, target.due_on, on, counted, reached_on, forecast.pace if forecast else 0.0)
        return {
            "reached": stands.reached,
            "short": stands.short,
            "reachedOn": stands.reached_on.isoformat() if stands.reached_on else None,
            "slipDays": stands.slip_days,
            "forecast": stands.forecast.isoformat() if stands.forecast else None,
        }

    def _compared(self, now: Picture, before: Picture) -> dict[str, Any]:
        """What has changed between two dates, desa by desa."""
        served = REASONS.index(Reason.SERVED)
        pairs: dict[str, tuple[Mask, Mask]] = {
            "connected": (before.connected & before.exists, now.connected & now.exists),
            "served": ((before.reason == served) & before.exists, (now.reason == served) & now.exists),
        }
        found: dict[str, Any] = {"at": before.on.isoformat()}
        for word, (then, today) in pairs.items():
            desa = now.book.desa
            found[word] = {
                "before": int((then & desa).sum()),
                "gained": self._names(now.book, today & ~then & desa),
                "lost": self._names(now.book, then & ~today & desa),
            }
        return found

    def _names(self, book: VillageBook, among: Mask) -> list[dict[str, str]]:
        codes = [book.codes[at] for at in np.flatnonzero(among).tolist()]
        return [{"code": c, "name": self.name(c), "kecamatan": self.name(c.rpartition(".")[0])} for c in codes]


def open_coverage(installation: Installation) -> CoverageBook:
    """Reads what every date is answered from. Evidence is read for each date asked for."""
    store = SqlCoverageStore(installation.database.engine)
    home = installation.regions.home() or ""
    regions = installation.regions.within(home) if home else ()
    statistics = [row for row in store.statistics() if lies_in(row.region_code, home)]
    book = VillageBook.of((region.code for region in regions), statistics)
    ground, rows = store.ground()
    return CoverageBook(
        home,
        {str(region.code): region.name for region in regions},
        CoverageHistory.of(book, ground, rows),
        store.targets(),
        store,
        installation.loaded.settings.coverage.demands(),
        installation.today(),
    )


def plain_counts(counts: Counts) -> dict[str, Any]:
    return {
        "villages": counts.villages,
        "connected": counts.connected,
        "served": counts.served,
        "notServed": counts.not_served,
        "unmeasured": counts.unmeasured,
        "onPaper": counts.on_paper,
        "connectedUnmeasured": counts.connected_unmeasured,
        "others": {internet.value: count for internet, count in (counts.others or {}).items()},
    }


def plain_forecast(forecast: Forecast | None) -> dict[str, Any] | None:
    if forecast is None:
        return None
    days = {"expected": forecast.expected, "earliest": forecast.earliest, "latest": forecast.latest}
    return {
        "pacePerMonth": round(forecast.pace, 2),
        "months": forecast.months,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


def _plain_target(target: Target) -> dict[str, Any]:
    return {
        "value": target.value,
        "kind": target.kind.value,
        "document": target.document,
        "decidedOn": target.decided_on.isoformat() if target.decided_on else None,
    }
