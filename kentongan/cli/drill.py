"""`kentongan demo --drill`: faults on a simulated network, what was told of them, and whether that was right."""

import typer

from domain.language import _
from kentongan.cli.output import note, print_json, print_table
from kentongan.drill.drill import Played, drill


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


def _row(played: Played) -> list[str]:
    first = played.plot.orders[0]
    titles = [f"{told.body['event']}: {told.body['incident']['title']}" for told in played.told]
    yes = _("yes") if played.as_expected else _("no")
    return [played.plot.name, f"{first.plain()['what']} {first.name}", "; ".join(titles), yes]
