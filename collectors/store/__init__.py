"""What discovery found, in a database. SQLAlchemy objects do not leave it."""

from collectors.store.plans import DeviceFacts, Discovered, SqlPlanStore

__all__ = ["DeviceFacts", "Discovered", "SqlPlanStore"]
