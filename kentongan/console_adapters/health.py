"""How Kentongan itself is, for the console: the poller's own metrics by HTTP, disk, database and backups from here."""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from console.ports.health import Facts, Remark
from domain.language import _
from exporters.http import Tally
from kentongan.console_adapters.beside import Beside
from kentongan.console_adapters.poller_client import ask_poller, poller_url, reasons_of
from kentongan.doctor import examine
from kentongan.errors import KentonganError
from kentongan.installation import Installation

BACKUPS: Final = "backups"
_LINE: Final = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([^ ]+)(?: \d+)?$")
_LABEL: Final = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_STAMP: Final = re.compile(r"kentongan-(\d{8}T\d{6}Z)(?:-\d+)?\.(?:db|dump)$")
FRESH_SECONDS: Final = 2.0
WANTED: Final = ("kentongan_", "process_")


class InstalledHealth:
    """Implements console.ports.health.Health."""

    def __init__(
        self,
        installation: Installation,
        ask: Callable[[str], str] = ask_poller,
        ready: Callable[[str], Sequence[str]] | None = None,
        ended: Callable[[], Mapping[str, int]] = dict,
    ) -> None:
        self._ended = ended
        self._installation = installation
        self._ask = ask
        self._ready = ready or reasons_of
        self._said: Beside[tuple[tuple[str, ...] | None, str]] = Beside(
            self._asked, (None, ""), fresh_seconds=FRESH_SECONDS
        )
        self._metrics = poller_url(installation, "/metrics?part=own")
        self._readiness = poller_url(installation, "/readyz")

    def facts(self) -> Facts:
        installation = self._installation
        folder = installation.loaded.folder
        reasons, text = self._said.newest(installation.clock.now().steady_seconds)
        disk = _disk(folder)
        return Facts(
            installation.clock.now().utc,
            self._readiness,
            reasons,
            samples_of(text),
            installation.database.where,
            _size(installation.database.path),
            disk[0] if disk else None,
            disk[1] if disk else None,
            newest_backup(folder / BACKUPS),
            str(folder / BACKUPS),
            self._ended(),
        )

    def examine(self) -> Sequence[Remark]:
        try:
            found = list(examine(self._installation.loaded, self._installation.actor))
        except (KentonganError, OSError) as error:
            return [Remark("wrong", _("examination"), str(error), "kentongan check")]
        return [Remark(each.severity.value, each.about, each.message, each.remedy) for each in found]

    def _asked(self) -> tuple[tuple[str, ...] | None, str]:
        try:
            return tuple(self._ready(self._readiness)), self._ask(self._metrics)
        except (OSError, ValueError):
            return None, ""


def ended_of(tally: Tally | None) -> Mapping[str, int]:
    """Connections of the console that were ended or refused since its start, by why."""
    return {why.value: count for why, count in tally.counts.items()} if tally else {}


def samples_of(text: str) -> Mapping[str, Sequence[tuple[Mapping[str, str], float]]]:
    """Our own exposition, and no other: lines that cannot be read are left out."""
    found: dict[str, list[tuple[Mapping[str, str], float]]] = {}
    for line in text.splitlines():
        match = _LINE.match(line) if line.startswith(WANTED) else None
        if match is None:
            continue
        try:
            value = float(match[3])
        except ValueError:
            continue
        found.setdefault(match[1], []).append((dict(_LABEL.findall(match[2] or "")), value))
    return found


def newest_backup(folder: Path) -> datetime | None:
    """By its name: that is when it was taken, wherever it was copied to since."""
    try:
        names = [match[1] for path in folder.iterdir() if (match := _STAMP.match(path.name))]
    except OSError:
        return None
    newest = max(names, default=None)
    return datetime.strptime(newest, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if newest else None


def _size(path: Path | None) -> int | None:
    """With what still stands in the write-ahead log."""
    if path is None:
        return None
    found = [Path(f"{path}{end}") for end in ("", "-wal")]
    try:
        return sum(each.stat().st_size for each in found if each.exists())
    except OSError:
        return None


def _disk(folder: Path) -> tuple[int, int] | None:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return usage.free, usage.total
