"""`python -m tests.real.living_town FOLDER PORT`: what `kentongan demo --keep FOLDER` does, with two kecamatan."""

import sys
from pathlib import Path

from domain.network import PollClassName
from kentongan.cli.context import Invocation
from kentongan.cli.demo import impatient
from kentongan.cli.living import Live, go_on, known_story
from tests.scenarios.test_history import regions

QUICK = {"icmp_seconds": 1.0, "icmp_misses": 2, "snmp_seconds": 4.0}


def main(folder: Path, port: int) -> None:
    quick: dict[str, object] = {
        f"polling.{name}.{key}": value for name in PollClassName for key, value in QUICK.items()
    }
    settings = (
        impatient() | quick | {"exporter.port": 0, "alerts.settle_seconds": 1.0, "alerts.return_holds_seconds": 2.0}
    )
    go_on(Invocation(), folder, known_story(folder, None, None), Live(regions(), port, 0, settings))


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), int(sys.argv[2]))
