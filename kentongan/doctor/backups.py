"""Configurations: who could be read and has no login, whose copy is old, whose host key is another one."""

from collections.abc import Iterator, Sequence

from domain.language import _, n_
from domain.network import Check, Device, DeviceStatus
from domain.secrets import SshLogin
from kentongan.backups import ConfigBackups
from kentongan.doctor.findings import Finding, Severity
from kentongan.installation import Installation
from provisioning.backup import is_stale

SHOWN = 3


def look_at_backups(installation: Installation) -> Iterator[Finding]:
    """Asks no device."""
    config = ConfigBackups(installation)
    devices = installation.inventory.read().devices
    planned = config.plan(devices)
    yield from _logins(installation, config, devices, planned.lacking)
    yield from _ages(installation, config, list(planned.subjects))
    for key in config.keys.all():
        if key.offered is not None and key.device in planned.subjects:
            yield Finding(
                Severity.WRONG,
                _("host key"),
                _("{device} shows {offered}; known is {known}.").format(
                    device=key.device,
                    offered=key.offered.fingerprint,
                    known=key.known.fingerprint if key.known else _("none"),
                ),
                _("Find out why, then: kentongan device hostkey accept {device}").format(device=key.device),
            )


def _logins(
    installation: Installation, config: ConfigBackups, devices: Sequence[Device], lacking: Sequence[str]
) -> Iterator[Finding]:
    about = _("SSH logins")
    vault = installation.vault
    logins = {name for name in vault.names() if isinstance(vault.get(name), SshLogin)}
    access = config.access.read()
    by_ssh = [device for device in devices if device.check is Check.SSH and device.status is DeviceStatus.IN_USE]
    names = {device.name: access[device.name].credential if device.name in access else "" for device in by_ssh}
    without = [
        device.name
        for device in by_ssh
        if not {device.credential, names[device.name], config.settings.ssh.credential} & logins
    ]
    missing = sorted({*lacking, *without})
    if missing:
        message = n_(
            "{count} device could be read by SSH and has no login: {names}.",
            "{count} devices could be read by SSH and have no login: {names}.",
            len(missing),
        ).format(count=len(missing), names=_some(missing))
        remedy = _(
            "kentongan credential add NAME --ssh --user USER; then kentongan device access DEVICE --credential NAME, "
            "or [ssh] credential for all. Without it no configuration is kept."
        )
        yield Finding(Severity.WARNING, about, message, remedy)


def _ages(installation: Installation, config: ConfigBackups, subjects: Sequence[str]) -> Iterator[Finding]:
    if not subjects:
        return
    about = _("configurations")
    states, now, table = config.states.read(), installation.clock.now().utc, config.timetable
    stale = sorted(name for name in subjects if is_stale(states.get(name), table, now))
    if stale:
        message = n_(
            "{count} device was not read for {days} days, or never: {names}.",
            "{count} devices were not read for {days} days, or never: {names}.",
            len(stale),
        ).format(count=len(stale), days=f"{config.settings.backup.stale_days:g}", names=_some(stale))
        yield Finding(Severity.WARNING, about, message, "kentongan config status · kentongan config backup NAME")
    else:
        message = n_("of {count} device, fresh", "of {count} devices, fresh", len(subjects))
        yield Finding(Severity.OK, about, message.format(count=len(subjects)))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
