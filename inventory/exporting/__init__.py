"""Writes records as tables that import again without a change. Gives bytes; touches no file."""

from inventory.exporting.tables import export_tables
from inventory.exporting.workbook import export_workbook

__all__ = ["export_tables", "export_workbook"]
