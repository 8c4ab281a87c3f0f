"""The live view of `run` and `demo` on a terminal: sites by state, rates, last changes, addresses to open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from alerts.states import words
from domain.language import _
from domain.states import State, StateChange

SHAPES = {
    State.UP: ("●", "green"),
    State.DEGRADED: ("▲", "yellow"),
    State.DOWN: ("■", "bold red"),
    State.UNREACHABLE: ("□", "red"),
    State.UNKNOWN: ("◇", "dim"),
}


def state_word(state: State) -> str:
    return {
        State.UP: _("up"),
        State.DEGRADED: _("degraded"),
        State.DOWN: _("down"),
        State.UNREACHABLE: _("unreachable"),
        State.UNKNOWN: _("unknown"),
    }[state]


@dataclass(frozen=True, slots=True)
class View:
    """What is shown at one moment."""

    title: str
    at: datetime
    sites: Mapping[str, Mapping[State, int]]
    devices: Mapping[State, int]
    polls_per_second: float
    values_per_second: float
    lost: int
    late: int
    discovering: int
    changes: tuple[StateChange, ...]
    addresses: Mapping[str, str]
    hints: tuple[str, ...] = ()


def render(view: View, zone: ZoneInfo) -> RenderableType:
    """The view as something Rich prints; pure."""
    return Group(
        Text(f"{view.title}   {view.at.astimezone(zone):%H.%M.%S %Z}", style="bold"),
        Text(),
        _state_table(view),
        Text(),
        Text(
            _(
                "{polls} polls/s · {values} values/s · lost {lost} · late {late} · being discovered {discovering}"
            ).format(
                polls=f"{view.polls_per_second:.1f}",
                values=f"{view.values_per_second:.0f}",
                lost=view.lost,
                late=view.late,
                discovering=view.discovering,
            )
        ),
        Text(),
        _change_table(view.changes, zone),
        Text(),
        *(Text(f"{name:<12} {address}", style="cyan") for name, address in view.addresses.items()),
        *(Text(hint, style="dim") for hint in view.hints),
    )


def _state_table(view: View) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    for state in State:
        shape, style = SHAPES[state]
        table.add_column(Text(f"{shape} {state_word(state)}", style=style), justify="right")
    for kind, counts in view.sites.items():
        table.add_row(kind, *(_number(counts.get(state, 0), state) for state in State))
    table.add_row(_("all devices"), *(_number(view.devices.get(state, 0), state) for state in State))
    return table


def _number(count: int, state: State) -> Text:
    quiet = count == 0 or state in (State.UP, State.UNKNOWN)
    return Text(str(count) if count else "·", style="" if quiet else SHAPES[state][1])


def _change_table(changes: tuple[StateChange, ...], zone: ZoneInfo) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", title_justify="left")
    for column in (_("last changes"), "", "", ""):
        table.add_column(column, no_wrap=True)
    for change in changes:
        shape, style = SHAPES[change.to]
        table.add_row(
            f"{change.at.astimezone(zone):%H.%M.%S}",
            Text(f"{shape} {state_word(change.to)}", style=style),
            change.name,
            words(change.reason),
        )
    return table
