"""What polling costs: saved for the next process, and who is over the allowance is asked more rarely."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kentongan.run.traffic import read_traffic, write_traffic

if TYPE_CHECKING:
    from kentongan.run.service import Service


class Spending:
    """By calendar month, in UTC."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._folder = service.installation.loaded.folder
        self._month = self._this_month()

    def read(self) -> dict[str, int]:
        """Device → bytes of this month, before this process began."""
        return read_traffic(self._folder, self._month)

    def account(self) -> None:
        """Raises OSError."""
        service, month = self._service, self._this_month()
        if month != self._month:
            service.allowance.begin_month()
            self._month = month
        for factor, devices in service.allowance.changes():
            service.polls.stretch(devices, factor)
            service.echoes.schedule.stretch(devices, factor)
        names = [member.device.name for member in service.roster.members()]
        used = {name: int(service.allowance.used[service.fleet.index(name)]) for name in names}
        write_traffic(self._folder, month, used)

    def _this_month(self) -> str:
        return f"{datetime.fromtimestamp(self._service.clock.now().unix_seconds, UTC):%Y-%m}"
