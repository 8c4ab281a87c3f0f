"""`kentongan devices`: every device with its state, its reason and what polling it costs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

from alerts.states import words
from domain.language import _, n_
from domain.network import RegionLevel, level_of, parent_of
from domain.states import State
from inventory.store.units import SqlUnits
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.run.live import SHAPES, state_word
from kentongan.run.traffic import read_traffic

WORST_FIRST = (State.DOWN, State.UNREACHABLE, State.DEGRADED, State.UNKNOWN, State.UP)


def devices(
    context: typer.Context,
    state: State | None = typer.Option(None, "--state", help=_("Only devices in this state.")),
    site: str = typer.Option("", "--site", help=_("Only devices of this site.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """List devices, worst first. Example: kentongan devices --state down"""
    with invocation(context).open() as installation:
        inventory = installation.inventory.read()
        states = {held.name: held for held in installation.states.read()}
        platforms = {name: facts.platform for name, facts in installation.plans.facts().items()}
        asked = len(SqlUnits(installation.database.engine).questions())
        traffic = read_traffic(installation.loaded.folder)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
        regions: dict[str, str] = {
            region.code: region.name for region in installation.regions.within(installation.regions.home() or "")
        }
        places = {place.slug: place_of(place.region_code or "", regions) for place in inventory.sites}
    rows: list[dict[str, Any]] = []
    for device in inventory.devices:
        held = states.get(device.name)
        now = held.state if held else State.UNKNOWN
        if (state and now is not state) or (site and device.site != site):
            continue
        rows.append(
            {
                "name": device.name,
                "site": device.site,
                "place": places.get(device.site, ""),
                "role": device.role.value,
                "platform": device.platform or platforms.get(device.name, ""),
                "address": device.address,
                "state": now.value,
                "reason": held.reason if held else "not-asked-yet",
                "since": held.since.isoformat() if held else None,
                "megabytesThisMonth": round(traffic.get(device.name, 0) / 1e6, 3),
            }
        )
    rows.sort(key=lambda row: (WORST_FIRST.index(State(row["state"])), row["name"]))
    if json_:
        print_json(rows)
        return
    head = [_("device"), _("site"), _("role"), _("address"), _("state"), _("reason"), _("since"), _("MB this month")]
    print_table(head, (_for_people(row, zone) for row in rows), right=(7,))
    if asked:
        note(
            n_(
                "{count} unit may have been replaced. See: kentongan device questions",
                "{count} units may have been replaced. See: kentongan device questions",
                asked,
            ).format(count=asked)
        )


def _for_people(row: Mapping[str, Any], zone: ZoneInfo) -> list[Any]:
    """A row of the table: state and reason in words, the time in the kabupaten's zone."""
    state = State(row["state"])
    since = datetime.fromisoformat(row["since"]).astimezone(zone) if row["since"] else None
    return [
        *(row[key] for key in ("name", "site", "role", "address")),
        f"{SHAPES[state][0]} {state_word(state)}",
        words(row["reason"]),
        f"{since:%Y-%m-%d %H.%M %Z}" if since else "",
        row["megabytesThisMonth"],
    ]


def place_of(code: str, regions: Mapping[str, str]) -> str:
    """'Cibodas (Kec. Bungursari)': a village is never named without its kecamatan."""
    name = regions.get(code, code)
    if not code or level_of(code) is not RegionLevel.VILLAGE:
        return name
    return _("{village} (Kec. {district})").format(village=name, district=regions.get(parent_of(code) or "", ""))
