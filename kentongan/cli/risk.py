"""`kentongan risk`: single points of failure, worst first: what goes dark if one thing fails."""

from enum import StrEnum

import typer

from alerts.risk import rank_risks
from alerts.rootcause import NetworkGraph
from domain.incidents import CauseKind
from domain.language import _
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table


class Kind(StrEnum):
    """What can be asked for."""

    LINK = "link"
    SEGMENT = "segment"
    DEVICE = "device"
    SITE = "site"
    FEEDER = "feeder"
    PROVIDER = "provider"


def risk(
    context: typer.Context,
    top: int = typer.Option(20, "--top", min=1, help=_("How many to show.")),
    kind: list[Kind] = typer.Option([], "--kind", help=_("Only these kinds; may be given more than once.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """Rank single points of failure. Example: kentongan risk --top 10 --kind segment"""
    with invocation(context).open() as installation:
        inventory = installation.inventory.read()
    graph = NetworkGraph.of(inventory)
    ranked = rank_risks(graph, inventory, kinds=[CauseKind(each.value) for each in kind], top=top)
    rows = [
        {
            "kind": each.cause.kind.value,
            "name": each.cause.name,
            "villages": each.villages,
            "opd": each.opd,
            "services": each.services,
            "sites": each.sites,
            "devices": each.devices,
            "unseen": each.unseen,
        }
        for each in ranked
    ]
    if json_:
        print_json(rows)
        return
    head = [_("kind"), _("name"), _("villages"), _("OPD"), _("services"), _("sites"), _("devices"), _("unseen")]
    print_table(head, ([*row.values()] for row in rows), right=range(2, 8))
    adrift = int((~graph.known).sum())
    if adrift:
        note(_("{count} devices have no way in by the inventory and stand alone here.").format(count=adrift))
