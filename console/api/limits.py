"""How often a program may ask: each token apart, and each address that comes without a good one."""

from collections.abc import Callable
from typing import Final

from console.tokens import TokenDoor
from console.web.guard import Tries
from domain.accounts import AccountStore, TokenStore

MOST_A_MINUTE: Final = 600
STRANGER_A_MINUTE: Final = 60


def made_door(accounts: AccountStore, tokens: TokenStore, steady: Callable[[], float]) -> TokenDoor:
    """steady: seconds of a clock that never jumps."""
    known, strangers = Tries(steady, MOST_A_MINUTE), Tries(steady, STRANGER_A_MINUTE)
    return TokenDoor(accounts, tokens, known.admit, strangers.admit)
