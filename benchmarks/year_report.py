"""A year's availability report of 600 sites, from what the database holds to the PDF: twelve months, none closed.

Inventory, states, incidents and what people did to them go in by the doors of their stores, not behind them.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.incidents import (
    Act,
    ActKind,
    Cause,
    CauseKind,
    ClosingCause,
    Condition,
    Confidence,
    Incident,
    Liable,
    Member,
    Party,
    Phase,
    Place,
    Urgency,
    Verdict,
    VerdictKind,
)
from domain.incidents.incidents import Impact
from domain.network import Contract, Device, Inventory, Link, Medium, RegionCode, Role, Site, SiteKind, Stage
from domain.states import State, StateChange
from kentongan.installation import Installation
from kentongan.reporting import ReportDesk
from kentongan.settings import load_settings

SITES = 600
OUTAGES_A_MONTH = 3  # of each site
BATCH = 20_000
PROVIDERS = ("Telkom", "Icon+", "Moratel")
PARTIES = (Party.PLN, Party.PROVIDER, Party.OURS, Party.UNKNOWN)


def measure(folder: Path, sites: int) -> dict[str, object]:
    year = datetime.now(UTC).year - 1
    with Installation(load_settings(folder / "kentongan.toml"), "bench").open() as installation:
        counts = _fill(installation, year, sites)
        began, cpu = time.perf_counter(), time.process_time()
        made = ReportDesk(installation).make("availability", str(year), "pdf")
        seconds, spent = time.perf_counter() - began, time.process_time() - cpu
        began = time.perf_counter()
        ReportDesk(installation).make("incidents", str(year), "pdf")
        incidents = time.perf_counter() - began
    return {
        "sites": sites,
        **counts,
        "seconds": round(seconds, 2),
        "cpuSeconds": round(spent, 2),
        "kilobytes": len(made.octets) // 1000,
        "incidentsSeconds": round(incidents, 2),
    }


def _fill(installation: Installation, year: int, count: int) -> dict[str, object]:
    dice = random.Random(1)
    villages = [str(each.code) for each in installation.regions.within("32.14") if str(each.code).count(".") == 3]
    inventory = _inventory(villages, count)
    installation.inventory.write([*inventory.contracts, *inventory.sites, *inventory.devices, *inventory.links])
    start = datetime(year, 1, 1, tzinfo=UTC)
    changes = [
        StateChange(start - timedelta(days=2), each.name, State.UNKNOWN, State.UP, "") for each in inventory.devices
    ]
    incidents: list[Incident] = []
    acts: list[Act] = []
    for site in inventory.sites:
        for began, ended in _dark(start, dice):
            changes += [
                StateChange(began, f"rtr-{site.slug}", State.UP, State.DOWN, "icmp-silent"),
                StateChange(ended, f"rtr-{site.slug}", State.DOWN, State.UP, ""),
            ]
            incident = _incident(len(incidents), site, began, ended, dice)
            incidents.append(incident)
            acts += _acts(incident, dice)
    changes.sort(key=lambda each: each.at)
    for first in range(0, len(changes), BATCH):
        installation.states.apply(changes[first : first + BATCH])
    installation.incidents.save(incidents)
    installation.acts.append(sorted(acts, key=lambda each: each.at))
    return {"changes": len(changes), "incidents": len(incidents), "acts": len(acts)}


def _inventory(villages: list[str], count: int) -> Inventory:
    contracts = tuple(
        Contract(f"K-{name}", name, sla_percent=99.0, price_month=None, penalty_rule="per hour 0.5%")
        for name in PROVIDERS
    )
    sites, devices, links = [], [], []
    for number in range(count):
        slug, code = f"s-{number:03}", villages[number % len(villages)]
        kind = SiteKind.DESA if number < len(villages) else SiteKind.OPD
        provider = PROVIDERS[number % len(PROVIDERS)]
        sites.append(
            Site(slug, f"Site {number}", kind, RegionCode(code), f"Dinas {number}", contract=f"K-{provider}",
                 stage=Stage.ACTIVE)
        )  # fmt: skip
        devices.append(Device(f"rtr-{slug}", slug, Role.ROUTER))
        links.append(
            Link(f"wan-{slug}", f"rtr-{slug}", medium=Medium.FIBRE, provider=provider, contract=f"K-{provider}")
        )
    return Inventory(contracts=contracts, sites=tuple(sites), devices=tuple(devices), links=tuple(links))


def _dark(start: datetime, dice: random.Random) -> Iterator[tuple[datetime, datetime]]:
    """A site's outages of a year, one after the other."""
    at = start
    between = timedelta(days=30 / OUTAGES_A_MONTH)
    while True:
        began = at + dice.uniform(0.2, 1.8) * between
        ended = began + timedelta(minutes=dice.choice((4, 20, 90, 400, 2000)) * dice.uniform(0.5, 1.5))
        if ended >= start + timedelta(days=365):
            return
        yield began, ended
        at = ended


def _incident(number: int, site: Site, began: datetime, ended: datetime, dice: random.Random) -> Incident:
    party = dice.choice(PARTIES)
    named = {Party.PROVIDER: dice.choice(PROVIDERS), Party.PLN: "W3"}.get(party, "")
    cause = Cause(CauseKind.LINK, f"wan-{site.slug}") if party is Party.PROVIDER else Cause(CauseKind.SITE, site.slug)
    village = site.kind is SiteKind.DESA
    return Incident(
        id=f"{number:08}",
        condition=Condition.OUTAGE,
        cause=cause,
        reason="icmp-silent",
        urgency=Urgency.PAGE,
        started_at=began,
        detected_at=began + timedelta(seconds=60),
        members=(Member(f"rtr-{site.slug}", began, ended),),
        verdict=Verdict(dice.choice(list(VerdictKind)), Confidence.MEDIUM, preliminary=False),
        liable=Liable(party, named),
        impact=Impact(villages=(Place(str(site.region_code), site.name),) if village else (), devices=1),
        phase=Phase.RESOLVED,
        resolved_at=ended,
    )


def _acts(incident: Incident, dice: random.Random) -> Iterator[Act]:
    yield Act(incident.id, incident.detected_at + timedelta(minutes=3), "asep", ActKind.ACKNOWLEDGED)
    cause = dice.choice(list(ClosingCause)).value
    assert incident.resolved_at is not None  # all of them are over
    yield Act(incident.id, incident.resolved_at, "asep", ActKind.CLOSED, "", {"cause": cause})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=SITES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kentongan-year-report-") as folder:
        command = [sys.executable, "-m", "kentongan", "init", "--kabupaten", "32.14"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        os.chdir(folder)
        print(json.dumps(measure(Path(folder), options.sites)))


if __name__ == "__main__":
    main()
