"""`kentongan prometheus render DIR`: a ready prometheus.yml, its rules, and the command that starts it."""

from enum import StrEnum
from pathlib import Path

import typer

from domain.language import _
from exporters.prometheus import render_config, rules_text, start_command
from kentongan.cli.context import invocation


class Action(StrEnum):
    RENDER = "render"


def prometheus(
    context: typer.Context,
    action: Action = typer.Argument(help=_("render: write the files.")),
    folder: Path = typer.Argument(Path("prometheus"), help=_("Folder for the files; made if it is not there.")),
) -> None:
    settings = invocation(context).load().settings
    folder.mkdir(parents=True, exist_ok=True)
    interval = settings.polling.fibre.snmp_seconds
    target = f"{settings.exporter.host}:{settings.exporter.port}"
    (folder / "prometheus.yml").write_text(render_config(target, interval), encoding="utf-8")
    (folder / "kentongan.rules.yml").write_text(rules_text(), encoding="utf-8")
    print(start_command(folder, settings.retention.samples_days))
