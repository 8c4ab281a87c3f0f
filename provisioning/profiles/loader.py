"""Site profiles and declarations of variables from YAML, and those an office adds in its state folder."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import yaml
from pydantic import ValidationError

from domain.language import _
from provisioning.errors import SiteProfileError
from provisioning.profiles.schema import Part, SiteProfile
from provisioning.profiles.variables import Variable

LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times faster where libyaml is there
DECLARATIONS: Final = "variables.yaml"
Loaded = TypeVar("Loaded", bound=Part)


class Declarations(Part):
    """The file of variables that parts of all profiles read."""

    variables: dict[str, Variable]


@dataclass(frozen=True, slots=True)
class SiteProfiles:
    """All profiles by name, the common variables, and the file that each profile came from."""

    by_name: Mapping[str, SiteProfile]
    common: Mapping[str, Variable]
    sources: Mapping[str, str]

    def __iter__(self) -> Iterator[SiteProfile]:
        return iter(self.by_name.values())

    def get(self, name: str) -> SiteProfile:
        """Raises SiteProfileError with the names there are."""
        try:
            return self.by_name[name]
        except KeyError:
            raise SiteProfileError(
                _("There is no site profile {name}. There are: {names}.").format(
                    name=name, names=", ".join(self.by_name)
                )
            ) from None

    def variables_of(self, profile: SiteProfile) -> Mapping[str, Variable]:
        """The common ones and the profile's own, which win."""
        return {**self.common, **profile.variables}


def site_profiles(extra: Path | None = None) -> SiteProfiles:
    """The shipped profiles; those in the folder `extra`, if there is one, replace the shipped ones of their name, and a
    `variables.yaml` there adds declarations. Raises SiteProfileError naming file, line, place and cause.
    """
    shipped = shipped_profiles()
    common, profiles, sources = dict(shipped.common), dict(shipped.by_name), dict(shipped.sources)
    own: dict[str, Path] = {}
    for path in sorted(extra.glob("*.yaml")) if extra is not None and extra.is_dir() else ():
        text = read_text(path)
        if path.name == DECLARATIONS:
            common |= parse_declarations(text, str(path))
            continue
        profile = parse_profile(text, str(path))
        if profile.profile in own:
            raise SiteProfileError(
                _("{file}: {other} is a profile named {name} already").format(
                    file=path, other=own[profile.profile], name=profile.profile
                )
            )
        own[profile.profile] = path
        profiles[profile.profile], sources[profile.profile] = profile, str(path)
    return SiteProfiles(MappingProxyType(profiles), MappingProxyType(common), MappingProxyType(sources))


@cache
def shipped_profiles() -> SiteProfiles:
    """Those that come with the program; read once in a process."""
    folder = files("provisioning.profiles")
    texts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")}
    common = parse_declarations(texts.pop(DECLARATIONS), DECLARATIONS)
    found = {name: parse_profile(text, name) for name, text in sorted(texts.items())}
    return SiteProfiles(
        MappingProxyType({profile.profile: profile for profile in found.values()}),
        MappingProxyType(dict(common)),
        MappingProxyType({profile.profile: name for name, profile in found.items()}),
    )


def parse_profile(text: str, source: str) -> SiteProfile:
    return _parsed(text, source, SiteProfile.model_validate)


def parse_declarations(text: str, source: str) -> Mapping[str, Variable]:
    return _parsed(text, source, Declarations.model_validate).variables


def read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SiteProfileError(_("{file}: this is not UTF-8. Save it as UTF-8.").format(file=path)) from error
    except OSError as error:
        raise SiteProfileError(
            _("{file} cannot be read: {reason}.").format(file=path, reason=error.strerror)
        ) from error


def yaml_mapping(text: str, source: str) -> dict[Any, Any]:
    """A YAML document that is a mapping; an empty one is {}."""
    try:
        document = yaml.load(text, Loader=LOADER)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        cause = getattr(error, "problem", None) or " ".join(str(error).split())
        raise SiteProfileError(
            _("{source}: this is not YAML: {cause}").format(
                source=_at_line(source, mark.line) if mark else source, cause=cause
            )
        ) from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise SiteProfileError(_("{source}: write keys and values").format(source=source))
    return document


def line_of(text: str, place: tuple[str | int, ...]) -> int:
    """The line, from 0, of the key or entry at this place, or of the nearest one around it."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 0
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(step)]
            if not found:
                break
            line, node = found[-1][0].start_mark.line, found[-1][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
    return line


def _parsed(text: str, source: str, validate: Callable[[Any], Loaded]) -> Loaded:
    document = yaml_mapping(text, source)
    try:
        return validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        raise SiteProfileError(
            _("{source}: {place}: {cause}").format(
                source=_at_line(source, line_of(text, first["loc"])),
                place=".".join(map(str, first["loc"])) or "-",
                cause=first["msg"].removeprefix("Value error, "),
            )
        ) from error


def _at_line(source: str, line: int) -> str:
    return _("{file}, line {line}").format(file=source, line=line + 1)
