"""Answers a camera's challenge: Digest (RFC 2617, RFC 7616) where it offers that, else Basic."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.secrets import Secret

_PARAMETER = re.compile(r'([a-zA-Z]{1,20})\s*=\s*(?:"([^"]{0,512})"|([^\s,]{1,512}))')
_HASHES: dict[str, Callable[[bytes], "hashlib._Hash"]] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


@dataclass(frozen=True, slots=True)
class Login:
    """A camera's user."""

    user: str
    password: Secret


@dataclass(frozen=True, slots=True)
class Challenge:
    """What one `WWW-Authenticate` line asks for. qop: whether it wants the newer form with a counter."""

    scheme: str
    realm: str = ""
    nonce: str = ""
    algorithm: str = "MD5"
    opaque: str = ""
    qop: bool = False


def choose(lines: Sequence[str]) -> Challenge | None:
    """The strongest challenge that we can answer; None if there is none."""
    found = [challenge for line in lines if (challenge := _parsed(line)) is not None]
    order = {("digest", "SHA-256"): 0, ("digest", "MD5"): 1, ("basic", "MD5"): 2}
    return min(found, key=lambda each: order[each.scheme, each.algorithm], default=None)


def answer(challenge: Challenge, login: Login, method: str, url: str, count: int, client_nonce: str) -> str:
    """The `Authorization` line. count: of requests under this nonce, from 1. client_nonce: ours, random."""
    if challenge.scheme == "basic":
        return "Basic " + b64encode(f"{login.user}:{login.password.reveal()}".encode()).decode()

    def digest(text: str) -> str:
        return _HASHES[challenge.algorithm](text.encode()).hexdigest()

    user = digest(f"{login.user}:{challenge.realm}:{login.password.reveal()}")
    target = digest(f"{method}:{url}")
    values = {"username": login.user, "realm": challenge.realm, "nonce": challenge.nonce, "uri": url}
    plain = {"algorithm": challenge.algorithm}
    if challenge.qop:
        counter = f"{count:08x}"
        values["response"] = digest(f"{user}:{challenge.nonce}:{counter}:{client_nonce}:auth:{target}")
        values["cnonce"] = client_nonce
        plain |= {"qop": "auth", "nc": counter}
    else:
        values["response"] = digest(f"{user}:{challenge.nonce}:{target}")
    if challenge.opaque:
        values["opaque"] = challenge.opaque
    quoted = [f'{name}="{_escaped(value)}"' for name, value in values.items()]
    return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in plain.items())])


def _parsed(line: str) -> Challenge | None:
    scheme, _space, rest = line.strip().partition(" ")
    given = {match[1].lower(): match[2] or match[3] or "" for match in _PARAMETER.finditer(rest[:4_096])}
    algorithm = given.get("algorithm", "MD5").upper()
    if scheme.lower() == "basic":
        return Challenge("basic", given.get("realm", ""))
    if scheme.lower() != "digest" or algorithm not in _HASHES:
        return None
    wants = [part.strip().lower() for part in given.get("qop", "").split(",")]
    return Challenge(
        "digest", given.get("realm", ""), given.get("nonce", ""), algorithm, given.get("opaque", ""), "auth" in wants
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
