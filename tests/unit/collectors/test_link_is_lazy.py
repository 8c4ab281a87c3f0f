"""scapy costs half a second and 57 MB: who never asks a segment never pays for it."""

import subprocess
import sys

from tests.project.test_import_rules import imported_modules
from tests.project.tracked_files import ROOT, package_files

LOADED = """
import sys
from collectors.link import SegmentChecks
SegmentChecks().networks()
print(sorted(name for name in sys.modules if name.partition(".")[0] == "scapy"))
"""


def test_the_package_itself_loads_no_scapy() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=50)
    assert done.stdout.strip() == "[]"


def test_nobody_else_reaches_behind_the_package() -> None:
    files = [path for path in package_files() if path.parent != ROOT / "collectors" / "link"]
    named = {name for path in files for name in imported_modules(path) if name.startswith("collectors.link")}
    assert named == {"collectors.link"}
