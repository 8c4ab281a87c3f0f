"""`make bench`: measures Kentongan on this machine beside its peers, and writes the page and the picture of the docs.

    python -m benchmarks [--only PART …] [--quick] [--no-docs]

The figures go to benchmarks/out/figures.json; parts that are left out keep the figures of their last run there.
"""

import argparse
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks import page, picture, whole_path
from benchmarks.machine import Machine
from benchmarks.parts import Figures, PartError, run_part
from benchmarks.peers import alertmanager

ROOT = Path(__file__).parents[1]
OUT = ROOT / "benchmarks" / "out" / "figures.json"
PAGE = ROOT / "docs" / "reference" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "performance.svg"

Part = Callable[[bool], Figures]


def _whole_path(quick: bool) -> Figures:
    return dict(whole_path.measure(19161, seconds=12 if quick else 60, quick=quick))


def _country(quick: bool) -> Figures:
    if quick:
        return run_part("country", devices=20_000, interval=20, rounds=1)
    return run_part("country")


def _version3(quick: bool) -> Figures:
    if quick:
        return run_part("version3", devices=2_000, interval=12)
    return run_part("version3")


def _exposition(_quick: bool) -> Figures:
    return run_part("exposition")


def _startup(quick: bool) -> Figures:
    return run_part("startup", devices=20_000 if quick else 83_762)


def _echoes(quick: bool) -> Figures:
    return run_part("echoes", seconds=10 if quick else 60)


def _outage(quick: bool) -> Figures:
    if quick:
        return run_part("outage", cuts=5, patient_cuts=1, peer_cuts=1)
    return run_part("outage")


def _rootcause(quick: bool) -> Figures:
    if quick:
        return run_part("rootcause", villages=20_000, dark=2_400, events=100)
    return run_part("rootcause")


def _restart(quick: bool) -> Figures:
    if quick:
        return run_part("restart", villages=20_000, dark=2_400, events=10)
    return run_part("restart")


def _degraded(quick: bool) -> Figures:
    return run_part("degraded", devices=2_000 if quick else 5_000)


def _addresses(quick: bool) -> Figures:
    if quick:
        return run_part("addresses", allocations=10_000, sites=5)
    return run_part("addresses")


def _planning(quick: bool) -> Figures:
    return run_part("planning", sites=50 if quick else 500)


def _coverage(quick: bool) -> Figures:
    return run_part("coverage", villages=10_000 if quick else 83_762)


def _year_report(quick: bool) -> Figures:
    return run_part("year_report", sites=60 if quick else 600)


def _waves(quick: bool) -> Figures:
    if quick:
        return run_part("waves", sites=8, batch=4)
    return run_part("waves")


def _wallboard(quick: bool) -> Figures:
    if quick:
        return run_part("wallboard", watchers=50, changes=3)
    return run_part("wallboard")


PARTS: dict[str, Part] = {
    "wholePath": _whole_path,
    "country": _country,
    "version3": _version3,
    "exposition": _exposition,
    "startup": _startup,
    "echoes": _echoes,
    "outage": _outage,
    "rootcause": _rootcause,
    "restart": _restart,
    "degraded": _degraded,
    "addresses": _addresses,
    "planning": _planning,
    "waves": _waves,
    "coverage": _coverage,
    "wallboard": _wallboard,
    "yearReport": _year_report,
}


def versions() -> dict[str, str]:
    return {
        "snmp_exporter": _installed("prometheus-snmp-exporter"),
        **{name: _installed(name) for name in (*alertmanager.PROGRAMS, "frr")},
        "gufo-snmp": version("gufo-snmp"),
        "pysnmp": version("pysnmp"),
        "numpy": np.__version__,
        "kentongan": version("kentongan"),
    }


def _installed(package: str) -> str:
    asked = ("dpkg-query", "--show", "--showformat=${Version}", package)
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "not installed"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=str(__doc__).split("\n\n")[0])
    parser.add_argument("--only", nargs="+", choices=sorted(PARTS), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="six minutes, smaller fleets: a look, not a figure")
    parser.add_argument("--no-docs", action="store_true", help="leave docs/ as it is")
    options = parser.parse_args()
    before = json.loads(OUT.read_text(encoding="utf-8")) if OUT.exists() else {}
    figures: dict[str, Figures] = before.get("figures", {})
    began = time.monotonic()
    failed = []
    for name in options.only or PARTS:
        print(f"{name}", file=sys.stderr)
        try:
            measured = PARTS[name](options.quick)
            figures[name] = measured | {"quick": options.quick, "loadAverage": _load(), "commit": _commit()}
        except PartError as error:
            failed.append(name)
            print(f"{name} failed: {error}", file=sys.stderr)
    document = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "command": shlex.join(
            ["make", "bench"] if len(sys.argv) == 1 else ["python", "-m", "benchmarks", *sys.argv[1:]]
        ),
        "seconds": round(time.monotonic() - began),
        "machine": asdict(Machine.here()),
        "versions": versions(),
        "figures": figures,
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(document, indent=1, default=int) + "\n", encoding="utf-8")
    targets = page.targets(figures)
    for target in targets:
        print(target.line)
    if not options.no_docs and not options.quick and set(figures) == set(PARTS):
        PAGE.write_text(page.written(document, targets), encoding="utf-8")
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        PICTURE.write_text(picture.drawn(figures), encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}, {PICTURE.relative_to(ROOT)}")
    return 1 if failed else 0


def _commit() -> str:
    asked = ("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


def _load() -> float:
    return Machine.here().load_average


if __name__ == "__main__":
    sys.exit(main())
