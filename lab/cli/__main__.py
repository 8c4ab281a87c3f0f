"""`python -m lab.cli PLATFORM`: one simulated command line as a process.

Prints one JSON line with its address when it listens. Ends at SIGTERM, SIGINT, SIGHUP, or (with --parent) when that
process is gone; says on stderr what is wrong and ends with 1.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

from lab.cli.builds import build
from lab.cli.clock import LabClock
from lab.cli.platforms import Platform
from lab.cli.server import Address
from lab.cli.standing import stand
from lab.errors import LabError


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        device = build(
            Platform(options.platform),
            version=options.version,
            seed=options.seed,
            clock=LabClock(speed=options.speed),
        )
        stand(
            device,
            password=options.password,
            host="127.0.0.1",
            port=options.port,
            old=options.old,
            told=_tell,
            parent=options.parent,
        )
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _tell(address: Address) -> None:
    print(json.dumps(asdict(address)), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lab.cli", description=__doc__)
    parser.add_argument("platform", choices=[each.value for each in Platform])
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0: a free one")
    parser.add_argument("--password", default="kentongan")
    parser.add_argument("--version", default="", help="for example 6.49.10, 7.16, V800R012C10")
    parser.add_argument("--seed", default="", help="another seed makes another host key")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster its clock runs")
    parser.add_argument("--old", action="store_true", help="ssh-rsa, SHA-1 key exchange and CBC ciphers only")
    parser.add_argument("--parent", type=int, metavar="PID", help="end when this process is no longer our parent")
    return parser


if __name__ == "__main__":
    sys.exit(main())
