"""`kentongan run`: the service, in the foreground, until it is told to stop."""

import asyncio
import sys

import typer

from domain.language import _
from kentongan.cli.context import invocation
from kentongan.run.foreground import serve


def run(
    context: typer.Context,
    seconds: float = typer.Option(0, "--seconds", min=0, help=_("Stop by itself after so long; 0: never.")),
    live: bool = typer.Option(sys.stdout.isatty(), "--live/--no-live", help=_("The live view on a terminal.")),
) -> None:
    with invocation(context).open() as installation:
        asyncio.run(serve(installation, _("Kentongan"), seconds, live=live))
