"""What a device or a service wants to hear before it answers. Stored encrypted, see `inventory/store/vault.py`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.secrets.secret import Secret


class SnmpVersion(StrEnum):
    V1 = "1"
    V2C = "2c"
    V3 = "3"


class AuthProtocol(StrEnum):
    """USM authentication (RFC 3414 MD5 and SHA-1, RFC 7860 SHA-2). MD5 is for old gear only."""

    MD5 = "MD5"
    SHA1 = "SHA"
    SHA224 = "SHA-224"
    SHA256 = "SHA-256"
    SHA384 = "SHA-384"
    SHA512 = "SHA-512"


class PrivProtocol(StrEnum):
    """USM privacy: DES (RFC 3414, old gear only), AES-128 (RFC 3826), AES-192/256 with either key expansion
    (Blumenthal draft: `AES-192`, `AES-256`; Reeder's, as Cisco does it: `AES-192-C`, `AES-256-C`)."""

    DES = "DES"
    AES128 = "AES"
    AES192 = "AES-192"
    AES256 = "AES-256"
    AES192C = "AES-192-C"
    AES256C = "AES-256-C"


@dataclass(frozen=True, slots=True)
class SnmpCommunity:
    """SNMP v1 or v2c: one community for reading."""

    name: str
    version: SnmpVersion
    community: Secret


@dataclass(frozen=True, slots=True)
class SnmpUser:
    """SNMPv3 (RFC 3414): noAuthNoPriv without protocols, authNoPriv with auth, authPriv with both."""

    name: str
    user: str
    auth: AuthProtocol | None = None
    auth_password: Secret | None = None
    priv: PrivProtocol | None = None
    priv_password: Secret | None = None
    context: str = ""

    def __post_init__(self) -> None:
        if (self.auth is None) != (self.auth_password is None):
            raise ValueError("an authentication protocol and its password go together")
        if (self.priv is None) != (self.priv_password is None):
            raise ValueError("a privacy protocol and its password go together")
        if self.priv is not None and self.auth is None:
            raise ValueError("SNMPv3 has no privacy without authentication")

    @property
    def level(self) -> str:
        return "authPriv" if self.priv else "authNoPriv" if self.auth else "noAuthNoPriv"


@dataclass(frozen=True, slots=True)
class SshLogin:
    """A login for reading or changing a device by SSH."""

    name: str
    user: str
    password: Secret | None = None
    private_key: Secret | None = None
    enable: Secret | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """One secret text for a service: a bot's token, a gateway's key, a mail password, an address that holds secrets."""

    name: str
    token: Secret


Credential = SnmpCommunity | SnmpUser | SshLogin | Token


class Vault(Protocol):
    """Where credentials are kept. Raises KeyError for a name it does not know."""

    def names(self) -> tuple[str, ...]: ...

    def get(self, name: str) -> Credential: ...

    def put(self, credential: Credential) -> None: ...

    def remove(self, name: str) -> None: ...
