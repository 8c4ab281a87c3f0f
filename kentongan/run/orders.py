"""Orders to the running engine: taken from the table, carried out at the desk, answered in the table."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from alerts.desk import OrderRefusedError, obey
from domain.incidents import Act, ActKind
from domain.language import _
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.outage import OutageDesk
from kentongan.store.commands import Command

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
ACT = "incident.act"


def act_payload(act: Act) -> dict[str, object]:
    """An act as it waits in the table."""
    return {
        "incident": act.incident,
        "at": act.at.timestamp(),
        "actor": act.actor,
        "kind": act.kind.value,
        "text": act.text,
        "values": dict(act.values),
    }


def act_of(payload: Mapping[str, object]) -> Act:
    """Raises KeyError or ValueError for a payload that is none."""
    values = payload.get("values", {})
    assert isinstance(values, Mapping)
    return Act(
        str(payload["incident"]),
        datetime.fromtimestamp(float(str(payload["at"])), UTC),
        str(payload["actor"]),
        ActKind(str(payload["kind"])),
        str(payload.get("text", "")),
        {str(name): str(value) for name, value in values.items()},
    )


class Orders:
    """`run` beside the tick, in the loop that owns the desk; only the table is asked in a thread."""

    def __init__(self, installation: Installation, outage: OutageDesk) -> None:
        self._table, self._incidents = installation.commands, installation.incidents
        self._clock, self._outage = installation.clock, outage

    async def run(self) -> None:
        """Until cancelled. A locked database is tried again."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                for command in await asyncio.to_thread(self._table.take):
                    outcome, failed = self.carry_out(command, self._clock.now())
                    await asyncio.to_thread(self._answer, command, outcome, failed)
            except Exception as error:
                log.warning("orders_not_taken", error=str(error))

    def carry_out(self, command: Command, now: Moment) -> tuple[dict[str, object], bool]:
        """What came of it, and whether it failed. Never raises."""
        try:
            return self.act(act_of(command.payload), now), False
        except OrderRefusedError as refused:
            return {"error": str(refused)}, True
        except (KeyError, ValueError, AssertionError) as error:
            return {"error": _("This order cannot be read: {reason}").format(reason=error)}, True

    def act(self, act: Act, now: Moment) -> dict[str, object]:
        """Raises OrderRefusedError."""
        if self._outage.desk.get(act.incident) is None and self._incidents.get(act.incident) is None:
            raise OrderRefusedError(
                _("There is no incident {id}. See: kentongan incidents --all").format(id=act.incident)
            )
        obeyed = obey(self._outage.desk, act, now)
        self._outage.keep(obeyed.decision, now)
        return {"stillDark": list(obeyed.still_dark)}

    def _answer(self, command: Command, outcome: Mapping[str, object], failed: bool) -> None:
        self._table.finish(command.id, outcome, self._clock.now().unix_seconds, failed=failed)
