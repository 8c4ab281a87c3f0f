"""The `kentongan.toml` that `init` writes: every setting, its meaning, and its default commented out."""

from collections.abc import Iterator, Mapping
from textwrap import fill

from pydantic import BaseModel, SecretStr

from kentongan.settings.model import Settings


def settings_file(given: Mapping[str, object] | None = None) -> str:
    """The text of a fresh file. Values are comments, so that what is not said follows the program's defaults; those
    that are `given` (dotted key → value) stand uncommented."""
    return "\n".join(_lines(Settings(), given or {})) + "\n"


def _lines(settings: Settings, given: Mapping[str, object]) -> Iterator[str]:
    yield "# Kentongan's settings. A line that is commented out shows the default."
    yield "# Each one can also be given in the environment: KENTONGAN_SECTION__KEY, for example"
    yield "# KENTONGAN_EXPORTER__PORT=9275. What is in force: kentongan settings"
    for name in type(settings).model_fields:
        yield ""
        yield from _section(name, getattr(settings, name), given)


def _section(name: str, section: BaseModel, given: Mapping[str, object]) -> Iterator[str]:
    if section.__doc__:
        yield f"# {section.__doc__.strip()}"
    yield f"[{name}]"
    nested: list[tuple[str, BaseModel]] = []
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if isinstance(value, BaseModel):
            nested.append((f"{name}.{key}", value))
            continue
        yield fill(field.description or "", 100, initial_indent="# ", subsequent_indent="# ")
        full_key = f"{name}.{key}"
        yield f"{key} = {_toml(given[full_key])}" if full_key in given else f"# {key} = {_toml(value)}"
    for full_name, value in nested:
        yield ""
        yield from _section(full_name, value, given)


def _toml(value: object) -> str:
    if isinstance(value, SecretStr):
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return str(value)
