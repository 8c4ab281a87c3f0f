"""Thresholds as data: the shipped file, a site's own laid over it, and what is wrong with an entry, said by its name.

Knows no device and no reading. Reads files, watches nothing.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf, isfinite
from pathlib import Path
from typing import Any, Final

from alerts.degraded.measures import MEASURES
from alerts.errors import AlertError
from domain.incidents import Urgency
from domain.language import _
from domain.network import Role, SiteKind

SHIPPED: Final = Path(__file__).with_name("thresholds.toml")

_TEXTS: Final = ("name", "reason", "measure", "sensor", "ports", "urgency")
_LISTS: Final = ("roles", "sites", "devices")
_NUMBERS: Final = (
    *("raise_above", "clear_below", "raise_below", "clear_above"),
    *("polls", "seconds", "least", "limit", "from", "to"),
)
_FIELDS: Final = (*_TEXTS, *_LISTS, *_NUMBERS, "off")
_MOST_POLLS: Final = 100
_WORD: Final = re.compile(r"[a-z0-9][a-z0-9-]*")

Entry = Mapping[str, Any]


class ThresholdsError(AlertError):
    """A file of thresholds that cannot be used; names the file, the entry and the cure."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One entry; what the fields mean stands at the head of `thresholds.toml`. inf and -inf: not on that side."""

    name: str
    reason: str
    measure: str
    raise_above: float = inf
    clear_below: float = inf
    raise_below: float = -inf
    clear_above: float = -inf
    polls: int = 1
    seconds: float = 0.0
    least: float = 0.0
    limit: float | None = None
    believe_from: float = -inf
    believe_to: float = inf
    sensor: str = ""
    roles: frozenset[Role] = frozenset()
    sites: frozenset[SiteKind] = frozenset()
    devices: tuple[str, ...] = ()
    on_links: bool = False
    urgency: Urgency = Urgency.DAY

    def raises(self, value: float) -> bool:
        """Already at the level: 'at 90 %'."""
        return value >= self.raise_above or value <= self.raise_below

    def clears(self, value: float) -> bool:
        return self.clear_above < value < self.clear_below

    def holds(self, value: float, held: bool) -> bool:
        """What is to be believed of one value, without patience: between the levels it stays as it was."""
        return not self.clears(value) if held else self.raises(value)

    def bound(self, value: float) -> float:
        """The level that is meant when `value` is told with its limit."""
        if self.limit is not None:
            return self.limit
        return self.raise_above if value >= self.clear_below else self.raise_below


def load_thresholds(own: Path | None = None) -> tuple[Threshold, ...]:
    """The shipped ones, with those of a site's own file laid over them. Raises ThresholdsError."""
    entries = _entries(SHIPPED.read_text(encoding="utf-8"), SHIPPED.name)
    if own is None:
        return _thresholds(entries.values(), SHIPPED.name)
    try:
        text = own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ThresholdsError(
            _("{file} cannot be read: {error}. Set [alerts] thresholds to your file, or leave it empty.").format(
                file=own, error=error
            )
        ) from None
    return read_thresholds(text, str(own), entries)


def read_thresholds(text: str, file: str, shipped: Mapping[str, Entry] | None = None) -> tuple[Threshold, ...]:
    """From TOML. shipped: entries by name over which these are laid. Raises ThresholdsError."""
    laid = dict(shipped or {})
    for name, entry in _entries(text, file).items():
        laid[name] = {**laid.get(name, {}), **entry}
    return _thresholds(laid.values(), file)


def _entries(text: str, file: str) -> dict[str, Entry]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ThresholdsError(_("{file} is not TOML: {error}").format(file=file, error=error)) from None
    strange = sorted(document.keys() - {"threshold"})
    listed = document.get("threshold", [])
    if strange or not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        what = ", ".join(strange) or "threshold"
        raise ThresholdsError(
            _("{file}: '{what}' is not known here. Each entry begins with a line [[threshold]].").format(
                file=file, what=what
            )
        )
    entries: dict[str, Entry] = {}
    for number, entry in enumerate(listed, 1):
        name = entry.get("name")
        if not isinstance(name, str) or not _WORD.fullmatch(name):
            raise _wrong(file, str(number), _("needs a name of small letters, digits and hyphens"))
        if name in entries:
            raise _wrong(file, name, _("stands twice; give one of them another name"))
        entries[name] = entry
    return entries


def _thresholds(entries: Iterable[Entry], file: str) -> tuple[Threshold, ...]:
    return tuple(_threshold(entry, file) for entry in entries if not _off(entry, file))


def _off(entry: Entry, file: str) -> bool:
    off = entry.get("off", False)
    if not isinstance(off, bool):
        raise _wrong(file, entry["name"], _("'off' is true or false, without quotation marks"))
    return off


def _threshold(entry: Entry, file: str) -> Threshold:
    name = entry["name"]
    _check_fields(entry, file)
    for field in ("reason", "measure"):
        if not entry.get(field):
            raise _wrong(file, name, _("needs '{field}'").format(field=field))
    _check_word(file, name, "measure", entry["measure"], MEASURES)
    _check_word(file, name, "ports", entry.get("ports", "all"), ("all", "links"))
    _check_word(file, name, "urgency", entry.get("urgency", "day"), [each.value for each in Urgency])
    for field, words in (("roles", list(Role)), ("sites", list(SiteKind))):
        for word in entry.get(field, ()):
            _check_word(file, name, field, word, [each.value for each in words])
    try:
        re.compile(entry.get("sensor", ""))
    except re.error as error:
        raise _wrong(file, name, _("'sensor' is no pattern: {error}").format(error=error)) from None
    made = Threshold(
        name=name,
        reason=entry["reason"],
        measure=entry["measure"],
        raise_above=float(entry.get("raise_above", inf)),
        clear_below=float(entry.get("clear_below", entry.get("raise_above", inf))),
        raise_below=float(entry.get("raise_below", -inf)),
        clear_above=float(entry.get("clear_above", entry.get("raise_below", -inf))),
        polls=int(entry.get("polls", 1)),
        seconds=float(entry.get("seconds", 0)),
        least=float(entry.get("least", 0)),
        limit=float(entry["limit"]) if "limit" in entry else None,
        believe_from=float(entry.get("from", -inf)),
        believe_to=float(entry.get("to", inf)),
        sensor=entry.get("sensor", ""),
        roles=frozenset(Role(word) for word in entry.get("roles", ())),
        sites=frozenset(SiteKind(word) for word in entry.get("sites", ())),
        devices=tuple(entry.get("devices", ())),
        on_links=entry.get("ports") == "links",
        urgency=Urgency(entry.get("urgency", "day")),
    )
    _check_levels(made, entry, file)
    return made


def _check_fields(entry: Entry, file: str) -> None:
    name = entry["name"]
    for field, value in entry.items():
        if field not in _FIELDS:
            near = get_close_matches(field, _FIELDS, 1)
            cure = _("did you mean '{field}'?").format(field=near[0]) if near else ", ".join(_FIELDS)
            raise _wrong(file, name, _("'{field}' is not known: {cure}").format(field=field, cure=cure))
        if field in _TEXTS and not isinstance(value, str):
            raise _wrong(file, name, _("'{field}' is a text in quotation marks").format(field=field))
        if field in _LISTS and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
            raise _wrong(file, name, _('\'{field}\' is a list of texts, as in ["a", "b"]').format(field=field))
        if field in _NUMBERS and (isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value)):
            raise _wrong(file, name, _("'{field}' is a number without quotation marks").format(field=field))


def _check_levels(made: Threshold, entry: Entry, file: str) -> None:
    high, low = isfinite(made.raise_above), isfinite(made.raise_below)
    if not high and not low:
        raise _wrong(file, made.name, _("needs 'raise_above' or 'raise_below': where it begins"))
    for side, other in (("clear_below", high), ("clear_above", low)):
        if side in entry and not other:
            missing = "raise_above" if side == "clear_below" else "raise_below"
            raise _wrong(file, made.name, _("'{side}' needs '{missing}' beside it").format(side=side, missing=missing))
    if high and made.clear_below > made.raise_above:
        raise _wrong(file, made.name, _("'clear_below' must not lie above 'raise_above', or it would come and go"))
    if low and made.clear_above < made.raise_below:
        raise _wrong(file, made.name, _("'clear_above' must not lie below 'raise_below', or it would come and go"))
    if high and low and made.clear_above > made.clear_below:
        raise _wrong(file, made.name, _("nothing lies between 'clear_above' and 'clear_below': it would never be over"))
    if not 1 <= made.polls <= _MOST_POLLS or made.seconds < 0:
        raise _wrong(file, made.name, _("'polls' is 1 to {most}, 'seconds' is 0 or more").format(most=_MOST_POLLS))


def _check_word(file: str, name: str, field: str, word: str, words: Iterable[str]) -> None:
    known = sorted(words)
    if word not in known:
        near = get_close_matches(word, known, 1)
        cure = _("did you mean '{field}'?").format(field=near[0]) if near else ", ".join(known)
        raise _wrong(file, name, _("'{field}' is not known: {cure}").format(field=f"{field} = {word}", cure=cure))


def _wrong(file: str, name: str, what: str) -> ThresholdsError:
    return ThresholdsError(_("{file}, threshold {name}: {what}").format(file=file, name=name, what=what))
