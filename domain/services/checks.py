"""What a service check is: made from services.csv and from cameras, asked by `collectors/`.

How `url` is written: `https://…` (or nothing before the host), `http://…`, `tcp://host:port`,
`dns://server[:port]/name?type=A` (RFC 4501; the answers expected stand in expect_text), `rtsp://host[:port]/path`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from domain.language import _
from domain.network import Check, Device, DeviceStatus, Inventory, Role, Service
from domain.services.errors import UncheckableServiceError
from domain.services.outcome import CheckKind

TIMEOUT_SECONDS: Final = 10.0
SLOW_SECONDS: Final = 5.0
INTERVAL_SECONDS: Final = 60
CAMERA_INTERVAL_SECONDS: Final = 300
RTSP_PORT: Final = 554
WATCH_SECONDS: Final = 5.0
_DNS_TYPES: Final = frozenset(["A", "AAAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT"])


@dataclass(frozen=True, slots=True)
class HttpCheck:
    """A page as a visitor sees it. expect_status: None takes any below 400. trusted_hosts: where it may redirect to.

    search_view: look a second time as a search engine does.
    """

    code: str
    url: str
    expect_status: int | None = None
    expect_text: str = ""
    forbid_text: str = ""
    trusted_hosts: frozenset[str] = frozenset()
    search_view: bool = True
    slow_seconds: float = SLOW_SECONDS
    timeout_seconds: float = TIMEOUT_SECONDS
    kind: CheckKind = CheckKind.HTTP


@dataclass(frozen=True, slots=True)
class TcpCheck:
    """A port that accepts connections; expect_text: words of the greeting it sends by itself."""

    code: str
    host: str
    port: int
    expect_text: str = ""
    timeout_seconds: float = TIMEOUT_SECONDS
    kind: CheckKind = CheckKind.TCP


@dataclass(frozen=True, slots=True)
class DnsCheck:
    """A name that a server answers. expected: all of these must be among the answers; none: any answer will do."""

    code: str
    server: str
    port: int
    name: str
    type: str = "A"
    expected: frozenset[str] = frozenset()
    timeout_seconds: float = TIMEOUT_SECONDS
    kind: CheckKind = CheckKind.DNS


@dataclass(frozen=True, slots=True)
class RtspCheck:
    """A camera's stream. path: with its query. credential: a name in the vault, or nothing.

    watch_seconds: the picture's time must advance within so long.
    """

    code: str
    host: str
    port: int = RTSP_PORT
    path: str = "/"
    credential: str = ""
    watch_seconds: float = WATCH_SECONDS
    timeout_seconds: float = TIMEOUT_SECONDS
    kind: CheckKind = CheckKind.RTSP

    @property
    def url(self) -> str:
        return f"rtsp://{_bracketed(self.host)}:{self.port}{self.path}"


ServiceCheck = HttpCheck | TcpCheck | DnsCheck | RtspCheck


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """A check and how often it is made."""

    check: ServiceCheck
    interval_seconds: float = INTERVAL_SECONDS


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """All checks of an inventory, sorted by code; refused: code → why it cannot be checked."""

    checks: tuple[PlannedCheck, ...] = ()
    refused: Mapping[str, str] | None = None


def plan_of(inventory: Inventory, rtsp_port: int = RTSP_PORT, search_view: bool = True) -> ServicePlan:
    """Every service with an address, every camera in use with `check` rtsp that no service speaks for; one with `check`
    icmp too if it names a credential, which can only be its stream's.

    rtsp_port: of cameras without a service row. A service that redirects to another service's host is at home there.
    """
    devices = {device.name: device for device in inventory.devices}
    hosts = frozenset(_hosts(inventory.services))
    planned: dict[str, PlannedCheck] = {}
    refused: dict[str, str] = {}
    spoken_for: set[str] = set()
    for service in inventory.services:
        if not service.url:
            continue
        try:
            check = check_of(service, devices.get(service.host), hosts, search_view=search_view)
        except UncheckableServiceError as error:
            refused[service.code] = str(error)
            continue
        if isinstance(check, RtspCheck):
            spoken_for.add(service.host)
        planned[service.code] = PlannedCheck(check, service.interval or INTERVAL_SECONDS)
    for device in inventory.devices:
        if _is_camera_to_ask(device) and device.name not in spoken_for and device.name not in planned:
            planned[device.name] = PlannedCheck(camera_check(device, rtsp_port), CAMERA_INTERVAL_SECONDS)
    return ServicePlan(tuple(planned[code] for code in sorted(planned)), refused)


def check_of(
    service: Service, host: Device | None = None, trusted: frozenset[str] = frozenset(), *, search_view: bool = True
) -> ServiceCheck:
    """host: the device it runs on, whose credential an RTSP stream takes. Raises UncheckableServiceError."""
    text = service.url if "://" in service.url else f"https://{service.url}"
    try:
        url = urlsplit(text)
        port, name = url.port, url.hostname or ""
    except ValueError as error:
        raise UncheckableServiceError(
            _("'{url}' is not an address ({error}).").format(url=text, error=error)
        ) from error
    if not name:
        raise UncheckableServiceError(_("'{url}' names no host.").format(url=text))
    if url.username is not None or url.password is not None:
        raise UncheckableServiceError(
            _("An address must not hold a login. Take it out, and keep it with: kentongan credential add")
        )
    match url.scheme.lower():
        case "http" | "https":
            return HttpCheck(
                service.code,
                text,
                service.expect_status,
                service.expect_text,
                service.forbid_text,
                trusted,
                search_view,
            )
        case "tcp" if port:
            return TcpCheck(service.code, name, port, service.expect_text)
        case "dns":
            return _dns_check(service, url, name, port or 53)
        case "rtsp":
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            return RtspCheck(service.code, name, port or RTSP_PORT, path, host.credential if host else "")
        case _:
            raise UncheckableServiceError(
                _("'{url}' cannot be checked: write http, https, tcp with a port, dns or rtsp.").format(url=text)
            )


def camera_check(device: Device, port: int = RTSP_PORT) -> RtspCheck:
    """A camera's second stream, which is small, at the path its maker uses."""
    return RtspCheck(device.name, device.address, port, stream_path(device), device.credential)


def stream_path(device: Device) -> str:
    """By platform or model: Hikvision, Dahua, Uniview, Axis; `/` for others, whose service row then says it."""
    words = f"{device.platform} {device.model}".lower()
    return next((path for marks, path in _STREAMS if any(mark in words for mark in marks)), "/")


_STREAMS: Final = (
    (("hikvision", "ds-2", "hilook", "hiwatch"), "/Streaming/Channels/102"),
    (("dahua", "ipc-h", "imou"), "/cam/realmonitor?channel=1&subtype=1"),
    (("uniview", "ipc3", "ipc2"), "/media/video2"),
    (("axis",), "/axis-media/media.amp"),
)


def _dns_check(service: Service, url: SplitResult, server: str, port: int) -> DnsCheck:
    name = unquote(url.path.strip("/"))
    kind = parse_qs(url.query.replace(";", "&")).get("type", ["A"])[0].upper()
    if not name or kind not in _DNS_TYPES:
        raise UncheckableServiceError(
            _("'{url}' says no name to ask for: write dns://server/name?type=A.").format(url=service.url)
        )
    expected = frozenset(filter(None, (part.strip() for part in service.expect_text.replace("|", ",").split(","))))
    return DnsCheck(service.code, server, port, name, kind, expected)


def _hosts(services: Iterable[Service]) -> Iterable[str]:
    for service in services:
        try:
            host = urlsplit(service.url if "://" in service.url else f"https://{service.url}").hostname
        except ValueError:
            continue
        if service.url and host:
            yield host.rstrip(".").lower()


def _is_camera_to_ask(device: Device) -> bool:
    asked = device.check is Check.RTSP or (device.check is Check.ICMP and bool(device.credential))
    return (
        asked
        and device.status is DeviceStatus.IN_USE
        and bool(device.address)
        and device.role in (Role.CAMERA, Role.NVR)
    )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
