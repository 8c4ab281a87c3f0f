"""`kentongan device`: how single devices are logged in to, by which host key they are known, units replaced."""

from typing import Any
from zoneinfo import ZoneInfo

import typer

from collectors.store.host_keys import KeptHostKey
from collectors.store.ssh_access import SqlSshAccess, SshAccess
from domain.language import _
from domain.secrets import SshLogin
from kentongan.backups import host_keys
from kentongan.cli.app import App
from kentongan.cli.config_views import when
from kentongan.cli.context import invocation
from kentongan.cli.device_replace import add_to
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import KentonganError, UsageError
from kentongan.installation import Installation

app = App(help=_("Single devices: their SSH login and host key, and units that are replaced."))
hostkey = App(help=_("Host keys: which are believed, which were refused."))
app.add_typer(hostkey, name="hostkey")
add_to(app)


class NoHostKeyError(KentonganError):
    """Nothing is known of a device's host key."""


@app.command(epilog=_("Example:") + " kentongan device access sw-lama-01 --credential ssh-lama --legacy")
def access(
    context: typer.Context,
    names: list[str] = typer.Argument(metavar="NAME...", help=_("Names of devices.")),
    credential: str | None = typer.Option(None, "--credential", help=_("A stored SSH login; '' takes it away.")),
    legacy: bool | None = typer.Option(
        None,
        "--legacy/--no-legacy",
        help=_("Allow broken algorithms (SHA-1, CBC, ssh-rsa), because it knows no other."),
    ),
) -> None:
    """Which SSH login a device takes, and whether it may be spoken to with old algorithms."""
    with invocation(context).open() as installation:
        _known(installation, names)
        if credential and not _is_login(installation, credential):
            raise UsageError(
                _("There is no SSH login {name}. Store it: kentongan credential add {name} --ssh --user USER").format(
                    name=credential
                )
            )
        store = SqlSshAccess(installation.database.engine)
        held = store.read()
        for name in names:
            before = held.get(name, SshAccess())
            after = SshAccess(
                before.credential if credential is None else credential, before.legacy if legacy is None else legacy
            )
            if after != before:
                store.put(name, after)
                installation.record("ssh access changed", name, credential=after.credential, legacy=after.legacy)
            print(_row(name, after))
    if legacy:
        note(
            _("Old algorithms can be broken by whoever sits on the way: keep such a device in the management network.")
        )


@hostkey.command("list", epilog=_("Example:") + " kentongan device hostkey list")
def list_(
    context: typer.Context,
    refused: bool = typer.Option(False, "--refused", help=_("Only those that showed another key.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Every host key that is believed, since when, and what was refused."""
    with invocation(context).open() as installation:
        found = [each for each in host_keys(installation, "").all() if each.offered or not refused]
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    if json_:
        print_json([_plain(each) for each in found])
        return
    head = [_("device"), _("host key"), _("since"), _("accepted by"), _("refused"), _("at")]
    print_table(head, ((_key_row(each, zone)) for each in found))


@hostkey.command(epilog=_("Example:") + " kentongan device hostkey accept rtr-cibodas")
def accept(
    context: typer.Context,
    name: str = typer.Argument(help=_("Name of the device.")),
    fingerprint: str = typer.Option("", "--fingerprint", help=_("Only if the refused key is this one.")),
) -> None:
    """Believe the key that a device showed last, after you found out why it is another one."""
    with invocation(context).open() as installation:
        keys = host_keys(installation, "host key accepted")
        kept = keys.get(name)
        if kept is None or kept.offered is None:
            raise NoHostKeyError(
                _("No key of {device} was refused. See: kentongan device hostkey list").format(device=name)
            )
        if fingerprint and fingerprint != kept.offered.fingerprint:
            raise NoHostKeyError(
                _("{device} showed {offered}, not {fingerprint}. Nothing was changed.").format(
                    device=name, offered=kept.offered.fingerprint, fingerprint=fingerprint
                )
            )
        accepted = keys.accept(name)
        assert accepted is not None
    before = kept.known.fingerprint if kept.known else _("none")
    print(
        _("{device} is known by {after} from now on; before: {before}.").format(
            device=name, after=accepted.fingerprint, before=before
        )
    )


@hostkey.command(epilog=_("Example:") + " kentongan device hostkey forget rtr-cibodas")
def forget(context: typer.Context, name: str = typer.Argument(help=_("Name of the device."))) -> None:
    """Forget a device's key: the next meeting is a first one."""
    with invocation(context).open() as installation:
        if not host_keys(installation, "").forget(name):
            raise NoHostKeyError(_("No host key of {device} is known.").format(device=name))
        installation.record("host key forgotten", name)
    print(_("Forgot the host key of {device}.").format(device=name))


def _known(installation: Installation, names: list[str]) -> None:
    known = {device.name for device in installation.inventory.read().devices}
    for name in names:
        if name not in known:
            raise UsageError(_("There is no device {name}. See: kentongan devices").format(name=name))


def _is_login(installation: Installation, credential: str) -> bool:
    vault = installation.vault
    return credential in vault.names() and isinstance(vault.get(credential), SshLogin)


def _row(name: str, record: SshAccess) -> str:
    login = record.credential or _("the common login")
    return f"{name}: {login}" + (", " + _("old algorithms allowed") if record.legacy else "")


def _plain(kept: KeptHostKey) -> dict[str, Any]:
    return {
        "device": kept.device,
        "algorithm": kept.known.algorithm if kept.known else None,
        "fingerprint": kept.known.fingerprint if kept.known else None,
        "since": kept.trusted_at.isoformat() if kept.trusted_at else None,
        "by": kept.trusted_by or None,
        "refused": kept.offered.fingerprint if kept.offered else None,
        "refusedAt": kept.offered_at.isoformat() if kept.offered_at else None,
    }


def _key_row(kept: KeptHostKey, zone: ZoneInfo) -> list[Any]:
    return [
        kept.device,
        kept.known.fingerprint if kept.known else "",
        when(kept.trusted_at, zone) if kept.trusted_at else "",
        kept.trusted_by,
        kept.offered.fingerprint if kept.offered else "",
        when(kept.offered_at, zone) if kept.offered_at else "",
    ]
