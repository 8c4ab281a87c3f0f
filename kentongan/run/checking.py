"""The checkers of applications and cameras, made from the settings."""

import ssl
from collections.abc import Mapping

from collectors.http import HttpChecker, Trust, shipped_phrases
from collectors.rtsp import Login, RtspChecker
from collectors.services import Checkers
from domain.language import _
from domain.secrets import Credential, SshLogin
from kentongan.errors import SettingsError
from kentongan.settings import Loaded


class Logins:
    """Credentials of cameras as they are now: a user with a password."""

    def __init__(self) -> None:
        self._credentials: Mapping[str, Credential] = {}

    def know(self, credentials: Mapping[str, Credential]) -> None:
        self._credentials = credentials

    def __call__(self, name: str) -> Login | None:
        found = self._credentials.get(name)
        return Login(found.user, found.password) if isinstance(found, SshLogin) and found.password else None


def make_checkers(loaded: Loaded, logins: Logins) -> Checkers:
    """Raises SettingsError for a file that cannot be used."""
    settings = loaded.settings.services
    files = [loaded.beside(name) for name in settings.ca_names]
    try:
        trust = Trust(files)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            _("services.ca_files: {files} cannot be used as issuers: {error}").format(
                files=", ".join(map(str, files)), error=error
            )
        ) from None
    more = loaded.beside(settings.forbidden_words) if settings.forbidden_words else None
    try:
        book = shipped_phrases(more)
    except (OSError, ValueError) as error:
        raise SettingsError(
            _("services.forbidden_words: {file} cannot be read: {error}").format(file=more, error=error)
        ) from None
    http = HttpChecker(book, trust, search_seconds=settings.search_seconds, warn_days=settings.warn_days)
    ffmpeg = loaded.beside(settings.ffmpeg) if settings.ffmpeg else None
    return Checkers(http, RtspChecker(logins, ffmpeg))
