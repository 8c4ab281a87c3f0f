"""Who may look at the console and act in it: accounts, roles and what they may, sessions, and when a door is closed."""

from domain.accounts.keepers import is_keeper, keeps_somebody
from domain.accounts.lockout import after_attempt, is_locked
from domain.accounts.ports import AccountStore, SessionStore, TokenStore
from domain.accounts.records import AccessToken, Account, Session
from domain.accounts.rights import Right, may, sees, sees_site

__all__ = [
    "AccessToken",
    "Account",
    "AccountStore",
    "Right",
    "Session",
    "SessionStore",
    "TokenStore",
    "after_attempt",
    "is_keeper",
    "is_locked",
    "keeps_somebody",
    "may",
    "sees",
    "sees_site",
]
