"""Asks the provider: its discovery document, its keys, and a token for a code. Everything here blocks.

What it says is believed for an hour. Nothing follows a redirect, and nothing goes unencrypted but to this machine.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx

from console.oidc.records import Client, Provider, SignOnError
from domain.language import _

DISCOVERY: Final = "/.well-known/openid-configuration"
FRESH_SECONDS: Final = 3600.0
AGAIN_SECONDS: Final = 60.0
TIMEOUT_SECONDS: Final = 10.0
REST_SECONDS: Final = 10.0
MOST_OCTETS: Final = 256 * 1024
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class Asking:
    """steady: seconds of a clock that never jumps."""

    def __init__(
        self, client: Client, steady: Callable[[], float], transport: httpx.BaseTransport | None = None
    ) -> None:
        self._client = client
        self._steady = steady
        self._http = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, transport=transport)
        self._lock = threading.Lock()
        self._failed_at = float("-inf")
        self._provider: tuple[float, Provider] | None = None
        self._keys: tuple[float, Sequence[Mapping[str, Any]]] | None = None

    def provider(self) -> Provider:
        """Raises SignOnError; while it does not answer at once, so that nobody waits in a line of those who wait."""
        with self._lock:
            if self._provider is None or self._steady() - self._provider[0] > FRESH_SECONDS:
                if self._steady() - self._failed_at < REST_SECONDS:
                    raise _away()
                try:
                    said = self._fetch("GET", self._client.issuer.rstrip("/") + DISCOVERY)
                except SignOnError:
                    self._failed_at = self._steady()
                    raise
                self._provider = self._steady(), _provider(said, self._client.issuer)
            return self._provider[1]

    def keys(self, *, anew: bool = False) -> Sequence[Mapping[str, Any]]:
        """anew: one was missing; asked again, but not more often than once a minute. Raises SignOnError."""
        address = self.provider().jwks_uri
        with self._lock:
            age = self._steady() - self._keys[0] if self._keys else float("inf")
            if age > (AGAIN_SECONDS if anew else FRESH_SECONDS):
                found = self._fetch("GET", address).get("keys")
                if not isinstance(found, list):
                    raise _unreadable()
                self._keys = self._steady(), [key for key in found if isinstance(key, dict)]
            assert self._keys is not None
            return self._keys[1]

    def exchange(self, code: str, verifier: str) -> str:
        """The identity token for a code (Core 3.1.3). Raises SignOnError."""
        provider, client = self.provider(), self._client
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.redirect_uri,
            "code_verifier": verifier,
        }
        basic: tuple[str, str] | None = None
        if client.secret is None:
            form["client_id"] = client.client_id
        elif "client_secret_basic" in provider.token_auth_methods:
            # RFC 6749 section 2.3.1: each is encoded as a form's field first.
            basic = quote(client.client_id, safe=""), quote(client.secret.reveal(), safe="")
        else:
            form |= {"client_id": client.client_id, "client_secret": client.secret.reveal()}
        token = self._fetch("POST", provider.token_endpoint, form, basic).get("id_token")
        if not isinstance(token, str):
            raise _unreadable()
        return token

    def _fetch(
        self, method: str, url: str, form: Mapping[str, str] | None = None, basic: tuple[str, str] | None = None
    ) -> Mapping[str, Any]:
        if not is_safe(url):
            raise _unreadable()
        try:
            with self._http.stream(
                method, url, data=form, auth=basic or None, headers={"Accept": "application/json"}
            ) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MOST_OCTETS:
                        raise _unreadable()
                status = answer.status_code
        except httpx.HTTPError as error:
            raise _away() from error
        if status != 200:
            raise SignOnError(_("The login server refused this login. Begin again."))
        return _document(body)


def is_safe(url: str) -> bool:
    """https, or this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        found = httpx.Response(200, content=body).json()
    except ValueError as error:
        raise _unreadable() from error
    if not isinstance(found, dict):
        raise _unreadable()
    return found


def _provider(said: Mapping[str, Any], issuer: str) -> Provider:
    """Raises SignOnError for one that is another than was asked (Discovery 4.3), or that is not encrypted."""
    addresses = [said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if said.get("issuer") != issuer or not all(isinstance(each, str) and is_safe(each) for each in addresses):
        raise SignOnError(_("The login server calls itself otherwise than console.oidc.issuer. Tell an administrator."))
    methods = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer,
        str(addresses[0]),
        str(addresses[1]),
        str(addresses[2]),
        tuple(map(str, methods)) if isinstance(methods, list) else ("client_secret_basic",),
        said.get("authorization_response_iss_parameter_supported") is True,
    )


def _away() -> SignOnError:
    return SignOnError(_("The login server does not answer. Log in by name and password, or try again later."))


def _unreadable() -> SignOnError:
    return SignOnError(_("The login server answers something that cannot be read. Tell an administrator."))
