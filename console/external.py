"""Accounts that come by single sign-on: what proves them is who the provider says they are, and no password at all.

What is kept in `Account.proof` is `sso`, until the person comes for the first time, and then the provider and the
person's number there (OpenID Connect Core 1.0 section 5.7: only `iss` and `sub` together say who somebody is).
"""

import json
from typing import Final

from domain.accounts import Account

_MARK: Final = "sso"
AWAITED: Final = _MARK


def is_external(account: Account) -> bool:
    return account.proof == AWAITED or account.proof.startswith(f"{_MARK}:")


def is_awaited(account: Account) -> bool:
    """Made for somebody who has not come yet."""
    return account.proof == AWAITED


def proof_of(issuer: str, subject: str) -> str:
    return f"{_MARK}:{json.dumps([issuer, subject])}"
