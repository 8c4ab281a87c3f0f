"""Profiles from YAML text, checked, with what they include worked in. Reads no files: see `shipped`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import yaml
from pydantic import ValidationError

from collectors.errors import ProfileError
from collectors.profiles.schema import Identity, Profile
from domain.language import _

LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, eight times faster where libyaml is there


def parse(text: str, source: str) -> Profile:
    """One profile. `source` names the text in errors. Raises ProfileError naming source, line, place and cause."""
    try:
        document = yaml.load(text, Loader=LOADER)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = _at_line(source, mark.line + 1) if mark else source
        cause = getattr(error, "problem", None) or " ".join(str(error).split())
        raise ProfileError(_("{source}: this is not YAML: {cause}").format(source=where, cause=cause)) from error
    if not isinstance(document, Mapping):
        raise ProfileError(_("{source}: a profile is a mapping of keys to values").format(source=source))
    try:
        return Profile.model_validate({key: value for key, value in document.items() if not _is_note(key)})
    except ValidationError as error:
        first = error.errors()[0]
        raise ProfileError(
            _("{source}: {place}: {cause}").format(
                source=_at_line(source, line_of(text, first["loc"])),
                place=".".join(map(str, first["loc"])) or "-",
                cause=first["msg"],
            )
        ) from error


def line_of(text: str, place: Sequence[str | int]) -> int:
    """The line, from 1, of the key or entry at this place of a YAML text, or of the nearest one around it."""
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
        else:
            break
    return line + 1


def _at_line(source: str, line: int) -> str:
    return _("{file}, line {line}").format(file=source, line=line)


def _is_note(key: object) -> bool:
    """Keys that begin with `x-` hold YAML anchors and notes."""
    return isinstance(key, str) and key.startswith("x-")


class Profiles:
    """All profiles by platform, includes worked in. Raises ProfileError for two of one name or a missing include."""

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self._raw: dict[str, Profile] = {}
        for profile in profiles:
            if profile.platform in self._raw:
                raise ProfileError(_("two profiles are named {platform}").format(platform=profile.platform))
            self._raw[profile.platform] = profile
        self._whole = {platform: self._work_in(platform, ()) for platform in self._raw}

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._whole.values())

    def __len__(self) -> int:
        return len(self._whole)

    def __contains__(self, platform: object) -> bool:
        return platform in self._whole

    def get(self, platform: str) -> Profile:
        """Raises ProfileError for an unknown platform, naming those there are."""
        try:
            return self._whole[platform]
        except KeyError:
            known = ", ".join(sorted(self._whole))
            raise ProfileError(
                _("there is no profile named {platform}; there are: {known}").format(platform=platform, known=known)
            ) from None

    def _work_in(self, platform: str, above: tuple[str, ...]) -> Profile:
        profile = self._raw.get(platform)
        if profile is None:
            raise ProfileError(
                _("{profile}: includes {platform}, which is not there").format(profile=above[-1], platform=platform)
            )
        if platform in above:
            raise ProfileError(_("{platform} includes itself").format(platform=platform))
        parts = [_moved(self._work_in(name, (*above, platform)), profile.moved) for name in profile.includes]
        without = set(profile.without)

        def merged(kind: str) -> dict[str, object]:
            tables: dict[str, object] = {}
            for part in (*parts, profile):
                tables.update(getattr(part, kind))
            return {name: table for name, table in tables.items() if name not in without}

        tables = merged("tables")
        unless_read = {name: others for part in (*parts, profile) for name, others in part.unless_read.items()}
        for name in (name for table, others in profile.unless_read.items() for name in (table, *others)):
            if name not in tables:
                raise ProfileError(
                    _("{profile}: unless_read names {table}, which is no table").format(profile=platform, table=name)
                )
        identity = Identity(
            **{"vendor": profile.identity.vendor}
            | {
                word: (*getattr(profile.identity, word), *(s for part in parts for s in getattr(part.identity, word)))
                for word in ("model", "version", "serial", *(() if profile.vendor else ("vendor",)))
            }
        )
        return profile.model_copy(
            update={
                "identity": identity,
                "leave_out": (*profile.leave_out, *(rule for part in parts for rule in part.leave_out)),
                "unless_read": unless_read,
                "tables": tables,
                **{kind: merged(kind) for kind in ("neighbours", "onus")},
            }
        )


def _moved(profile: Profile, moved: Mapping[str, str]) -> Profile:
    """The profile with its OIDs below another root: those below a key of `moved` stand below its value."""

    def oid(text: str) -> str:
        for old, new in moved.items():
            if f"{text}.".startswith(f"{old}."):
                return new + text[len(old) :]
        return text

    def of(value: object) -> object:
        match value:
            case str():
                return oid(value)
            case dict():
                return {of(key): of(item) for key, item in value.items()}
            case list() | tuple():
                return [of(item) for item in value]
            case _:
                return value

    return Profile.model_validate(of(profile.model_dump(by_alias=True))) if moved else profile
