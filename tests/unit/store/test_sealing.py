"""Sealed credentials: they open under their own key and name, and nothing else does."""

import pytest

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
from inventory.store.sealing import NotOpenedError, seal, unseal

KEY = VaultKey(bytes(range(32)))
CREDENTIALS: list[Credential] = [
    SnmpCommunity("v1", SnmpVersion.V1, Secret("public")),
    SnmpCommunity("v2c", SnmpVersion.V2C, Secret("rahasia é \0 喫")),
    SnmpUser("plain", "noc"),
    SnmpUser("auth", "noc", AuthProtocol.MD5, Secret("kata-sandi")),
    SnmpUser("priv", "noc", AuthProtocol.SHA512, Secret("a" * 64), PrivProtocol.AES256C, Secret("b" * 8), "ctx"),
    SshLogin("password", "admin", Secret("p"), None, Secret("e")),
    SshLogin("key", "admin", None, Secret("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n")),
    Token("telegram", Secret("12:ab")),
]


@pytest.mark.parametrize("credential", CREDENTIALS, ids=lambda credential: credential.name)
def test_what_is_sealed_opens_again(credential: Credential) -> None:
    sealed = seal(credential, KEY)
    assert unseal(credential.name, sealed, KEY) == credential
    assert seal(credential, KEY) != sealed  # a nonce is never used twice


def test_it_opens_under_its_own_name_and_key_only() -> None:
    sealed = seal(CREDENTIALS[0], KEY)
    for name, octets, key in (
        ("v2", sealed, KEY),
        ("v1", sealed, VaultKey(bytes(32))),
        ("v1", sealed[:-1], KEY),
        ("v1", b"\x02" + sealed[1:], KEY),
        ("v1", b"", KEY),
        *(("v1", sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1 :], KEY) for i in range(len(sealed))),
    ):
        with pytest.raises(NotOpenedError):
            unseal(name, octets, key)


def test_nothing_of_the_secret_is_in_the_sealed_bytes() -> None:
    sealed = seal(SnmpCommunity("x", SnmpVersion.V2C, Secret("rahasia-sekali")), KEY)
    assert b"rahasia" not in sealed
    assert b"community" not in sealed
