"""States and their changes in a database. SQLAlchemy objects do not leave it."""

from alerts.store.states import SqlStateStore

__all__ = ["SqlStateStore"]
