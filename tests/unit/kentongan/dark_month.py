"""An installation of Purwakarta with one desa, whose router was dark for three hours of last month, charged to PLN."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.incidents import (
    Cause,
    CauseKind,
    Condition,
    Confidence,
    Incident,
    Liable,
    Member,
    Party,
    Phase,
    Urgency,
    Verdict,
    VerdictKind,
)
from domain.network import Device, RegionCode, Role, Site, SiteKind, Stage
from domain.states import State, StateChange
from kentongan.installation import Installation
from kentongan.settings import load_settings
from tests.command_line import status_of

WIB = ZoneInfo("Asia/Jakarta")
FIRST = (datetime.now(WIB).replace(day=1, hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)).replace(day=1)
PERIOD = f"{FIRST:%Y-%m}"
FELL, ROSE = FIRST + timedelta(days=2, hours=10), FIRST + timedelta(days=2, hours=13, milliseconds=750)
VILLAGE = RegionCode("32.14.01.2010")


def prepare_dark_month() -> None:
    """In the working folder."""
    assert status_of("init", "--kabupaten", "32.14") == 0
    with Installation(load_settings(None), "siti").open() as installation:
        site = Site("ds", "Desa Citalang", SiteKind.DESA, VILLAGE, stage=Stage.ACTIVE, stage_date=date(2019, 5, 1))
        installation.inventory.write([site, Device("rtr", "ds", Role.ROUTER)])
        installation.states.apply(
            [
                StateChange(FIRST - timedelta(days=1), "rtr", State.UNKNOWN, State.UP, ""),
                StateChange(FELL + timedelta(milliseconds=250), "rtr", State.UP, State.DOWN, "icmp-silent"),
                StateChange(ROSE, "rtr", State.DOWN, State.UP, ""),
            ]
        )
        installation.incidents.save([dark_incident()])


def dark_incident() -> Incident:
    return Incident(
        id="k7f3-2qxm",
        condition=Condition.OUTAGE,
        cause=Cause(CauseKind.SITE, "ds"),
        reason="icmp-silent",
        urgency=Urgency.PAGE,
        started_at=FELL - timedelta(seconds=60),
        detected_at=FELL,
        members=(Member("rtr", FELL - timedelta(seconds=60), ROSE),),
        verdict=Verdict(VerdictKind.POWER, Confidence.MEDIUM, preliminary=False),
        liable=Liable(Party.PLN, "W3"),
        phase=Phase.RESOLVED,
        resolved_at=ROSE,
    )
