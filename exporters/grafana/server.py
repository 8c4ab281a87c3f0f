"""A Grafana by its HTTP API: the few calls that a push needs. The only file that knows the package grafana-api.

Nothing is decided here, and no error tells the token.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, cast
from urllib.parse import quote, urlsplit

from grafana_api.grafana_api import GrafanaClientError, GrafanaException, GrafanaUnauthorizedError
from grafana_api.grafana_face import GrafanaFace

from domain.language import _
from domain.secrets import Secret
from exporters.errors import GrafanaAddressError, GrafanaRefusedError, GrafanaUnreachableError

_TIMEOUT_SECONDS: Final = 20.0
_NOT_FOUND: Final = 404
Answer = dict[str, Any]


class GrafanaServer:
    """One server and one service account. Constructing it asks nothing; a wrong address raises GrafanaAddressError.

    Every call raises GrafanaUnreachableError or GrafanaRefusedError.
    """

    def __init__(self, url: str, token: Secret, timeout_seconds: float = _TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise GrafanaAddressError(
                _("{url} is no address of a Grafana. Write it like http://127.0.0.1:3000").format(
                    url=url.rpartition("@")[2]
                )
            )
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        prefix = parts.path.strip("/")
        self.url = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "") + (f"/{prefix}" * bool(prefix))
        self.crosses_in_clear = parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost")
        self._face = GrafanaFace(
            auth=token.reveal(),
            host=host,
            port=parts.port,
            url_path_prefix=f"{prefix}/" if prefix else "",
            protocol=parts.scheme,
            timeout=timeout_seconds,
        )
        # A POST that is led elsewhere arrives there as a GET: better to be told the right address.
        self._face.api.s.max_redirects = 0

    def datasource(self, uid: str) -> Answer | None:
        """The data source of this uid; None if there is none."""
        return self._perhaps(lambda: self._face.api.GET(f"/datasources/uid/{quote(uid, safe='')}"))

    def create_datasource(self, datasource: Answer) -> None:
        self._done(lambda: self._face.datasource.create_datasource(datasource))

    def update_datasource(self, uid: str, datasource: Answer) -> None:
        self._done(lambda: self._face.api.PUT(f"/datasources/uid/{quote(uid, safe='')}", json=datasource))

    def folder(self, uid: str) -> Answer | None:
        return self._perhaps(lambda: self._face.folder.get_folder(quote(uid, safe="")))

    def create_folder(self, uid: str, title: str) -> None:
        self._done(lambda: self._face.folder.create_folder(title, uid))

    def rename_folder(self, uid: str, title: str, version: int) -> None:
        self._done(lambda: self._face.folder.update_folder(quote(uid, safe=""), title, version))

    def dashboard(self, uid: str) -> Answer | None:
        """`dashboard` and `meta`, as the API has them."""
        return self._perhaps(lambda: self._face.dashboard.get_dashboard(quote(uid, safe="")))

    def last_version(self, uid: str) -> Answer | None:
        """Message, author and time of the last save."""
        address = f"/dashboards/uid/{quote(uid, safe='')}/versions?limit=1"
        with self._told():
            found: Any = self._face.api.GET(address)
        versions = found.get("versions", []) if isinstance(found, dict) else found
        return versions[0] if versions else None

    def save_dashboard(self, model: Answer, folder: str, message: str) -> None:
        """Its `version` must be the one that is there, or none for a new one."""
        body = {"dashboard": model, "folderUid": folder, "message": message, "overwrite": False}
        self._done(lambda: self._face.dashboard.update_dashboard(body))

    def _perhaps(self, call: Callable[[], Any]) -> Answer | None:
        try:
            with self._told():
                found = call()
        except GrafanaRefusedError as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise
        if not isinstance(found, dict) or "message" in found:
            raise self._strange()
        return cast(Answer, found)

    def _done(self, call: Callable[[], Any]) -> None:
        with self._told():
            answer = call()
        if not isinstance(answer, dict):
            raise self._strange()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except GrafanaException as error:
            raise self._refused(error) from None
        except (ValueError, TypeError):
            raise self._strange() from None
        except OSError as error:  # all that `requests` raises is one
            raise GrafanaUnreachableError(
                _("Grafana does not answer at {url} ({reason}). Is it running, and is the address right?").format(
                    url=self.url, reason=type(error).__name__
                )
            ) from None

    def _strange(self) -> GrafanaUnreachableError:
        return GrafanaUnreachableError(
            _("What answers at {url} is no Grafana. Give the address that its pages have, with its path.").format(
                url=self.url
            )
        )

    def _refused(self, error: GrafanaException) -> GrafanaRefusedError:
        status, said = error.status_code, _message(error.response)
        if isinstance(error, GrafanaUnauthorizedError):
            text = _(
                "Grafana at {url} does not accept the token. Make a service account with the role Editor there, add a "
                "token to it, and store that with: kentongan credential add NAME --token"
            )
        elif status == 403:
            text = _(
                "The token may not do this at {url} ({said}). Dashboards need the role Editor, a data source Admin."
            )
        elif isinstance(error, GrafanaClientError):
            text = _("Grafana at {url} refuses it: {status} {said}")
        else:
            text = _("Grafana at {url} has failed: {status} {said}. Its own log says why; try again later.")
        return GrafanaRefusedError(text.format(url=self.url, status=status, said=said), status)


def _message(response: Any) -> str:
    text = response.get("message", "") if isinstance(response, dict) else response
    return " ".join(str(text).split())[:200]
