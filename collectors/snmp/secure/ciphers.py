"""Privacy of one user at one engine (AES: RFC 3826 and its drafts, DES: RFC 3414 section 8), made for many messages.

Deciphering keeps its context: CFB and CBC synchronise themselves, so a message's initialisation vector is fed in as a
block of ciphertext in front of it. That costs a tenth of a context made anew. Ciphers are `cryptography`'s own.
"""

import secrets
from collections.abc import Callable
from typing import Protocol

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from collectors.snmp.pdu import BerError
from domain.secrets import PrivProtocol

SALT_OCTETS = 8
_AES_BLOCK, _DES_BLOCK = 16, 8


class Salts:
    """Numbers of 64 bits that do not repeat: counted from a random one (RFC 3826 section 3.1.2.1)."""

    def __init__(self) -> None:
        self._last = secrets.randbits(64)

    def next(self) -> int:
        self._last = (self._last + 1) & 0xFFFFFFFFFFFFFFFF
        return self._last


class Privacy(Protocol):
    """Of one user at one engine. boots and time: the engine's, as the message tells them."""

    def encrypt(self, boots: int, time: int, salt: int, plain: bytes) -> tuple[bytes, bytes]:
        """The salt as it is sent, and the ciphertext."""
        ...

    def decrypt(self, boots: int, time: int, salt: bytes, data: bytes) -> bytes:
        """Raises BerError for what cannot be ciphertext. CBC leaves its padding behind the text."""
        ...


class AesPrivacy:
    """CFB with segments of 128 bits; 16, 24 or 32 octets of key."""

    def __init__(self, key: bytes) -> None:
        self._key = AES(key)
        reader: CipherContext = Cipher(self._key, CFB(bytes(_AES_BLOCK))).decryptor()
        self._read: Callable[[bytes], bytes] = reader.update

    def encrypt(self, boots: int, time: int, salt: int, plain: bytes) -> tuple[bytes, bytes]:
        vector = ((boots << 96) | (time << 64) | salt).to_bytes(_AES_BLOCK, "big")
        return vector[8:], Cipher(self._key, CFB(vector)).encryptor().update(plain)

    def decrypt(self, boots: int, time: int, salt: bytes, data: bytes) -> bytes:
        size = _AES_BLOCK + len(data)
        vector = ((boots << 32) | time).to_bytes(8, "big") + salt
        return self._read(vector + data + bytes(-size % _AES_BLOCK))[_AES_BLOCK:size]


class DesPrivacy:
    """CBC; 8 octets of key and 8 that are mixed into the initialisation vector. Only for gear that has nothing else."""

    def __init__(self, key: bytes) -> None:
        self._key = TripleDES(key[:8] * 3)
        self._mixed = int.from_bytes(key[8:16], "big")
        reader: CipherContext = Cipher(self._key, CBC(bytes(_DES_BLOCK))).decryptor()
        self._read: Callable[[bytes], bytes] = reader.update

    def encrypt(self, boots: int, time: int, salt: int, plain: bytes) -> tuple[bytes, bytes]:
        sent = ((boots << 32) | (salt & 0xFFFFFFFF)).to_bytes(SALT_OCTETS, "big")
        padded = plain + bytes(-len(plain) % _DES_BLOCK)
        return sent, Cipher(self._key, CBC(self._vector(sent))).encryptor().update(padded)

    def decrypt(self, boots: int, time: int, salt: bytes, data: bytes) -> bytes:
        if len(data) % _DES_BLOCK:
            raise BerError("the ciphertext is no whole number of blocks")
        return self._read(self._vector(salt) + data)[_DES_BLOCK:]

    def _vector(self, salt: bytes) -> bytes:
        return (int.from_bytes(salt, "big") ^ self._mixed).to_bytes(_DES_BLOCK, "big")


def privacy(priv: PrivProtocol, key: bytes) -> Privacy:
    """key: as `keys.privacy_key` makes it."""
    return DesPrivacy(key) if priv is PrivProtocol.DES else AesPrivacy(key)
