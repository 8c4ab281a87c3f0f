"""What checks ask besides echoes, SNMP and logins: communities of the factory, pictures, heartbeats that were heard."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Final

from collectors.errors import CollectorError
from collectors.rtsp import Login, RtspChecker
from collectors.snmp.client import SnmpClient
from domain.network import Device, Role
from domain.polling import Endpoint
from domain.secrets import Credential, Secret, SnmpCommunity, SnmpVersion, SshLogin
from domain.services import camera_check
from kentongan.clock import SystemClock
from kentongan.settings import Settings

FACTORY: Final = ("public", "private")
SYSTEM: Final = "1.3.6.1.2.1.1.2.0"  # sysObjectID
ANSWER_SECONDS: Final = 1.0
MOST_OCTETS: Final = 64 << 20


def factory_communities(address: str, port: int = 161) -> tuple[str, ...]:
    """Those of the factory's communities that a device answers; each is asked once, both at the same time."""

    async def answered(community: str) -> bool:
        access = SnmpCommunity("factory", SnmpVersion.V2C, Secret(community))
        client = SnmpClient(Endpoint(address, port, access), attempts=1, attempt_seconds=ANSWER_SECONDS)
        try:
            async with client:
                return bool(await client.get([SYSTEM]))
        except (CollectorError, OSError):
            return False

    async def both() -> list[bool]:
        return await asyncio.gather(*map(answered, FACTORY))

    return tuple(name for name, good in zip(FACTORY, asyncio.run(both()), strict=True) if good)


@dataclass(frozen=True, slots=True)
class Pictures:
    """Implements Ground.stream. cameras: of the inventory, which says their maker and login."""

    settings: Settings
    cameras: Mapping[str, Device]
    credentials: Mapping[str, Credential]

    def __call__(self, device: str, address: str) -> str:
        known = self.cameras.get(device) or Device(device, "", Role.CAMERA, address=address)
        check = camera_check(known, self.settings.services.rtsp_port)
        return asyncio.run(RtspChecker(self._login).check(check, SystemClock().now())).word.value

    def _login(self, name: str) -> Login | None:
        found = self.credentials.get(name)
        return Login(found.user, found.password) if isinstance(found, SshLogin) and found.password else None


@dataclass(frozen=True, slots=True)
class HeardBeats:
    """Implements Ground.heartbeat: the running service is asked, as Prometheus asks it."""

    settings: Settings

    def __call__(self, device: str) -> tuple[float, float] | None:
        found = re.search(
            rf'^kentongan_heartbeat_age_seconds{{device="{re.escape(device)}"}} (\S+)$', self._metrics(), re.MULTILINE
        )
        return (float(found[1]), float(self.settings.heartbeat.interval_seconds)) if found else None

    def _metrics(self) -> str:
        exporter = self.settings.exporter
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(exporter.host, exporter.host)  # noqa: S104
        connection = HTTPConnection(host, exporter.port, timeout=5)
        try:
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            return answer.read(MOST_OCTETS).decode("utf-8", "replace") if answer.status == 200 else ""
        except (OSError, HTTPException):
            return ""
        finally:
            connection.close()
