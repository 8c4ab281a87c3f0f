"""prometheus-snmp-exporter from Debian with a module of the same 122 instances, scraped over HTTP by this process.

Its CPU is read from /proc; what the scraping costs is not counted.
"""

import argparse
import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks import machine, workload
from benchmarks.pacing import Drive
from domain.polling import Kind

PROGRAM = "prometheus-snmp-exporter"
_TYPES = {Kind.TEXT: "DisplayString", Kind.COUNTER32: "counter", Kind.COUNTER64: "counter"}


def module() -> dict[str, object]:
    """What snmp.yml of version 0.21 says for the workload: GETs of 41 instances, ifName as a label of all the rest."""
    index = [{"labelname": "ifIndex", "type": "gauge"}]
    name_oid = next(oid for quantity, oid, _kind in workload.TABLE if quantity == "ifName")
    lookup = [{"labels": ["ifIndex"], "labelname": "ifName", "oid": name_oid, "type": "DisplayString"}]
    metrics: list[dict[str, object]] = [
        {"name": "sysUpTime", "oid": workload.UPTIME.removesuffix(".0"), "type": "gauge", "help": "sysUpTime"},
        {"name": "sysName", "oid": workload.NAME.removesuffix(".0"), "type": "DisplayString", "help": "sysName"},
    ]
    for quantity, oid, kind in workload.TABLE:
        if quantity != "ifName":
            metrics.append(
                {
                    "name": quantity,
                    "oid": oid,
                    "type": _TYPES.get(kind, "gauge"),
                    "help": quantity,
                    "indexes": index,
                    "lookups": lookup,
                }
            )
    return {
        "get": [oid for oids in workload.instances() for oid in oids],
        "metrics": metrics,
        "version": 2,
        "max_repetitions": workload.VARBINDS,
        "timeout": "5s",
        "retries": 0,
        "auth": {"community": "public"},
    }


@contextlib.contextmanager
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    config = folder / "snmp.yml"
    config.write_text(yaml.safe_dump({"bench": module()}))
    command = [PROGRAM, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
    machine.pin(machine.POLLER_CORE)  # before it starts, so that Go counts one core and makes one thread of it
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    machine.pin(machine.TARGET_CORE)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(10)


class Scraper:
    """Keeps its HTTP connections open, as Prometheus does."""

    def __init__(self, web_port: int, snmp_port: int) -> None:
        self._web_port = web_port
        self._snmp_port = snmp_port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def poll(self, address: str) -> int:
        if self._free:
            reader, writer = self._free.pop()
        else:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._web_port, limit=1 << 20)
        path = f"/snmp?module=bench&target={address}%3A{self._snmp_port}"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(head.split(b"\r\n", 1)[0].decode() + (await reader.read(400)).decode())
        body = await _body(reader, head.lower())
        self._free.append((reader, writer))
        # the samples of the device itself, not those of the scrape
        return body.count(b"\nif") + body.count(b"\nsys")


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if b"transfer-encoding: chunked" not in head:
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return await reader.readexactly(length)
    pieces = []
    while size := int(await reader.readline(), 16):
        pieces.append((await reader.readexactly(size + 2))[:-2])
    await reader.readline()
    return b"".join(pieces)


async def wait_until_up(port: int) -> None:
    for _attempt in range(100):
        try:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError(f"{PROGRAM} does not listen on port {port}")


async def measure(pid: int, scraper: Scraper, addresses: list[str], at_once: int, paced: float) -> dict[str, object]:
    await Drive(scraper.poll).flat_out(addresses[:1000], at_once)
    drive = Drive(scraper.poll)
    cpu, wall = machine.cpu_seconds_of(pid), time.perf_counter()
    if paced:
        await drive.paced(addresses, paced)
    else:
        await drive.flat_out(addresses, at_once)
    cpu, wall = machine.cpu_seconds_of(pid) - cpu, time.perf_counter() - wall
    return {
        "devices": len(addresses),
        "microseconds": round(cpu / drive.polls * 1e6, 1),
        "pollsPerSecond": round(drive.polls / wall),
        "coreShare": round(cpu / wall, 4),
        "pollsLost": drive.lost,
        "valuesPerPoll": round(drive.values / drive.polls, 2),
        "atOnce": at_once,
        "residentMebibytes": round(machine.resident_mebibytes(pid), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--web-port", type=int, default=19116)
    parser.add_argument("--devices", type=int, default=5000)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--paced", type=float, default=0.0)
    options = parser.parse_args()
    if shutil.which(PROGRAM) is None:
        sys.exit(f"{PROGRAM} is not installed: apt-get install {PROGRAM}")
    machine.pin(machine.TARGET_CORE)
    addresses = list(workload.addresses(options.devices))

    async def work(pid: int) -> dict[str, object]:
        await wait_until_up(options.web_port)
        scraper = Scraper(options.web_port, options.port)
        return await measure(pid, scraper, addresses, options.at_once, options.paced)

    with tempfile.TemporaryDirectory() as folder, running(Path(folder), options.web_port) as child:
        figures = asyncio.run(work(child.pid))
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
