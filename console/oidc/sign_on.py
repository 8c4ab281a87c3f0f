"""Single sign-on from the button to the session: begin at the provider, come back once, be who the token proves."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from console.entrance import Audit, Entrance
from console.oidc.begun import BegunLogins
from console.oidc.joining import IsRegion, Joining
from console.oidc.provider import Asking
from console.oidc.records import Client, SignOnError
from console.oidc.token import UnknownKeyError, prove
from domain.accounts import AccountStore
from domain.language import _


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where accounts are kept, who lets people in, and who writes down what came of it."""

    store: AccountStore
    entrance: Entrance
    is_region: IsRegion
    audit: Audit


class SignOn:
    """Everything here blocks: call it in a thread."""

    def __init__(self, client: Client, accounts: Accounts, asking: Asking) -> None:
        self._client = client
        self._asking = asking
        self._entrance = accounts.entrance
        self._joining = Joining(client, accounts.store, accounts.is_region, accounts.audit)
        self._begun = BegunLogins()

    @property
    def label(self) -> str:
        return self._client.label or _("Log in by the office's server")

    def begin(self, to: str, now: datetime) -> tuple[str, str]:
        """(the provider's address, the key for the cookie). to: where to go afterwards. Raises SignOnError."""
        provider = self._asking.provider()
        state, key, begun = self._begun.begin(to, now)
        asked = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._client.redirect_uri,
            "scope": self._client.scopes,
            "state": state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
        }
        mark = "&" if "?" in provider.authorization_endpoint else "?"
        return f"{provider.authorization_endpoint}{mark}{urlencode(asked)}", key

    def come_back(
        self, state: str, key: str, code: str, issuer: str, now: datetime, address: str = ""
    ) -> tuple[str, str]:
        """(key of the session, where to go). issuer: as it stands in the answer (RFC 9207), empty if it does not.

        Raises SignOnError.
        """
        begun = self._begun.take(state, key, now)
        if begun is None:
            raise SignOnError(_("This login was not begun here, or too long ago. Begin again."))
        provider = self._asking.provider()
        if issuer != provider.issuer and (issuer or provider.says_issuer):
            raise SignOnError(_("This login comes from another server. Begin again."))
        if not code:
            raise SignOnError(_("The login server did not let you in. Begin again, or log in by name and password."))
        token = self._asking.exchange(code, begun.verifier)
        try:
            identity = prove(token, self._asking.keys(), self._client, begun.nonce, now)
        except UnknownKeyError:
            identity = prove(token, self._asking.keys(anew=True), self._client, begun.nonce, now)
        account = self._joining.account_of(identity)
        session_key, _session = self._entrance.begin(account, now, "logged in by single sign-on", address)
        return session_key, begun.to
