"""Orders from the console go to the running engine as those of the command line do, and into the journal."""

from dataclasses import replace
from datetime import timedelta

from console.ports import OrderFailedError
from domain.incidents import Act, ActKind
from kentongan.incidents import OrderError, order
from kentongan.installation import Installation


class EngineOrders:
    """Implements console.ports.Orders. Who acknowledges has it as long as the settings say."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def act(self, act: Act, token: str = "") -> tuple[str, ...]:
        if act.kind is ActKind.ACKNOWLEDGED:
            hours = self._installation.loaded.settings.notify.acknowledged_hours
            act = replace(act, values={**act.values, "until": (act.at + timedelta(hours=hours)).isoformat()})
        by = {"by": "api", "token": token} if token else {"by": "console"}
        try:
            return order(self._installation, act, by)
        except OrderError as error:
            raise OrderFailedError(str(error)) from error
