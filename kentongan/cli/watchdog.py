"""`kentongan watchdog`: on another machine, in the foreground, until it is told to stop."""

import asyncio
from collections.abc import Collection

import typer

from domain.language import _
from kentongan.cli.context import invocation
from kentongan.cli.output import note
from kentongan.watchdog import keep_watch


def watchdog(
    context: typer.Context,
    seconds: float = typer.Option(0, "--seconds", min=0, help=_("Stop by itself after so long; 0: never.")),
) -> None:
    with invocation(context).open() as installation:
        asyncio.run(keep_watch(installation, seconds, _say))


def _say(url: str, places: Collection[str]) -> None:
    for place in places:
        note(
            _('Listening for {place}: notify.watchdog_url = "{url}"').format(
                place=place, url=f"{url}/alive/TOKEN/{place}"
            )
        )
