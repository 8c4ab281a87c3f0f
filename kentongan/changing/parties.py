"""Which devices of a plan are told something, how they are logged in to, and what cannot be told."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from domain.intent import DeviceIntent, Platform, SecretHole, SitePlan
from domain.language import _
from domain.network import Device
from domain.secrets import Credential, SshLogin
from domain.shell import ShellLimits, ShellTarget
from kentongan.backups import ConfigBackups
from kentongan.installation import Installation
from kentongan.planning.sources import credentials_of
from provisioning.changing import NoWayError, Party
from provisioning.platforms import PLATFORMS
from provisioning.platforms.pushing import PUSHING
from provisioning.platforms.serials import WRITTEN

WHOLE_SECONDS: Final = 600.0  # a long import on an old router


def parties_of(
    plan: SitePlan,
    installation: Installation,
    config: ConfigBackups,
    contacts: Mapping[str, str],
    remembered: Callable[[str], str] = lambda _device: "",
) -> dict[str, Party]:
    """In the order in which they are told: what serves others first, so that the new ones can be reached through it.

    contacts: device → address at which it answers before it is told. remembered: the credential that a job first used
    for a device, '' for none. Raises NoWayError.
    """
    held = {device.name: device for device in installation.inventory.read().devices}
    credentials = credentials_of(installation)
    config.plan([])  # takes the stored secrets over, so that they are masked wherever a device shows them
    intents = {device.name: device for device in plan.intent.devices}
    parties = {}
    for configuration in plan.configurations:
        intent = intents[configuration.device]
        pushing = PUSHING.get(configuration.platform)
        if pushing is None:
            raise NoWayError(
                _("{device} is {platform}, which `site apply` cannot tell anything yet. Tell it by hand.").format(
                    device=intent.name, platform=configuration.platform.value
                )
            )
        first, then = _targets(intent, held.get(intent.name), credentials, config, contacts, remembered(intent.name))
        parties[intent.name] = Party(
            PLATFORMS[configuration.platform.value],
            pushing,
            configuration,
            first,
            then,
            intent.elsewhere,
            intent.serial,
            _serial_in(WRITTEN.get(configuration.platform, "")),
        )
    return parties


def _targets(
    intent: DeviceIntent,
    device: Device | None,
    credentials: Mapping[str, Credential],
    config: ConfigBackups,
    contacts: Mapping[str, str],
    remembered: str,
) -> tuple[ShellTarget, ShellTarget]:
    access = config.access.read().get(intent.name)
    own = (access.credential if access else "", device.credential if device else "", config.settings.ssh.credential)
    names = (remembered, *own)
    login = next((each for name in names if isinstance(each := credentials.get(name), SshLogin)), None)
    later = _told_login(intent, credentials) or login
    address = intent.address or (device.address if device else "")
    at = contacts.get(intent.name, address)
    if later is None or not at:
        raise NoWayError(
            _("{device} has no {lacking}. Its address stands in devices.csv; a login: kentongan credential add").format(
                device=intent.name, lacking=_("address") if later is not None else _("login")
            )
        )
    assert intent.platform is not None
    limits = ShellLimits(config.settings.ssh.connect_seconds, WHOLE_SECONDS)
    first = ShellTarget(
        intent.name,
        at,
        login or later,
        PLATFORMS[intent.platform.value].dialect,
        device.ssh_port if device else 22,
        device.zone if device else "",
        bool(access and access.legacy),
        limits,
    )
    return first, replace(first, login=later, address=address or at)


def _told_login(intent: DeviceIntent, credentials: Mapping[str, Credential]) -> SshLogin | None:
    """The one that the baseline sets up; None where it does not (a device that serves others)."""
    user, hole = intent.variables.get("admin_user"), intent.variables.get("admin_password")
    if intent.platform is Platform.OPENWRT:
        user = "root"  # it knows no other
    found = credentials.get(hole.credential) if isinstance(hole, SecretHole) else None
    return replace(found, user=str(user)) if isinstance(found, SshLogin) and user else None


def _serial_in(pattern: str) -> Callable[[str], str]:
    def found(written: str) -> str:
        match = re.search(pattern, written, re.MULTILINE) if pattern else None
        return match[1] if match else ""

    return found
