"""An installation that polls one zone of a simulated kabupaten, and what its metrics say of it."""

import csv
import io
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from domain.network import Inventory
from lab.world import Control
from tests.real.octets import Octets
from tests.real.terminal import Running, Terminal, until

PORT = 26420
ZONE = "bojong"
OLT = "olt-bojong"
CUT = f"fo-{OLT}"
CADENCE = {
    f"KENTONGAN_POLLING__{name}__{key}": value
    for name in ("FIBRE", "RADIO", "METERED", "SLOW")
    for key, value in (("ICMP_SECONDS", "1"), ("ICMP_MISSES", "3"), ("SNMP_SECONDS", "3"), ("SNMP_MISSES", "2"))
} | {"KENTONGAN_POLLING__WAKE_SECONDS": "0.05"}  # an OLT takes a dozen requests, one after the other
DARK = (1.0, 2.0)


@dataclass(frozen=True)
class Office:
    """An installation, the devices it polls, and the world they live in."""

    terminal: Terminal
    control: Control
    polled: frozenset[str]
    shared: list[Running] = field(default_factory=list)

    @contextmanager
    def run(self, **more: str) -> Iterator[Running]:
        """A service of its own; the one that other tests share makes room for it."""
        while self.shared:
            assert self.shared.pop().end() == 0
        with self.terminal.start("run", **more) as running:
            running.wait_started()
            yield running
            assert running.end() in (0, -signal.SIGKILL), running.errors

    def rows(self, **more: str) -> dict[str, tuple[str, str, str]]:
        """What `kentongan devices` says of the polled ones: state, reason, since."""
        found = self.terminal.json("devices", **more)
        return {row["name"]: (row["state"], row["reason"], row["since"]) for row in found if row["name"] in self.polled}

    def all_up(self, running: Running) -> bool:
        states = running.scrape().values("kentongan_device_state")
        return all(states.get(name) == 4.0 for name in self.polled)

    def sees_the_dark(self, running: Running) -> bool:
        """Whether the service calls dark whom the world made dark, and nobody else."""
        names = self.control.status()["darkDevices"]
        assert isinstance(names, list)
        states = running.scrape().values("kentongan_device_state")
        return {name for name in self.polled if states.get(name) in DARK} == set(names) & self.polled


def changes_made(running: Running) -> float:
    return sum(value for _labels, value, _at in running.scrape().samples("kentongan_state_changes_total"))


def polls_made(running: Running) -> float:
    return running.scrape().value("kentongan_polls_total", kind="snmp")


def late_after(running: Running, octets: Octets, count: int, seconds: float = 80) -> set[str]:
    """Take scrapes until everybody has answered `count` times more; who has not in time."""

    def answers() -> dict[str, float]:
        scrape = running.scrape()
        octets.take(scrape)
        polled = scrape.values("kentongan_device_poll_interval_seconds")
        return {
            labels["device"]: value
            for labels, value, _at in scrape.samples("kentongan_poll_outcomes_total")
            if labels["outcome"] == "ok" and labels["device"] in polled
        }

    before = answers()
    late: set[str] = set(before)

    def nobody_is_late() -> bool:
        late.clear()
        late.update(name for name, now in answers().items() if now < before.get(name, 0) + count)
        return not late

    if not until(nobody_is_late, seconds, 0.7):
        outcomes = running.scrape().samples("kentongan_poll_outcomes_total")
        print([(labels, value) for labels, value, _at in outcomes if labels["device"] in late and value])
        print(running.errors[-6000:])
    return late


def edited(content: bytes, changes: Mapping[str, Mapping[str, str]], rest: Mapping[str, str]) -> bytes:
    """A table with columns changed: `changes` by name of the device or service, `rest` for all others."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    writer = csv.DictWriter(out := io.StringIO(), rows[0].keys())
    writer.writeheader()
    writer.writerows(row | dict(changes.get(row["name"], rest)) for row in rows)
    return out.getvalue().encode()


def zone_and_ways(inventory: Inventory) -> dict[str, bool]:
    """The devices of the zone and all that stand before them; whether anybody checks each."""
    devices = {device.name: device for device in inventory.devices}
    chosen = {name for name, device in devices.items() if device.zone == ZONE}
    waiting = list(chosen)
    while waiting:
        new = {up for up in devices[waiting.pop()].uplink if up not in chosen}
        chosen |= new
        waiting += new
    return {name: devices[name].check.value != "none" for name in chosen}
