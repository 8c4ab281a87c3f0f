"""Which algorithms are offered: good ones to everybody, broken ones only to devices whose record allows it."""

from collections.abc import Mapping
from typing import Final

# RFC 9142 (key exchange), RFC 8332 and 8758 (ssh-rsa, RC4), and what OpenSSH 9 leaves out by default.
OLD: Final[Mapping[str, tuple[str, ...]]] = {
    "kex": ("diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1"),
    "keys": ("ssh-rsa",),
    "pubkeys": ("ssh-rsa",),
    "ciphers": ("aes128-cbc", "aes192-cbc", "aes256-cbc", "3des-cbc"),
    "macs": ("hmac-md5", "hmac-sha1-96", "hmac-md5-96"),
}
GCM: Final = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")
"""RFC 5647, as OpenSSH names them: a device echoes each sign as a packet of its own, and where the cipher vouches for
its packets the SSH library has no checksums to compare in Python, which took half of all it did."""
RSA: Final = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")


def disabled(legacy: bool) -> dict[str, list[str]]:
    """In the form of paramiko's `disabled_algorithms`."""
    return {} if legacy else {kind: list(names) for kind, names in OLD.items()}


def vouching_first(offered: tuple[str, ...]) -> tuple[str, ...]:
    """Ciphers that vouch for their packets before the others, which stay for devices that know no such."""
    return (*(name for name in GCM if name in offered), *(name for name in offered if name not in GCM))


def preferring(algorithm: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """`offered` with the signatures of a known host key first: a device with several keys shows the one we know."""
    ours = RSA if algorithm == "ssh-rsa" else (algorithm,)
    first = tuple(name for name in offered if name in ours)
    return first + tuple(name for name in offered if name not in ours)
