"""Asks OLTs why their ONUs went, while an outage is young. Bounded: one look at an OLT at a time, and not too often."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping

import structlog

from collectors.errors import CollectorError
from collectors.onu_states import Onu, OnuLook
from domain.network import Device, DeviceStatus, Role
from domain.polling import OnuReading, find_onu

log = structlog.get_logger(__name__)

Look = Callable[[str, tuple[Onu, ...]], Awaitable[OnuLook]]
"""(name of an OLT, its ONUs to ask for) → what it said. Raises CollectorError."""
Note = Callable[[Mapping[str, OnuReading]], None]
EVERY_SECONDS = 20.0
MOST_WAITING = 2000


class Inquirer:
    """`know` the inventory, `ask` about dark devices; what OLTs say of them goes to `note`, by device."""

    def __init__(
        self,
        look: Look,
        note: Note,
        answers: Callable[[str], bool],
        steady: Callable[[], float],
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        """answers: whether an OLT can be asked now; a dark one has nothing to say. every_seconds: between two looks."""
        self.every_seconds = every_seconds
        self._look, self._note, self._answers, self._steady = look, note, answers, steady
        self._onu_at: dict[str, Device] = {}
        self._site_of: dict[str, str] = {}
        self._waiting: dict[str, dict[str, str]] = defaultdict(dict)  # OLT → site → the dark device it is asked for
        self._looked_at: dict[str, float] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self.looks = 0
        self.failures = 0
        self.dropped = 0

    def know(self, devices: Iterable[Device]) -> None:
        used = [device for device in devices if device.status is DeviceStatus.IN_USE]
        with_olt = sorted((device for device in used if device.olt), key=lambda each: each.role is not Role.ONU)
        self._onu_at = {}
        for device in with_olt:
            self._onu_at.setdefault(device.site, device)
        self._site_of = {device.name: device.site for device in used if device.site in self._onu_at}

    def ask(self, dark: Iterable[str]) -> None:
        """Dark devices, of which each site is asked for once."""
        for name in sorted(dark):
            onu = self._onu_at.get(self._site_of.get(name, ""))
            if onu is None or not self._answers(onu.olt):
                continue
            if sum(map(len, self._waiting.values())) >= MOST_WAITING:
                self.dropped += 1
                continue
            self._waiting[onu.olt].setdefault(onu.site, name)
        for olt in list(self._waiting):
            if olt not in self._running:
                self._running[olt] = asyncio.create_task(self._run(olt), name=f"look at {olt}")

    async def answered(self) -> None:
        """Until nobody is being asked."""
        while self._running:
            await asyncio.gather(*self._running.values())

    async def stop(self) -> None:
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, olt: str) -> None:
        try:
            while self._waiting.get(olt):
                wait = self._looked_at.get(olt, float("-inf")) + self.every_seconds - self._steady()
                if wait > 0:
                    await asyncio.sleep(wait)
                await self._look_once(olt, self._waiting.pop(olt))
        finally:
            self._running.pop(olt, None)

    async def _look_once(self, olt: str, wanted: Mapping[str, str]) -> None:
        self._looked_at[olt] = self._steady()
        self.looks += 1
        onus = {site: self._onu_at[site] for site in wanted if site in self._onu_at}
        try:
            look = await self._look(olt, tuple((onu.olt_port, onu.onu_id) for onu in onus.values()))
        except CollectorError as error:  # an OLT that does not answer has nothing to say
            self.failures += 1
            log.info("olt_silent", olt=olt, error=str(error))
            return
        except Exception:  # nonsense of one OLT costs its evidence, not the service
            self.failures += 1
            log.exception("olt_look_broke", olt=olt)
            return
        said = {}
        for site, onu in onus.items():
            reading = find_onu(look.readings, onu.olt_port, onu.onu_id)
            if reading is not None:
                said[wanted[site]] = reading
        if said:
            self._note(said)
