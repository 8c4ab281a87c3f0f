"""From file and environment to `Settings`, remembering where each value came from."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, SecretStr, ValidationError

from domain.language import _
from kentongan.errors import SettingsError
from kentongan.settings.model import Settings
from kentongan.settings.problems import in_plain_words

FILE_NAME = "kentongan.toml"
PREFIX = "KENTONGAN_"
DEMO = Path("var/demo") / FILE_NAME  # written by `kentongan demo`: a second terminal beside it needs no option


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings in force. `sources`: dotted key → 'default', 'command line', the file's path or the variable's name."""

    settings: Settings
    sources: Mapping[str, str]
    file: Path | None

    @property
    def folder(self) -> Path:
        """The state folder, absolute."""
        return self.beside(self.settings.state.folder)

    @property
    def profiles(self) -> Path | None:
        """The folder of the site's own device profiles, absolute."""
        return self.beside(self.settings.polling.profiles) if self.settings.polling.profiles else None

    def beside(self, folder: str) -> Path:
        """Settings name folders relative to their file."""
        return ((self.file.parent if self.file else Path.cwd()) / folder).resolve()

    @property
    def thresholds(self) -> Path | None:
        """The site's own thresholds, absolute."""
        return self.beside(self.settings.alerts.thresholds) if self.settings.alerts.thresholds else None

    @property
    def channels_file(self) -> Path:
        """The ways out; may be absent."""
        return self.beside(self.settings.notify.channels)

    @property
    def holidays_file(self) -> Path:
        """The office's own holidays; may be absent."""
        return self.folder / "holidays.csv"

    @property
    def database_url(self) -> str:
        """Holds a password where the user gave one: for opening only, never for showing."""
        return self.settings.database.url.get_secret_value() or f"sqlite:///{self.folder / 'kentongan.db'}"

    @property
    def key_file(self) -> Path:
        return self.folder / self.settings.secrets.key_file

    @property
    def audit_key_file(self) -> Path:
        """Seals the event log. Apart from the key of the credentials, which may be changed."""
        return self.folder / "audit.key"


def load_settings(
    file: Path | None, environment: Mapping[str, str] = os.environ, overrides: Mapping[str, object] | None = None
) -> Loaded:
    """`file` None looks for KENTONGAN_CONFIG, ./kentongan.toml, /etc/kentongan/kentongan.toml, a demo's, in this order.

    overrides: dotted key → value, from options of the command line. Raises SettingsError.
    """
    path = file or _find(environment)
    known = dict(leaves(Settings()))
    values: dict[str, object] = {}
    sources = dict.fromkeys(known, "default")
    for key, value in _from_file(path) if path else ():
        _check_known(key, known, str(path))
        values[key], sources[key] = value, str(path)
    for variable, value in sorted(environment.items()):
        if variable.startswith(PREFIX) and "__" in variable:
            key = variable.removeprefix(PREFIX).lower().replace("__", ".")
            _check_known(key, known, variable)
            values[key], sources[key] = value, variable
    for key, value in (overrides or {}).items():
        values[key], sources[key] = value, "command line"
    return Loaded(_validated(known, values, sources), sources, path)


def leaves(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Dotted key and value of every single setting."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def shown(value: object) -> str:
    """A setting as it may be printed: secrets as three stars."""
    if isinstance(value, SecretStr):
        return "***" if value.get_secret_value() else ""
    return str(value)


def _find(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("KENTONGAN_CONFIG")
    if named:
        return Path(named)
    return next((path for path in (Path(FILE_NAME), Path("/etc/kentongan") / FILE_NAME, DEMO) if path.exists()), None)


def _from_file(path: Path) -> Iterator[tuple[str, object]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(_("There is no {file}. Write one with: kentongan init").format(file=path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(_("{file} cannot be read: {error}").format(file=path, error=error)) from None
    yield from _flat(document)


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _check_known(key: str, known: Mapping[str, object], where: str) -> None:
    if key in known:
        return
    near = get_close_matches(key, known, n=1, cutoff=0.0)
    raise SettingsError(
        _("{where}: '{key}' is not a setting. The nearest one is '{near}'.").format(
            where=where, key=key, near=near[0] if near else ""
        )
    )


def _validated(known: Mapping[str, object], values: Mapping[str, object], sources: Mapping[str, str]) -> Settings:
    tree: dict[str, object] = {}
    for key, default in known.items():
        branch = tree
        *sections, name = key.split(".")
        for section in sections:
            branch = branch.setdefault(section, {})  # type: ignore[assignment]
        branch[name] = values.get(key, default)
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            _("{where}: {key}: {problem}").format(
                where=sources.get(key, key), key=key, problem=in_plain_words(first["msg"])
            )
        ) from None
