"""`kentongan ack`, `note`, `close`, `step`, `assign`, `merge`, `split`, `ticket`: what people do to an incident."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

import typer

from domain.incidents import Act, ActKind, ClosingCause, Party
from domain.language import _, n_
from kentongan.cli.context import invocation
from kentongan.errors import KentonganError
from kentongan.incidents import order

MOMENTS: Final = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H.%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %H.%M")
ID = typer.Argument(metavar="ID", help=_("The incident's number."))


class TimeError(KentonganError):
    """A time that cannot be read."""


class Step(StrEnum):
    """How far the people on the motorbike are."""

    DEPARTED = "departed"
    ON_SITE = "on-site"
    DONE = "done"


class TicketStep(StrEnum):
    OPENED = "opened"
    PROMISED = "promised"
    CLAIMED_DONE = "claimed-done"
    CLOCK_STOPPED = "clock-stopped"
    CLOCK_WENT_ON = "clock-went-on"
    CLOSED = "closed"


def ack(
    context: typer.Context,
    id_: str = ID,
    hours: float = typer.Option(4.0, "--hours", min=0.1, max=168.0, help=_("After this it rings again.")),
    text: str = typer.Option("", "--text", help=_("One line for the others.")),
) -> None:
    """Take an incident on; escalation stops until then. Example: kentongan ack k7f3-2qxm --hours 2"""
    _give(context, id_, ActKind.ACKNOWLEDGED, text, hours=hours)


def note(context: typer.Context, id_: str = ID, text: str = typer.Argument(help=_("The note."))) -> None:
    """Write a note into the timeline. Example: kentongan note k7f3-2qxm 'kabel di jembatan'"""
    _give(context, id_, ActKind.NOTE, text)


def step(
    context: typer.Context,
    id_: str = ID,
    word: Step = typer.Argument(metavar="STEP", help=_("departed, on-site or done.")),
    text: str = typer.Option("", "--text", help=_("One line for the others.")),
) -> None:
    """Berangkat, di lokasi, selesai; done only if everybody answers. Example: kentongan step k7f3-2qxm done"""
    _give(context, id_, ActKind(word.value), text)


def assign(context: typer.Context, id_: str = ID, person: str = typer.Argument(help=_("Whose it is now."))) -> None:
    """Name who takes care of it. Example: kentongan assign k7f3-2qxm 'Asep Sunandar'"""
    _give(context, id_, ActKind.ASSIGNED, values={"to": person})


def close(
    context: typer.Context,
    id_: str = ID,
    cause: ClosingCause = typer.Option(..., "--cause", help=_("What the people on site found.")),
    party: Party | None = typer.Option(None, "--party", help=_("Who is liable, if the machine is wrong.")),
    party_name: str = typer.Option("", "--party-name", help=_("The provider, the contractor.")),
    text: str = typer.Option("", "--text", help=_("One line more: the pole, the closure.")),
) -> None:
    """Say what it was. The machine's verdict stays beside it. Example: kentongan close k7f3-2qxm --cause galian"""
    values = {"cause": cause.value, "party": party.value if party else "", "party_name": party_name}
    _give(context, id_, ActKind.CLOSED, text, {name: value for name, value in values.items() if value})


def merge(
    context: typer.Context,
    id_: str = ID,
    into: str = typer.Option(..., "--into", help=_("The incident that goes on.")),
    why: str = typer.Option(..., "--why", help=_("The reason, kept in both timelines.")),
) -> None:
    """Two numbers, one fault. Example: kentongan merge k7f3-2qxm --into m2aa-77pq --why 'kabel yang sama'"""
    _give(context, id_, ActKind.MERGED, why, {"into": into, "why": why})


def split(
    context: typer.Context,
    id_: str = ID,
    members: list[str] = typer.Option(..., "--member", help=_("A device that is another fault; repeat for more.")),
    why: str = typer.Option(..., "--why", help=_("The reason, kept in the timeline.")),
) -> None:
    """One number, two faults. Example: kentongan split k7f3-2qxm --member rtr-cibodas --why 'token habis'"""
    _give(context, id_, ActKind.SPLIT, why, {"members": "|".join(members), "why": why})


def ticket(
    context: typer.Context,
    id_: str = ID,
    step_: TicketStep = typer.Argument(
        metavar="STEP", help=_("opened, promised, claimed-done, clock-stopped, clock-went-on or closed.")
    ),
    number: str = typer.Option("", "--number", help=_("The provider's number for it.")),
    promised: str = typer.Option("", "--promised", help=_("By when, in local time: 2026-11-22 18:00")),
    at: str = typer.Option("", "--at", help=_("When it was, in local time; default now.")),
    text: str = typer.Option("", "--text", help=_("What the provider said.")),
) -> None:
    """The provider's ticket. Example: kentongan ticket k7f3-2qxm opened --number INC99812"""
    zone = ZoneInfo(invocation(context).load().settings.language.timezone)
    values = {"number": number}
    if promised:
        values["promised"] = _moment(promised, zone).isoformat()
    kept = {name: value for name, value in values.items() if value}
    _give(context, id_, ActKind(f"ticket-{step_.value}"), text, kept, at=_moment(at, zone) if at else None)


def _give(
    context: typer.Context,
    id_: str,
    kind: ActKind,
    text: str = "",
    values: Mapping[str, str] | None = None,
    *,
    hours: float | None = None,
    at: datetime | None = None,
) -> None:
    with invocation(context).open() as installation:
        now = installation.clock.now().utc
        until = {"until": (now + timedelta(hours=hours)).isoformat()} if hours is not None else {}
        act = Act(id_, at or now, installation.actor, kind, text, {**(values or {}), **until})
        still_dark = order(installation, act)
    if still_dark:
        print(
            n_(
                "{id} stays open: {count} device is still dark: {names}",
                "{id} stays open: {count} devices are still dark: {names}",
                len(still_dark),
            ).format(id=id_, count=len(still_dark), names=", ".join(still_dark[:10]))
        )
        raise typer.Exit(1)
    print(_("Noted in the timeline of {id}.").format(id=id_))


def _moment(text: str, zone: ZoneInfo) -> datetime:
    for form in MOMENTS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise TimeError(_("'{text}' is no time. Write it as 2026-11-22 18:00").format(text=text))
