"""An identity token proved: its signature by the provider's keys, its claims against what we asked (Core 3.1.3.7).

Pure but for the arithmetic of the signature. The time is an argument.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import isfinite
from typing import Any, Final

from jwt import PyJWK
from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError

from console.oidc.records import Client, Identity, SignOnError
from domain.language import _

ALGORITHMS: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures by a private key alone: with `none`, or HS256 and a public key for its secret, anybody could sign."""

SKEW: Final = timedelta(minutes=2)
OLDEST: Final = timedelta(hours=1)
LONGEST_SUBJECT: Final = 255
_JWS: Final = PyJWS(options={"enforce_minimum_key_length": True})


class UnknownKeyError(SignOnError):
    """The provider signs with a key that is not among those we have of it."""


def prove(token: str, keys: Sequence[Mapping[str, Any]], client: Client, nonce: str, now: datetime) -> Identity:
    """keys: of the provider's JWKS. Raises SignOnError, UnknownKeyError."""
    claims = _claims(token, _key_of(token, keys))
    _check_parties(claims, client)
    _check_times(claims, now)
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise _unproved(_("it answers another login than this one"))
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise _unproved(_("it names nobody"))
    return Identity(client.issuer, subject, claims)


def _unproved(why: str) -> SignOnError:
    return SignOnError(
        _("What the login server said of you cannot be believed: {why}. Tell an administrator.").format(why=why)
    )


def _key_of(token: str, keys: Sequence[Mapping[str, Any]]) -> tuple[PyJWK, str]:
    try:
        header = _JWS.get_unverified_header(token)
    except PyJWTError as error:
        raise _unproved(_("it is no token")) from error
    algorithm, wanted = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise _unproved(_("it is signed by {algorithm}").format(algorithm=str(algorithm)[:20]))
    fitting = [
        key
        for key in keys
        if key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (wanted is None or key.get("kid") == wanted)
    ]
    if len(fitting) != 1:
        raise UnknownKeyError(
            _("The login server signs with a key that it does not publish. Try again; else tell an administrator.")
        )
    try:
        return PyJWK(dict(fitting[0]), algorithm), algorithm
    except PyJWTError as error:
        raise _unproved(_("the server's key cannot be read")) from error


def _claims(token: str, key: tuple[PyJWK, str]) -> Mapping[str, Any]:
    try:
        payload = _JWS.decode(token, key[0], algorithms=[key[1]])
        claims = json.loads(payload)
    except (PyJWTError, ValueError, TypeError) as error:
        raise _unproved(_("its signature does not fit")) from error
    if not isinstance(claims, dict):
        raise _unproved(_("it holds no claims"))
    return claims


def _check_parties(claims: Mapping[str, Any], client: Client) -> None:
    if claims.get("iss") != client.issuer:
        raise _unproved(_("another server made it"))
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or client.client_id not in audiences:
        raise _unproved(_("it is for another application"))
    party = claims.get("azp")
    if (len(audiences) > 1 or party is not None) and party != client.client_id:
        raise _unproved(_("it was given to another application"))


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    seconds, skew = now.timestamp(), SKEW.total_seconds()
    ends, made = _seconds(claims, "exp"), _seconds(claims, "iat")
    begins = _seconds(claims, "nbf") if "nbf" in claims else made
    if ends + skew <= seconds:
        raise _unproved(_("it has expired"))
    if max(made, begins) - skew > seconds:
        raise _unproved(_("it is of the future; one of the two clocks is wrong"))
    if made + OLDEST.total_seconds() < seconds:
        raise _unproved(_("it is too old"))


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise _unproved(_("it does not say when it was made"))
    return value
