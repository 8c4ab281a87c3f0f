"""`kentongan grafana`: dashboards for a Grafana: as files, by its API, and whether they have something to show."""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path, PurePosixPath

import typer

from domain.language import _
from domain.secrets import Secret, Token
from exporters.grafana import pushing
from exporters.grafana.checking import Looked, asked_by, plain
from exporters.grafana.provisioning import provisioning_files
from exporters.grafana.pushing import Done, Step
from exporters.grafana.shipped import shipped
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import KentonganError, UsageError
from kentongan.installation import Installation
from kentongan.settings import Settings

GRAFANA = "http://127.0.0.1:3000"
PROMETHEUS = "http://127.0.0.1:9090"
CREDENTIAL = "grafana"

app = App()


@app.command(
    "render",
    help=_("Write files from which a Grafana provisions itself: data source, folders, dashboards."),
    epilog=_("Example:") + " kentongan grafana render grafana/ --prometheus http://127.0.0.1:9090",
)
def render(
    context: typer.Context,
    folder: Path = typer.Argument(Path("grafana"), help=_("Folder for the files; made if it is not there.")),
    prometheus: str = typer.Option(PROMETHEUS, "--prometheus", help=_("Address of Prometheus, as Grafana reaches it.")),
    console: str = typer.Option("", "--console", help=_("Address of the console, if not as the settings say.")),
    place: str = typer.Option("", "--place", help=_("Where Grafana will find the folder, if not where it is now.")),
) -> None:
    settings = invocation(context).load().settings
    there = PurePosixPath(place or folder.absolute())
    files = provisioning_files(
        there / "dashboards",
        prometheus,
        max(5.0, settings.polling.fibre.snmp_seconds / 2),
        console or _console(settings),
    )
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _remove_others(folder / "dashboards", {folder / name for name in files})
    note(
        _("{count} files. Let Grafana read them: write this into its environment and restart it.").format(
            count=len(files)
        )
    )
    print(f"GF_PATHS_PROVISIONING={there / 'provisioning'}")


@app.command(
    "push",
    help=_("Bring data source, folders and dashboards to a Grafana by its API; what is there already stays untouched."),
    epilog=_("Example:") + " kentongan grafana push --url http://127.0.0.1:3000 --prometheus http://127.0.0.1:9090",
)
def push(
    context: typer.Context,
    url: str = typer.Option(GRAFANA, "--url", envvar="KENTONGAN_GRAFANA_URL", help=_("Address of Grafana.")),
    credential: str = typer.Option(
        CREDENTIAL, "--credential", help=_("Name of the stored token of a service account (role Editor).")
    ),
    prometheus: str = typer.Option(
        "", "--prometheus", help=_("Make the data source too, for this Prometheus; takes the role Admin.")
    ),
    console: str = typer.Option("", "--console", help=_("Address of the console, if not as the settings say.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Say what would be done, and do nothing.")),
    overwrite: bool = typer.Option(False, "--overwrite", help=_("Replace what somebody has edited in Grafana too.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> int:
    # Imported here: what it stands on takes a quarter of a second.
    from exporters.grafana.server import GrafanaServer

    with invocation(context).open() as installation:
        server = GrafanaServer(url, _token(installation, credential))
        if server.crosses_in_clear:
            note(_("The token crosses the network readable by all: give Grafana a certificate and use https."))
        steps = pushing.push(
            server,
            shipped(console or _console(installation.loaded.settings)),
            prometheus,
            dry_run=dry_run,
            overwrite=overwrite,
        )
        done = _followed(steps, None if json_ else lambda each: print(_line(each)))
        changed = sum(each.step in (Step.CREATED, Step.UPDATED) for each in done)
        if changed and not dry_run:
            installation.record("grafana pushed", server.url, changed=changed)
    if json_:
        print_json(
            {
                "url": server.url,
                "dryRun": dry_run,
                "changed": changed,
                "things": [
                    {"kind": each.kind, "uid": each.uid, "title": each.title, "step": each.step, "by": each.by}
                    for each in done
                ],
            }
        )
    elif dry_run:
        note(_("Nothing was done: {count} things would change.").format(count=changed))
    elif changed:
        note(_("{count} things were changed.").format(count=changed))
    else:
        note(_("Nothing was changed."))
    return 0 if all(each.step.is_well for each in done) else 1


@app.command(
    "check",
    help=_("Ask a Prometheus what every panel asks: is there one with nothing to show?"),
    epilog=_("Example:") + " kentongan grafana check --prometheus http://127.0.0.1:9090",
)
def check(
    context: typer.Context,
    prometheus: str = typer.Option(PROMETHEUS, "--prometheus", help=_("Address of Prometheus.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> int:
    from exporters.grafana.asking import look

    invocation(context).load()
    looked = look(prometheus, list(asked_by(shipped())))
    empty = [each for each in looked if each.is_empty]
    if json_:
        print_json({"panels": plain(looked), "empty": len(empty)})
    else:
        _show(looked)
        note(_("{count} panels and variables, {empty} of them empty.").format(count=len(looked), empty=len(empty)))
    return 1 if empty or any(each.problems for each in looked) else 0


def _show(looked: Iterable[Looked]) -> None:
    for title, panels in groupby(looked, lambda each: each.asked.dashboard):
        rows = [(each.asked.panel, each.total, _remark(each)) for each in panels]
        print_table([title, _("series"), ""], rows, right=[1])


def _remark(each: Looked) -> str:
    if each.problems:
        return each.problems[0]
    if each.is_empty:
        return _("EMPTY: {query}").format(query=each.asked.queries[0])
    without = each.series.count(0)
    return _("{count} of {all} queries have nothing now").format(count=without, all=len(each.series)) if without else ""


def _followed(steps: Iterable[Done], tell: Callable[[Done], None] | None) -> list[Done]:
    done = []
    for each in steps:
        done.append(each)
        if tell is not None:
            tell(each)
    return done


def _line(each: Done) -> str:
    return f"{each.uid}\t{each.title}\t{_word(each.step, each.by)}"


def _word(step: Step, by: str) -> str:
    match step:
        case Step.CREATED:
            return _("created")
        case Step.UPDATED:
            return _("updated")
        case Step.UNCHANGED:
            return _("unchanged")
        case Step.EDITED:
            who = by or _("somebody")
            return _("edited by {who} in Grafana, left alone; --overwrite replaces it").format(who=who)
        case Step.PROVISIONED:
            return _("comes from a file there, left alone; use render, or take the file away")
        case Step.MISSING:
            return _("is not there; give --prometheus and it is made")


def _console(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.console.host, settings.console.host)  # noqa: S104
    return settings.console.public_url or f"http://{host}:{settings.console.port}"


def _token(installation: Installation, name: str) -> Secret:
    try:
        found = installation.vault.get(name)
    except KeyError:
        raise KentonganError(
            _(
                "There is no credential {name}. Make a service account in Grafana (Administration, role Editor), add a "
                "token to it, and store that with: kentongan credential add {name} --token"
            ).format(name=name)
        ) from None
    if not isinstance(found, Token):
        raise UsageError(_("The credential {name} is no token. Add one with: --token").format(name=name))
    return found.token


def _remove_others(folder: Path, written: set[Path]) -> None:
    """Dashboards of an older version: Grafana would go on showing them."""
    for path in folder.glob("kentongan-*/kentongan-*.json"):
        if path not in written:
            path.unlink()
