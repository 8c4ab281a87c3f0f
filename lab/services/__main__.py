"""`python -m lab.services`: the applications and cameras of the simulated kabupaten as one process.

Prints one JSON line when it serves, then nothing; says on stderr what is wrong and ends with 1. Ends at SIGTERM,
SIGINT, SIGHUP, or (with --parent) when that process is gone.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.network import Inventory
from lab.errors import LabError
from lab.kabupaten import DEFAULT_PORT, DEFAULT_RTSP_PORT, DEFAULT_SEED, DEFAULT_WEB_PORT, generate
from lab.services.course import AppCalendar, AppCourse
from lab.services.town import run_services
from lab.world.__main__ import read_regions


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        regions = read_regions(options.regions)
        inventory = generate(
            options.kabupaten, regions, options.seed, snmp_port=DEFAULT_PORT, web_port=options.web_port
        )
        run_services(
            inventory,
            options.folder,
            options.control,
            rtsp_port=options.rtsp_port,
            parent=options.parent,
            course=_of_a_history(inventory, options),
        )
    except (LabError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _of_a_history(inventory: Inventory, options: argparse.Namespace) -> AppCourse | None:
    if not options.past:
        return None
    return AppCourse(AppCalendar(inventory, options.seed, ZoneInfo(options.timezone)), time.time())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab.services", description=__doc__)
    parser.add_argument("--kabupaten", required=True, metavar="CODE", help="for example 32.14")
    parser.add_argument("--regions", required=True, type=Path, metavar="FILE", help="CSV with the columns code, name")
    parser.add_argument("--folder", required=True, type=Path, metavar="PATH", help="where certificates are made")
    parser.add_argument("--control", required=True, type=Path, metavar="PATH", help="where the control socket is made")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--web-port", type=int, default=DEFAULT_WEB_PORT, help="TCP port of the first application")
    parser.add_argument("--rtsp-port", type=int, default=DEFAULT_RTSP_PORT, help="TCP port of all cameras")
    parser.add_argument("--parent", type=int, metavar="PID", help="end when this process is no longer our parent")
    parser.add_argument("--past", action="store_true", help="go on with the course of a history of this seed")
    parser.add_argument("--timezone", default="Asia/Jakarta", metavar="NAME", help="with --past: of that history")
    return parser


if __name__ == "__main__":
    sys.exit(main())
