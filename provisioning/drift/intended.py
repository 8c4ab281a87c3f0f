"""Intended configurations as files, one a device. They hold no secrets: where one goes is a hole with a name."""

import json
import os
import re
from pathlib import Path

from domain.intent import Configuration, Platform, Section
from domain.language import _
from provisioning.errors import UnreadableConfigurationError


class IntendedFolder:
    """Implements IntendedConfigs. Opens nothing until it is used."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def intended(self, device: str) -> Configuration | None:
        """Raises UnreadableConfigurationError for a file that another program wrote."""
        path = self._path(device)
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            sections = tuple(Section(each["part"], tuple(each["lines"]), each["target"]) for each in plain["sections"])
            return Configuration(plain["device"], Platform(plain["platform"]), plain["version"], sections)
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableConfigurationError(
                _("The intended configuration {path} cannot be read ({why}). Plan the site anew.").format(
                    path=path, why=error
                )
            ) from error

    def put(self, configuration: Configuration) -> None:
        """Whole or not at all, whatever happens meanwhile."""
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        path = self._path(configuration.device)
        sections = [{"part": each.part, "target": each.target, "lines": each.lines} for each in configuration.sections]
        plain = {
            "device": configuration.device,
            "platform": configuration.platform.value,
            "version": configuration.version,
            "sections": sections,
        }
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(plain, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)

    def remove(self, device: str) -> None:
        """Nobody says any more what it is to be."""
        self._path(device).unlink(missing_ok=True)

    def _path(self, device: str) -> Path:
        quoted = re.sub(r"[^\w.@+-]|^\.", lambda match: "".join(f"%{octet:02X}" for octet in match[0].encode()), device)
        return self._folder / f"{quoted}.json"
