"""Intended configurations as files: of each device a folder, in it one for each site that says what it is to be.

They hold no secrets: where one goes is a hole with a name. What a change wrote, the same change can take back.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from domain.intent import Configuration, Platform, Section
from domain.language import _
from provisioning.errors import UnreadableConfigurationError


class IntendedFolder:
    """Implements IntendedConfigs. Opens nothing until it is used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def intended(self, device: str) -> Configuration | None:
        """What all sites together want of it. Raises UnreadableConfigurationError for a file of another program."""
        parts = [_configuration(path) for path in self._files(device)]
        if not parts:
            return None
        sections = tuple(section for part in parts for section in part.sections)
        return Configuration(device, parts[0].platform, max(part.version for part in parts), sections)

    def put(self, configuration: Configuration, site: str = "", job: str = "") -> None:
        """Whole or not at all, whatever happens meanwhile. The same job may put it again."""
        path = self._path(configuration.device, site)
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        held = _plain(path)
        before = held and (held["before"] if job and held.get("job") == job else held | {"before": None})
        _write(path, _as_plain(configuration) | {"job": job, "before": before})

    def take_back(self, device: str, site: str, job: str) -> None:
        """As before that job put it; what another one put since stays."""
        path = self._path(device, site)
        held = _plain(path)
        if held is None or held.get("job") != job:
            return
        if held["before"]:
            _write(path, held["before"])
        else:
            path.unlink(missing_ok=True)

    def remove(self, device: str, site: str | None = None) -> None:
        """Nobody (None), or that site no more, says what it is to be."""
        if site is None:
            shutil.rmtree(self._path(device, "").parent, ignore_errors=True)
        else:
            self._path(device, site).unlink(missing_ok=True)

    def _files(self, device: str) -> Iterator[Path]:
        yield from sorted(self._path(device, "").parent.glob("*.json"))

    def _path(self, device: str, site: str) -> Path:
        return self._folder / _quoted(device) / f"{_quoted(site) or '_'}.json"


def _quoted(name: str) -> str:
    return re.sub(r"[^\w.@+-]|^\.", lambda match: "".join(f"%{octet:02X}" for octet in match[0].encode()), name)


def _plain(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise _unreadable(path, error) from error
    return found


def _configuration(path: Path) -> Configuration:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        sections = tuple(Section(each["part"], tuple(each["lines"]), each["target"]) for each in plain["sections"])
        return Configuration(plain["device"], Platform(plain["platform"]), plain["version"], sections)
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> UnreadableConfigurationError:
    return UnreadableConfigurationError(
        _("The intended configuration {path} cannot be read ({why}). Plan the site anew.").format(path=path, why=error)
    )


def _as_plain(configuration: Configuration) -> dict[str, Any]:
    return {
        "device": configuration.device,
        "platform": configuration.platform.value,
        "version": configuration.version,
        "sections": [
            {"part": each.part, "target": each.target, "lines": each.lines} for each in configuration.sections
        ],
    }


def _write(path: Path, plain: dict[str, Any]) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(plain, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
