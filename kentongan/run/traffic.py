"""What polling has cost each device this month, kept over restarts in one small file."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

FILE = "traffic.json"


def read_traffic(folder: Path, month: str | None = None) -> dict[str, int]:
    """Device → bytes since the month began (`2026-11`; None: whatever month the file holds). {} if there is none."""
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if month is not None and document["month"] != month:
            return {}
        return {str(name): int(count) for name, count in document["bytes"].items()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def write_traffic(folder: Path, month: str, used: Mapping[str, int]) -> None:
    """Replaces the file in one step: a reader sees the old one or the new one. Raises OSError."""
    waiting = folder / f"{FILE}.new"
    waiting.write_text(json.dumps({"month": month, "bytes": dict(used)}), encoding="utf-8")
    os.replace(waiting, folder / FILE)
