"""Who comes in by the office's own login server (OpenID Connect), and when shifts begin."""

import re
from datetime import time
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from domain.language import _
from domain.network import PersonRole
from kentongan.settings.sections.section import Section

_TIME: Final = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class OidcSettings(Section):
    """Login by the office's own server (OpenID Connect), beside names and passwords. Needs console.public_url."""

    issuer: str = Field("", description="Its address, as it names itself: https://sso.purwakartakab.go.id. Empty: off.")
    client_id: str = Field("", description="What we are called there.")
    credential: str = Field(
        "", description="Name of the stored token that holds our client secret; empty: a public client."
    )
    label: str = Field("", description="On the button: Masuk dengan SSO Pemkab.")
    scopes: str = Field("openid profile", description="What is asked for; openid is a must.")
    name_claim: str = Field("preferred_username", description="Holds the name of the account.")
    role_claim: str = Field("", description="Holds one or more groups; with roles it decides what an account may.")
    roles: str = Field("", description="Which group is which role: kominfo-noc=noc, kominfo-admin=admin.")
    region_claim: str = Field("", description="Holds codes of regions (32.14.05); empty: as the account has them.")
    make_accounts: bool = Field(False, description="Make an account for whoever comes with a group of roles.")

    @field_validator("issuer")
    @classmethod
    def _safe(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError(_("write an address that begins with https://"))
        return value

    @field_validator("scopes")
    @classmethod
    def _with_openid(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError(_("write openid among them"))
        return value

    @field_validator("roles")
    @classmethod
    def _known_roles(cls, value: str) -> str:
        roles_of(value)
        return value


def roles_of(text: str) -> dict[str, PersonRole]:
    """'kominfo-noc = noc, …' → group → role. Raises ValueError."""
    found = {}
    for part in filter(None, (each.strip() for each in text.replace(";", ",").split(","))):
        group, equals, role = (piece.strip() for piece in part.rpartition("="))
        if not equals or not group or role not in set(PersonRole):
            raise ValueError(
                _("'{text}': write a group, = and one of {roles}").format(text=part, roles=", ".join(PersonRole))
            )
        found[group] = PersonRole(role)
    return found


def shift_begins(text: str) -> tuple[time, ...]:
    """'07.00 15.00 23.00' → sorted times. Raises ValueError."""
    parts = text.replace(",", " ").replace(";", " ").split()
    found = [_TIME.fullmatch(part) for part in parts]
    if not parts or not all(found):
        raise ValueError(_("write the times at which shifts begin: 07.00 15.00 23.00"))
    return tuple(sorted({time(int(match[1]), int(match[2])) for match in found if match}))
