"""Orders to the running engine: taken from the table, carried out at the desk, answered in the table."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from alerts.desk import Decision, Desk, OrderRefusedError, obey
from domain.incidents import Act, ActKind, IncidentStore
from domain.language import _
from domain.time import Moment
from kentongan.store.commands import Command, CommandTable

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
    """`take` reads the table and may wait for the database; `carry_out` belongs to the loop that owns the desk."""

    def __init__(
        self, table: CommandTable, desk: Desk, incidents: IncidentStore, keep: Callable[[Decision], None]
    ) -> None:
        self._table = table
        self._desk = desk
        self._incidents = incidents
        self._keep = keep

    def take(self) -> tuple[Command, ...]:
        return self._table.take()

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
        if self._desk.get(act.incident) is None and self._incidents.get(act.incident) is None:
            raise OrderRefusedError(
                _("There is no incident {id}. See: kentongan incidents --all").format(id=act.incident)
            )
        obeyed = obey(self._desk, act, now)
        self._keep(obeyed.decision)
        return {"stillDark": list(obeyed.still_dark)}

    def answer(self, command: Command, outcome: Mapping[str, object], failed: bool, now: Moment) -> None:
        self._table.finish(command.id, outcome, now.unix_seconds, failed=failed)
