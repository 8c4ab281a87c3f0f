"""`kentongan run` inside a ring of real routers: what a cut darkens, the collector cannot reach either.

One story, because each chapter stands on the one before: the ring loses its spare way and nobody is dark; a second cut
darkens what lies between the two; both are mended. Every notice that a webhook gets is looked at.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.network import Inventory
from inventory.exporting import export_tables
from lab.real import RealLab, missing_requirements, ring_layout
from lab.real.credentials import COMMUNITY
from tests.real.listener import Heard, listening
from tests.real.terminal import Running, Terminal, until

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(150),
    pytest.mark.skipif(
        bool(missing_requirements(ospf=True)) or shutil.which("ping") is None,
        reason="a ring of real routers needs root, FRR, snmpd and ping",
    ),
]

HOOK_PORT = 9876
SETTINGS = {
    "KENTONGAN_POLLING__WAKE_SECONDS": "0.05",
    "KENTONGAN_POLLING__FIBRE__SNMP_SECONDS": "2",
    "KENTONGAN_POLLING__FIBRE__SNMP_MISSES": "2",
    "KENTONGAN_POLLING__FIBRE__ICMP_SECONDS": "1",
    "KENTONGAN_POLLING__FIBRE__ICMP_MISSES": "3",
    "KENTONGAN_POLLING__FIBRE__ICMP_TIMEOUT_SECONDS": "0.5",
    "KENTONGAN_POLLING__FIBRE__ICMP_RECHECK_SECONDS": "0.2",
    "KENTONGAN_ALERTS__SETTLE_SECONDS": "2",
    "KENTONGAN_ALERTS__STRAGGLE_SECONDS": "5",
    "KENTONGAN_ALERTS__RETURN_HOLDS_SECONDS": "5",
    "KENTONGAN_NOTIFY__WEBHOOKS": f"http://127.0.0.1:{HOOK_PORT}/",
}
FIRST, SECOND = "r1-r2", "r3-r4"
BETWEEN = ["d2", "d3", "d5", "p1", "r2", "r3"]
DESA_BETWEEN = ["32.14.03.2002", "32.14.03.2003", "32.14.03.2005"]
UP = 4.0


@dataclass(frozen=True)
class Ring:
    lab: RealLab
    terminal: Terminal
    running: Running
    heard: Heard

    def shown(self) -> dict[str, float]:
        return self.running.scrape().values("kentongan_device_state")

    def all_up(self) -> bool:
        shown = self.shown()
        return len(shown) == len(self.lab.addresses) and set(shown.values()) == {UP}

    def ports(self) -> list[float]:
        """What every end of every link in the inventory says."""
        said = {
            (labels["device"], labels["interface"]): value
            for labels, value, _at in self.running.scrape().samples("kentongan_interface_oper_status")
        }
        ends = [end for link in self.lab.inventory().links for end in self.lab.layout.links[link.name].ends]
        return [said.get(end, 0.0) for end in ends]

    def ready(self) -> bool:
        """Everybody has answered, and both ends of every link were seen up."""
        return self.all_up() and set(self.ports()) == {1.0}

    def told(self) -> list[tuple[str, str, str]]:
        return [
            (body["event"], body["incident"]["condition"], body["incident"]["cause"]["name"])
            for body in self.heard.bodies()
        ]

    def incident(self, number: int) -> dict[str, Any]:
        """Of the notice of that number."""
        found: dict[str, Any] = self.heard.bodies()[number]["incident"]
        return found


def set_up_office(folder: Path, inventory: Inventory) -> None:
    terminal = Terminal(folder)
    files = folder / "files"
    files.mkdir()
    for name, content in export_tables(inventory).items():
        (files / name).write_bytes(content)
    terminal.kentongan("init", "--kabupaten", "32.14")
    terminal.kentongan("import", "files")
    terminal.kentongan("credential", "add", COMMUNITY.name, KENTONGAN_COMMUNITY=COMMUNITY.community.reveal())


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[Ring]:
    lab = RealLab(layout=ring_layout())
    with ThreadPoolExecutor(1) as beside:
        office = beside.submit(set_up_office, tmp_path, lab.inventory())
        with lab:
            office.result()
            terminal = Terminal(tmp_path, lab.collector, SETTINGS)
            with listening(terminal, HOOK_PORT, tmp_path / "heard") as heard, terminal.start("run") as running:
                running.wait_started()
                yield Ring(lab, terminal, running, heard)
                assert running.end() == 0, running.errors


def test_a_ring_that_is_cut_twice_is_told_twice(ring: Ring) -> None:
    assert until(ring.ready, 40), (ring.shown(), ring.running.errors)
    assert ring.told() == []

    ring.lab.cut(FIRST)
    first = ("opened", "degraded", FIRST)
    assert until(lambda: ring.told() == [first], 30), ring.told()
    assert ring.all_up(), "the ring goes the other way round"
    degraded = ring.incident(0)
    assert degraded["cause"]["kind"] == "link"
    assert degraded["impact"]["villages"] == degraded["impact"]["sites"] == []
    reasons = {row["id"]: row["reason"] for row in ring.terminal.json("incidents")}
    assert reasons == {degraded["id"]: "redundancy-lost"}

    ring.lab.cut(SECOND)
    assert until(lambda: len(ring.told()) > 1, 30), ring.told()
    outage = ring.incident(1)
    assert ring.told() == [first, ("opened", "outage", SECOND)], outage
    assert outage["members"] == BETWEEN
    assert [village["key"] for village in outage["impact"]["villages"]] == DESA_BETWEEN
    assert {place["kecamatan"] for place in outage["impact"]["villages"]} == {"Jatiluhur"}
    assert {name for name, state in ring.shown().items() if state < UP} == set(BETWEEN)

    ring.lab.restore(SECOND)
    ring.lab.restore(FIRST)
    assert until(lambda: len(ring.told()) >= 4, 40), ring.told()
    assert until(ring.ready, 10)
    assert sorted(ring.told()[2:]) == [("resolved", "degraded", FIRST), ("resolved", "outage", SECOND)]
    assert {body["incident"]["id"] for body in ring.heard.bodies()} == {degraded["id"], outage["id"]}
