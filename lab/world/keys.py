"""USM keys and ciphers (RFC 3414 A.2, RFC 7860, RFC 3826): made once per user, localised once per engine."""

import hashlib
import hmac
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser

_DIGESTS = {AuthProtocol.SHA1: ("sha1", 12), AuthProtocol.SHA256: ("sha256", 24)}
_KEY_BYTES = {PrivProtocol.AES128: 16, PrivProtocol.AES256: 32}
_MEGABYTE = 1_048_576


@dataclass(frozen=True, slots=True)
class Keys:
    """A user's keys on one engine: empty where the user has none."""

    digest: str = ""
    mac_bytes: int = 0
    auth: bytes = b""
    priv: bytes = b""

    def mac(self, message: bytes) -> bytes:
        """The truncated HMAC over a whole message whose own authentication field is nought."""
        return hmac.digest(self.auth, message, self.digest)[: self.mac_bytes]

    def crypt(self, data: bytes, boots: int, seconds: int, salt: bytes, decrypt: bool) -> bytes:
        """AES in CFB with the engine's boots and time and the salt as its beginning (RFC 3826, 3.1.2.1)."""
        iv = boots.to_bytes(4, "big") + seconds.to_bytes(4, "big") + salt
        cipher = Cipher(AES(self.priv), CFB(iv))
        worker = cipher.decryptor() if decrypt else cipher.encryptor()
        return worker.update(data) + worker.finalize()


class KeyRing:
    """The keys of the known users, made when they are first needed."""

    def __init__(self, users: tuple[SnmpUser, ...]) -> None:
        self.users = {user.user.encode(): user for user in users}
        self._masters: dict[tuple[bytes, str], bytes] = {}
        self._localised: dict[tuple[bytes, bytes], Keys] = {}

    def keys(self, user: bytes, engine: bytes) -> Keys:
        """Raises KeyError for a user that is not known."""
        known = self._localised.get((user, engine))
        if known is None:
            known = self._localised[user, engine] = self._make(self.users[user], engine)
        return known

    def _make(self, user: SnmpUser, engine: bytes) -> Keys:
        if user.auth is None or user.auth_password is None:
            return Keys()
        digest, mac_bytes = _DIGESTS[user.auth]
        auth = self._localise(user.auth_password, digest, engine)
        priv = b""
        if user.priv is not None and user.priv_password is not None:
            priv = self._localise(user.priv_password, digest, engine)[: _KEY_BYTES[user.priv]]
        return Keys(digest, mac_bytes, auth, priv)

    def _localise(self, password: Secret, digest: str, engine: bytes) -> bytes:
        text = password.reveal().encode()
        master = self._masters.get((text, digest))
        if master is None:
            repeated = text * (_MEGABYTE // len(text) + 1)
            master = self._masters[text, digest] = hashlib.new(digest, repeated[:_MEGABYTE]).digest()
        return hashlib.new(digest, master + engine + master).digest()
