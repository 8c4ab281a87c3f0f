"""The key that seals credentials: a file of mode 0600, or a text from the environment. Never in the database."""

import base64
import hashlib
import os
import secrets
import stat
from pathlib import Path
from typing import Final, NoReturn, final

from domain.language import _
from inventory.errors import InventoryError

KEY_BYTES: Final = 32  # AES-256
VARIABLE: Final = "KENTONGAN_SECRETS__KEY"


class VaultKeyError(InventoryError):
    """Root of what is wrong with a key."""


class KeyMissingError(VaultKeyError):
    """There is no key file and no key in the environment."""


class KeyExposedError(VaultKeyError):
    """Others on this machine can read the key file."""


class KeyUnreadableError(VaultKeyError):
    """The file cannot be read, or what it holds is no key."""


class KeyExistsError(VaultKeyError):
    """A key file is there already, and replacing it would lose every stored credential."""


@final
class VaultKey:
    """32 secret bytes that print as their fingerprint only."""

    __slots__ = ("_octets", "fingerprint")

    def __init__(self, octets: bytes) -> None:
        if len(octets) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self._octets = octets
        # One way and of 256 random bits: knowing it does not help to find the key.
        self.fingerprint = hashlib.sha256(b"kentongan key fingerprint\0" + octets).hexdigest()[:12]

    @classmethod
    def generate(cls) -> "VaultKey":
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def of_text(cls, text: str, where: str) -> "VaultKey":
        """Raises KeyUnreadableError naming `where` the text came from, never the text."""
        try:
            octets = base64.b64decode(text.strip().encode("ascii"), altchars=b"-_", validate=True)
        except ValueError:
            octets = b""
        if len(octets) != KEY_BYTES:
            raise KeyUnreadableError(
                _("{where} holds no key: one line of 44 characters is expected. Put back the copy you kept.").format(
                    where=where
                )
            )
        return cls(octets)

    def reveal(self) -> bytes:
        return self._octets

    def text(self) -> str:
        """As it stands in a key file, without the line's end."""
        return base64.urlsafe_b64encode(self._octets).decode("ascii")

    def __repr__(self) -> str:
        return f"VaultKey({self.fingerprint})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a VaultKey is not pickled")


def create_key_file(path: Path) -> VaultKey:
    """A new random key in a new file of mode 0600, on disk when this returns. Raises KeyExistsError."""
    key = VaultKey.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise KeyExistsError(
            _("{path} is there already. Without it the stored credentials are lost, so it is not replaced.").format(
                path=path
            )
        ) from None
    except OSError as error:
        raise KeyUnreadableError(
            _("The key file {path} cannot be made: {reason}.").format(path=path, reason=error.strerror)
        ) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.text() + "\n")
        file.flush()
        os.fsync(descriptor)
    _sync_folder(path.parent)
    return key


def read_key(path: Path, text: str = "") -> VaultKey:
    """The key from `text` (the setting, best given in the environment) or else from the file.

    Raises KeyMissingError, KeyExposedError (mode wider than 0600) or KeyUnreadableError.
    """
    if text:
        return VaultKey.of_text(text, VARIABLE)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise KeyMissingError(
            _(
                "There is no key file {path}. Put back the copy you kept, or give the key in {variable}. "
                "On a new installation 'kentongan init' makes one."
            ).format(path=path, variable=VARIABLE)
        ) from None
    except OSError as error:
        raise KeyUnreadableError(
            _("The key file {path} cannot be read: {reason}. Run as the user who owns it.").format(
                path=path, reason=error.strerror
            )
        ) from None
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            raise KeyExposedError(
                _("The key file {path} has mode {mode}: others can read it. Mend it with: chmod 600 {path}").format(
                    path=path, mode=f"{mode:04o}"
                )
            )
        return VaultKey.of_text(file.read(1024).decode("ascii", "replace"), str(path))


def replace_key_file(new: Path, path: Path) -> None:
    """Put the file `new` in the place of `path`, at once and on disk when this returns."""
    os.replace(new, path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
