"""What coverage is told by, in columns: sites and their stages, evidence of service, users. Writes evidence and users.

Evidence is kept as totals that only grow: a window is the difference of two days, whatever lies between them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import ColumnElement, Connection, Engine, Text, and_, cast, func, select

from domain.coverage.columns import StageRows
from domain.coverage.evidence import CLASSES, EvidenceDay, UseDay, Window
from domain.coverage.picture import Ground
from domain.coverage.stages import NETWORK
from domain.network import PollClassName, RegionCode, Stage, Target, Village, key_of
from inventory.store.coverage_tables import village_evidence, village_use
from inventory.store.rows import upsert
from inventory.store.tables import sites, stages, targets, villages

TOTALS: Final = ("service_total", "up_total", "dark_total", "use_days_total")
STALE: Final = timedelta(days=3)
"""Evidence that ends so long before the date asked for says nothing of it."""


@dataclass(frozen=True, slots=True)
class UseMonth:
    """Users of one village in one month. Each peak is the most at one time; mean_users: of the days' peaks."""

    region_code: str
    month: str
    days: int
    leases: int | None
    hotspot: int | None
    pppoe: int | None
    wifi: int | None
    users: int | None
    mean_users: float | None


class SqlCoverageStore:
    """Reads the inventory's own tables beside those of evidence."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def ground(self) -> tuple[Ground, StageRows]:
        """Sites that lie in a region, and the stages of all sites."""
        plain = (
            sites.c.slug,
            sites.c.region_code,
            cast(sites.c.kind, Text),
            sites.c.counts_for_coverage,
            cast(sites.c.stage, Text),
            cast(sites.c.stage_date, Text),
            sites.c.document_no,
        )
        told = (
            stages.c.slug,
            cast(stages.c.stage, Text),
            cast(stages.c.on, Text),
            stages.c.document_no,
            cast(stages.c.recorded_on, Text),
        )
        with self._reader.connect() as connection:
            rows = connection.execute(select(*plain)).all()
            entries = connection.execute(select(*told)).all()
        columns: list[list[Any]] = [list(each) for each in zip(*entries, strict=True)] or [[] for _each in told]
        known = frozenset(columns[0])
        undated = {}
        for slug, _region, _kind, _counts, stage, on, document in rows:
            if slug in known:
                continue
            if on is None:
                undated[slug] = Stage(stage)
                continue
            for column, value in zip(columns, (slug, stage, on, document, None), strict=True):
                column.append(value)
        carries = {kind.value for kind in NETWORK}
        ground = Ground(
            [row[0] for row in rows],
            [row[1] or "" for row in rows],
            [row[3] and row[2] not in carries for row in rows],
            undated,
        )
        return ground, StageRows(*columns)

    def statistics(self) -> tuple[Village, ...]:
        with self._reader.connect() as connection:
            return tuple(Village(RegionCode(row[0]), *row[1:]) for row in connection.execute(select(villages)))

    def targets(self) -> tuple[Target, ...]:
        with self._reader.connect() as connection:
            return tuple(sorted((Target(*row) for row in connection.execute(select(targets))), key=key_of))

    def last_day(self) -> date | None:
        """The newest day of which evidence was kept."""
        with self._reader.connect() as connection:
            return _newest(connection, date.max)

    def window(self, places: Mapping[str, int], on: date, days: int) -> Window:
        """Evidence of the `days` days that end with `on`. places: of the villages, by code."""
        with self._reader.connect() as connection:
            last = _newest(connection, on)
            if last is None or on - last > STALE:
                return Window.empty(len(places))
            rows = _differences(connection, last, _newest(connection, last - timedelta(days=days)))
        codes, *totals, speeds, classes = zip(*rows, strict=True)
        at = np.fromiter((places.get(code, -1) for code in codes), np.int64, len(rows))
        here = np.flatnonzero(at >= 0)
        at = at[here]
        sums = np.zeros((len(TOTALS), len(places)), np.int64)
        speed_on, class_ = np.zeros(len(places), np.int32), np.zeros(len(places), np.uint8)
        known = np.zeros(len(places), np.bool_)
        for sum_, total in zip(sums, totals, strict=True):
            sum_[at] = np.fromiter(total, np.int64, len(rows))[here]
        if any(speeds):
            speed_on[at] = np.array([each or "1970-01-01" for each in speeds], "datetime64[D]").astype(np.int32)[here]
        class_[at] = np.fromiter(map(_PLACE_OF_CLASS.__getitem__, classes), np.uint8, len(rows))[here]
        known[at] = True
        service, up, dark, use_days = sums
        return Window(service, up, dark, use_days, speed_on, class_, known, last)

    def add_evidence(self, days: Iterable[EvidenceDay]) -> None:
        """One day of some villages, on top of the newest day before it. Days are to be added in their order."""
        found = {each.region_code: each for each in days}
        if not found:
            return
        (day,) = {each.day for each in found.values()}
        with self._engine.begin() as connection:
            before = _newest(connection, day - timedelta(days=1))
            old = {row[0]: row for row in _read(connection, before)} if before else {}
            rows = [_grown(each, old.get(code)) for code, each in sorted(found.items())]
            # Who is not seen any more keeps its totals: else its window would be empty, not old.
            rows += [_grown(_nothing(code, row, day), row) for code, row in sorted(old.items()) if code not in found]
            upsert(connection, village_evidence, rows)

    def add_use(self, days: Sequence[UseDay]) -> None:
        """What was counted so far today; of what is kept already the larger number stays."""
        if not days:
            return
        names = ("leases", "hotspot", "pppoe", "wifi", "users")
        with self._engine.begin() as connection:
            query = select(village_use).where(village_use.c.day.in_({each.day for each in days}))
            kept = {(row.day, row.region_code): row for row in connection.execute(query)}
            rows = []
            for each in days:
                old = kept.get((each.day, each.region_code))
                row: dict[str, Any] = {"day": each.day, "region_code": each.region_code}
                for name in names:
                    row[name] = _larger(getattr(each, name), getattr(old, name) if old else None)
                row["octets"] = each.octets + (old.octets if old else 0)
                rows.append(row)
            upsert(connection, village_use, rows)

    def use_on(self, day: date) -> dict[str, UseDay]:
        table = village_use.c
        with self._reader.connect() as connection:
            rows = connection.execute(select(village_use).where(table.day == day)).all()
        return {row.region_code: UseDay(row.region_code, row.day, *row[2:]) for row in rows}

    def use_months(self, since: date, until: date) -> tuple[UseMonth, ...]:
        """By village and month, of the days [since, until]."""
        table = village_use.c
        month = func.substr(cast(table.day, Text), 1, 7)
        peaks = (func.max(each) for each in (table.leases, table.hotspot, table.pppoe, table.wifi, table.users))
        query = (
            select(table.region_code, month, func.count(), *peaks, func.avg(table.users))
            .where(table.day >= since, table.day <= until)
            .group_by(table.region_code, month)
        )
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(sorted(map(_month, rows), key=_by_village))

    def volumes(self, since: date, until: date) -> tuple[tuple[str, int, int, int | None], ...]:
        """By village, of the days [since, until]: octets, how many days were kept, the most users of one day."""
        table = village_use.c
        query = (
            select(table.region_code, func.sum(table.octets), func.count(), func.max(table.users))
            .where(table.day >= since, table.day <= until)
            .group_by(table.region_code)
            .order_by(table.region_code)
        )
        with self._reader.connect() as connection:
            return tuple((str(code), int(sum_), days, users) for code, sum_, days, users in connection.execute(query))


_PLACE_OF_CLASS: Final = {each.value: at for at, each in enumerate(CLASSES)}


def _newest(connection: Connection, until: date) -> date | None:
    found: date | None = connection.scalar(
        select(func.max(village_evidence.c.day)).where(village_evidence.c.day <= until)
    )
    return found


def _read(connection: Connection, day: date) -> Sequence[Any]:
    table = village_evidence.c
    query = select(
        table.region_code,
        *(table[name] for name in TOTALS),
        table.speed_mbps,
        cast(table.speed_on, Text),
        cast(table.class_, Text),
    )
    return connection.execute(query.where(table.day == day)).all()


def _differences(connection: Connection, last: date, before: date | None) -> Sequence[Any]:
    """What was added to each village's totals after the day `before`, up to the day `last`; with its last speed test
    and its class."""
    end, start = village_evidence.alias("end_"), village_evidence.alias("start_")
    totals: list[ColumnElement[Any]] = [end.c[name] for name in TOTALS]
    source: Any = end
    if before is not None:
        source = end.outerjoin(start, and_(start.c.day == before, start.c.region_code == end.c.region_code))
        totals = [end.c[name] - func.coalesce(start.c[name], 0) for name in TOTALS]
    query = select(end.c.region_code, *totals, cast(end.c.speed_on, Text), cast(end.c.class_, Text))
    return connection.execute(query.select_from(source).where(end.c.day == last)).all()


def _grown(day: EvidenceDay, old: Any) -> dict[str, Any]:
    added = (day.service_seconds, day.up_seconds, day.dark_seconds, int(day.used))
    totals = dict(zip(TOTALS, ((old[at + 1] if old else 0) + each for at, each in enumerate(added)), strict=True))
    fast = day.speed_mbps is not None
    return {
        "day": day.day,
        "region_code": day.region_code,
        **totals,
        "speed_mbps": day.speed_mbps if fast else old[5] if old else None,
        "speed_on": day.day if fast else date.fromisoformat(old[6]) if old and old[6] else None,
        "class_": day.class_,
    }


def _nothing(code: str, old: Any, day: date) -> EvidenceDay:
    return EvidenceDay(code, day, 0, 0, 0, class_=PollClassName(old[7]))


def _larger(one: int | None, other: int | None) -> int | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _month(row: Sequence[Any]) -> UseMonth:
    code, month, days, leases, hotspot, pppoe, wifi, users, mean = row
    rounded = None if mean is None else round(float(mean), 1)
    return UseMonth(code, month, days, leases, hotspot, pppoe, wifi, users, rounded)


def _by_village(month: UseMonth) -> tuple[str, str]:
    return month.region_code, month.month
