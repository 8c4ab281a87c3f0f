"""Configurations of devices, kept: fetched whole or not at all, without secrets, each change a commit."""

from provisioning.backup.device_events import ToldChange, ToldDevices, why_told
from provisioning.backup.due import Timetable, is_due, is_stale
from provisioning.backup.errors import BackupError, ConfigurationShrunkError, NoBackupError, RepositoryError
from provisioning.backup.fetch import Backups
from provisioning.backup.records import BackupState, Fate, Outcome, Revision, Subject, Why
from provisioning.backup.repository import ConfigRepository
from provisioning.backup.restore import RestoreStep, StepKind, restore_steps

__all__ = [
    "BackupError",
    "BackupState",
    "Backups",
    "ConfigRepository",
    "ConfigurationShrunkError",
    "Fate",
    "NoBackupError",
    "Outcome",
    "RepositoryError",
    "RestoreStep",
    "Revision",
    "StepKind",
    "Subject",
    "Timetable",
    "ToldChange",
    "ToldDevices",
    "Why",
    "is_due",
    "is_stale",
    "restore_steps",
    "why_told",
]
