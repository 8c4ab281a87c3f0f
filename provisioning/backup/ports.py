"""What keeping configurations needs from others."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from domain.secrets import Secret
from provisioning.backup.records import BackupState


class BackupStates(Protocol):
    """What is known of each device's backups, over restarts."""

    def read(self) -> Mapping[str, BackupState]: ...

    def get(self, device: str) -> BackupState | None: ...

    def put(self, state: BackupState) -> None: ...

    def forget(self, devices: Iterable[str]) -> None: ...


class Sealer(Protocol):
    """From a device and a secret to a short mark that tells two secrets apart and gives neither away."""

    def __call__(self, device: str, secret: str) -> str: ...


class StoredSecrets(Protocol):
    """Texts that are secret wherever they stand in a configuration."""

    def __call__(self) -> Iterable[Secret]: ...
