"""Which servers an inventory calls for: one for each application at the address in its URL, one for each camera."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from domain.network import Inventory, Role
from lab.kabupaten.ports import DEFAULT_RTSP_PORT

CAMERA_USER, CAMERA_PASSWORD = "pantau", "simulasi-76"


@dataclass(frozen=True, slots=True)
class AppPlan:
    """One application: its web server's address and port on loopback."""

    code: str
    name: str
    owner: str
    address: str
    port: int
    tls: bool

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://{self.address}:{self.port}/"


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """One camera: its RTSP server. It asks for CAMERA_USER and CAMERA_PASSWORD, by Digest."""

    name: str
    address: str
    port: int
    audio: bool


@dataclass(frozen=True, slots=True)
class ServicesPlan:
    """Everything that is served."""

    apps: tuple[AppPlan, ...]
    cameras: tuple[CameraPlan, ...]


def services_plan(inventory: Inventory, rtsp_port: int = DEFAULT_RTSP_PORT) -> ServicesPlan:
    """From a generated inventory; what does not lie on loopback is left out, for it is not ours to serve."""
    sites = {site.slug: site for site in inventory.sites}
    cameras = [
        CameraPlan(device.name, device.address, rtsp_port, "(audio)" in sites[device.site].name)
        for device in inventory.devices
        if device.role is Role.CAMERA and _is_loopback(device.address)
    ]
    return ServicesPlan(tuple(_apps(inventory)), tuple(cameras))


def _apps(inventory: Inventory) -> Iterable[AppPlan]:
    for service in inventory.services:
        url = urlsplit(service.url)
        host = url.hostname or ""
        if url.scheme in ("http", "https") and url.port and _is_loopback(host):
            yield AppPlan(service.code, service.name, service.owner, host, url.port, url.scheme == "https")


def _is_loopback(address: str) -> bool:
    return address.startswith("127.")
