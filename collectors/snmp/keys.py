"""Keys of SNMPv3 users: password to master key to the key of one engine (RFC 3414 A.2, RFC 7860, AES drafts).

A master key costs a hash over a mebibyte, so it is made once per password and kept for the life of the `KeyRing`;
the ring never prints and is never stored.
"""

import hashlib
from dataclasses import dataclass

from collectors.snmp.pdu import OCTETS, tlv
from domain.secrets import AuthProtocol, PrivProtocol, SnmpUser

_MEBIBYTE = 1 << 20
_HASHES = {
    AuthProtocol.MD5: "md5",
    AuthProtocol.SHA1: "sha1",
    AuthProtocol.SHA224: "sha224",
    AuthProtocol.SHA256: "sha256",
    AuthProtocol.SHA384: "sha384",
    AuthProtocol.SHA512: "sha512",
}
_KEY_OCTETS = {
    PrivProtocol.DES: 16,  # 8 of key, 8 of pre-IV
    PrivProtocol.AES128: 16,
    PrivProtocol.AES192: 24,
    PrivProtocol.AES256: 32,
    PrivProtocol.AES192C: 24,
    PrivProtocol.AES256C: 32,
}
_REEDER = frozenset((PrivProtocol.AES192C, PrivProtocol.AES256C))


def hash_name(auth: AuthProtocol) -> str:
    """The name `hashlib` knows the protocol's hash by."""
    return _HASHES[auth]


def master_key(auth: AuthProtocol, password: bytes) -> bytes:
    """RFC 3414 A.2: the hash of the password repeated to a mebibyte. Raises ValueError for an empty password."""
    if not password:
        raise ValueError("an SNMPv3 password is not empty")
    repeated = password * (_MEBIBYTE // len(password) + 1)
    return hashlib.new(hash_name(auth), repeated[:_MEBIBYTE]).digest()


def localised_key(auth: AuthProtocol, master: bytes, engine_id: bytes) -> bytes:
    """RFC 3414 A.2: the master key bound to one engine."""
    return hashlib.new(hash_name(auth), master + engine_id + master).digest()


def privacy_key(auth: AuthProtocol, priv: PrivProtocol, master: bytes, engine_id: bytes) -> bytes:
    """The key of the cipher, expanded where the hash is too short for it (Blumenthal's draft, or Reeder's)."""
    octets = _KEY_OCTETS[priv]
    key = localised_key(auth, master, engine_id)
    while len(key) < octets:
        if priv in _REEDER:
            key += localised_key(auth, master_key(auth, key), engine_id)
        else:
            key += hashlib.new(hash_name(auth), key).digest()
    return key[:octets]


@dataclass(frozen=True, slots=True, repr=False)
class UserKeys:
    """What one user needs at one engine; empty where the level does not use it.

    engine, name, scope: the octets of the engine id, of the user's name, and of engine id and context, as every
    message to this engine holds them.
    """

    auth: bytes = b""
    priv: bytes = b""
    engine: bytes = b""
    name: bytes = b""
    scope: bytes = b""


class KeyRing:
    """Master keys by password, user keys by engine. One ring serves the whole process."""

    def __init__(self) -> None:
        self._masters: dict[tuple[AuthProtocol, str], bytes] = {}
        self._users: dict[tuple[SnmpUser, bytes], UserKeys] = {}

    def keys(self, user: SnmpUser, engine_id: bytes) -> UserKeys:
        key = (user, engine_id)
        known = self._users.get(key)
        if known is None:
            known = self._users[key] = self._derive(user, engine_id)
        return known

    def _derive(self, user: SnmpUser, engine_id: bytes) -> UserKeys:
        engine = tlv(OCTETS, engine_id)
        octets = (engine, tlv(OCTETS, user.user.encode()), engine + tlv(OCTETS, user.context.encode()))
        if user.auth is None or user.auth_password is None:
            return UserKeys(b"", b"", *octets)
        auth = localised_key(user.auth, self._master(user.auth, user.auth_password.reveal()), engine_id)
        if user.priv is None or user.priv_password is None:
            return UserKeys(auth, b"", *octets)
        master = self._master(user.auth, user.priv_password.reveal())
        return UserKeys(auth, privacy_key(user.auth, user.priv, master, engine_id), *octets)

    def _master(self, auth: AuthProtocol, password: str) -> bytes:
        key = (auth, password)
        known = self._masters.get(key)
        if known is None:
            known = self._masters[key] = master_key(auth, password.encode())
        return known
