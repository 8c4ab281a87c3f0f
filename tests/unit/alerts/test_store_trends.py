"""Daily medians, usual paths and quotas in SQLite: what is kept comes back as it was, and a second time replaces."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, create_engine

from alerts.degraded.baselines import Usual
from alerts.degraded.quota import QuotaUse
from alerts.evidence.fades import DayMedian
from alerts.store.trends import SqlQuotas, SqlTrends, SqlUsuals
from alerts.store.trends_tables import metadata

FIRST, LAST = date(2026, 10, 30), date(2026, 11, 2)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_medians_come_back_by_device_sensor_and_day(engine: Engine) -> None:
    store = SqlTrends(engine)
    days = [DayMedian("b", "Rx", "sfp1", LAST, -19.25), DayMedian("a", "Rx 2", "", FIRST, -18.0)]
    store.keep([*days, DayMedian("a", "Rx 2", "", LAST, -18.5)])
    store.keep([DayMedian("a", "Rx 2", "", LAST, -18.75)])
    assert store.since(FIRST) == (days[1], DayMedian("a", "Rx 2", "", LAST, -18.75), days[0])
    assert [each.device for each in store.since(LAST)] == ["a", "b"]
    assert store.prune(LAST) == 1
    assert len(store.since(FIRST)) == 2
    store.keep([])


def test_what_is_usual_and_quotas_are_replaced(engine: Engine) -> None:
    usuals, quotas = SqlUsuals(engine), SqlQuotas(engine)
    usuals.keep([Usual("r1", 100, -6.5, 0.25, 0.0)])
    usuals.keep([Usual("r1", 4000, -6.25, 0.125, 0.5)])
    assert usuals.read() == (Usual("r1", 4000, -6.25, 0.125, 0.5),)
    big = QuotaUse("SIM", "2026-11", 5 * 10**12)
    quotas.keep([QuotaUse("SIM", "2026-11", 7), QuotaUse("SIM", "2026-10", 9)])
    quotas.keep([big])
    assert quotas.of("2026-11") == (big,)
