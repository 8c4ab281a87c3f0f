"""Where planning gets what it needs: an opened installation's stores, folder, vault and backups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from collectors.store.plans import DeviceFacts
from domain.intent import KeptText, SecretHole
from domain.language import _
from domain.network import Inventory
from domain.secrets import Credential, Secret, SnmpCommunity, SnmpUser, SshLogin, Token
from kentongan.addresses import address_plan
from kentongan.backups import FOLDER as CONFIGURATIONS
from kentongan.installation import Installation
from kentongan.planning.heartbeat import HeartbeatParts
from kentongan.planning.planner import Knowledge, SitePlanner
from kentongan.planning.way_in import AdminLogin
from provisioning.backup import BackupState, ConfigRepository
from provisioning.errors import VariableError
from provisioning.profiles import ProvisioningFolder, SiteProfiles, Variable, check, site_profiles
from provisioning.profiles.folder import PROFILE_KEY
from provisioning.store.backups import SqlBackupStates

FOLDER = "provisioning"


@dataclass(frozen=True, slots=True)
class LastBackups:
    """Implements KeptConfigurations over the repository of configurations. states: by device; the repository is asked
    only for what was ever read, for it looks into the folder of every site before it says that it has nothing."""

    repository: ConfigRepository
    states: Mapping[str, BackupState]
    sites: Mapping[str, str]

    def latest(self, device: str) -> KeptText | None:
        state = self.states.get(device)
        if state is None or not state.good_at:
            return None
        text = self.repository.latest(device, self.sites.get(device, ""))
        return None if text is None else KeptText(text, datetime.fromtimestamp(state.good_at, UTC))


def provisioning_folder(state: Path) -> ProvisioningFolder:
    return ProvisioningFolder(state / FOLDER)


def site_planner(
    installation: Installation,
    heartbeat_url: str,
    *,
    inventory: Inventory | None = None,
    folder: ProvisioningFolder | None = None,
    facts: Mapping[str, DeviceFacts] | None = None,
) -> SitePlanner:
    """Plans from everything that the installation knows now, but for what is given. heartbeat_url: where sites reach
    us."""
    inventory = installation.inventory.read() if inventory is None else inventory
    settings = installation.loaded.settings
    folder = provisioning_folder(installation.loaded.folder) if folder is None else folder
    home = installation.regions.home() or ""
    credentials = cache(lambda: credentials_of(installation))
    known = Knowledge(
        inventory,
        site_profiles(folder.profiles),
        folder,
        settings.polling.classes(),
        HeartbeatParts(heartbeat_url, settings.heartbeat.interval_seconds),
        {region.code: region.name for region in installation.regions.within(home)},
        installation.plans.facts() if facts is None else facts,
        secret_is_known=lambda hole: find_secret(credentials(), hole) is not None,
        admin_login=cache(lambda name: _admin_login(credentials().get(name))),
    )
    repository = ConfigRepository(installation.loaded.folder / CONFIGURATIONS)
    states = SqlBackupStates(installation.database.engine).read()
    backups = LastBackups(repository, states, {device.name: device.site for device in inventory.devices})
    return SitePlanner(known, address_plan(installation), backups)


def _admin_login(credential: Credential | None) -> AdminLogin | None:
    if not isinstance(credential, SshLogin):
        return None
    if credential.private_key is None:
        return AdminLogin(credential.name)
    from collectors.ssh.private import public_half  # the SSH library takes half a second to load

    return AdminLogin(credential.name, public_half(credential.private_key))


def credentials_of(installation: Installation) -> Mapping[str, Credential]:
    vault = installation.vault
    return {name: vault.get(name) for name in vault.names()}


def find_secret(credentials: Mapping[str, Credential], hole: SecretHole) -> Secret | None:
    """The text that a hole names; None if the credential is not there or is of another kind."""
    match credentials.get(hole.credential), hole.field:
        case SnmpUser() as user, "auth":
            return user.auth_password
        case SnmpUser() as user, "priv":
            return user.priv_password
        case SnmpCommunity() as community, "community":
            return community.community
        case SshLogin() as login, "password":
            return login.password
        case SshLogin() as login, "key":
            return login.private_key
        case SshLogin() as login, "enable":
            return login.enable
        case Token() as token, "token":
            return token.token
        case _:
            return None


def assignments(words: Iterable[str]) -> dict[str, object]:
    """NAME=VALUE: `true` and `false`, whole numbers, else text; nothing takes the value away."""
    pairs = (word.partition("=") for word in words)
    return {name: _value(text) for name, _equals, text in pairs}


def _value(text: str) -> object:
    if not text:
        return None
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.isdigit() and (text == "0" or text[0] != "0") else text


def check_values(profiles: SiteProfiles, values: Mapping[str, object]) -> dict[str, object]:
    """Every value against its declaration in any profile. Raises VariableError; a list may be written with commas."""
    declared: dict[str, Variable] = dict(profiles.common)
    for profile in profiles:
        declared |= profile.variables
    checked: dict[str, object] = {}
    for name, value in values.items():
        if name == PROFILE_KEY:
            checked[name] = profiles.get(str(value)).profile if value is not None else None
            continue
        if name not in declared:
            raise VariableError(_("{name} is no variable. See: kentongan site profiles NAME").format(name=name))
        if value is not None and declared[name].many and isinstance(value, str):
            value = [part.strip() for part in value.split(",")]
        if value is not None:
            try:
                check(declared[name], value)
            except VariableError as error:
                raise VariableError(_("{name}: {cause}").format(name=name, cause=error)) from error
        checked[name] = value
    return checked
