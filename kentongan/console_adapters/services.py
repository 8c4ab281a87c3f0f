"""How applications and cameras stand, for the console: what the poller lends by HTTP, beside the inventory."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

from console.ports.services import Board, Subject
from domain.incidents import Cause, CauseKind, Incident
from domain.incidents.codec import CodecError, from_plain
from domain.language import _
from domain.network import Device, DeviceStatus, Inventory, Role
from domain.services.standing import Standings
from kentongan.console_adapters.beside import Beside
from kentongan.console_adapters.poller_client import ask_poller, plain_of, poller_url
from kentongan.installation import Installation
from kentongan.run.service_states import PATH

MOST_FAULTS: Final = 50
CAMERAS: Final = frozenset({Role.CAMERA, Role.NVR})


class PolledServices:
    """Implements console.ports.services.Services. Asks the poller every few seconds, whoever looks."""

    def __init__(self, installation: Installation, ask: Callable[[str], str] = ask_poller) -> None:
        self._installation = installation
        self._url = poller_url(installation, PATH)
        self._ask = ask
        self._lock = threading.Lock()
        self._revision = -1
        self._subjects: tuple[Subject, ...] = ()
        self._said: Beside[Board | None] = Beside(self._read, None)

    def board(self) -> Board:
        with self._lock:
            revision = self._installation.inventory.revision()
            if revision != self._revision:
                self._subjects = subjects_of(self._installation.inventory.read(stages=False))
                self._revision = revision
                self._said.forget()
        found = self._said.newest(self._installation.clock.now().steady_seconds)
        if found is None:  # said here, in the language of whoever looks
            silent = _("The poller does not answer: what applications did last is not known. Start it: kentongan run")
            return Board(self._subjects, silent=silent)
        return found

    def history(self, subject: Subject) -> Sequence[Incident]:
        kind = CauseKind.SERVICE if subject.service is not None else CauseKind.DEVICE
        found = self._installation.incidents.of_cause(Cause(kind, subject.code), MOST_FAULTS)
        if subject.service is None:
            own = self._installation.incidents.of_cause(Cause(CauseKind.SERVICE, subject.code), MOST_FAULTS)
            found = tuple(sorted((*found, *own), key=lambda each: each.started_at))
        return found[::-1]

    def _read(self) -> Board | None:
        try:
            found = from_plain(Standings, plain_of(self._ask(self._url)))
        except (OSError, ValueError, CodecError):
            return None
        return Board(self._subjects, {each.code: each for each in found.services}, found.refused)


def subjects_of(inventory: Inventory) -> tuple[Subject, ...]:
    """Every service, and every camera in use that no service speaks for; by code."""
    devices = {device.name: device for device in inventory.devices}
    sites = inventory.site_by_slug
    found = []
    for service in inventory.services:
        host = devices.get(service.host)
        site = sites.get(service.site) or (sites.get(host.site) if host else None)
        found.append(Subject(service.code, service, host, site))
    spoken_for = {each.host for each in inventory.services if each.url.startswith("rtsp:")}
    codes = {each.code for each in found}
    alone = [
        Subject(device.name, None, device, sites.get(device.site))
        for device in inventory.devices
        if _is_camera(device) and device.name not in spoken_for and device.name not in codes
    ]
    return tuple(sorted((*found, *alone), key=lambda each: each.code))


def _is_camera(device: Device) -> bool:
    return device.role in CAMERAS and device.status is DeviceStatus.IN_USE
