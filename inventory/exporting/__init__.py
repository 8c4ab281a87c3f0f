"""Writes records as tables that import again without a change. Gives bytes; touches no file."""

from inventory.exporting.tables import export_tables

__all__ = ["export_tables"]
