"""`kentongan console`: the web console, in the foreground, until it is told to stop."""

import asyncio

import typer

from domain.language import _
from kentongan.cli.context import invocation
from kentongan.cli.output import note
from kentongan.console_adapters.accounts import FIRST, Accounts
from kentongan.console_adapters.server import serve


def console(
    context: typer.Context,
    seconds: float = typer.Option(0, "--seconds", min=0, help=_("Stop by itself after so long; 0: never.")),
) -> None:
    with invocation(context).open() as installation:
        password = Accounts(installation).first()
        if password is not None:
            note(_("Log in as {name} with this password, shown this once:").format(name=FIRST))
            print(password.reveal(), flush=True)
        asyncio.run(serve(installation, seconds))
