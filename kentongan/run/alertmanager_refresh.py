"""Says again to each Alertmanager what is open: it forgets within minutes what is not repeated."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import structlog

from alerts.channels.alertmanager import Alertmanager
from alerts.dispatch.dispatcher import Dispatcher
from alerts.dispatch.messages import Delivered, Later, Result
from domain.incidents import Incident, Notice, NoticeEvent, NoticeReason
from domain.time import Moment

log = structlog.get_logger(__name__)

ATTEMPT_SECONDS: Final = 20.0


class Reminder:
    """`remind` each minute. A body is made once for as long as its incident stays as it is."""

    def __init__(self, dispatcher: Dispatcher, channel: Alertmanager, nodes: tuple[str, ...]) -> None:
        self._dispatcher, self._channel, self._nodes = dispatcher, channel, nodes
        self._bodies: dict[str, tuple[Incident, Mapping[str, Any]]] = {}
        self._failing: dict[str, str] = {}

    async def remind(self, now: Moment) -> None:
        await asyncio.gather(*(self._remind(node, now) for node in self._nodes))

    async def _remind(self, node: str, now: Moment) -> None:
        channel = f"alertmanager:{node}"
        told = self._dispatcher.told(channel)
        self._bodies = {each.id: self._bodies[each.id] for each in told if each.id in self._bodies}
        bodies = []
        for incident in told:
            bodies.append(self._body(incident, channel, now))
            await asyncio.sleep(0)  # of ten thousand members a body takes its time: the poller goes first
        if bodies:
            self._note(node, await self._post(node, bodies, now))

    async def _post(self, node: str, bodies: list[Mapping[str, Any]], now: Moment) -> Result:
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await self._channel.remind(node, bodies, now.utc)
        except TimeoutError:
            return Later("no answer in time")

    def _body(self, incident: Incident, channel: str, now: Moment) -> Mapping[str, Any]:
        held = self._bodies.get(incident.id)
        if held is None or held[0] is not incident:
            notice = Notice(f"{incident.id}-again", NoticeEvent.UPDATED, NoticeReason.REPEAT, now.utc, incident)
            around = self._dispatcher.directory.around(incident)
            held = self._bodies[incident.id] = incident, self._dispatcher.writer.body(notice, channel, around)
        return held[1]

    def _note(self, node: str, result: Result) -> None:
        """The first failure and the return."""
        if isinstance(result, Delivered):
            if self._failing.pop(node, None) is not None:
                log.info("alertmanager_reminded_again", node=_host(node))
        elif node not in self._failing:
            self._failing[node] = result.reason
            log.warning("alertmanager_not_reminded", node=_host(node), reason=result.reason)


def _host(node: str) -> str:
    return node.split("://")[-1].split("/")[0].rpartition("@")[2]
