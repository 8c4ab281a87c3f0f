"""What we are at the provider, what it says of itself, and how its words become an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.errors import NotEnteredError
from domain.network import PersonRole
from domain.secrets import Secret


class SignOnError(NotEnteredError):
    """Somebody who came by single sign-on was not let in; says why in words for people."""


@dataclass(frozen=True, slots=True)
class Client:
    """issuer: as it names itself. secret: None for a public client. redirect_uri: where the provider sends people back.

    roles: group → role, the first that somebody has counts; none leaves the role to the account. region_claim: codes of
    regions, `*` for the whole kabupaten; empty leaves them to the account. make_accounts: for whoever has a group.
    """

    issuer: str
    client_id: str
    redirect_uri: str
    secret: Secret | None = field(default=None, repr=False)
    scopes: str = "openid profile"
    name_claim: str = "preferred_username"
    role_claim: str = ""
    roles: Mapping[str, PersonRole] = field(default_factory=dict)
    region_claim: str = ""
    make_accounts: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """Of its discovery document (OpenID Connect Discovery 1.0 section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_auth_methods: tuple[str, ...]
    says_issuer: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """Of a token that was proved."""

    issuer: str
    subject: str
    claims: Mapping[str, object] = field(repr=False)
