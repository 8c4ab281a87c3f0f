"""The types of variables: what each lets through, and what it makes of it. Pure.

A type refuses what could be read as more than a value by any platform: line ends, quotation marks, brackets, `;`, `$`,
backslash, Jinja's braces, `!`, and words that leave a configuration. Templates quote beside that: neither is trusted
alone.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.intent import Platform, SecretHole
from domain.intent.site import Scalar, Value
from domain.language import _
from provisioning.errors import VariableError

SECRET_FIELDS: Final = ("password", "key", "enable", "auth", "priv", "token", "community")
MOST_VALUES: Final = 16
_LEAVING = frozenset({"end", "exit", "quit", "return", "commit", "abort", "reload", "reboot"})
_TEXT = re.compile(r"[A-Za-z0-9(][A-Za-z0-9 .,_:/@()+=-]*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_HOSTNAME = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_INTERFACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,62}")
_SECRET = re.compile(rf"([a-z0-9][a-z0-9._-]*)/({'|'.join(SECRET_FIELDS)})")
_PUBLIC_KEY = re.compile(
    r"(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]{60,1500}={0,2}(?: [A-Za-z0-9._@-]{1,64})?"
)
_WIREGUARD_KEY = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")


class Kind(StrEnum):
    IP = "ip"
    PREFIX = "prefix"
    VLAN = "vlan"
    HOSTNAME = "hostname"
    INTERFACE = "interface"
    INTEGER = "integer"
    TEXT = "text"
    NAME = "name"
    CHOICE = "choice"
    SECRET = "secret"  # noqa: S105 - the name of a type
    BOOL = "bool"
    PUBLIC_KEY = "public-key"
    WIREGUARD_KEY = "wireguard-key"


class Layer(StrEnum):
    """Where values stand, weakest first: a later layer wins."""

    KABUPATEN = "kabupaten"
    KECAMATAN = "kecamatan"
    PROFILE = "profile"
    SITE = "site"
    DEVICE = "device"


class Word(str):
    """A checked text of letters, digits and `._/:@+=-`: one word on every platform, put out without quotes."""

    __slots__ = ()


class Variable(BaseModel):
    """A declaration. layer: where its value normally stands; said when it is missing. default: one value, or one by
    platform; a variable without default is required wherever a part reads it, unless it is optional: then it is None.
    personal: a site's own, never taken over from another one (`--like`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Annotated[Kind, Field(alias="type")]
    layer: Layer
    about: str
    many: bool = False
    optional: bool = False
    personal: bool = False
    default: Any = None
    minimum: int = 0
    maximum: int = 2**31 - 1
    shortest: int = 1
    longest: int = 64
    choices: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "Variable":
        if (self.kind is Kind.CHOICE) != bool(self.choices):
            raise ValueError(_("choices belong to the type choice, and it needs some"))
        if self.kind is Kind.SECRET and self.default is not None:
            raise ValueError(_("a secret has no default"))
        for value in self.default.values() if isinstance(self.default, Mapping) else [self.default]:
            if value is not None:
                try:
                    check(self, value)
                except VariableError as error:
                    raise ValueError(str(error)) from error
        names = set(self.default) if isinstance(self.default, Mapping) else set()
        unknown = {re.sub(r"-\d+$", "", name) for name in names} - {each.value for each in Platform}
        if unknown:
            raise ValueError(_("no such platform: {names}").format(names=", ".join(sorted(unknown))))
        return self

    @property
    def required(self) -> bool:
        return not self.optional and self.default is None

    def default_on(self, platform: Platform | None, version: int = 0) -> Value:
        """The checked default; None if there is none for this platform. One for a version goes before."""
        value = self.default
        if isinstance(value, Mapping):
            name = platform.value if platform else ""
            value = value.get(f"{name}-{version}", value.get(name))
        return None if value is None else check(self, value)


def check(variable: Variable, value: object) -> Value:
    """The value as templates get it. Raises VariableError with what would be right; it never repeats a secret."""
    if variable.many:
        values = value if isinstance(value, list | tuple) else [value]
        if not 1 <= len(values) <= MOST_VALUES:
            raise VariableError(_("write 1 to {most} values").format(most=MOST_VALUES))
        return tuple(_checked(variable, each) for each in values)
    if isinstance(value, list | tuple | dict):
        raise VariableError(_("write one value"))
    return _checked(variable, value)


def _checked(variable: Variable, value: object) -> Scalar:
    if variable.kind in (Kind.BOOL, Kind.INTEGER, Kind.VLAN):
        return _NUMBERS[variable.kind](variable, value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise VariableError(_("write a text"))
    return _TEXTS[variable.kind](variable, str(value))


def _bool(variable: Variable, value: object) -> bool:
    if not isinstance(value, bool):
        raise VariableError(_("write true or false"))
    return value


def _integer(variable: Variable, value: object) -> int:
    least, most = (1, 4094) if variable.kind is Kind.VLAN else (variable.minimum, variable.maximum)
    if isinstance(value, str) and re.fullmatch(r"\d{1,10}", value, re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise VariableError(_("write a whole number from {least} to {most}").format(least=least, most=most))
    return value


def _ip(variable: Variable, text: str) -> Scalar:
    try:
        address = ip_address(text)
    except ValueError:
        raise VariableError(_("{value} is not an address, like 10.32.14.1").format(value=_quoted(text))) from None
    if getattr(address, "scope_id", None):
        raise VariableError(_("an address with % and an interface belongs to one machine alone"))
    return address


def _prefix(variable: Variable, text: str) -> Scalar:
    try:
        return ip_network(text)
    except ValueError:
        raise VariableError(
            _("{value} is not a prefix, like 10.32.14.0/24 with all host bits zero").format(value=_quoted(text))
        ) from None


def _choice(variable: Variable, text: str) -> Scalar:
    if text not in variable.choices:
        raise VariableError(
            _("{value} is none of {choices}").format(value=_quoted(text), choices=", ".join(variable.choices))
        )
    return Word(text)


def _text(variable: Variable, text: str) -> Scalar:
    _check_length(variable, text)
    if not _TEXT.fullmatch(text) or text.endswith(" ") or text.lower() in _LEAVING:
        raise VariableError(
            _("{value}: a text has letters, digits, spaces and {signs}; begin with a letter or digit").format(
                value=_quoted(text), signs=". , _ : / @ ( ) + = -"
            )
        )
    return text


def _secret(variable: Variable, text: str) -> Scalar:
    match = _SECRET.fullmatch(text)
    if match is None:
        # The text may be the secret itself, written where it must not stand: it is not repeated.
        raise VariableError(
            _(
                "a secret is never written here. Name a credential and its field, like purwakarta-snmp/auth ({fields})"
            ).format(fields=", ".join(SECRET_FIELDS))
        )
    return SecretHole(match[1], match[2])


def _matching(pattern: re.Pattern[str], example: str) -> Callable[[Variable, str], Scalar]:
    def checked(variable: Variable, text: str) -> Scalar:
        _check_length(variable, text, pattern is _PUBLIC_KEY)
        if not pattern.fullmatch(text) or text.lower() in _LEAVING:
            raise VariableError(_("{value} is not written like {example}").format(value=_quoted(text), example=example))
        return Word(text)

    return checked


_NUMBERS: Final[Mapping[Kind, Callable[[Variable, object], Scalar]]] = {
    Kind.BOOL: _bool,
    Kind.INTEGER: _integer,
    Kind.VLAN: _integer,
}
_TEXTS: Final[Mapping[Kind, Callable[[Variable, str], Scalar]]] = {
    Kind.IP: _ip,
    Kind.PREFIX: _prefix,
    Kind.CHOICE: _choice,
    Kind.TEXT: _text,
    Kind.SECRET: _secret,
    Kind.NAME: _matching(_NAME, "kentongan-ro"),
    Kind.HOSTNAME: _matching(_HOSTNAME, "vpn.purwakarta.example.go.id"),
    Kind.INTERFACE: _matching(_INTERFACE, "ether1"),
    Kind.PUBLIC_KEY: _matching(_PUBLIC_KEY, "ssh-ed25519 AAAA… name"),
    Kind.WIREGUARD_KEY: _matching(_WIREGUARD_KEY, _("a key of 44 characters from wg pubkey")),
}


def _check_length(variable: Variable, text: str, long: bool = False) -> None:
    if not variable.shortest <= len(text) <= (2000 if long else variable.longest):
        raise VariableError(
            _("write {least} to {most} characters").format(least=variable.shortest, most=variable.longest)
        )


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "…")
