"""Checks of what a site gives by itself: the picture of its camera, the heartbeat that says its internet works."""

from collections.abc import Iterator
from typing import Final

from domain.changes import Checked
from domain.intent import SiteIntent
from domain.language import _
from domain.network import Check, Role
from provisioning.verification.ground import Ground, concluded, own, unchecked

MISSED: Final = 3.0  # intervals


def stream(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The camera's stream plays, and its time goes on."""
    for device in own(intent):
        if device.role is not Role.CAMERA or not device.address or device.check is not Check.RTSP:
            continue
        if ground.stream is None:
            yield unchecked("stream", _("nobody can watch streams from here"), device)
            continue
        word = ground.stream(device.name, device.address)
        why = "" if word == "ok" else _("its stream: {word}").format(word=word)
        yield concluded("stream", device, why, {"address": device.address, "stream": word})


def heartbeat(intent: SiteIntent, ground: Ground) -> Iterator[Checked]:
    """The running service heard the site's heartbeat in the last three intervals."""
    if not intent.heartbeat:
        return
    for device in own(intent):
        if device.role is not Role.ROUTER:
            continue
        heard = ground.heartbeat(device.name) if ground.heartbeat else None
        if heard is None:
            yield unchecked("heartbeat", _("none was heard yet, or the service does not run"), device)
            continue
        age, interval = heard
        why = _("none for {seconds:.0f} seconds").format(seconds=age) if age > MISSED * interval else ""
        yield concluded("heartbeat", device, why, {"ageSeconds": round(age, 1), "intervalSeconds": interval})
