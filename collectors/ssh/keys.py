"""Whose key is it: the check of a device's host key against what is known, and the words when it is another one."""

from domain.language import _
from domain.shell import HostKey, HostKeyChangedError, HostKeys, HostKeyUnknownError


def check(device: str, offered: HostKey, keys: HostKeys) -> None:
    """Raises HostKeyChangedError or HostKeyUnknownError; a first meeting is remembered."""
    known = keys.known(device)
    if known == offered:
        return
    if known is None:
        if keys.trust(device, offered):
            return
        raise HostKeyUnknownError(
            device,
            _(
                "{device} shows the host key {fingerprint} ({algorithm}), and nobody has accepted it yet. Compare it "
                "with the device's own, then: kentongan device hostkey accept {device}"
            ).format(device=device, fingerprint=offered.fingerprint, algorithm=offered.algorithm),
        )
    keys.refuse(device, offered)
    raise HostKeyChangedError(
        device,
        _(
            "{device} shows another host key than before: {offered} ({algorithm}) instead of {known}. No password was "
            "sent. Either the device was replaced or reset, or somebody else answers in its place. If you know why: "
            "kentongan device hostkey accept {device}"
        ).format(
            device=device,
            offered=offered.fingerprint,
            algorithm=offered.algorithm,
            known=known.fingerprint,
        ),
        known.fingerprint,
        offered.fingerprint,
    )
