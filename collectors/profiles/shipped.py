"""The profiles that come with the program, and those a site adds beside them."""

from importlib.resources import files
from pathlib import Path

from collectors.errors import ProfileError
from collectors.profiles.loader import Profiles, line_of, parse
from collectors.profiles.schema import Profile
from domain.language import _


def shipped_profiles(extra: Path | None = None) -> Profiles:
    """All `*.yaml` of this package, and of the folder `extra`: a profile there replaces the shipped one of its name.

    Raises ProfileError naming file, line, place and cause.
    """
    folder = files("collectors.profiles")
    texts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")}
    shipped = {profile.platform: profile for profile in (parse(text, name) for name, text in sorted(texts.items()))}
    return Profiles((shipped | (own_profiles(extra, shipped) if extra is not None else {})).values())


def own_profiles(folder: Path, shipped: dict[str, Profile]) -> dict[str, Profile]:
    """Those of a site by platform; what they include may be shipped."""
    if not folder.is_dir():
        raise ProfileError(
            _("There is no folder {folder} for profiles. Make it, or correct the setting polling.profiles.").format(
                folder=folder
            )
        )
    found: dict[str, Profile] = {}
    places: dict[str, tuple[Path, str]] = {}
    for path in sorted(folder.glob("*.yaml")):
        text = _text(path)
        profile = parse(text, str(path))
        platform = profile.platform
        if platform in places:
            line = line_of(text, ["platform"])
            raise ProfileError(
                _("{file}, line {line}: {other} is a profile of {platform} already").format(
                    file=path, line=line, other=places[platform][0], platform=platform
                )
            )
        found[platform], places[platform] = profile, (path, text)
    for platform, (path, text) in places.items():
        for at, name in enumerate(found[platform].includes):
            if name not in found and name not in shipped:
                raise ProfileError(
                    _("{file}, line {line}: includes {platform}, which is not there").format(
                        file=path, line=line_of(text, ["includes", at]), platform=name
                    )
                )
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise ProfileError(
            _("{file}, line {line}: this is not UTF-8. Save it as UTF-8.").format(
                file=path, line=error.object[: error.start].count(b"\n") + 1
            )
        ) from error
    except OSError as error:
        raise ProfileError(_("{file} cannot be read: {reason}.").format(file=path, reason=error.strerror)) from error
