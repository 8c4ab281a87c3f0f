"""The control socket of the services: one JSON object a line in, one out; only its owner may use it (mode 0600).

In: `{"order": "spoil", "name": "portal", "fault": "defaced"}`; orders are spoil, mend (a name, or all), darken (with
`addresses`), status. Out: `{"ok": true, …}` or `{"ok": false, "error": "…"}`.
"""

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from domain.language import _
from lab.errors import LabError, PortTakenError, WorldNotRunningError, WorldRefusedError
from lab.services.faults import Fault

_LONGEST_LINE = 1 << 20
_LONGEST_PATH = 100  # the kernel's limit is 107 bytes
_TIMEOUT_SECONDS = 15.0
ORDERS = ("spoil", "mend", "darken", "status")


class Town(Protocol):
    """What orders are carried out on."""

    async def spoil(self, name: str, fault: Fault) -> None: ...

    async def mend(self, name: str) -> tuple[str, ...]: ...

    def darken(self, addresses: Iterable[str]) -> None: ...

    @property
    def faults(self) -> dict[str, Fault]: ...

    @property
    def requests(self) -> int: ...


class ServicesDesk:
    """Listens while it is entered. Raises PortTakenError when the path is somebody else's or too long."""

    def __init__(self, path: Path, town: Town) -> None:
        self._path = path
        self._town = town
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        if len(os.fsencode(self._path)) > _LONGEST_PATH:
            raise PortTakenError(
                _("{path} is too long for a socket: choose a shorter state folder").format(path=self._path)
            )
        if _somebody_listens(self._path):
            raise PortTakenError(_("other simulated services listen at {path}: stop them").format(path=self._path))
        self._path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._hear, self._path, limit=_LONGEST_LINE)
        finally:
            os.umask(mask)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := await reader.readline():
                writer.write(json.dumps(await self.obey(line), ensure_ascii=False).encode() + b"\n")
                await writer.drain()
        writer.close()

    async def obey(self, line: bytes) -> dict[str, object]:
        """The answer to one line; never raises for what somebody wrote."""
        try:
            return {"ok": True, **await self._obey(line)}
        except LabError as error:
            return {"ok": False, "error": str(error)}

    async def _obey(self, line: bytes) -> dict[str, object]:
        try:
            order = json.loads(line)
        except (ValueError, RecursionError):
            raise LabError(_("an order is one JSON object on one line")) from None
        if not isinstance(order, dict) or order.get("order") not in ORDERS:
            raise LabError(_("unknown order; there are {orders}").format(orders=", ".join(ORDERS)))
        name = order.get("name")
        match order["order"]:
            case "spoil":
                fault = _fault(order.get("fault"))
                await self._town.spoil(str(name), fault)
                return {"order": "spoil", "name": name, "fault": fault.value}
            case "mend":
                return {"order": "mend", "mended": list(await self._town.mend(str(name or "all")))}
            case "darken":
                addresses = order.get("addresses")
                self._town.darken(map(str, addresses if isinstance(addresses, list) else []))
                return {"order": "darken"}
            case _:
                faults = {key: fault.value for key, fault in self._town.faults.items()}
                return {"order": "status", "faults": faults, "requests": self._town.requests}


class ServicesControl:
    """The other side: what `kentongan lab` calls. A connection per order.

    Raises WorldNotRunningError when nobody listens, WorldRefusedError with the services' own words when they say no.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def spoil(self, name: str, fault: Fault) -> dict[str, object]:
        return self._order({"order": "spoil", "name": name, "fault": fault.value})

    def mend(self, name: str = "all") -> dict[str, object]:
        return self._order({"order": "mend", "name": name})

    def darken(self, addresses: Iterable[str]) -> dict[str, object]:
        return self._order({"order": "darken", "addresses": list(addresses)})

    def status(self) -> dict[str, object]:
        return self._order({"order": "status"})

    def _order(self, order: dict[str, object]) -> dict[str, object]:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(_TIMEOUT_SECONDS)
                connection.connect(str(self._path))
                connection.sendall(json.dumps(order).encode() + b"\n")
                with connection.makefile("rb") as answers:
                    answer = json.loads(answers.readline())
        except (OSError, ValueError) as error:
            raise WorldNotRunningError(
                _("no simulated services listen at {path} ({error}): start `kentongan demo` first").format(
                    path=self._path, error=error
                )
            ) from error
        if not answer.get("ok"):
            raise WorldRefusedError(str(answer.get("error", "")))
        return dict(answer)


def _fault(word: object) -> Fault:
    try:
        return Fault(str(word))
    except ValueError:
        raise LabError(_("unknown fault; there are {faults}").format(faults=", ".join(Fault))) from None


def _somebody_listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.settimeout(1.0)
        try:
            knock.connect(str(path))
        except OSError:
            return False
    return True
