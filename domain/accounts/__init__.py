"""Who may look at the console and act in it: accounts, roles and what they may, sessions, and when a door is closed."""

from domain.accounts.lockout import after_attempt, is_locked
from domain.accounts.ports import AccountStore, SessionStore
from domain.accounts.records import Account, Session
from domain.accounts.rights import Right, may, sees

__all__ = [
    "Account",
    "AccountStore",
    "Right",
    "Session",
    "SessionStore",
    "after_attempt",
    "is_locked",
    "may",
    "sees",
]
