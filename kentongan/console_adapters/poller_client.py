"""Asks the running poller at its own pages, by HTTP."""

import json
from collections.abc import Sequence
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from kentongan.installation import Installation

TIMEOUT_SECONDS: Final = 2.0
MOST_OCTETS: Final = 16 << 20


def poller_url(installation: Installation, path: str) -> str:
    """Empty where the poller takes any free port, so that nobody can know it."""
    exporter = installation.loaded.settings.exporter
    host = f"[{exporter.host}]" if ":" in exporter.host else exporter.host
    host = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}.get(host, host)  # noqa: S104 - where it listens, not we
    return f"http://{host}:{exporter.port}{path}" if exporter.port else ""


def ask_poller(url: str) -> str:
    """Raises OSError or ValueError."""
    if not url:
        raise OSError("exporter.port is 0")
    try:
        with urlopen(url, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 - made of our own settings
            octets: bytes = response.read(MOST_OCTETS)
    except URLError as error:
        raise OSError(str(error)) from error
    return octets.decode()


def reasons_of(url: str) -> Sequence[str]:
    """Why the poller is not ready, from its own /readyz; none: it is. Raises OSError or ValueError."""
    if not url:
        raise OSError("exporter.port is 0")
    try:
        with urlopen(url, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 - made of our own settings
            said = json.load(response)
    except HTTPError as error:
        said = json.load(error)
    except URLError as error:
        raise OSError(str(error)) from error
    try:
        return [str(reason) for reason in said["reasons"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{url} does not say why") from error
