"""All servers of a kabupaten in one process: start, stop, spoil, mend. `run_services` is the whole process."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.language import _
from domain.network import Inventory
from lab.errors import LabError, PortTakenError, UnknownNameError
from lab.kabupaten.ports import DEFAULT_RTSP_PORT
from lab.services.authority import Authority
from lab.services.camera import CameraServer
from lab.services.course import AppCourse
from lab.services.desk import ServicesDesk, Town
from lab.services.faults import Fault
from lab.services.plan import ServicesPlan, services_plan
from lab.services.web import AppServer, Certificates

_LOOK_ROUND_SECONDS = 1.0


class ServicesTown:
    """`async with ServicesTown(plan, folder) as town:` everything answers. folder: for certificates; `town.ca_file` is
    the root that checks must trust. Raises PortTakenError when an address and port are in use.
    """

    def __init__(self, plan: ServicesPlan, folder: Path) -> None:
        self._authority = Authority(folder)
        certificates = Certificates(self._authority)
        self._dark: frozenset[str] = frozenset()
        self._servers: dict[str, AppServer | CameraServer] = {
            app.code: AppServer(app, certificates, self._is_dark) for app in plan.apps
        }
        self._servers |= {camera.name: CameraServer(camera, self._is_dark) for camera in plan.cameras}

    @property
    def ca_file(self) -> Path:
        return self._authority.root

    async def __aenter__(self) -> Self:
        try:
            for server in self._servers.values():
                await self._open(server)
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        for server in self._servers.values():
            await server.close()

    async def spoil(self, name: str, fault: Fault) -> None:
        """Order a fault of an application (its code) or a camera (its name); a fault before it is mended.

        Raises UnknownNameError, and LabError for a fault that does not suit.
        """
        server = self._server(name)
        is_app = isinstance(server, AppServer)
        suits = fault.applies_to_apps if is_app else fault.applies_to_cameras
        if isinstance(server, AppServer) and fault.needs_tls:
            suits = server.app.tls
        if not suits:
            raise LabError(_("{name} cannot be {fault}.").format(name=name, fault=fault.value))
        server.fault = fault
        if fault is Fault.REFUSED:
            await server.close()
        else:
            await self._open(server)

    async def mend(self, name: str = "all") -> tuple[str, ...]:
        """Mend one, or all. Returns the names that were spoilt."""
        names = [name] if name != "all" else [key for key, server in self._servers.items() if server.fault]
        mended = []
        for each in names:
            server = self._server(each)
            if server.fault is not None:
                mended.append(each)
            server.fault = None
            await self._open(server)
        return tuple(mended)

    def darken(self, addresses: Iterable[str]) -> None:
        """From now on exactly these addresses say nothing. For where nftables cannot cut them off."""
        self._dark = frozenset(addresses)

    @property
    def faults(self) -> dict[str, Fault]:
        return {name: server.fault for name, server in sorted(self._servers.items()) if server.fault is not None}

    @property
    def requests(self) -> int:
        return sum(server.requests for server in self._servers.values())

    def _server(self, name: str) -> AppServer | CameraServer:
        if name not in self._servers:
            raise UnknownNameError(_("there is no application or camera {name}").format(name=name))
        return self._servers[name]

    def _is_dark(self, address: str) -> bool:
        return address in self._dark

    async def _open(self, server: AppServer | CameraServer) -> None:
        where = server.app if isinstance(server, AppServer) else server.camera
        try:
            await server.open()
        except OSError as error:
            raise PortTakenError(
                _("{address} port {port} cannot be had: {error}").format(
                    address=where.address, port=where.port, error=error.strerror
                )
            ) from error


def run_services(
    inventory: Inventory,
    folder: Path,
    control: Path,
    *,
    rtsp_port: int = DEFAULT_RTSP_PORT,
    parent: int | None = None,
    course: AppCourse | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP, or until `parent` is no longer ours. Prints one JSON line when it stands.

    control: the unix socket for orders, see `lab.services.desk`. course: of a history that goes on here; it stands
    where we are. Raises LabError.
    """
    asyncio.run(_serve(services_plan(inventory, rtsp_port), folder, control, parent, course))


async def go_on(town: Town, course: AppCourse, codes: Iterable[str]) -> None:
    """These are spoilt or mended as the course has it."""
    for code in sorted(codes):
        fault = course.fault(code)
        if fault is None:
            await town.mend(code)
        else:
            await town.spoil(code, fault)


async def _serve(plan: ServicesPlan, folder: Path, control: Path, parent: int | None, course: AppCourse | None) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with ServicesTown(plan, folder) as town, ServicesDesk(control, town):
        if course is not None:
            await go_on(town, course, course.spoilt)
        ready = {
            "ready": True,
            "apps": len(plan.apps),
            "cameras": len(plan.cameras),
            "ca": str(town.ca_file),
            "control": str(control),
        }
        print(json.dumps(ready), flush=True)
        while not stopping.is_set() and (parent is None or os.getppid() == parent):
            try:
                await asyncio.wait_for(stopping.wait(), _LOOK_ROUND_SECONDS)
            except TimeoutError:
                if course is not None:
                    await go_on(town, course, course.do(time.time()))
