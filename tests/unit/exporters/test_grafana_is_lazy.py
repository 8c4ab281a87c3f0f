"""The poller carries nothing of Grafana: neither what dashboards are written with nor what pushes them."""

import subprocess
import sys

PROGRAM = """
import sys
import kentongan.cli.run, kentongan.cli.grafana, kentongan.run.service
print(sorted({name.partition(".")[0] for name in sys.modules} & {"grafana_api", "grafana_foundation_sdk"}))
"""


def test_neither_run_nor_the_definition_of_the_commands_loads_it() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
