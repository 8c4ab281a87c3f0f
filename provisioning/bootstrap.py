"""First contact with a router that nobody can call: a script that a technician pastes, scans or runs.

It brings up the uplink, the tunnel and one user; `site apply` goes on from there. On RouterOS it is short enough for a
QR code; on Debian it brings `kentongan-apply` with it, which does the work and takes back what goes wrong. It holds
secrets: print it, use it, keep it nowhere.
"""

import io
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import segno

from domain.intent import Configuration, DeviceIntent, Platform, SiteIntent
from domain.language import _
from domain.secrets import Secret
from provisioning.difference.compare import FRR_FILE
from provisioning.errors import BootstrapError
from provisioning.platforms.pushing.linux import PROGRAM, program, whole_routing
from provisioning.rendering import render

MOST_BYTES: Final = 2953
"""Of one QR code in bytes: version 40, error correction L (ISO/IEC 18004)."""
FIRST: Final = "first-user"
END: Final = "END_OF_KENTONGAN"
_BRINGS_UP: Final = ("uplink", "uplink-dhcp", "tunnel")


def parts_of(device: DeviceIntent) -> tuple[str, ...]:
    """Those of the device that bring it within reach, then the user."""
    return (*(part for part in device.parts if part in _BRINGS_UP), FIRST)


def first_contact(site: SiteIntent, device: DeviceIntent) -> Configuration:
    """Its secrets are still holes. Raises BootstrapError for a platform that has none."""
    if device.platform not in (Platform.ROUTEROS, Platform.FRR):
        raise BootstrapError(
            _("{device}: a first contact is written for RouterOS and FRR; {platform} is set up by hand.").format(
                device=device.name, platform=device.platform.value if device.platform else "-"
            )
        )
    return render(site, replace(device, parts=parts_of(device)))


def script_of(configuration: Configuration) -> str:
    """RouterOS: lines to paste or to /import; a line that fails does not stop the ones after it. Debian: a script for
    root. Secrets are still holes."""
    if configuration.platform is Platform.FRR:
        return _shell_script(configuration)
    head = f"# {configuration.device}: first contact. On a router without configuration (no-defaults=yes).\n"
    return head + "".join(f"{line}\n" for line in configuration.lines())


def _shell_script(configuration: Configuration) -> str:
    """Everything at once, as a push would do it, and kept over a restart."""
    targets = configuration.targets
    files = [target for target in targets if target != FRR_FILE]
    sent = {
        "targets": targets,
        "undo.conf": (),
        "routing.conf": tuple(whole_routing(configuration)),
        "manifest": tuple(f"{number} {target}" for number, target in enumerate(files)),
        **{f"new-{number}": tuple(configuration.lines(target)) for number, target in enumerate(files)},
    }
    text = (
        f"#!/bin/sh\n# {configuration.device}: first contact. Run it as root on a Debian with FRR, then delete it.\n"
        "set -eu\numask 077\nwork=${HOME:-/root}/.kentongan-first\nunset SUDO_USER\n"
        'rm -rf "$work"; mkdir -p "$work"\n'
    )
    text += _here("kentongan-apply", program().splitlines())
    for name, lines in sent.items():
        text += _here(name, lines)
    return (
        text
        + f'sh "$work/kentongan-apply" install\n{PROGRAM} arm first 900 own\n{PROGRAM} push first\n'
        + f"{PROGRAM} disarm first\n{PROGRAM} save first\n{PROGRAM} tidy first\n"
    )


def _here(name: str, lines: Iterable[str]) -> str:
    return f"cat > \"$work/{name}\" <<'{END}'\n" + "".join(f"{line}\n" for line in lines) + f"{END}\n"


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
