"""The machine Kentongan stands on: clock, disk, privileges, socket buffers, port."""

import os
import shutil
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from collectors.icmp import choose
from domain.language import _
from kentongan.clock import WRITTEN
from kentongan.doctor.findings import Finding, Severity
from kentongan.settings import Settings

FULL_BYTES = 50_000_000
TIGHT_BYTES = 500_000_000
BUFFER_BYTES = 4 << 20


def look_at_machine(
    settings: Settings, folder: Path, newest_record: datetime | None, now: datetime
) -> Iterator[Finding]:
    yield from _clock(newest_record, now)
    yield _disk(folder)
    yield _ping()
    yield from _buffer()
    yield from _port(_("metrics port"), "exporter", settings.exporter.host, settings.exporter.port)
    if settings.notify.base_url or settings.notify.inbound_credential:
        yield from _port(_("port for telephones"), "inbound", settings.inbound.host, settings.inbound.port)


def _clock(newest_record: datetime | None, now: datetime) -> Iterator[Finding]:
    about = _("clock")
    floor = max(WRITTEN, newest_record or WRITTEN)
    if now < floor:
        yield Finding(
            Severity.WRONG,
            about,
            _("The clock says {now:%Y-%m-%d %H:%M}, but {floor:%Y-%m-%d %H:%M} has already been.").format(
                now=now, floor=floor
            ),
            _("Set the clock or let NTP do it (timedatectl set-ntp true); check the battery of the mainboard."),
        )
    else:
        yield Finding(Severity.OK, about, f"{now:%Y-%m-%d %H:%M:%S} UTC")


def _disk(folder: Path) -> Finding:
    about = _("disk")
    free = shutil.disk_usage(folder).free
    text = _("{free} MB free in {folder}").format(free=free // 1_000_000, folder=folder)
    remedy = _("Make room, or shorten [retention] in kentongan.toml.")
    if free < FULL_BYTES:
        return Finding(Severity.WRONG, about, text, remedy)
    if free < TIGHT_BYTES:
        return Finding(Severity.WARNING, about, text, remedy)
    return Finding(Severity.OK, about, text)


def _ping() -> Finding:
    choice = choose()
    if choice.way == "none":
        return Finding(
            Severity.WRONG,
            "ICMP",
            choice.why,
            _("Install fping, or give the capability: setcap cap_net_raw+ep on the venv's python, or run as root."),
        )
    return Finding(Severity.OK if choice.way == "raw" else Severity.NOTE, "ICMP", choice.why)


def _buffer() -> Iterator[Finding]:
    if os.geteuid() == 0:
        return
    largest = int(Path("/proc/sys/net/core/rmem_max").read_text())
    if largest < BUFFER_BYTES:
        yield Finding(
            Severity.WARNING,
            _("receive buffer"),
            _("The kernel grants {size} kB; answers of a large fleet may be dropped.").format(size=largest // 1024),
            "sysctl -w net.core.rmem_max=16777216",
        )


def _port(about: str, section: str, host: str, port: int) -> Iterator[Finding]:
    if port == 0:
        return
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            yield Finding(
                Severity.NOTE,
                about,
                _("{host}:{port} is not free: {error}").format(host=host, port=port, error=error.strerror),
                _("If that is not Kentongan itself, choose another one: [{section}] port.").format(section=section),
            )
