"""Configurations as they were last read, for whoever compares or plans."""

from datetime import UTC, datetime

from domain.intent import KeptText
from provisioning.backup.ports import BackupStates
from provisioning.backup.repository import ConfigRepository


class LastRead:
    """Implements domain.intent.KeptConfigurations. text: all that is kept, of Linux with its files."""

    def __init__(self, repository: ConfigRepository, states: BackupStates) -> None:
        self._repository = repository
        self._states = states

    def latest(self, device: str) -> KeptText | None:
        text = self._repository.latest(device)
        if text is None:
            return None
        state = self._states.get(device)
        return KeptText(text, datetime.fromtimestamp(state.good_at, UTC) if state and state.good_at else None)
