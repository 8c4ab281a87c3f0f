"""What devices are meant to be from now on, written when a change is accepted and taken back with it.

`config drift` compares with it what backups read.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from domain.changes import Job
from provisioning.changing import Party
from provisioning.drift import IntendedFolder

INTENDED: Final = "intended"


def intended_folder(state: Path) -> IntendedFolder:
    return IntendedFolder(state / INTENDED)


def keep_intent(folder: IntendedFolder, job: Job, parties: Iterable[Party]) -> None:
    """Of a device that serves other sites too, what this site wants of it stands beside what they want."""
    for party in parties:
        folder.put(party.configuration, job.site, job.id)


def take_back_intent(folder: IntendedFolder, job: Job) -> None:
    for device in job.devices:
        folder.take_back(device, job.site, job.id)
