"""The profiles that come with the program, and those a site adds beside them."""

from importlib.resources import files
from pathlib import Path

from collectors.profiles.loader import Profiles, parse


def shipped_profiles(extra: Path | None = None) -> Profiles:
    """All `*.yaml` of this package, and of the folder `extra`; a profile there replaces the shipped one of its name.

    Raises ProfileError naming file, place and cause.
    """
    folder = files("collectors.profiles")
    texts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")}
    if extra is not None:
        texts |= {path.name: path.read_text("utf-8") for path in sorted(extra.glob("*.yaml"))}
    return Profiles(parse(text, name) for name, text in sorted(texts.items()))
