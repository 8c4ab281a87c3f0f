"""Single sign-on as the settings have it; None where they name no login server."""

import time

from console.oidc import Accounts, Client, SignOn
from console.oidc.provider import Asking
from console.web.sign_on import BACK
from domain.language import _
from domain.network import is_region_code
from kentongan.console_adapters.accounts import Accounts as KeptAccounts
from kentongan.console_adapters.terms import AccountsInTerm
from kentongan.errors import SettingsError
from kentongan.installation import Installation
from kentongan.run.telling import CredentialAbsentError, secret_of
from kentongan.settings.sections.entering import roles_of


def sign_on_of(installation: Installation) -> SignOn | None:
    """Raises SettingsError."""
    console = installation.loaded.settings.console
    own = console.oidc
    if not own.issuer:
        return None
    if not own.client_id or not console.public_url:
        raise SettingsError(_("console.oidc.issuer needs console.oidc.client_id and console.public_url beside it."))
    try:
        secret = secret_of(installation, own.credential, "console.oidc.credential") if own.credential else None
    except CredentialAbsentError as error:
        raise SettingsError(str(error)) from error
    client = Client(
        own.issuer,
        own.client_id,
        console.public_url.rstrip("/") + BACK,
        secret,
        own.scopes,
        own.name_claim,
        own.role_claim,
        roles_of(own.roles),
        own.region_claim,
        own.make_accounts,
        own.label,
    )

    def audit(action: str, account: str, address: str = "") -> None:
        whence = {"address": address} if address else {}
        installation.record_as(account or _("nobody"), f"console {action}", account, **whence)

    def is_region(code: str) -> bool:
        return is_region_code(code) and installation.regions.get(code) is not None

    accounts = Accounts(AccountsInTerm(installation), KeptAccounts(installation).entrance(), is_region, audit)
    return SignOn(client, accounts, Asking(client, time.monotonic))
