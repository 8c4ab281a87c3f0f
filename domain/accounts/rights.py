"""What a role may, and what an account sees: its regions, its agencies, and all that lies in them."""

from enum import StrEnum
from typing import Final

from domain.accounts.records import Account
from domain.network import PersonRole, Site, lies_in


class Right(StrEnum):
    SEE = "see"
    HANDLE = "handle"  # acknowledge an incident, write to its timeline, say that it is done
    PLAN = "plan"  # plan a site, rank candidates, make reports
    CONFIGURE = "configure"  # apply, roll back, replace, suspend: what changes a device; read its configuration
    APPROVE = "approve"  # say yes to a plan
    ADMINISTER = "administer"  # accounts, tokens, people


_ENGINEERS: Final = frozenset({PersonRole.ENGINEER, PersonRole.ADMIN})
_MAY: Final = {
    Right.SEE: frozenset(PersonRole),
    Right.HANDLE: _ENGINEERS | {PersonRole.NOC},
    Right.PLAN: _ENGINEERS | {PersonRole.PLANNER},
    Right.CONFIGURE: _ENGINEERS,
    Right.APPROVE: frozenset({PersonRole.APPROVER, PersonRole.ADMIN}),
    Right.ADMINISTER: frozenset({PersonRole.ADMIN}),
}


def may(role: PersonRole, right: Right) -> bool:
    return role in _MAY[right]


def sees(account: Account, region: str) -> bool:
    """Whether something in this region is shown to it. What stands in no region is for those who see everything."""
    return account.sees_everything or any(lies_in(region, area) for area in account.regions)


def sees_site(account: Account, site: Site) -> bool:
    """Whether it stands in one of its regions, or belongs to one of its agencies."""
    agencies = {each.casefold() for each in account.agencies}
    return sees(account, site.region_code or "") or site.organisation.strip().casefold() in agencies
