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
    """Not for longer than so many wrong passwords cost: else it was set by a clock that was ahead."""
    wait = _wait_after(account.failures) or LONGEST_WAIT
    return account.locked_until is not None and now < account.locked_until <= now + wait


def after_attempt(account: Account, right: bool, now: datetime) -> Account:
    """The account after a password was tried at `now`."""
    if right:
        return replace(account, failures=0, locked_until=None)
    failures = account.failures + 1
    wait = _wait_after(failures)
    return replace(account, failures=failures, locked_until=now + wait if wait else None)


def _wait_after(failures: int) -> timedelta | None:
    doublings = min(failures - FREE, 16)
    return min(LONGEST_WAIT, FIRST_WAIT * 2**doublings) if doublings >= 0 else None
