"""Passwords proved by Argon2id with the parameters of RFC 9106 (low memory), and what a new one must be like."""

import secrets
from typing import Final
from unicodedata import normalize

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from console.errors import PasswordRefusedError
from domain.language import _
from domain.secrets import Secret

SHORTEST: Final = 10
LONGEST: Final = 200
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # none that is taken for another one


class Passwords:
    """Proving one takes some 50 ms and 64 MiB on purpose: call it in a thread, few at a time."""

    def __init__(self, rounds: int = 3, kibibytes: int = 64 * 1024) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=kibibytes, parallelism=4, type=Type.ID)
        self._nobody = ""

    def proof_of(self, password: Secret) -> str:
        return self._hasher.hash(_plain(password))

    def is_outdated(self, proof: str) -> bool:
        """Made with less than is asked for now."""
        return self._hasher.check_needs_rehash(proof)

    def proves(self, proof: str, password: Secret) -> bool:
        """An empty proof is proved by nothing, and takes as long to say so."""
        if not self._nobody:
            self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        try:
            return self._hasher.verify(proof or self._nobody, _plain(password)) and bool(proof)
        except (VerificationError, InvalidHashError):
            return False


def _plain(password: Secret) -> str:
    """One password, whatever keyboard writes its letters with accents (RFC 8265 section 4.2)."""
    return normalize("NFC", password.reveal())


def made_password() -> Secret:
    """Four groups of four, to be read aloud: 80 bits."""
    return Secret("-".join("".join(secrets.choice(_LETTERS) for _letter in range(4)) for _group in range(4)))


def check_new(password: Secret, name: str) -> None:
    """Raises PasswordRefusedError. Long is good; rules about signs are not (NIST SP 800-63B)."""
    text = password.reveal()
    if not SHORTEST <= len(text) <= LONGEST:
        raise PasswordRefusedError(
            _("A password has {shortest} to {longest} characters. Four words are easy to remember.").format(
                shortest=SHORTEST, longest=LONGEST
            )
        )
    if name.casefold() in text.casefold() or len(set(text)) < 5:
        raise PasswordRefusedError(_("This password is easily guessed: it repeats itself or holds your name."))
