"""The repository of configurations under kill -9: whole each time, and the next commit goes on where it was."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.backup import ConfigRepository, RepositoryError, Why

pytestmark = [pytest.mark.real, pytest.mark.soak]

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from provisioning.backup import ConfigRepository, Why
repository = ConfigRepository(Path(sys.argv[1]))
number = int((repository.latest("r1") or "0").split()[0])
print("ready", flush=True)
while True:
    number += 1
    for device in ("r1", "r2"):
        repository.put(device, "pop", f"{number} " + "x" * 5000 + "\\n", Why("kill"), (1, 1), datetime.now(UTC))
    print("put", flush=True)
"""


def test_killed_at_any_moment_it_is_whole(tmp_path: Path, long_form: bool) -> None:
    folder = tmp_path / "configs.git"
    moments = random.Random(32_14)
    commits = 0
    for _kill in range(200 if long_form else 6):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, folder], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        if moments.random() < 0.7:  # the others die while the first commit is made
            assert writer.stdout.readline() == b"put\n"
        time.sleep(moments.uniform(0, 0.05))
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        repository = ConfigRepository(folder)
        latest, history = repository.latest("r1"), repository.history("r1")
        if latest is None and not commits:
            continue  # killed before the first commit was there
        assert latest is not None
        assert len(history) == int(latest.split()[0]) >= commits
        assert repository.at("r1", history[0].id) == latest
        commits = len(history)
    repository.put("r1", "pop", "the last\n", Why("after all"), (1, 1), datetime.now(UTC))
    fsck = subprocess.run(["git", "-C", folder, "fsck", "--full", "--no-dangling"], capture_output=True, text=True)
    assert (fsck.returncode, fsck.stderr) == (0, "")
    assert commits > 1


def test_a_full_disk(tmp_path: Path) -> None:
    """A file system of 600 kB: what does not fit is refused in words, what was there stays readable."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", small], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        repository = ConfigRepository(small / "configs.git")
        noise = random.Random(1)
        kept = 0
        refusal = ""
        while not refusal:
            text = noise.randbytes(20_000).hex() + "\n"
            try:
                repository.put("r1", "pop", text, Why("fill"), (1, 1), datetime.now(UTC))
            except RepositoryError as error:
                refusal = str(error)
            else:
                kept, last = kept + 1, text
        assert "disk is full" in refusal
        assert kept > 3
        fresh = ConfigRepository(small / "configs.git")
        assert (fresh.latest("r1"), len(fresh.history("r1"))) == (last, kept)
    finally:
        subprocess.run(["umount", small], check=True)
