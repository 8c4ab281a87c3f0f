"""What still works but not well, in the running service: the watch, and what of it must outlive a restart."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, tzinfo

from alerts.degraded import DegradedWatch
from alerts.degraded.trend import LOOK_BACK_DAYS
from alerts.store.trends import SqlQuotas, SqlTrends, SqlUsuals
from collectors.discovery.mains import mains_signs
from collectors.profiles import Profiles
from domain.incidents import Incident
from domain.network import Inventory
from domain.polling import Fleet, MainsSign, Plan
from domain.time import Moment
from kentongan.installation import Installation


class Degraded:
    """`restore` once after the first `know`; `keep` each hour and at the end; `close_day` after midnight."""

    def __init__(
        self, installation: Installation, watch: DegradedWatch, fleet: Fleet, profiles: Profiles,
        platform: Callable[[str], str], zone: tzinfo,
    ) -> None:  # fmt: skip
        self.watch = watch
        self._fleet, self._profiles, self._platform, self._zone = fleet, profiles, platform, zone
        self._signs: dict[int, tuple[Plan, tuple[MainsSign, ...]]] = {}
        engine = installation.database.engine
        self._trends, self._usuals, self._quotas = SqlTrends(engine), SqlUsuals(engine), SqlQuotas(engine)
        self._day: date | None = None

    def know(self, inventory: Inventory) -> None:
        self.watch.know(inventory, self.signs)

    def signs(self, device: str) -> tuple[MainsSign, ...]:
        """What on a device tells of its mains; looked up once for each plan."""
        plan = self._fleet.plan(self._fleet.index(device)) if device in self._fleet else None
        if plan is None:
            return ()
        known = self._signs.get(id(plan))
        if known is None:
            known = self._signs[id(plan)] = plan, mains_signs(plan, self._profiles.get(self._platform(device)))
        return known[1]

    def restore(self, open_: Iterable[Incident], now: Moment) -> None:
        self._day = self._today(now)
        self.watch.restore(open_)
        self.watch.expect(self._usuals.read())
        self.watch.restore_quota(self._quotas.of(f"{self._day:%Y-%m}"), now)
        self.watch.take_trends(self._trends.since(self._day - timedelta(days=LOOK_BACK_DAYS)), self._day)

    def keep(self) -> None:
        """Writes; may run in a thread."""
        self._usuals.keep(self.watch.usual())
        self._quotas.keep(self.watch.quota_uses())

    def close_days(self, now: Moment) -> None:
        """Once a day has gone by: keep its medians and look at the trends anew. Writes."""
        today = self._today(now)
        if self._day is not None and today > self._day:
            self.watch.close_day(self._day, self._trends)
        self._day = today

    def _today(self, now: Moment) -> date:
        return datetime.fromtimestamp(now.unix_seconds, self._zone).date()
