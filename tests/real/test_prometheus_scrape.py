"""A real Prometheus scrapes the real HTTP application: the rate of a known traffic comes out right.

The polls are fake: a counter that grows by a known rate is read at slightly uneven times, as real polls are, and
scraped at times that have nothing to do with them.
"""

import asyncio
import re
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from domain.polling import Budget, Column, Fleet, Kind, Outcome, PlanBook, Sweep
from domain.time import Moment
from exporters.exposition import DeviceTable, Page, Renderer
from exporters.http import Compression, HttpServer, metrics_app
from exporters.own_health import OwnHealth
from exporters.prometheus import RULES_FILE, render_config, rules_text

BYTES_PER_SECOND = 1_000_000
POLL_SECONDS = 1.0
SECONDS = 17.0
NAME = 'desa "Cibodas"\\1'

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        shutil.which("prometheus") is None, reason="Prometheus is not installed (apt install prometheus)"
    ),
]


class WallClock:
    def now(self) -> Moment:
        return Moment(time.monotonic(), time.time())


class AlwaysReady:
    async def reasons(self) -> Sequence[str]:
        return ()


class FakePolls:
    """One device whose counter is read about every second, and one that can fall silent."""

    def __init__(self) -> None:
        self.fleet, plans = Fleet(), PlanBook()
        self.renderer = Renderer(self.fleet)
        columns = [
            Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime"),
            Column("1.3.6.1.2.1.31.1.1.1.6.1", Kind.COUNTER64, "interfaces", "ifHCInOctets", "ether1"),
        ]
        for name in (NAME, "silent"):
            device = self.fleet.put(name, plans.intern(columns, Budget()))
            self.renderer.prepare(device, zone="kota", interval_seconds=POLL_SECONDS)
        self.quiet = False

    def table(self) -> DeviceTable:
        none, info = np.full(2, np.nan), (NAME, "kota", "ds-cibodas", "Cibodas", "Bungursari", "router", "")
        infos = (info, ("silent", *info[1:]))
        counts = np.zeros((2, len(Outcome)), np.int64)
        return DeviceTable(infos, np.array([4, 2]), none, none, none, counts, none, none, none, np.zeros(2, np.int64))

    async def run(self) -> None:
        dice = np.random.default_rng(5)
        while True:
            self._poll()
            await asyncio.sleep(POLL_SECONDS * dice.uniform(0.95, 1.05))

    def _poll(self) -> None:
        at, steady, device = time.time(), time.monotonic(), np.array([0, 1])
        answered = np.array([True, not self.quiet])
        total = np.array([0, 2**53 + round(at * BYTES_PER_SECOND)] * 2, np.uint64)
        mine = np.repeat(answered, 2)
        sweep = Sweep(
            device=device, generation=self.fleet.generation[device],
            outcome=np.where(answered, Outcome.OK, Outcome.SILENT).astype(np.uint8), started=np.full(2, steady - 0.01),
            answered_at=np.where(answered, at, np.nan), answered_steady=np.where(answered, steady, np.nan),
            round_trip=np.full(2, 0.01), attempts=np.ones(2, np.int64), bytes_used=np.full(2, 100),
            row=np.repeat([0, 1], 2)[mine], cell=np.arange(4)[mine], raw=total[mine], valid=mine[mine],
        )  # fmt: skip
        self.renderer.render(sweep, total[mine], mine[mine], total[mine].astype(np.float64))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def start(folder: Path, address: str) -> subprocess.Popen[bytes]:
    words = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", f"--web.listen-address={address}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(["prometheus", *words], cwd=folder, stdout=log, stderr=log)


@asynccontextmanager
async def prometheus(folder: Path, exporter: str) -> AsyncIterator[httpx.AsyncClient]:
    """A Prometheus with our own configuration, and a second job that takes the scrape's time instead of the poll's."""
    address = f"127.0.0.1:{free_port()}"
    config = re.sub(r"((?:scrape|evaluation)_(?:interval|timeout)): \d+s", r"\1: 1s", render_config(exporter, 2))
    other = config[config.index("  - job_name") :].replace("job_name: kentongan", "job_name: unstamped")
    config += other.replace("honor_timestamps: true", "honor_timestamps: false")
    (folder / "prometheus.yml").write_text(config)
    (folder / RULES_FILE).write_text(rules_text())
    process = start(folder, address)
    try:
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=10) as client:
            while not await is_ready(client):
                assert process.poll() is None, (folder / "log").read_text()
                await asyncio.sleep(0.1)
            yield client
    finally:
        process.terminate()
        process.wait(20)


async def is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/-/ready")).status_code == 200
    except httpx.TransportError:
        return False


async def query(client: httpx.AsyncClient, expr: str) -> list[dict[str, object]]:
    answer = (await client.get("/api/v1/query", params={"query": expr})).json()
    assert answer["status"] == "success", answer
    result: list[dict[str, object]] = answer["data"]["result"]
    return result


async def values(client: httpx.AsyncClient, expr: str) -> list[float]:
    return [float(row["value"][1]) for row in await query(client, expr)]  # type: ignore[index]


def test_a_known_traffic_has_its_rate(tmp_path: Path) -> None:
    asyncio.run(_scrape(tmp_path))


async def _scrape(folder: Path) -> None:
    polls = FakePolls()
    health = OwnHealth("1.2.3")
    page = Page(polls.renderer, polls.table, health.text, WallClock())
    app = metrics_app(page, AlwaysReady(), version="1.2.3", compression=Compression.ALWAYS)
    server = HttpServer(app, port=0)
    await server.start()
    polling = asyncio.create_task(polls.run())
    try:
        async with prometheus(folder, server.url) as client:
            silent = 'kentongan_interface_receive_bytes_total{job="kentongan",device="silent"}'
            await asyncio.sleep(SECONDS / 2)
            while not await values(client, f"count_over_time({silent}[1m]) > 3"):
                await asyncio.sleep(0.5)  # a slow machine; the test's own time limit ends it
            polls.quiet = True
            await asyncio.sleep(SECONDS / 2)
            series = 'kentongan_interface_receive_bytes_total{job="%s",device=~"desa.*"}'
            stamped, unstamped = series % "kentongan", series % "unstamped"
            (rate,) = await values(client, f"rate({stamped}[10s] offset 2s)")
            assert rate == pytest.approx(BYTES_PER_SECOND, rel=0.02)
            # every rate of two neighbouring samples, which is where the scrape's time would show
            rates = await values(client, f"max_over_time(irate({stamped}[5s])[10s:1s] offset 2s) - {BYTES_PER_SECOND}")
            assert rates == [pytest.approx(0, abs=0.02 * BYTES_PER_SECOND)]
            (wrong,) = await values(
                client, f"max_over_time(irate({unstamped}[5s])[10s:1s] offset 2s) - {BYTES_PER_SECOND}"
            )
            assert abs(wrong) > 0.02 * BYTES_PER_SECOND, "this test could not tell the poll's time from the scrape's"
            (row,) = await query(client, f"timestamp({stamped})")
            assert float(row["value"][1]) % 1 != 0  # type: ignore[index]

            (row,) = await query(client, 'kentongan_device_info{job="kentongan",device!="silent"}')
            metric = row["metric"]
            assert isinstance(metric, dict)
            assert (metric["device"], metric["zone"], metric["kecamatan"]) == (NAME, "kota", "Bungursari")

            assert await values(client, f"count_over_time({silent}[5s])") == [], "an old value was shown again"
            assert await values(client, f"count_over_time({silent}[1m]) > 3") != []
            assert await values(client, 'kentongan_device_state{job="kentongan",device="silent"}') == [2]
            assert await values(client, 'up{job="kentongan"}') == [1]
            assert len(await values(client, 'process_resident_memory_bytes{job="kentongan"}')) == 1
            assert await values(client, "prometheus_target_scrapes_sample_duplicate_timestamp_total") == []
    finally:
        polling.cancel()
        await server.stop()
