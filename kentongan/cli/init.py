"""`kentongan init`: a settings file, a state folder with its key, a database with every region of the country."""

from pathlib import Path

import typer

from domain.language import _
from domain.network import RegionLevel, VillageKind, level_of, village_kind
from kentongan.cli.context import actor, invocation
from kentongan.cli.output import note
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.settings.loading import FILE_NAME
from kentongan.settings.template import settings_file


def init(
    context: typer.Context,
    kabupaten: str = typer.Option(..., "--kabupaten", help=_("Code of the kabupaten or kota, for example 32.14.")),
) -> None:
    call = invocation(context)
    file = call.config or Path(FILE_NAME)
    if not file.exists():
        file.write_text(settings_file(), encoding="utf-8")
        note(_("Wrote {file}.").format(file=file))
    call.config = file
    with Installation(call.load(), actor()).prepare() as installation:
        installation.regions.load_all()
        home = installation.regions.get(kabupaten)
        if home is None or level_of(kabupaten) is not RegionLevel.REGENCY:
            raise UsageError(
                _("{code} is not the code of a kabupaten or kota. Write it as 32.14.").format(code=kabupaten)
            )
        installation.regions.set_home(home.code)
        installation.record("init", home.code)
        villages = [r for r in installation.regions.within(home.code) if r.level is RegionLevel.VILLAGE]
        desa = sum(village_kind(village.code) is VillageKind.DESA for village in villages)
        print(
            _("{name} ({code}): {desa} desa, {kelurahan} kelurahan. State folder: {folder}").format(
                name=home.name,
                code=home.code,
                desa=desa,
                kelurahan=len(villages) - desa,
                folder=installation.loaded.folder,
            )
        )
        note(
            _("Keep a copy of {key} apart from the backups: without it stored credentials are lost.").format(
                key=installation.loaded.key_file
            )
        )
        note(
            _("Keep a copy of {key} with it: without it the event log cannot be verified any more.").format(
                key=installation.loaded.audit_key_file
            )
        )
        note(_("Next: kentongan credential add NAME, then kentongan import DIR"))
