"""`kentongan demo --drill`: faults on a simulated network, what was told of them, and whether that was right."""

from pathlib import Path

import typer

from domain.language import _
from kentongan.cli.output import note, print_json, print_table
from kentongan.drill.drill import Played, drill
from kentongan.drill.timeline import play, read_timeline
from kentongan.errors import UsageError


def show_drill(seed: int, *, as_json: bool) -> None:
    """Exits with 1 if anything was told otherwise than it should have been."""
    played = tuple(drill(seed))
    if as_json:
        print_json({"seed": seed, "scenarios": [each.plain() for each in played]})
    else:
        head = [_("scenario"), _("injected"), _("told"), _("as expected")]
        print_table(head, (_row(each) for each in played))
        for each in played:
            for difference in each.differences:
                note(f"{each.plot.name}: {difference}")
    if not all(each.as_expected for each in played):
        raise typer.Exit(1)


def show_timeline(path: Path, *, as_json: bool) -> None:
    """Exits with 1 if anything came out otherwise than the timeline wants."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("{path} cannot be read: {error}").format(path=path, error=error)) from None
    timeline = read_timeline(text)
    judgement = play(timeline)
    if as_json:
        bodies = [told.body for told in judgement.told]
        print_json({"scenario": timeline.title, "notifications": bodies, "problems": judgement.problems})
    else:
        head = [_("seconds"), _("event"), _("told")]
        rows = ([f"{each.at:.0f}", each.body["event"], each.body["incident"]["title"]] for each in judgement.told)
        print_table(head, rows, right=(0,))
        for problem in judgement.problems:
            note(problem)
    if judgement.problems:
        raise typer.Exit(1)


def _row(played: Played) -> list[str]:
    first = played.plot.orders[0]
    titles = [f"{told.body['event']}: {told.body['incident']['title']}" for told in played.told]
    yes = _("yes") if played.as_expected else _("no")
    return [played.plot.name, f"{first.plain()['what']} {first.name}", "; ".join(titles), yes]
