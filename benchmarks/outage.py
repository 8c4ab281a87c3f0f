"""From a cut to the first word of it: links of a ring of real routers are cut, and a webhook is waited for.

Before the cuts one link of the ring is cut for good, so that every further cut leaves somebody in the dark. The moment
of a cut has nothing to do with the moments of the echoes: it is chosen by a die. Beside it a few cuts as the shipped
wait for an echo (3 s) tells them, and as blackbox_exporter, Prometheus and Alertmanager tell them.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.cuts import Heard, Hook, StageError, hook, kentongan, seen_up, wait
from benchmarks.peers import alertmanager
from domain.network import Role
from lab.errors import LabError
from lab.real import RealLab, ring_layout

STANDING = "r2-r3"
TOLD_WITHIN_SECONDS = 60.0
_CADENCE = {
    "KENTONGAN_POLLING__WAKE_SECONDS": "0.05",
    "KENTONGAN_POLLING__FIBRE__SNMP_SECONDS": "2",
    "KENTONGAN_POLLING__FIBRE__SNMP_MISSES": "2",
    "KENTONGAN_POLLING__FIBRE__ICMP_SECONDS": "1",
    "KENTONGAN_POLLING__FIBRE__ICMP_MISSES": "3",
    "KENTONGAN_ALERTS__SETTLE_SECONDS": "2",
    "KENTONGAN_ALERTS__RETURN_HOLDS_SECONDS": "1",
    "KENTONGAN_LOG__LEVEL": "warning",
}
HURRY = {
    "KENTONGAN_POLLING__FIBRE__ICMP_TIMEOUT_SECONDS": "0.3",
    "KENTONGAN_POLLING__FIBRE__ICMP_RECHECK_SECONDS": "0.2",
}


@dataclass(frozen=True, slots=True)
class Cut:
    """seconds: from the cut to the webhook. named: the link is the cause, or named as indistinct from it. more: notices
    beside the one that opened it and the one that resolved it."""

    link: str
    seconds: float
    named: bool
    members: int
    more: int


def targets(lab: RealLab) -> list[str]:
    """Every link whose cut darkens somebody while STANDING is cut: the way in is not for us to cut."""
    return [link.name for link in lab.inventory().links if link.name != STANDING]


def measure(lab: RealLab, told: Hook, settings: Mapping[str, str], count: int, dice: random.Random) -> list[Cut]:
    """`count` cuts, each link as often as any other, each mended and over before the next."""
    links, since = targets(lab), len(told.heard)
    order = [link for _round in range(-(-count // len(links))) for link in dice.sample(links, len(links))][:count]
    with kentongan(lab, told, {**_CADENCE, **settings}):
        told.until(_is("opened", "degraded"), since, TOLD_WITHIN_SECONDS)  # of STANDING
        return [_cut(lab, told, link, dice) for link in order]


def _cut(lab: RealLab, told: Hook, link: str, dice: random.Random) -> Cut:
    wait(lambda: seen_up(lab), 60, "all was well again")
    time.sleep(dice.random())
    since = len(told.heard)
    began = time.monotonic()
    lab.cut(link)
    try:
        opened = told.until(_is("opened", "outage"), since, TOLD_WITHIN_SECONDS)
    finally:
        lab.restore(link)
    incident = opened.body["incident"]
    told.until(lambda each: _is("resolved", "outage")(each) and _id(each) == incident["id"], since, TOLD_WITHIN_SECONDS)
    causes = [incident["cause"], *incident["indistinct"]]
    return Cut(
        link,
        opened.at - began,
        any(cause["name"] == link for cause in causes),
        len(incident["members"]),
        len(told.heard) - since - 2,
    )


def _is(event: str, condition: str) -> Callable[[Heard], bool]:
    return lambda each: (each.body["event"], each.body["incident"]["condition"]) == (event, condition)


def _id(each: Heard) -> str:
    return str(each.body["incident"]["id"])


def summed(seconds: Sequence[float]) -> dict[str, object]:
    """p95: of few cuts that is nearly the slowest."""
    return {
        "cuts": len(seconds),
        "p50Seconds": round(float(np.percentile(seconds, 50)), 2),
        "p95Seconds": round(float(np.percentile(seconds, 95)), 2),
        "maxSeconds": round(max(seconds), 2),
    }


def figures(cuts: Sequence[Cut]) -> dict[str, object]:
    """named: cuts whose link is the cause, or named as indistinct from it. slowest: the three slowest, for who asks."""
    slowest = sorted(cuts, key=lambda cut: -cut.seconds)[:3]
    return summed([cut.seconds for cut in cuts]) | {
        "named": sum(cut.named for cut in cuts),
        "moreNotices": sum(cut.more for cut in cuts),
        "darkMost": max(cut.members for cut in cuts),
        "slowest": [f"{cut.link} {cut.seconds:.2f}" for cut in slowest],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cuts", type=int, default=50)
    parser.add_argument("--patient-cuts", type=int, default=5)
    parser.add_argument("--peer-cuts", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    try:
        with RealLab(layout=ring_layout()) as lab:
            lab.cut(STANDING)
            wait(lambda: all(map(lab.reaches, lab.addresses)), 10, "the ring went the other way round")
            found: dict[str, object] = {"icmpSeconds": 1, "settleSeconds": 2}
            with hook(lab.collector) as told:
                for key, settings, count in (
                    ("kentongan", HURRY, options.cuts),
                    ("patient", {}, options.patient_cuts),
                ):
                    if count:
                        found[key] = figures(measure(lab, told, settings, count, dice))
                if options.peer_cuts:
                    sites = [site.name for site in lab.layout.hosts.values() if site.role is not Role.ROUTER]
                    links = [link for link in targets(lab) if lab.layout.links[link].z_host in sites]
                    found["alertmanager"] = summed(alertmanager.measure(lab, told, links[: options.peer_cuts], dice))
    except (LabError, StageError) as error:
        raise SystemExit(str(error)) from error
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
