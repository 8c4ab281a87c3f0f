"""Names that tell whose a lab is, and the removal of labs whose owner died without clearing up."""

import os
import re
import shutil
from pathlib import Path

from lab.real.namespaces import existing, remove
from lab.real.processes import started_at

RUN_FOLDER = Path("/run")
_OWNED = re.compile(r"(kentongan-(\d+)\.(\d+)-(\d+))(-.+)?")


def new_prefix() -> str:
    """kentongan-PID.STARTED-NUMBER: the process that owns the lab, and which of its labs this is."""
    owner = f"kentongan-{os.getpid()}.{started_at(os.getpid())}"
    taken = {match[1] for match in map(_OWNED.fullmatch, _names()) if match}
    number = 0
    while f"{owner}-{number}" in taken:
        number += 1
    return f"{owner}-{number}"


def remove_lab(prefix: str) -> None:
    """Remove the namespaces of one lab, whatever runs in them, and its folder."""
    remove(name for name in existing() if name.startswith(prefix + "-"))
    shutil.rmtree(RUN_FOLDER / prefix, ignore_errors=True)


def remove_leftovers() -> tuple[str, ...]:
    """Remove the labs of processes that are gone; returns their prefixes."""
    dead = {
        match[1] for match in map(_OWNED.fullmatch, _names()) if match and started_at(int(match[2])) != int(match[3])
    }
    for prefix in sorted(dead):
        remove_lab(prefix)
    return tuple(sorted(dead))


def _names() -> tuple[str, ...]:
    return (*existing(), *(path.name for path in RUN_FOLDER.glob("kentongan-*")))
