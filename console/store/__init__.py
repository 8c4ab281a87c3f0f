"""Accounts, sessions and access tokens in a database. SQLAlchemy objects do not leave it."""

from console.store.accounts import SqlAccounts
from console.store.sessions import SqlSessions
from console.store.tokens import SqlTokens

__all__ = ["SqlAccounts", "SqlSessions", "SqlTokens"]
