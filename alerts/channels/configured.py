"""The ways out of one installation, from `channels.toml`: a table for each scheme that people.csv may use.

    [telegram]                  [mailto]                       [sms]
    preset = "telegram"         kind = "mail"                  kind = "apprise"
    credential = "bot"          host = "mail.example.go.id"    credential = "sms-address"

A table without `kind` is an HTTP gateway: a shipped preset, its keys overridden, or a template of the office's own.
Secrets are named, never written. `webhook` and `alertmanager` need no table.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Protocol

import httpx

from alerts.channels.alertmanager import Alertmanager
from alerts.channels.gateway import Gateway, Template
from alerts.channels.mail import Mail, MailServer
from alerts.channels.webhook import Webhook
from alerts.dispatch.contacts import MACHINES, SCHEMES
from alerts.dispatch.lanes import Limits
from alerts.dispatch.messages import Channel
from alerts.dispatch.rate_limits import Limit
from alerts.errors import AlertError
from domain.language import _
from domain.secrets import Secret

PRESETS: Final = Path(__file__).parent / "gateways"
SECURITIES: Final = ("starttls", "tls", "none")
GATEWAY_KEYS: Final = {each.name for each in fields(Template)}
MAIL_KEYS: Final = {each.name for each in fields(MailServer)}
MAIL_LIMITS: Final = Limits((Limit(10, 1.0),))


class ChannelError(AlertError):
    """The file of channels cannot be used; the message names table and key."""


class SecretOf(Protocol):
    """A stored token by its name. Raises KeyError."""

    def __call__(self, name: str) -> Secret: ...


@dataclass(frozen=True, slots=True)
class Ways:
    """channels: by scheme. limits: by scheme too."""

    channels: Mapping[str, Channel]
    limits: Mapping[str, Limits] = field(default_factory=dict)

    def limits_of(self, channel: str) -> Limits:
        return self.limits.get(channel.partition(":")[0], Limits())


def presets() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


def read_ways(
    text: str,
    where: str,
    secret_of: SecretOf,
    client: httpx.AsyncClient,
    threads: ThreadPoolExecutor,
    webhook_key: Secret | None = None,
) -> Ways:
    """text: of the file, empty if there is none; where: its name, for errors. Raises ChannelError."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ChannelError(_("{where} cannot be read: {error}").format(where=where, error=error)) from None
    channels: dict[str, Channel] = {"webhook": Webhook(client, webhook_key), "alertmanager": Alertmanager(client)}
    limits: dict[str, Limits] = {}
    for scheme, table in tables.items():
        reader = _Table(where, scheme, table, secret_of)
        if scheme not in SCHEMES or scheme in MACHINES:
            known = ", ".join(name for name in SCHEMES if name not in MACHINES)
            raise reader.wrong(_("this is no scheme of people.csv; use one of: {known}").format(known=known))
        match reader.text("kind", "gateway"):
            case "gateway":
                template = reader.template()
                channels[scheme], limits[scheme] = Gateway(client, template, reader.secret()), template.limits
            case "mail":
                channels[scheme], limits[scheme] = Mail(reader.mail_server(), threads, reader.secret()), MAIL_LIMITS
            case "apprise":
                channels[scheme] = _apprise(reader, threads)
            case other:
                raise reader.wrong(_("'{kind}' is no kind; use gateway, mail or apprise").format(kind=other))
    return Ways(channels, limits)


def _apprise(reader: "_Table", threads: ThreadPoolExecutor) -> Channel:
    reader.only({"kind", "credential"})
    url = reader.secret()
    if url is None:
        raise reader.wrong(_("name the credential that holds the address of Apprise"))
    # Imported where it is used: it takes a third of a second, and most offices never need it.
    from alerts.channels.apprise_urls import AppriseUrl

    return AppriseUrl(url, threads)


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the file, read with complaints that name it."""

    where: str
    name: str
    values: Any
    secret_of: Callable[[str], Secret]

    def wrong(self, problem: str) -> ChannelError:
        return ChannelError(f"{self.where}: [{self.name}]: {problem}")

    def only(self, known: Iterable[str]) -> None:
        strange = sorted(set(self._given()) - set(known))
        if strange:
            raise self.wrong(
                _("'{key}' is not known here; use: {known}").format(key=strange[0], known=", ".join(sorted(known)))
            )

    def text(self, key: str, default: str = "") -> str:
        value = self._given().get(key, default)
        if not isinstance(value, str):
            raise self.wrong(_("{key}: write a text").format(key=key))
        return value

    def secret(self) -> Secret | None:
        name = self.text("credential")
        if not name:
            return None
        try:
            return self.secret_of(name)
        except KeyError:
            raise self.wrong(
                _("there is no token {name}; store it with: kentongan credential add {name} --token").format(name=name)
            ) from None

    def mail_server(self) -> MailServer:
        self.only({"kind", "credential", *MAIL_KEYS})
        given = {key: value for key, value in self._given().items() if key in MAIL_KEYS}
        port, security = given.get("port", 587), given.get("security", "starttls")
        if not isinstance(port, int) or not 0 < port < 65536:
            raise self.wrong(_("port: write a number from 1 to 65535"))
        if security not in SECURITIES:
            raise self.wrong(_("security: use one of {known}").format(known=", ".join(SECURITIES)))
        if not self.text("host"):
            raise self.wrong(_("host: name the mail server"))
        return MailServer(**given)

    def template(self) -> Template:
        self.only({"kind", "preset", "credential", *GATEWAY_KEYS})
        preset = self.text("preset")
        if preset and preset not in presets():
            raise self.wrong(
                _("there is no preset '{preset}'; there are: {known}").format(preset=preset, known=", ".join(presets()))
            )
        values: dict[str, Any] = {}
        if preset:
            values = tomllib.loads((PRESETS / f"{preset}.toml").read_text(encoding="utf-8"))
        values |= {key: value for key, value in self._given().items() if key in GATEWAY_KEYS}
        if not str(values.get("url", "")).startswith(("http://", "https://")):
            raise self.wrong(_("url: write the address of the gateway, or name a preset"))
        if values.get("form", "json") not in ("json", "form"):
            raise self.wrong(_("form: use json or form"))
        values["limits"] = self._limits(values.get("limits", {}))
        values["hopeless"] = tuple(values.get("hopeless", ()))
        return Template(**values)

    def _limits(self, given: Any) -> Limits:
        try:
            return Limits(
                tuple(Limit(int(count), float(seconds)) for count, seconds in given.get("overall", ())),
                tuple(Limit(int(count), float(seconds)) for count, seconds in given.get("each", ())),
            )
        except (TypeError, ValueError, AttributeError):
            raise self.wrong(_("limits: write [[count, seconds], …] as overall and each")) from None

    def _given(self) -> Mapping[str, Any]:
        if not isinstance(self.values, dict):
            raise self.wrong(_("write a table"))
        return self.values
