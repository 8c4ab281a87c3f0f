"""What the wiring itself keeps: the audit journal, orders to a live engine, the schema, backups."""

from kentongan.store.commands import Command, CommandState, CommandTable
from kentongan.store.journal import SqlJournal

__all__ = ["Command", "CommandState", "CommandTable", "SqlJournal"]
