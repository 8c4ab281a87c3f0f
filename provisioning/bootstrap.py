"""First contact with a router that nobody can call: a short script that a technician pastes or scans.

It brings up the uplink, the tunnel and one user; `site apply` goes on from there. It holds secrets: print it, use it,
keep it nowhere.
"""

import io
from dataclasses import replace
from typing import Final

import segno

from domain.intent import Configuration, DeviceIntent, Platform, SiteIntent
from domain.language import _
from domain.secrets import Secret
from provisioning.errors import BootstrapError
from provisioning.rendering import render

MOST_BYTES: Final = 2953
"""Of one QR code in bytes: version 40, error correction L (ISO/IEC 18004)."""
EASY_BYTES: Final = 1465  # version 27, 125 modules a side: what a simple telephone reads from a laptop's screen
FIRST: Final = "first-user"
_BRINGS_UP: Final = ("uplink", "uplink-dhcp", "tunnel")


def parts_of(device: DeviceIntent) -> tuple[str, ...]:
    """Those of the device that bring it within reach, then the user."""
    return (*(part for part in device.parts if part in _BRINGS_UP), FIRST)


def first_contact(site: SiteIntent, device: DeviceIntent) -> Configuration:
    """Its secrets are still holes. Raises BootstrapError for what is no RouterOS."""
    if device.platform is not Platform.ROUTEROS:
        raise BootstrapError(
            _("{device}: a first contact is written for RouterOS only; {platform} is set up by hand.").format(
                device=device.name, platform=device.platform.value if device.platform else "-"
            )
        )
    return render(site, replace(device, parts=parts_of(device)))


def script_of(configuration: Configuration) -> str:
    """Lines to paste or to /import, secrets still holes. A line that fails does not stop the ones after a paste."""
    head = f"# {configuration.device}: first contact. On a router without configuration (no-defaults=yes).\n"
    return head + "".join(f"{line}\n" for line in configuration.lines())


def qr_of(script: Secret) -> segno.QRCode:
    """One code with the whole script. Raises BootstrapError if it does not fit."""
    octets = script.reveal().encode()
    try:
        return segno.make_qr(octets, error="l", mode="byte", boost_error=False)
    except segno.DataOverflowError:
        raise BootstrapError(
            _(
                "The script has {octets} bytes and one QR code holds {most}. Bring it as a file: "
                "kentongan site plan SLUG --bootstrap --output FILE."
            ).format(octets=len(octets), most=MOST_BYTES)
        ) from None


def terminal_qr(code: segno.QRCode) -> str:
    """As half blocks for a terminal."""
    text = io.StringIO()
    code.terminal(out=text, compact=True)
    return text.getvalue()


def png_qr(code: segno.QRCode) -> bytes:
    octets = io.BytesIO()
    code.save(octets, kind="png", scale=4)
    return octets.getvalue()
