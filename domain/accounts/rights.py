"""What a role may, and what an account sees: its regions and all that lies in them."""

from enum import StrEnum
from typing import Final

from domain.accounts.records import Account
from domain.network import PersonRole, lies_in


class Right(StrEnum):
    SEE = "see"
    HANDLE = "handle"  # acknowledge an incident, write to its timeline, say that it is done


_HANDLERS: Final = frozenset({PersonRole.NOC, PersonRole.ENGINEER, PersonRole.ADMIN})


def may(role: PersonRole, right: Right) -> bool:
    return right is Right.SEE or role in _HANDLERS


def sees(account: Account, region: str) -> bool:
    """Whether something in this region is shown to it. What stands in no region is for those who see everything."""
    return not account.regions or any(lies_in(region, area) for area in account.regions)
