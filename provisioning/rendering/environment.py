"""The templates of a platform, compiled once. What a template puts out must be quoted, or the rendering fails.

`provisioning/templates/PLATFORM/PART.j2` or `PART.NAME.j2` (a part of several files, in the order of their names). The
head comment may hold `target: /path` (a file on the device instead of its running configuration) and
`language: shell` (what the filter `quote` writes there).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

from domain.intent import Platform, SecretHole
from domain.language import _
from provisioning.errors import TemplateError, UngivenError
from provisioning.profiles.variables import Word
from provisioning.rendering.quoting import Language, Written, language_of, write

GIVEN: Final = frozenset({"site", "device", "subnets", "vlans", "version", "range"})
"""What every template is given beside variables."""
_TARGET = re.compile(r"^\s*target: (/\S+)\s*$", re.MULTILINE)
_LANGUAGE = re.compile(r"^\s*language: (\w+)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PartTemplate:
    """One template. reads: the variables it needs."""

    part: str
    name: str
    target: str
    template: Template
    reads: frozenset[str]


class Ungiven:
    """An optional variable that nobody gave: a condition takes it for no, a template that puts it out is refused."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __bool__(self) -> bool:
        return False


class PlatformTemplates:
    """All parts of one platform."""

    def __init__(self, platform: Platform, texts: Mapping[str, str]) -> None:
        """texts: file name → text of the template."""
        self.platform = platform
        self._parts: dict[str, list[PartTemplate]] = {}
        for name in sorted(texts):
            part = name.split(".")[0]
            self._parts.setdefault(part, []).append(_compiled(platform, part, name, texts[name]))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self._parts)

    def of(self, part: str) -> tuple[PartTemplate, ...]:
        """Raises TemplateError with the parts there are."""
        if part not in self._parts:
            raise TemplateError(
                _("{platform} has no part {part}. There are: {parts}.").format(
                    platform=self.platform.value, part=part, parts=", ".join(self._parts)
                )
            )
        return tuple(self._parts[part])


@cache
def shipped_templates(platform: Platform) -> PlatformTemplates:
    """Compiled once in a process: they come with the program and do not change under it."""
    folder = files("provisioning").joinpath("templates", platform.value)
    texts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".j2")}
    return PlatformTemplates(platform, texts)


def _compiled(platform: Platform, part: str, name: str, text: str) -> PartTemplate:
    target, language = _TARGET.search(text), _LANGUAGE.search(text)
    environment = _environment(Language(language[1]) if language else language_of(platform))
    try:
        tree = environment.parse(text)
        reads = frozenset(meta.find_undeclared_variables(tree)) - GIVEN
        template = environment.from_string(text)
    except TemplateSyntaxError as error:
        raise TemplateError(
            _("{template}, line {line}: {cause}").format(
                template=f"{platform.value}/{name}", line=error.lineno, cause=error.message
            )
        ) from error
    return PartTemplate(part, name, target[1] if target else "", template, reads)


def _environment(language: Language) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=_put_out
    )
    environment.globals.clear()
    environment.globals["range"] = range
    quiet = Language.WORD if language in (Language.LINE, Language.QUOTED) else language
    environment.filters |= {
        "quote": lambda value: write(language, _one(value)),
        "word": lambda value: write(quiet, _one(value)),
        "joined": _joined,
        "chunks": _chunks,
    }
    return environment


def _put_out(value: Any) -> Any:
    """The last gate before the text: numbers, addresses, checked words and what a quote filter wrote."""
    if isinstance(value, Written | Word | IPv4Address | IPv6Address | IPv4Network | IPv6Network):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Ungiven):
        raise UngivenError(value.name)
    raise TemplateError(
        _("A template puts out a value of the type {type} without quoting it.").format(type=type(value).__name__)
    )


def _one(value: Any) -> str | SecretHole:
    if isinstance(value, SecretHole):
        return value
    if isinstance(value, str | int | IPv4Address | IPv6Address | IPv4Network | IPv6Network):
        return str(value)
    if isinstance(value, Ungiven):
        raise UngivenError(value.name)
    raise TemplateError(
        _("Only one text can be quoted, not a value of the type {type}.").format(type=type(value).__name__)
    )


def _joined(values: Iterable[Any], between: str = ",") -> Written:
    """Several values that need no quotes as one, like `10.0.0.1,10.0.0.2`."""
    if between not in (",", " "):
        raise TemplateError(_("Values are joined by a comma or a space."))
    return Written(between.join(str(_put_out(value)) for value in values))


def _chunks(value: Word, width: int = 72) -> list[Word]:
    """A long word cut for command lines that take short lines only."""
    if not isinstance(value, Word):
        raise TemplateError(_("Only a checked word can be cut."))
    return [Word(value[start : start + width]) for start in range(0, len(value), width)]
