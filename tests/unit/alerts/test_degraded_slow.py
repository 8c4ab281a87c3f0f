"""What declines over days: light against its limit, quotas against the month, addresses against the pool."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.degraded.quota import QuotaUse
from alerts.degraded.trend import line
from alerts.evidence.fades import DayMedian
from alerts.texts import Wording
from domain.incidents import CauseKind, EvidenceKind
from domain.network import Role
from domain.services.evidence import ServiceEvidence
from domain.time import Moment
from tests.unit.alerts.degraded_gear import EPOCH, Gear, counter, device, link, sensor

MONDAY = date(2026, 11, 16)


class Days:
    """A store of daily medians in memory."""

    def __init__(self) -> None:
        self.kept: list[DayMedian] = []
        self.looked_since = self.pruned_before = date.max

    def keep(self, medians: Sequence[DayMedian]) -> None:
        self.kept += medians

    def since(self, day: date) -> tuple[DayMedian, ...]:
        self.looked_since = day
        found = (each for each in self.kept if each.day >= day)
        return tuple(sorted(found, key=lambda each: (each.device, each.sensor, each.day)))

    def prune(self, before: date) -> int:
        self.pruned_before = before
        return 0


def optics() -> Gear:
    return Gear({"onu": (sensor("dbm", "Rx", "pon"), sensor("dbm", "Tx", "pon"))}, (device("onu", Role.ONU),))


def days_of(gear: Gear, store: Days, levels: Sequence[float], first: date = MONDAY) -> date:
    day = first
    for number, level in enumerate(levels):
        day = first + timedelta(days=number)
        for hour in range(24):
            gear.seconds += 3600
            gear.poll("onu", level + (0.3 if hour % 2 else -0.3), 2.0)
        gear.watch.close_day(day, store)
    return day


def test_light_that_falls_is_told_with_the_day_it_touches_the_limit() -> None:
    gear, store = optics(), Days()
    last = days_of(gear, store, [-18.6 - 4.1 * day / 9 for day in range(10)])
    assert gear.told() == {("device", "onu", "optical-low")}
    (said,) = gear.fault(CauseKind.DEVICE, "onu", "optical-low").evidence
    assert said.kind is EvidenceKind.RX_FELL
    assert {name: said.values[name] for name in ("before", "after", "change", "days", "limit")} == {
        "before": "-18.6", "after": "-22.7", "change": "4.1", "days": "9", "limit": "-27",
    }  # fmt: skip
    assert date.fromisoformat(said.values["reaches"]) == last + timedelta(days=9)
    words = Wording("id", ZoneInfo("Asia/Jakarta")).evidence(said)
    assert (
        words == "Rx onu turun 4,1 dB dalam 9 hari (−18,6 → −22,7 dBm; batas −27). Diperkirakan menyentuh batas 4 Des"
    )


def test_light_that_is_mended_ends_it_and_light_that_rests_never_begins_it() -> None:
    gear, store = optics(), Days()
    last = days_of(gear, store, [-18.6 - day / 2 for day in range(10)])
    assert gear.told()
    days_of(gear, store, [-18.6] * 14, last + timedelta(days=1))
    assert gear.told() == set()
    calm = optics()
    days_of(calm, Days(), [-25.0 + 0.2 * (day % 2) for day in range(20)])
    assert calm.told() == set()


def test_one_bad_day_does_not_bend_the_line_and_four_days_are_no_trend() -> None:
    days = list(range(12))
    level = [-18.0] * 12
    level[10] = -30.0
    trend = line(days, level, -27)
    assert trend is not None
    assert trend.fell == 0
    assert line(days[:4], level[:4], -27) is None
    assert line([0, 1, 2, 3, 4], [-18, -19, -20, -21, -22], -27) is None, "five days, but four days of time"


def test_a_season_is_kept_for_people_and_a_month_is_looked_back_at() -> None:
    gear, store = optics(), Days()
    gear.watch.close_day(MONDAY, store)
    assert store.looked_since == MONDAY - timedelta(days=30)
    assert store.pruned_before == MONDAY - timedelta(days=92)


def test_too_few_hours_make_no_day() -> None:
    gear, store = optics(), Days()
    gear.polls(60, "onu", -20.0, 2.0, every=60)
    gear.watch.close_day(MONDAY, store)
    assert store.kept == []


# -- quotas ----------------------------------------


def sim(quota: float = 100) -> Gear:
    columns = (counter("ifHCInOctets", "lte1"), counter("ifHCOutOctets", "lte1"), counter("ifHCInOctets", "ether1"))
    gear = Gear({"r1": columns}, (device("r1"),), (link("SIM A", ("r1", "lte1"), quota_gb=quota),))
    gear.seconds = datetime(2026, 11, 1, 0, 5, tzinfo=UTC).timestamp() - EPOCH
    gear.poll("r1", 0, 0, 0)
    return gear


def test_both_ways_of_the_links_own_port_count_and_ninety_percent_is_told() -> None:
    gear = sim()
    gear.seconds = datetime(2026, 11, 26, tzinfo=UTC).timestamp() - EPOCH
    gear.poll("r1", 60e9, 25e9, 900e9)
    assert gear.told() == set(), "85 of 100 GB with five days to go: the month ends at 102"
    gear.polls(1, "r1", 64e9, 26e9, 900e9)
    assert gear.told() == {("link", "SIM A", "quota")}
    values = gear.fault(CauseKind.LINK, "SIM A", "quota").evidence[0].values
    assert (values["value"], values["limit"], values["unit"]) == ("90", "100", "GB")


def test_a_month_that_will_not_see_it_out_is_told_before_with_the_day() -> None:
    gear = sim()
    gear.seconds = datetime(2026, 11, 11, tzinfo=UTC).timestamp() - EPOCH
    gear.poll("r1", 50e9, 0, 0)
    fault_of = gear.told()
    assert fault_of == {("link", "SIM A", "quota")}
    (evidence,) = gear.fault(CauseKind.LINK, "SIM A", "quota").evidence
    assert evidence.values["runs_out"] == "2026-11-21"


def test_a_new_month_begins_at_nought_and_a_restart_does_not() -> None:
    gear = sim()
    gear.seconds = datetime(2026, 11, 28, tzinfo=UTC).timestamp() - EPOCH
    gear.poll("r1", 95e9, 0, 0)
    assert gear.told() == {("link", "SIM A", "quota")}
    uses = gear.watch.quota_uses()
    assert uses == (QuotaUse("SIM A", "2026-11", 95_000_000_000),)
    again = sim()
    again.seconds = gear.seconds
    again.watch.restore_quota((*uses, QuotaUse("SIM A", "2026-10", 10**12)), again.now)
    assert again.told() == {("link", "SIM A", "quota")}
    again.seconds = datetime(2026, 12, 1, 1, tzinfo=UTC).timestamp() - EPOCH
    assert again.told() == set()


# -- pools ----------------------------------------


@pytest.mark.parametrize(("used", "told"), [(0.89, False), (0.9, True), (1.0, True), (None, False)])
def test_a_pool_of_which_nine_tenths_are_given_out(used: float | None, told: bool) -> None:
    gear = Gear({}, (device("r1"), device("ap1", Role.AP)))
    gear.watch.note_beat(ServiceEvidence("desa-a", gear.now, fresh=True, pool_used=used))
    assert gear.told() == ({("site", "desa-a", "dhcp-pool")} if told else set())
    if told:
        assert gear.fault(CauseKind.SITE, "desa-a", "dhcp-pool").members == {"r1"}


def test_a_pool_ends_below_its_lower_level_and_a_stale_heartbeat_says_nothing() -> None:
    gear = Gear({}, (device("r1"),))

    def beat(used: float, fresh: bool = True, site: str = "desa-a") -> set[tuple[str, str, str]]:
        gear.watch.note_beat(ServiceEvidence(site, Moment(0, 0), fresh=fresh, pool_used=used))
        return gear.told()

    assert beat(0.95)
    assert beat(0.2, fresh=False), "the last word of a site that is silent"
    assert beat(0.87), "between the levels"
    assert beat(0.8) == set()
    assert beat(1.0, site="nowhere") == set()
