"""`kentongan import` and `kentongan export`."""

from pathlib import Path

import typer

from domain.language import _, n_
from inventory.exporting import export_tables, export_workbook
from inventory.importing import ImportResult, read_import, rejected_csv
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json
from kentongan.errors import UsageError
from kentongan.importing import keep_import

SHOWN = 50
SUFFIXES = (".csv", ".xlsx", ".txt", ".tsv")


def import_(
    context: typer.Context,
    paths: list[Path] = typer.Argument(help=_("A folder or files, CSV or XLSX.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Check everything, store nothing.")),
    accept_good: bool = typer.Option(
        False, "--accept-good", help=_("Store the good rows and write the others to rejected.csv.")
    ),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Take in an inventory: villages, sites, devices, links, segments, contracts, services, prefixes, people, targets,
    stages, indicators.

    All rows are checked first; nothing is stored if one is wrong, unless --accept-good.
    """
    files = [(file.name, _content(file)) for file in _files(paths)]
    with invocation(context).open() as installation:
        result = read_import(files, installation.inventory.read(), installation.regions)
        store = not dry_run and (accept_good or not result.errors)
        if store:
            keep_import(installation, result)
    rejected = Path("rejected.csv") if accept_good and result.errors and not dry_run else None
    if rejected:
        rejected.write_bytes(rejected_csv(result))
    if json_:
        print_json(_as_json(result, stored=store, rejected=rejected))
    else:
        _print(result, stored=store, rejected=rejected)
    if result.errors:
        raise typer.Exit(1)


def export(
    context: typer.Context,
    folder: Path = typer.Argument(help=_("Folder for the files; made if it is not there.")),
    xlsx: bool = typer.Option(False, "--xlsx", help=_("One workbook kentongan.xlsx instead of CSV files.")),
) -> None:
    """Write the inventory as files that import again without a change."""
    with invocation(context).open() as installation:
        inventory = installation.inventory.read()
    tables = {"kentongan.xlsx": export_workbook(inventory)} if xlsx else export_tables(inventory)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tables.items():
        (folder / name).write_bytes(content)
    print(
        n_("Wrote {count} file to {folder}.", "Wrote {count} files to {folder}.", len(tables)).format(
            count=len(tables), folder=folder
        )
    )


def _files(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES)
            found += [file for file in inside if file.name != "rejected.csv" and not file.name.startswith("~$")]
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(_("There is no {path}.").format(path=path))
    if not found:
        raise UsageError(_("No CSV or XLSX file in {paths}.").format(paths=", ".join(map(str, paths))))
    return found


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(_("{file} cannot be read: {error}").format(file=file, error=error.strerror)) from None


def _as_json(result: ImportResult, *, stored: bool, rejected: Path | None) -> dict[str, object]:
    return {
        "stored": stored,
        "counts": dict(result.counts),
        "errors": [error.as_dict() for error in result.errors],
        "notes": [str(each) for each in result.notes],
        "rejected": str(rejected) if rejected else None,
    }


def _print(result: ImportResult, *, stored: bool, rejected: Path | None) -> None:
    for error in result.errors[:SHOWN]:
        note(str(error))
    if len(result.errors) > SHOWN:
        more = len(result.errors) - SHOWN
        note(n_("… and {count} more error.", "… and {count} more errors.", more).format(count=more))
    for each in result.notes[:SHOWN]:
        note(str(each))
    for name, count in result.counts.items():
        print(n_("{table}: {count} good row", "{table}: {count} good rows", count).format(table=name, count=count))
    if stored:
        print(_("Stored."))
    elif result.errors:
        print(_("Nothing was stored. Mend the rows above, or use --accept-good to store the others."))
    else:
        print(_("All rows are good. Nothing was stored (--dry-run)."))
    if rejected:
        print(_("Rows that were not stored: {file}").format(file=rejected))
