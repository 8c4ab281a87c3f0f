"""How much comes through to a site: iperf3 from here, or the router's own test where it may be asked.

Nothing is installed for it, and nothing is measured on a line that is paid by the gigabyte.
"""

import re
from collections.abc import Iterator
from typing import Final

from domain.changes import Checked, Outcome, SpeedAnswer
from domain.intent import DeviceIntent, Platform, SiteIntent
from domain.language import _
from domain.network import PollClassName
from domain.shell import Command, ShellError
from provisioning.verification.ground import Ground, concluded, routers, unchecked
from provisioning.verification.speed_test import IPERF3_PORT, BandwidthServer, Rate, SpeedTest

NAME: Final = "throughput"
STARTED: Final = "iperf3-listens"
_UNITS: Final = {"": 1e-6, "k": 1e-3, "M": 1.0, "G": 1e3}
_AVERAGE: Final = r"{way}-total-average: *([\d.]+) *([kMG]?)bps"


def throughput(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The line carries what it is to carry (links.csv), by iperf3 or by the router's own bandwidth test."""
    for device in routers(intent):
        means = ground.throughput
        if means is None or not device.address:
            yield unchecked(NAME, _("nobody may test speeds here (changes.throughput_seconds)"), device)
        elif device.poll_class is PollClassName.METERED:
            yield unchecked(NAME, _("its line is paid by what goes over it; a test would use it up"), device)
        else:
            yield _judged(device, _measured(device, ground, means), means)


def _measured(device: DeviceIntent, ground: Ground, means: SpeedTest) -> SpeedAnswer:
    if means.server:
        return means.speed(means.server, IPERF3_PORT, means.seconds)
    try:
        if device.platform in (Platform.FRR, Platform.OPENWRT):
            return _against_router(device, ground, means)
        if device.platform is Platform.ROUTEROS and means.bandwidth is not None:
            return _by_router(device, ground, means.bandwidth, means.seconds)
    except ShellError as error:
        return SpeedAnswer(trouble=str(error))
    return SpeedAnswer(
        trouble=_(
            "nothing at the site answers a test: start `iperf3 -s` on a laptop behind the router and give its address "
            "(site verify --iperf3 ADDRESS), or allow RouterOS's own test (changes.bandwidth_server)"
        )
    )


def _against_router(device: DeviceIntent, ground: Ground, means: SpeedTest) -> SpeedAnswer:
    """A server on the router for as long as it takes; it ends by itself."""
    seconds = int(2 * means.seconds + 30)
    line = (
        f"command -v iperf3 >/dev/null && {{ timeout {seconds} iperf3 -s -p {IPERF3_PORT} </dev/null >/dev/null 2>&1 & "
        f"sleep 1; echo {STARTED}; }}"
    )
    with ground.shell(device.name) as shell:
        if STARTED not in shell.run(Command(line, 15)).text.split():
            return SpeedAnswer(trouble=_("iperf3 is not installed on it"))
        return means.speed(device.address, IPERF3_PORT, means.seconds)


def _by_router(device: DeviceIntent, ground: Ground, server: BandwidthServer, seconds: float) -> SpeedAnswer:
    """help.mikrotik.com, Bandwidth Test: transmit is from the router's side."""
    found: dict[str, float] = {}
    password = server.login.password
    with ground.shell(device.name) as shell:
        for way, direction in (("rx", "receive"), ("tx", "transmit")):
            line = (
                f"/tool bandwidth-test address={server.address} protocol=tcp direction={direction} "
                f"duration={seconds:.0f}s user={server.login.user}"
            )
            line += f' password="{_quoted(password.reveal())}"' if password else ""
            said = shell.run(Command(line, seconds + 30, secrets=(password,) if password else ())).text
            averages = re.findall(_AVERAGE.format(way=way), said)
            if not averages:
                last = " ".join(said.split())[-120:]
                return SpeedAnswer(found.get("rx"), None, _("the router says: {said}").format(said=last or "-"))
            found[way] = round(float(averages[-1][0]) * _UNITS[averages[-1][1]], 2)
    return SpeedAnswer(found["rx"], found["tx"])


def _judged(device: DeviceIntent, answer: SpeedAnswer, means: SpeedTest) -> Checked:
    rate = means.rates.get(device.name, Rate(""))
    evidence: dict[str, object] = {
        "link": rate.link,
        "downMbps": answer.down_mbps,
        "upMbps": answer.up_mbps,
        "wantedDownMbps": rate.down_mbps,
        "wantedUpMbps": rate.up_mbps,
    }
    if answer.down_mbps is None or answer.up_mbps is None:
        return Checked(NAME, Outcome.UNCHECKED, device.name, answer.trouble, evidence)
    if rate.down_mbps is None and rate.up_mbps is None:
        why = _("nobody says how fast it is to be (links.csv, cir_down_mbps or capacity_mbps)")
        return Checked(NAME, Outcome.UNCHECKED, device.name, why, evidence)
    slow = [
        _("{found:.1f} of {wanted:.1f} Mbit/s {way}").format(found=found, wanted=wanted, way=way)
        for found, wanted, way in (
            (answer.down_mbps, rate.down_mbps, _("down")),
            (answer.up_mbps, rate.up_mbps, _("up")),
        )
        if wanted is not None and found < means.share * wanted
    ]
    return concluded(NAME, device, "; ".join(slow), evidence)


def _quoted(text: str) -> str:
    """Within RouterOS's quotation marks (help.mikrotik.com, Scripting, escape sequences)."""
    return re.sub(r'(["\\$?])', r"\\\1", text)
