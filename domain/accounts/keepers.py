"""Who may make accounts: somebody must always be left who can."""

from collections.abc import Iterable

from domain.accounts.records import Account
from domain.accounts.rights import Right, may


def is_keeper(account: Account) -> bool:
    """Open, with the right to administer, and not of one part of the kabupaten alone."""
    return may(account.role, Right.ADMINISTER) and not account.disabled and account.sees_everything


def keeps_somebody(accounts: Iterable[Account]) -> bool:
    return any(map(is_keeper, accounts))
