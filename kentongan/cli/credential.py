"""`kentongan credential`: what devices and services want to hear, encrypted; read from a prompt or the environment."""

import os

import typer

from domain.language import _
from domain.secrets import (
    AuthProtocol,
    Credential,
    PrivProtocol,
    Secret,
    SnmpCommunity,
    SnmpUser,
    SnmpVersion,
    SshLogin,
    Token,
)
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError

app = App(help=_("Credentials, stored encrypted; never in a file, never printed."))

OLD = (AuthProtocol.MD5, PrivProtocol.DES)


@app.command(
    "add",
    help=_(
        "Store a credential; secrets are asked for, or read from KENTONGAN_COMMUNITY, KENTONGAN_PASSWORD, "
        "KENTONGAN_AUTH_PASSWORD, KENTONGAN_PRIV_PASSWORD, KENTONGAN_PRIVATE_KEY, KENTONGAN_ENABLE_PASSWORD, "
        "KENTONGAN_TOKEN."
    ),
    epilog=_("Example: kentongan credential add desa-v3 --version 3 --user noc --auth SHA --priv AES"),
)
def add(
    context: typer.Context,
    name: str = typer.Argument(help=_("The name that devices.csv uses in its column credential.")),
    version: SnmpVersion = typer.Option(SnmpVersion.V2C, "--version", help=_("SNMP version.")),
    ssh: bool = typer.Option(False, "--ssh", help=_("A login for SSH instead of SNMP.")),
    enable: bool = typer.Option(False, "--enable", help=_("SSH: the privileged mode has a password of its own.")),
    token: bool = typer.Option(False, "--token", help=_("The key of a service: a bot, a gateway, a mail server.")),
    user: str = typer.Option("", "--user", help=_("User of SNMPv3 or SSH.")),
    auth: AuthProtocol | None = typer.Option(None, "--auth", help=_("Authentication of SNMPv3.")),
    priv: PrivProtocol | None = typer.Option(None, "--priv", help=_("Privacy of SNMPv3.")),
    snmp_context: str = typer.Option("", "--context", help=_("Context name of SNMPv3.")),
) -> None:
    credential: Credential
    if token:
        credential = Token(name, _asked("KENTONGAN_TOKEN", _("Token")))
    else:
        credential = _ssh(name, user, enable) if ssh else _snmp(name, version, user, auth, priv, snmp_context)
    if auth in OLD or priv in OLD:
        note(_("MD5 and DES are broken: use them only for gear that knows nothing better."))
    elif isinstance(credential, SnmpCommunity):
        note(_("A community crosses the network readable by all: prefer SNMPv3 where the device has it."))
    with invocation(context).open() as installation, installation.changing_credentials():
        replaced = name in installation.vault.names()
        installation.vault.put(credential)
        installation.record("credential replaced" if replaced else "credential added", name)
    print(_("Stored {name}.").format(name=name))


@app.command("list", help=_("Names and kinds, no secrets."))
def list_(context: typer.Context, json_: bool = typer.Option(False, "--json", help=_("Print as JSON."))) -> None:
    with invocation(context).open() as installation:
        vault = installation.vault
        rows = [(name, kind_of(vault.get(name))) for name in vault.names()]
    if json_:
        print_json([{"name": name, "kind": kind} for name, kind in rows])
    else:
        print_table([_("name"), _("kind")], rows)


@app.command("remove", help=_("Remove a credential that no device uses any more."))
def remove(context: typer.Context, name: str = typer.Argument(help=_("Name of the credential."))) -> None:
    with invocation(context).open() as installation:
        users = [device.name for device in installation.inventory.read().devices if device.credential == name]
        if users:
            raise UsageError(
                _(
                    "{name} is used by {count} devices, for example {device}. Give them another credential first."
                ).format(name=name, count=len(users), device=users[0])
            )
        if name not in installation.vault.names():
            raise UsageError(_("There is no credential {name}. See: kentongan credential list").format(name=name))
        installation.vault.remove(name)
        installation.record("credential removed", name)
    print(_("Removed {name}.").format(name=name))


@app.command(
    "rotate-key",
    help=_("Make a new key and seal all stored credentials with it, all or none; safe while `run` goes on."),
    epilog=_("Example: kentongan credential rotate-key"),
)
def rotate_key(context: typer.Context) -> None:
    with invocation(context).open() as installation:
        if installation.loaded.settings.secrets.key.get_secret_value():
            raise UsageError(
                _(
                    "The key is given as {setting}, not in a file, so no new one can take its place. Write it into the "
                    "file {key} (mode 0600), take {setting} away, and call this again."
                ).format(setting="secrets.key", key=installation.loaded.key_file)
            )
        done = installation.rotate_key()
        key = installation.loaded.key_file
    print(
        _("{count} credentials are sealed with the new key {new}; the key before was {old}.").format(
            count=done.count, new=done.new, old=done.old
        )
    )
    note(
        _(
            "Copy {key} to where you keep it apart. Backups made until now open with the key before only: keep its "
            "copy for as long as you keep them."
        ).format(key=key)
    )


def kind_of(credential: Credential) -> str:
    """Its kind in the trade's words: `snmp-v2c`, `snmp-v3 authPriv SHA AES`, `ssh`."""
    match credential:
        case SnmpCommunity(version=version):
            return f"snmp-v{version}"
        case SnmpUser(level=level, auth=auth, priv=priv):
            return " ".join(str(part) for part in ("snmp-v3", level, auth, priv) if part)
        case SshLogin():
            return "ssh"
        case Token():
            return "token"


def _snmp(
    name: str, version: SnmpVersion, user: str, auth: AuthProtocol | None, priv: PrivProtocol | None, context: str
) -> Credential:
    if version is not SnmpVersion.V3:
        return SnmpCommunity(name, version, _asked("KENTONGAN_COMMUNITY", _("Community")))
    if not user:
        raise UsageError(_("SNMPv3 needs --user."))
    if priv and not auth:
        raise UsageError(_("SNMPv3 has no privacy without authentication: give --auth too."))
    return SnmpUser(
        name,
        user,
        auth,
        _v3_password("KENTONGAN_AUTH_PASSWORD", _("Authentication password")) if auth else None,
        priv,
        _v3_password("KENTONGAN_PRIV_PASSWORD", _("Privacy password")) if priv else None,
        context,
    )


def _ssh(name: str, user: str, enable: bool) -> SshLogin:
    if not user:
        raise UsageError(_("SSH needs --user."))
    key = os.environ.get("KENTONGAN_PRIVATE_KEY")
    given = os.environ.get("KENTONGAN_PASSWORD")
    if given == "" and not key:
        note(_("An empty password is stored: only a device as it came from its maker takes one."))
    if given is None and key:
        password = None
    else:
        # With a key it may have a password too: the one that a baseline sets for people.
        password = Secret("") if given == "" else _asked("KENTONGAN_PASSWORD", _("Password"))
    privileged = _asked("KENTONGAN_ENABLE_PASSWORD", _("Password of the privileged mode")) if enable else None
    return SshLogin(name, user, password, Secret(key) if key else None, privileged)


def _v3_password(variable: str, prompt: str) -> Secret:
    secret = _asked(variable, prompt)
    if len(secret.reveal()) < 8:
        raise UsageError(_("SNMPv3 wants passwords of at least 8 characters (RFC 3414, 11.2)."))
    return secret


def _asked(variable: str, prompt: str) -> Secret:
    given = os.environ.get(variable)
    text = given if given is not None else typer.prompt(prompt, hide_input=True, confirmation_prompt=True)
    if not text:
        raise UsageError(_("An empty secret is not stored."))
    return Secret(text)
