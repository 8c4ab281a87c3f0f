"""Secrets that do not print themselves, and the credentials made of them."""

from domain.secrets.credentials import (
    AuthProtocol,
    Credential,
    PrivProtocol,
    SnmpCommunity,
    SnmpUser,
    SnmpVersion,
    SshLogin,
    Token,
    Vault,
)
from domain.secrets.secret import Secret

__all__ = [
    "AuthProtocol",
    "Credential",
    "PrivProtocol",
    "Secret",
    "SnmpCommunity",
    "SnmpUser",
    "SnmpVersion",
    "SshLogin",
    "Token",
    "Vault",
]
