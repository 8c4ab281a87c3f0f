"""After some wrong passwords an account waits, each time twice as long, so that none can be guessed."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from domain.accounts.records import Account

FREE: Final = 5
"""Wrong passwords in a row that cost nothing."""

FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=4)


def is_locked(account: Account, now: datetime) -> bool:
    """Not for longer than anybody is locked: else it was set by a clock that was ahead."""
    return account.locked_until is not None and now < account.locked_until <= now + LONGEST_WAIT


def after_attempt(account: Account, right: bool, now: datetime) -> Account:
    """The account after a password was tried at `now`."""
    if right:
        return replace(account, failures=0, locked_until=None)
    failures = account.failures + 1
    doublings = min(failures - FREE, 16)
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2**doublings) if doublings >= 0 else None
    return replace(account, failures=failures, locked_until=now + wait if wait else None)
