"""Accounts and sessions in a database. SQLAlchemy objects do not leave it."""

from console.store.accounts import SqlAccounts
from console.store.sessions import SqlSessions

__all__ = ["SqlAccounts", "SqlSessions"]
