"""Orders from the console that last longer than a request: each carried out by a process of its own, and written down
first, so that neither the request nor the console nor the power has to last as long (decision 0017).

Of each subject there is one file, `tasks/SUBJECT.json`, and one lock, which the process holds for as long as it
lives: a second one cannot begin, and a killed one is seen at once.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kentongan.file_lock import is_held, take

FOLDER: Final = "tasks"
MOST_TRIES: Final = 5
FRESH: Final = timedelta(hours=24)
"""After a longer darkness a person looks first: devices were told half of something by who knows whom meanwhile."""


class UnderWayError(Exception):
    """Another order for the same subject is being carried out. task: that one."""

    def __init__(self, task: "TaskRecord | None") -> None:
        super().__init__("under way")
        self.task = task


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """An order as it is written down. subject: what no second order may touch meanwhile. words: plain JSON values.
    trouble: why it came to nothing, told by the process itself. tries: how often a process was begun for it."""

    subject: str
    kind: str
    who: str
    at: datetime
    words: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 0
    ended_at: datetime | None = None
    trouble: str = ""


Start = Callable[[Path, int], None]
"""Begins a process for a record. It holds the lock with this descriptor as long as it lives."""


class Tasks:
    """Of one state folder. Safe for threads and for several processes."""

    def __init__(self, state: Path, utc: Callable[[], datetime], start: Start) -> None:
        self._folder = state / FOLDER
        self._utc = utc
        self._start = start

    def begin(self, record: TaskRecord) -> None:
        """Raises UnderWayError; then nothing is."""
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        with self._locked(record.subject) as lock:
            path = self._path(record.subject)
            keep(path, replace(record, tries=record.tries + 1))
            self._start(path, lock)

    def of(self, subject: str) -> TaskRecord | None:
        return read(self._path(subject))

    def all(self) -> Mapping[str, tuple[TaskRecord, bool]]:
        """By subject, with whether it is being carried out now."""
        found = {}
        for path in sorted(self._folder.glob("*.json")):
            record = read(path)
            if record is not None:
                found[record.subject] = (record, record.ended_at is None and self._is_held(record.subject))
        return found

    def take_up(self) -> tuple[str, ...]:
        """What was cut off by a power failure, or by the console's end, goes on. Returns the subjects."""
        taken = []
        for subject, (record, lives) in self.all().items():
            is_fresh = abs(self._utc() - record.at) < FRESH and record.tries < MOST_TRIES
            if record.ended_at is None and not lives and is_fresh:
                with suppress(UnderWayError):
                    self.begin(record)
                    taken.append(subject)
        return tuple(taken)

    def interrupt(self, subject: str) -> bool:
        """As Ctrl-C does on a terminal. False: nothing of it is being carried out."""
        if not self._is_held(subject):
            return False
        pid = self._lock_path(subject).read_text(encoding="ascii").strip()
        command = Path(f"/proc/{pid}/cmdline")
        if not pid.isdigit() or (command.exists() and b"kentongan" not in command.read_bytes()):
            return False
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGINT)
        return True

    @contextmanager
    def _locked(self, subject: str) -> Iterator[int]:
        """The lock stays held after this, by whoever inherited the descriptor."""
        descriptor = os.open(self._lock_path(subject), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            take(descriptor)
        except BlockingIOError:
            os.close(descriptor)
            raise UnderWayError(self.of(subject)) from None
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _is_held(self, subject: str) -> bool:
        return is_held(self._lock_path(subject))

    def _path(self, subject: str) -> Path:
        return self._folder / f"{_quoted(subject)}.json"

    def _lock_path(self, subject: str) -> Path:
        return self._folder / f"{_quoted(subject)}.lock"


def process_starter(program: tuple[str, ...], environment: Mapping[str, str]) -> Start:
    """program: what is begun; the path of the record and the descriptor follow."""

    def start(path: Path, lock: int) -> None:
        with path.with_suffix(".log").open("ab") as log:
            child = subprocess.Popen(
                [*program, str(path), str(lock)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
                pass_fds=(lock,),
                start_new_session=True,  # a Ctrl-C at the console is not meant for it
            )
        # Nobody else would bury it while the console lives.
        threading.Thread(target=child.wait, name="task", daemon=True).start()

    return start


def our_program() -> tuple[str, ...]:
    return (sys.executable, "-m", "kentongan.console_adapters.task_process")


def keep(path: Path, record: TaskRecord) -> None:
    """Whole or as before, and on the disk when it returns."""
    plain = asdict(record) | {"at": record.at.isoformat(), "ended_at": record.ended_at and record.ended_at.isoformat()}
    new = path.with_suffix(".json.new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(plain, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def read(path: Path) -> TaskRecord | None:
    """None where there is none, or what is there cannot be read: then nothing of it goes on by itself."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        ended = plain.pop("ended_at")
        at = datetime.fromisoformat(plain.pop("at"))
        return TaskRecord(**plain, at=at, ended_at=datetime.fromisoformat(ended) if ended else None)
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _quoted(subject: str) -> str:
    return re.sub(r"[^\w.@+-]|^\.", lambda match: "".join(f"%{octet:02X}" for octet in match[0].encode()), subject)
