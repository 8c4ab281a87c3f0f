"""Both ends of a tunnel are made the same way: what the site wants, as far as each of them can. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from domain.intent import DeviceIntent, Platform
from domain.language import _
from provisioning.errors import IntentError
from provisioning.profiles import Word

KIND = "tunnel_kind"
WIREGUARD, L2TP = Word("wireguard"), Word("l2tp")


def agree_on_tunnel(devices: Sequence[DeviceIntent]) -> tuple[DeviceIntent, ...]:
    """The devices, the variable tunnel_kind of all that read it set to one value. Raises IntentError where there is no
    way that both ends know."""
    ends = [device for device in devices if any(part.startswith("tunnel") for part in device.parts)]
    if not ends:
        return tuple(devices)
    wanted = next((str(device.variables[KIND]) for device in ends if KIND in device.variables), str(WIREGUARD))
    without_wireguard = [each for each in ends if each.platform is Platform.ROUTEROS and each.version < 7]
    kind = L2TP if wanted == L2TP or without_wireguard else WIREGUARD
    without_l2tp = [each for each in ends if each.platform is not Platform.ROUTEROS]
    if kind == L2TP and without_l2tp:
        reason = ", ".join(each.name for each in without_wireguard) or f"{KIND}: {wanted}"
        raise IntentError(
            _("{device} ({platform}) makes tunnels by WireGuard only, which is ruled out here by {reason}.").format(
                device=without_l2tp[0].name, platform=str(without_l2tp[0].platform), reason=reason
            )
        )
    return tuple(
        replace(device, variables={**device.variables, KIND: kind}) if KIND in device.variables else device
        for device in devices
    )
