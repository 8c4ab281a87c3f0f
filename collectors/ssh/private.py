"""Private keys of logins, read from the text that the vault keeps."""

import io
from typing import Final

import paramiko

from domain.secrets import Secret

KINDS: Final = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)


def read_private(text: Secret) -> paramiko.PKey | None:
    """None: it cannot be read (OpenSSH form, without passphrase)."""
    for kind in KINDS:
        try:
            return kind.from_private_key(io.StringIO(text.reveal()))
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    return None


def public_half(text: Secret) -> str:
    """As it stands in a file of authorized keys, without a comment; '' if the key cannot be read."""
    key = read_private(text)
    return f"{key.get_name()} {key.get_base64()}" if key is not None else ""
