"""Neighbours of which somebody said that they are none of ours: a small file in the state folder, and the journal.

Whole or as before, and on the disk when it returns. Who said what stands in the journal too; a file that a power
failure tore, or that a restored installation lacks, is made again out of it.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from kentongan.installation import Installation

FILE: Final = "ignored-neighbours.json"
IGNORED: Final = "neighbour ignored"
ASKED_AGAIN: Final = "neighbour asked again"

Said = dict[str, dict[str, Any]]
"""By the neighbour's key: reason, who, at."""


class IgnoredBook:
    """For one installation; safe for several processes."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._file = installation.loaded.folder / FILE

    def read(self) -> Mapping[str, Mapping[str, Any]]:
        found = self._kept()
        if found is not None:
            return found
        with self._locked():
            found = self._kept()  # somebody else may have been quicker
            return found if found is not None else self._made_again()

    def put(self, key: str, reason: str, who: str) -> None:
        """An empty reason takes it back."""
        with self._locked():
            kept = self._kept()
            said = self._made_again() if kept is None else kept
            if reason:
                said[key] = {"reason": reason, "who": who, "at": self._installation.clock.now().utc.isoformat()}
            else:
                said.pop(key, None)
            # first: out of the journal the file can be made, not the other way round
            self._installation.record_as(who, IGNORED if reason else ASKED_AGAIN, key, why=reason)
            self._write(said)

    def _kept(self) -> Said | None:
        """None: it is not there, or not whole."""
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
            return None
        return found

    def _made_again(self) -> Said:
        """What cannot be read is kept beside it, for whoever wants to look."""
        if self._file.exists():
            self._file.replace(self._file.with_suffix(".torn"))
        said: Said = {}
        for entry in self._installation.journal.of((IGNORED, ASKED_AGAIN)):
            if entry.action == IGNORED:
                reason, at = str(entry.detail.get("why", "")), entry.at.utc.isoformat()
                said[entry.subject] = {"reason": reason, "who": entry.actor, "at": at}
            else:
                said.pop(entry.subject, None)
        self._write(said)
        return said

    def _write(self, said: Said) -> None:
        new = self._file.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(said, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._file)
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
