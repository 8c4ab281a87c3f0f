"""A login server on loopback, made from OpenID Connect Core 1.0 and RFC 7636: discovery, keys, codes, tokens.

It lets everybody in as `person`, and lies when it is told to.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "kentongan", "rahasia: ü&="
BACK = "http://test/login/sso/back"


def b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass
class Key:
    kid: str
    private: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def public(self) -> dict[str, str]:
        numbers = self.private.public_key().public_numbers()
        return {"kty": "RSA", "kid": self.kid, "use": "sig", "n": number(numbers.n), "e": number(numbers.e)}

    def signed(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        text = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(claims).encode())}"
        signature = self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{text}.{b64(signature)}"


@dataclass
class LoginServer:
    """change: of the claims, before they are signed. token: instead of all of it. now: its clock."""

    issuer: str
    now: Callable[[], datetime]
    key: Key
    published: list[dict[str, str]]
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "a1", "preferred_username": "dewi"})
    change: Callable[[dict[str, Any]], None] = lambda claims: None
    token: Callable[[dict[str, Any]], str] | None = None
    discovery: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        } | self.discovery

    def authorize(self, address: str) -> str:
        """A browser that is sent there, lets the person log in, and is sent back: the address of that."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == BACK
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{BACK}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def exchange(self, form: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)  # good once
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        proved = [unquote(each) for each in given] == [CLIENT, SECRET]
        if asked is None or not proved or form.get("redirect_uri") != BACK:
            return 400, {"error": "invalid_grant"}
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if form.get("grant_type") != "authorization_code" or challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        at = int(self.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"], **self.person}
        self.change(claims)
        token = self.token(claims) if self.token else self.key.signed({"alg": "RS256", "kid": self.key.kid}, claims)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}


def unsigned(claims: dict[str, Any]) -> str:
    return f"{b64(json.dumps({'alg': 'none'}).encode())}.{b64(json.dumps(claims).encode())}."


def by_public_key(key: Key) -> Callable[[dict[str, Any]], str]:
    """HS256 with the public key for a secret: what a library that believes the header takes for good."""

    def made(claims: dict[str, Any]) -> str:
        text = f"{b64(json.dumps({'alg': 'HS256', 'kid': key.kid}).encode())}.{b64(json.dumps(claims).encode())}"
        sign = hmac.HMAC(json.dumps(key.public()).encode(), hashes.SHA256())
        sign.update(text.encode())
        return f"{text}.{b64(sign.finalize())}"

    return made


@contextmanager
def login_server(now: Callable[[], datetime], key: Key) -> Iterator[LoginServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            if self.path == "/.well-known/openid-configuration":
                self._say(200, server.document())
            elif self.path == "/keys":
                self._say(200, {"keys": server.published})
            else:
                self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(*server.exchange(form, self.headers.get("Authorization", "")))

        def _say(self, status: int, document: Mapping[str, Any]) -> None:
            octets = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

        def log_message(self, format: str, *args: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = LoginServer(f"http://127.0.0.1:{http.server_port}", now, key, [key.public()])
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
