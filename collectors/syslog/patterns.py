"""Which lines of a platform say who changed what: patterns as data (`platforms/*.yaml`), checked when they are read."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib.resources import files
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from collectors.errors import ProfileError
from collectors.syslog.masking import masked
from collectors.syslog.messages import Message
from collectors.syslog.records import LogKind, Told
from domain.language import _

_GROUPS: Final = frozenset({"who", "origin", "command", "text"})
_NOBODY: Final = frozenset({"", "*", "**", "-", "unknown", "_system_", "console", "::"})
_MOST_NAME: Final = 64


class Line(BaseModel):
    """pattern: sought in the content. Groups: who, origin, command (may hold secrets), text (what to keep of it)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: LogKind
    pattern: str = Field(max_length=600)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            strange = set(re.compile(value).groupindex) - _GROUPS
        except re.error as error:
            raise ValueError(f"this is no regular expression: {error}") from error
        if strange:
            raise ValueError(f"groups are {', '.join(sorted(_GROUPS))}, not {', '.join(sorted(strange))}")
        return value

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


class PlatformLines(BaseModel):
    """One file. ignore: lines that say nothing although a pattern below would take them. The first pattern wins."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platforms: tuple[str, ...] = Field(min_length=1)
    source: str
    ignore: tuple[str, ...] = ()
    lines: tuple[Line, ...] = Field(min_length=1)

    @field_validator("ignore")
    @classmethod
    def _compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            Line(kind=LogKind.CHANGED, pattern=pattern)
        return value

    @cached_property
    def ignored(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(pattern) for pattern in self.ignore)


class Patterns:
    """All files, by platform. Raises ProfileError for two files of one platform."""

    def __init__(self, found: Iterable[PlatformLines]) -> None:
        self._of: dict[str, PlatformLines] = {}
        self._all = tuple(found)
        for each in self._all:
            for platform in each.platforms:
                if platform in self._of:
                    raise ProfileError(_("two files tell what {platform} logs").format(platform=platform))
                self._of[platform] = each

    @property
    def platforms(self) -> tuple[str, ...]:
        return tuple(self._of)

    def told(self, platform: str, message: Message) -> Told | None:
        """What a line says of who changed what; None if nothing. A platform without a file: as any of them would."""
        mine = self._of.get(platform)
        for lines in (mine,) if mine else self._all:
            if any(pattern.search(message.content) for pattern in lines.ignored):
                return None
            for line in lines.lines:
                if found := line.compiled.search(message.content):
                    return _told(line.kind, message.content, found)
        return None


def shipped_patterns() -> Patterns:
    """The files that come with the program. Raises ProfileError naming file and cause."""
    folder = files("collectors.syslog").joinpath("platforms")
    texts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")}
    return Patterns(parse(text, name) for name, text in sorted(texts.items()))


def parse(text: str, source: str) -> PlatformLines:
    """One file. Raises ProfileError."""
    try:
        return PlatformLines.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        cause = error.errors()[0]["msg"] if isinstance(error, ValidationError) else " ".join(str(error).split())
        raise ProfileError(_("{source}: {place}: {cause}").format(source=source, place="-", cause=cause)) from error


def _told(kind: LogKind, content: str, found: re.Match[str]) -> Told:
    groups: Mapping[str, str | None] = found.groupdict()
    who, origin = _name(groups.get("who")), _name(groups.get("origin"))
    text, command = masked((groups.get("text") or content).strip()), masked((groups.get("command") or "").strip())
    return Told(kind, text, who, origin, command)


def _name(text: str | None) -> str:
    name = (text or "").strip(" '\"")[:_MOST_NAME]
    return "" if name.lower() in _NOBODY else name
