"""TLS contexts: what browsers accept, what merely encrypts, and what gear of the last decade still speaks."""

import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class Trust:
    """Contexts made once, shared by all checks. ca_files: issuers to trust beside the system's, as PEM.

    Raises OSError or ssl.SSLError for a file that cannot be used.
    """

    def __init__(self, ca_files: Sequence[Path] = ()) -> None:
        self.verified = ssl.create_default_context()
        for path in ca_files:
            self.verified.load_verify_locations(path)
        self.unverified = _unverified()
        self.legacy = _unverified()
        self.legacy.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        self.legacy.set_ciphers("ALL:@SECLEVEL=0")


def shown_chain(tls: ssl.SSLObject, *, verified: bool) -> list[bytes]:
    """DER, the leaf first: the chain that was built if it was verified, else all that the server sent.

    Python names both publicly since 3.13; before, the same methods stand on the object underneath, and if even those
    are missing the leaf alone is shown.
    """
    name = "get_verified_chain" if verified else "get_unverified_chain"
    public: Any = getattr(tls, name, None)
    if public is not None:
        return [bytes(each) for each in public() or ()]
    private: Any = getattr(getattr(tls, "_sslobj", None), name, None)
    if private is not None:
        return [ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in private() or ()]
    leaf = tls.getpeercert(binary_form=True)
    return [leaf] if leaf else []


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # certificates are looked at and judged, not obeyed: the check must go on
    context.verify_mode = ssl.CERT_NONE
    return context
