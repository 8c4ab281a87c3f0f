"""`kentongan db`: bring the database up to date, back it up, bring a backup back."""

from pathlib import Path

import typer

from domain.language import _
from kentongan.cli.app import App
from kentongan.cli.context import actor, invocation
from kentongan.cli.output import note
from kentongan.installation import Installation
from kentongan.store import backup as backups

app = App(help=_("The database: upgrade, backup, restore."))


@app.command("upgrade", help=_("Bring the database up to this program's version."))
def upgrade(context: typer.Context) -> None:
    with Installation(invocation(context).load(), actor()).prepare() as installation:
        installation.record("database upgraded", "database")
    print(_("The database is up to date."))


@app.command(
    "backup",
    help=_("Write a consistent copy into the folder backups, while everything runs."),
    epilog=_("Example: kentongan db backup"),
)
def backup(context: typer.Context) -> None:
    with invocation(context).open() as installation:
        done = backups.backup(installation.database, installation.loaded.folder / "backups")
        installation.record("database backed up", str(done.path))
        key, audit_key = installation.loaded.key_file, installation.loaded.audit_key_file
    print(done.path)
    note(
        _("The key {key} is not in it. Keep a copy of it apart: without it stored credentials are lost.").format(
            key=key
        )
    )
    note(
        _("Nor is {key}. Keep it with the other one: it verifies the event log and signs links.").format(key=audit_key)
    )


@app.command(
    "restore",
    help=_("Put a backup in the database's place; what was there is kept beside it."),
    epilog=_("Example: kentongan db restore var/backups/kentongan-20261121T170000Z.db"),
)
def restore(context: typer.Context, file: Path = typer.Argument(help=_("A file that `db backup` wrote."))) -> None:
    installation = Installation(invocation(context).load(), actor())
    folder = installation.loaded.folder
    done = backups.restore(installation.database, file, folder / "run.lock")
    with Installation(installation.loaded, actor()).prepare() as restored:
        restored.record("database restored", str(file))
    print(_("Restored {file}. The database of before is kept as {kept}.").format(file=file, kept=done.kept))
    note(
        _(
            "The event log is older than its head outside the database. Say why:"
            ' kentongan check --anchor-again "restored {file}"'
        ).format(file=file.name)
    )
