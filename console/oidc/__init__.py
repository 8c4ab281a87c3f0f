"""Login by the office's own server: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636).

What the provider says proves who somebody is; what they may here is decided here.
"""

from console.oidc.records import Client, SignOnError
from console.oidc.sign_on import Accounts, SignOn

__all__ = ["Accounts", "Client", "SignOn", "SignOnError"]
