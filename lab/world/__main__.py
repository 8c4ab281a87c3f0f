"""`python -m lab.world`: the simulated kabupaten as one process.

Prints one JSON line when it serves, then nothing; says on stderr what is wrong and ends with 1. Ends at SIGTERM,
SIGINT, SIGHUP, or (with --parent) when that process is gone, and takes its nftables table with it.
"""

import argparse
import csv
import gc
import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.language import _
from domain.network import Inventory, Region, RegionCode
from lab.errors import LabError
from lab.kabupaten import DEFAULT_PORT, DEFAULT_SEED, generate
from lab.kabupaten.story import Story, calendar_of, moved, told
from lab.world.clock import utc_offset_seconds
from lab.world.course import ToldCourse
from lab.world.darkness import Darkness
from lab.world.model import World
from lab.world.server import Server, SteadyClock


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return _serve(options)
    except (LabError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _serve(options: argparse.Namespace) -> int:
    inventory = generate(options.kabupaten, read_regions(options.regions), options.seed, snmp_port=options.port)
    clock, offset = SteadyClock(), utc_offset_seconds(options.kabupaten)
    if options.past is None:
        world, course = World(inventory, clock(), options.seed, offset), None
    else:
        world, course = _of_a_history(inventory, options, clock(), offset)
    darkness = Darkness(options.port)
    gc.disable()  # half a million small objects are made here, none of them garbage
    with Server(world, options.port, options.control, darkness, clock, course) as server:
        gc.freeze()
        gc.enable()
        server.stop_on_signals()
        if not options.no_nft:
            darkness.begin()
            server.show_darkness()
        ready = {
            "ready": True,
            "kabupaten": options.kabupaten,
            "seed": options.seed,
            "devices": len(world.wiring.nodes),
            "agents": sum(node.has_agent for node in world.wiring.nodes),
            "port": options.port,
            "control": str(options.control),
            "pingDarkened": darkness.active,
            "ping": "darkened by nft" if darkness.active else f"not darkened: {darkness.reason or 'by --no-nft'}",
        }
        print(json.dumps(ready), flush=True)
        server.run(options.parent)
    return 0


def _of_a_history(
    inventory: Inventory, options: argparse.Namespace, now: float, offset: float
) -> tuple[World, ToldCourse]:
    """As it has become by now, and what becomes of it. Raises LabError where no history is."""
    story = Story.read(options.past)
    if story is None:
        raise LabError(_("{folder} holds no history").format(folder=options.past))
    zone = ZoneInfo(options.timezone)
    whole = moved(told(inventory), story, datetime.fromtimestamp(now, zone).date(), zone)
    world = World(whole, story.began, story.seed, offset)
    return world, ToldCourse(world, calendar_of(whole, story, zone), story, zone, now)


def read_regions(path: Path) -> list[Region]:
    """Regions from a CSV with the columns code and name. Raises LabError naming the file when it is not one."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [Region(RegionCode(row["code"]), row["name"]) for row in csv.DictReader(file)]
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise LabError(f"{path} is no list of regions (a CSV with the columns code and name): {error}") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab.world", description=__doc__)
    parser.add_argument("--kabupaten", required=True, metavar="CODE", help="for example 32.14")
    parser.add_argument("--regions", required=True, type=Path, metavar="FILE", help="CSV with the columns code, name")
    parser.add_argument("--control", required=True, type=Path, metavar="PATH", help="where the control socket is made")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="UDP port of all agents")
    parser.add_argument("--parent", type=int, metavar="PID", help="end when this process is no longer our parent")
    parser.add_argument("--past", type=Path, metavar="FOLDER", help="go on with the history that lies there")
    parser.add_argument("--timezone", default="Asia/Jakarta", metavar="NAME", help="with --past: of that history")
    parser.add_argument("--no-nft", action="store_true", help="leave ping alone: dark devices fall silent by SNMP only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
