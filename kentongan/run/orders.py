"""Orders to the running engine: taken from the table, carried out at the desk, answered in the table.

An order that was carried out is answered by the transaction that keeps what it brought about, never before: killed in
between, the engine has neither done it nor said so. A refusal is answered at once.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from alerts.desk import Obeyed, OrderRefusedError, obey
from domain.incidents import Act, ActKind
from domain.language import _
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.keeping import Answer
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
                    refusal = self.carry_out(command, self._clock.now())
                    if refusal is not None:
                        await asyncio.to_thread(self._refuse, command, refusal)
            except Exception as error:
                log.warning("orders_not_taken", error=str(error))

    def carry_out(self, command: Command, now: Moment) -> str | None:
        """Why it is refused; None: it was carried out, and is answered when that has been kept. Never raises."""
        try:
            act = act_of(command.payload)
        except (KeyError, ValueError, AssertionError) as error:
            return _("This order cannot be read: {reason}").format(reason=error)
        try:
            obeyed = self._obey(act, now)
        except OrderRefusedError as refused:
            return str(refused)
        self._outage.keep(obeyed.decision, now, (Answer(command.id, _said(obeyed)),))
        return None

    def act(self, act: Act, now: Moment) -> dict[str, object]:
        """What comes of it, not kept yet. Raises OrderRefusedError."""
        obeyed = self._obey(act, now)
        self._outage.keep(obeyed.decision, now)
        return _said(obeyed)

    async def act_and_keep(self, act: Act, now: Moment) -> dict[str, object]:
        """The same once it has been kept, for who tells somebody that it is done. Raises OrderRefusedError.

        A locked database is waited for; give it a time limit.
        """
        obeyed, loop = self._obey(act, now), asyncio.get_running_loop()
        written = asyncio.Event()
        self._outage.keep(obeyed.decision, now, kept=(lambda: _signal(loop, written),))
        await written.wait()
        return _said(obeyed)

    def _obey(self, act: Act, now: Moment) -> Obeyed:
        if self._outage.desk.get(act.incident) is None and self._incidents.get(act.incident) is None:
            raise OrderRefusedError(
                _("There is no incident {id}. See: kentongan incidents --all").format(id=act.incident)
            )
        return obey(self._outage.desk, act, now)

    def _refuse(self, command: Command, refusal: str) -> None:
        self._table.finish(command.id, {"error": refusal}, self._clock.now().unix_seconds, failed=True)


def _said(obeyed: Obeyed) -> dict[str, object]:
    return {"stillDark": list(obeyed.still_dark)}


def _signal(loop: asyncio.AbstractEventLoop, written: asyncio.Event) -> None:
    """From the thread that writes. A loop that has ended waits for nothing."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(written.set)
