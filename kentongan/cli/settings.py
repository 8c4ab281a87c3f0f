"""`kentongan settings`: what is in force and where each value came from."""

import typer

from domain.language import _
from kentongan.cli.context import invocation
from kentongan.cli.output import print_json, print_table
from kentongan.settings.loading import leaves, shown


def settings(
    context: typer.Context,
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    loaded = invocation(context).load()
    rows = [(key, shown(value), loaded.sources[key]) for key, value in leaves(loaded.settings)]
    if json_:
        print_json({key: {"value": value, "source": source} for key, value, source in rows})
    else:
        origins = {"default": _("default"), "command line": _("command line")}
        print_table(
            [_("setting"), _("value"), _("from")],
            ((key, value, origins.get(source, source)) for key, value, source in rows),
        )
