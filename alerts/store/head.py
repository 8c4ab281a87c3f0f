"""The head of the event log in a file beside the database: whoever cuts the newest rows off contradicts it."""

import contextlib
import json
import os
import tempfile
from pathlib import Path

from alerts.errors import AlertError
from alerts.store.chain import ChainKey, Head
from domain.language import _


class HeadForgedError(AlertError):
    """The file does not bear our seal."""


class HeadFile:
    """`audit.head` in the state folder: one line of JSON, on disk when `write` returns."""

    def __init__(self, path: Path, key: ChainKey) -> None:
        self.path = path
        self._key = key

    def read(self) -> Head | None:
        """None if there is no file. Raises HeadForgedError for one that we did not write, OSError."""
        try:
            text = self.path.read_text(encoding="ascii", errors="replace")
        except FileNotFoundError:
            return None
        try:
            plain = json.loads(text)
            head = Head(int(plain["seq"]), str(plain["seal"]))
            genuine = plain["tag"] == self._tag(head)
        except (ValueError, KeyError, TypeError):
            genuine = False
        if not genuine:
            raise HeadForgedError(_("{path} was not written by Kentongan with this key.").format(path=self.path))
        return head

    def write(self, head: Head) -> None:
        """All of it or nothing, whenever the power fails. Raises OSError."""
        line = json.dumps({"seq": head.seq, "seal": head.seal, "tag": self._tag(head)}) + "\n"
        descriptor, part = tempfile.mkstemp(prefix=".audit.head.", dir=self.path.parent)  # of mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, self.path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
            raise
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _tag(self, head: Head) -> str:
        return self._key.seal("head", head.seq, head.seal)
