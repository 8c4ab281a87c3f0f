"""Which counters are exported apart from the device's own number, kept over restarts in one small file.

`domain.polling.displaced` says what for. Without the file nothing is lost but the promise that such a counter makes no
false rate when this process begins anew.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.polling.displaced import Displaced

FILE = "displaced.json"


class DisplacedFile:
    """Read once, kept whenever something is new."""

    def __init__(self, displaced: Displaced, folder: Path) -> None:
        self._displaced = displaced
        self._folder = folder
        self._version = displaced.version

    def read(self) -> None:
        self._displaced.expect(read_displaced(self._folder))

    async def keep(self) -> None:
        """As soon as it changes: killed a moment later, the next process must know. A full disk is tried again."""
        version = self._displaced.version
        if version != self._version:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(write_displaced, self._folder, self._displaced.names())
                self._version = version


def read_displaced(folder: Path) -> dict[str, list[str]]:
    """Device → its counters. {} if there is no file, or none that can be read."""
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {str(name): [str(counter) for counter in counters] for name, counters in document.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def write_displaced(folder: Path, counters: Mapping[str, Sequence[str]]) -> None:
    """Replaces the file in one step, on disk when this returns. Raises OSError."""
    waiting = folder / f"{FILE}.new"
    with waiting.open("w", encoding="utf-8") as file:
        json.dump({name: list(names) for name, names in counters.items()}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(waiting, folder / FILE)
