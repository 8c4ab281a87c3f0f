"""Credentials to sealed bytes and back: AES-256-GCM, bound to the credential's name.

Layout: one byte of version, 12 bytes of random nonce, ciphertext with its tag (NIST SP 800-38D). A row copied to
another name does not open. Secrets are revealed inside these functions only, and no exception leaves them with one.
"""

import json
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.secrets import (
    AuthProtocol,
    Credential,
    PrivProtocol,
    Secret,
    SnmpCommunity,
    SnmpUser,
    SnmpVersion,
    SshLogin,
    Token,
)
from inventory.store.key import VaultKey

VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12

Plain = dict[str, str | None]


class NotOpenedError(Exception):
    """The bytes are not what was sealed under this key and name."""


def seal(credential: Credential, key: VaultKey) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    plain = json.dumps(_plain(credential)).encode()
    return VERSION + nonce + AESGCM(key.reveal()).encrypt(nonce, plain, _bound_to(credential.name))


def unseal(name: str, sealed: bytes, key: VaultKey) -> Credential:
    """Raises NotOpenedError."""
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if sealed[:1] != VERSION or len(nonce) != NONCE_BYTES:
        raise NotOpenedError
    try:
        plain = AESGCM(key.reveal()).decrypt(nonce, ciphertext, _bound_to(name))
    except InvalidTag:
        raise NotOpenedError from None
    return _credential(name, json.loads(plain))


def _bound_to(name: str) -> bytes:
    return b"kentongan credential\0" + VERSION + name.encode()


def _plain(credential: Credential) -> Plain:
    match credential:
        case SnmpCommunity(version=version, community=community):
            return {"kind": "community", "version": version, "community": community.reveal()}
        case SnmpUser():
            return {
                "kind": "user",
                "user": credential.user,
                "auth": credential.auth,
                "auth_password": _revealed(credential.auth_password),
                "priv": credential.priv,
                "priv_password": _revealed(credential.priv_password),
                "context": credential.context,
            }
        case SshLogin():
            return {
                "kind": "ssh",
                "user": credential.user,
                "password": _revealed(credential.password),
                "private_key": _revealed(credential.private_key),
                "enable": _revealed(credential.enable),
            }
        case Token(token=token):
            return {"kind": "token", "token": token.reveal()}


def _credential(name: str, plain: Plain) -> Credential:
    match plain:
        case {"kind": "community", "version": str(version), "community": str(community)}:
            return SnmpCommunity(name, SnmpVersion(version), Secret(community))
        case {"kind": "user", "user": str(user), "auth": auth, "priv": priv, "context": str(context)}:
            return SnmpUser(
                name,
                user,
                AuthProtocol(auth) if auth else None,
                _secret(plain["auth_password"]),
                PrivProtocol(priv) if priv else None,
                _secret(plain["priv_password"]),
                context,
            )
        case {"kind": "ssh", "user": str(user)}:
            return SshLogin(
                name, user, _secret(plain["password"]), _secret(plain["private_key"]), _secret(plain["enable"])
            )
        case {"kind": "token", "token": str(token)}:
            return Token(name, Secret(token))
        case _:
            raise NotOpenedError


def _revealed(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal()


def _secret(text: str | None) -> Secret | None:
    return None if text is None else Secret(text)
