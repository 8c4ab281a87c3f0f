"""The console of a kabupaten with 600 sites and 30 open incidents, with 200 screens that watch its board.

The server is a process on one core, over a database as the service leaves it; watchers and the writer are on the other.
Measured is what a screen waits: the first byte of the board when it is opened, and the time from the commit of a change
until a screen holds the new board, whole. Nothing is polled. The watchers hold an event stream and a connection each.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import machine
from console.entrance import hash_of
from console.store import SqlAccounts, SqlSessions
from domain.accounts import Account, Session
from domain.incidents import Cause, CauseKind, Condition, Impact, Incident, Member, Place, Urgency, incident_id
from domain.network import Device, PersonRole, Region, RegionLevel, Role, Site, SiteKind
from domain.states import State, StateChange
from kentongan.installation import Installation
from kentongan.settings import load_settings

HOME = "32.14"
SITES, INCIDENTS, WATCHERS = 600, 30, 200
CHANGES = 20
OPENINGS = 200
SETTLE_SECONDS = 1.5
LONGEST_SECONDS = 30.0
KEY = "bench-{:04d}"


def fill(made: Installation, sites: int, incidents: int, watchers: int) -> None:
    """A third of the sites are villages; every site has a router and what hangs on it."""
    made.regions.load_all()
    made.regions.set_home(HOME)
    villages = [each for each in made.regions.within(HOME) if each.level is RegionLevel.VILLAGE]
    places = [_site(number, villages[number % len(villages)], number < len(villages)) for number in range(sites)]
    devices = [
        Device(
            f"{role.value}-{place.slug}",
            place.slug,
            role,
            uplink=() if role is Role.ROUTER else (f"router-{place.slug}",),
        )
        for place in places
        for role in (Role.ROUTER, Role.AP)
    ]
    made.inventory.write([*places, *devices])
    names = {str(each.code): each.name for each in made.regions.within(HOME)}
    opened = [_incident(number, places[number * 7 % len(places)], names) for number in range(incidents)]
    dark = {member.name for each in opened for member in each.members}
    now = datetime.now(UTC)
    made.states.apply(
        StateChange(now, each.name, State.UNKNOWN, State.DOWN if each.name in dark else State.UP, "icmp-silent")
        for each in devices
    )
    made.incidents.save(opened)
    SqlAccounts(made.database.engine).put(Account("bench", PersonRole.NOC))
    sessions = SqlSessions(made.database.engine)
    for number in range(watchers):
        sessions.put(Session(hash_of(KEY.format(number)), "bench", "form", now, now))


def _site(number: int, village: Region, is_village: bool) -> Site:
    """Spread over a square, as villages are."""
    row, column = divmod(number, 25)
    kind = SiteKind.DESA if is_village else SiteKind.OPD
    name = f"Desa {village.name}" if is_village else f"Dinas {number}"
    latitude, longitude = -6.75 + 0.015 * row, 107.25 + 0.012 * column
    return Site(f"site-{number:03d}", name, kind, village.code, latitude=latitude, longitude=longitude)


def _incident(number: int, site: Site, names: dict[str, str]) -> Incident:
    began = datetime.now(UTC) - timedelta(minutes=3 * number)
    device = f"router-{site.slug}"
    cause = Cause(CauseKind.DEVICE, device)
    code = str(site.region_code)
    place = Place(code, site.name, names.get(code[:8], ""))
    return Incident(
        incident_id(cause, Condition.OUTAGE, "icmp-silent", began),
        Condition.OUTAGE,
        cause,
        "icmp-silent",
        Urgency.PAGE,
        began,
        began,
        (Member(device, began), Member(f"ap-{site.slug}", began)),
        impact=Impact(villages=(place,), devices=2, population=4000),
    )


class Browser:
    """One screen: a stream of events, and a connection that fetches."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)

    async def get(self, path: str) -> tuple[float, int]:
        """(seconds to the first byte, octets of the body). Raises RuntimeError for another answer than 200."""
        began = time.perf_counter()
        self._ask(self._writer, path, "gzip")
        head = await self._reader.readuntil(b"\r\n\r\n")
        first = time.perf_counter() - began
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.decode())
        return first, await _body(head, self._reader)

    async def listen(self) -> asyncio.StreamReader:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._stream = writer
        self._ask(writer, "/live", "identity")
        await reader.readuntil(b"\r\n\r\n")
        return reader

    def _ask(self, writer: asyncio.StreamWriter, path: str, encoding: str) -> None:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: kentongan={self._key}\r\n"
            f"Accept-Encoding: {encoding}\r\n\r\n".encode()
        )


async def _body(head: bytes, reader: asyncio.StreamReader) -> int:
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), None)
    if length is not None:
        return len(await reader.readexactly(length))
    octets = 0
    while size := int(await reader.readline(), 16):
        octets += len(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return octets


class Wall:
    """All screens together. held: when each of them held the board after the change that is under way."""

    def __init__(self, count: int) -> None:
        self._count = count
        self.held: list[float] = []
        self.all = asyncio.Event()

    def begin(self) -> None:
        self.held.clear()
        self.all.clear()

    async def until_all(self) -> None:
        async with asyncio.timeout(LONGEST_SECONDS):
            await self.all.wait()

    async def watch(self, browser: Browser, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            if line.startswith(b"event: look"):
                await browser.get("/wall/board")
                self.held.append(time.perf_counter())
                if len(self.held) >= self._count:
                    self.all.set()


async def measure(made: Installation, port: int, server: int, watchers: int, changes: int) -> dict[str, object]:
    wall = Wall(watchers)
    browsers = [Browser(port, KEY.format(number)) for number in range(watchers)]
    watching = []
    for browser in browsers:
        await browser.open()
        watching.append(asyncio.create_task(wall.watch(browser, await browser.listen())))
    await wall.until_all()
    await asyncio.sleep(SETTLE_SECONDS)
    alone = Browser(port, KEY.format(0))
    await alone.open()
    openings = [(await alone.get("/"))[0] for _opening in range(OPENINGS)]
    _first, octets = await alone.get("/wall")
    began, cpu = time.perf_counter(), machine.cpu_seconds_of(server)
    all_held, cold = [], []
    incident = made.incidents.open()[0]
    for number in range(changes):
        wall.begin()
        changed = replace(incident, detail=f"change {number}", impact=replace(incident.impact, population=number))
        await asyncio.to_thread(made.incidents.save, [changed])
        written = time.perf_counter()
        await wall.until_all()
        all_held.append([at - written for at in wall.held])
        cold.append((await alone.get("/"))[0])
        await asyncio.sleep(SETTLE_SECONDS)
    spent, lasted = machine.cpu_seconds_of(server) - cpu, time.perf_counter() - began
    for task in watching:
        task.cancel()
    everybody = sorted(seconds for held in all_held for seconds in held)
    return {
        "watchers": watchers,
        "changes": changes,
        "boardKilobytes": round(octets / 1000, 1),
        "firstByteMedianMilliseconds": _milliseconds(statistics.median(openings)),
        "firstByte99Milliseconds": _milliseconds(sorted(openings)[int(0.99 * len(openings))]),
        "firstByteAfterChangeWorstMilliseconds": _milliseconds(max(cold)),
        "updateMedianSeconds": round(statistics.median(everybody), 3),
        "update99Seconds": round(everybody[int(0.99 * len(everybody))], 3),
        "updateWorstSeconds": round(everybody[-1], 3),
        "serverCpuShare": round(spent / lasted, 3),
        "serverMebibytes": round(machine.resident_mebibytes(server), 1),
    }


def _milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=SITES)
    parser.add_argument("--incidents", type=int, default=INCIDENTS)
    parser.add_argument("--watchers", type=int, default=WATCHERS)
    parser.add_argument("--changes", type=int, default=CHANGES)
    parser.add_argument("--keep", type=Path, help="a folder to keep the installation in, to look at")
    options = parser.parse_args()
    machine.allow_many_files(4 * options.watchers + 200)
    machine.pin(machine.TARGET_CORE)
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "kentongan.toml"
        file.write_text('[log]\nlevel = "warning"\n[console]\nport = 0\n[exporter]\nport = 0\n', encoding="utf-8")
        with Installation(load_settings(file, environment={}), "bench").prepare() as made:
            fill(made, options.sites, options.incidents, options.watchers)
            command = [sys.executable, "-m", "kentongan", "--config", str(file), "console"]
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            machine.pin(machine.POLLER_CORE, server.pid)
            try:
                figures = asyncio.run(measure(made, _port(server), server.pid, options.watchers, options.changes))
            finally:
                server.terminate()
                server.wait(20)
    json.dump({"sites": options.sites, "incidents": options.incidents} | figures, sys.stdout)


def _port(server: subprocess.Popen[str]) -> int:
    """As it says itself. Raises RuntimeError if it ends before."""
    assert server.stderr is not None
    for line in server.stderr:
        if "http://127.0.0.1:" in line:
            return int(line.strip().rpartition(":")[2])
    raise RuntimeError("the console did not start")


if __name__ == "__main__":
    main()
