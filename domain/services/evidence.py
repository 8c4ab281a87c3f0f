"""What a heartbeat proves: by its coming the way to us (management), by its tests the desa's internet (service)."""

from dataclasses import dataclass

from domain.services.heartbeat import Heartbeat, PathTest
from domain.services.heartbeat_board import HeartbeatBoard, Pulse
from domain.time import Moment


@dataclass(frozen=True, slots=True)
class ServiceEvidence:
    """What the site says of its own service. None: it has not said, or not lately.

    fresh: the heartbeat it comes from is not missing. booted_at_unix: from its uptime, to be fitted to a return.
    """

    site: str
    at: Moment
    fresh: bool
    internet_ok: bool | None = None
    dns_ok: bool | None = None
    loss: float | None = None
    rtt_seconds: float | None = None
    voltage_volts: float | None = None
    booted_at_unix: float | None = None
    pool_used: float | None = None
    users: int | None = None

    @property
    def serves(self) -> bool | None:
        """Whether people at the site can use the internet: names must be found and the way be open. None: not known.

        A WAN that answers ping while DNS beyond it is dead serves nobody.
        """
        if not self.fresh:
            return None
        said = [ok for ok in (self.internet_ok, self.dns_ok) if ok is not None]
        return all(said) if said else None


def evidence_of(heartbeat: Heartbeat, fresh: bool = True) -> ServiceEvidence:
    """One target that answers is enough for `internet_ok`; loss and round trip are those of the best target."""
    best = min(heartbeat.internet, key=_quality, default=None)
    pool = heartbeat.dhcp_pool
    leases = heartbeat.dhcp_leases
    users = [count for count in (heartbeat.hotspot_users, heartbeat.pppoe_users) if count is not None]
    uptime = heartbeat.uptime_seconds
    return ServiceEvidence(
        heartbeat.site,
        heartbeat.received,
        fresh,
        _any_ok(heartbeat.internet),
        _any_ok(heartbeat.dns),
        best.loss if best else None,
        best.rtt_seconds if best else None,
        heartbeat.voltage_volts,
        heartbeat.received.unix_seconds - uptime if uptime is not None else None,
        leases / pool if leases is not None and pool else None,
        sum(users) if users else None,
    )


def evidence_from(board: HeartbeatBoard, site: str) -> ServiceEvidence | None:
    """The site's last word, marked stale when its heartbeat is missing; None if it never sent one."""
    last = board.last(site)
    return evidence_of(last, board.pulse(site) is Pulse.BEATING) if last else None


def _any_ok(tests: tuple[PathTest, ...]) -> bool | None:
    return any(test.ok for test in tests) if tests else None


def _quality(test: PathTest) -> tuple[float, float]:
    return test.loss, test.rtt_seconds if test.rtt_seconds is not None else float("inf")
