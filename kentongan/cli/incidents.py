"""`kentongan incidents`: what is open, one of them whole, and its timeline."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import typer

from domain.incidents import Act, Incident, Phase, Place
from domain.incidents.codec import to_plain
from domain.language import _
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import print_json, print_table
from kentongan.errors import KentonganError
from kentongan.incidents import phase_word, verdict_word

ENDED_DAYS = 7

app = App(no_args_is_help=False, invoke_without_command=True)


class NoIncidentError(KentonganError):
    """No incident of that number."""


@app.callback()
def incidents(
    context: typer.Context,
    all_: bool = typer.Option(False, "--all", help=_("Those that ended in the last days as well.")),
    days: int = typer.Option(ENDED_DAYS, "--days", min=1, help=_("With --all: how many days back.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """List incidents, newest first. Example: kentongan incidents --all --days 30"""
    if context.invoked_subcommand:
        return
    with invocation(context).open() as installation:
        store = installation.incidents
        now = installation.clock.now().utc
        found = store.between(now - timedelta(days=days), now + timedelta(days=1)) if all_ else store.open()
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    newest_first = sorted(found, key=lambda each: (each.is_open, each.started_at), reverse=True)
    if json_:
        print_json([to_plain(each) for each in newest_first])
        return
    if not newest_first and not all_:
        print(_("Nothing is open."))
        return
    head = [_("incident"), _("state"), _("cause"), _("verdict"), _("since"), _("dark"), _("villages")]
    print_table(head, (_row(each, zone) for each in newest_first), right=(5, 6))


@app.command(epilog=_("Example:") + " kentongan incidents show k7f3-2qxm")
def show(
    context: typer.Context,
    id_: str = typer.Argument(metavar="ID", help=_("The incident's number.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    """One incident whole: its evidence, its members, its timeline."""
    with invocation(context).open() as installation:
        incident = installation.incidents.get(id_)
        if incident is None:
            raise NoIncidentError(_("There is no incident {id}. See: kentongan incidents --all").format(id=id_))
        acts = installation.acts.of(id_)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    if json_:
        print_json({**_plain(incident), "timeline": [to_plain(act) for act in acts]})
        return
    for label, value in _facts(incident, zone):
        print(f"{label}: {value}")
    print("\n" + _("Timeline:"))
    for act in acts:
        print(f"  {act.at.astimezone(zone):%Y-%m-%d %H.%M.%S}  {_act_line(act)}")


def _plain(incident: Incident) -> dict[str, Any]:
    plain = to_plain(incident)
    assert isinstance(plain, dict)
    return plain


def _row(incident: Incident, zone: ZoneInfo) -> list[Any]:
    return [
        incident.id,
        phase_word(incident.phase),
        f"{incident.cause.kind.value} {incident.cause.name}",
        verdict_word(incident.verdict),
        f"{incident.started_at.astimezone(zone):%Y-%m-%d %H.%M %Z}",
        f"{len(incident.dark)}/{len(incident.members)}",
        len(incident.impact.villages),
    ]


def _facts(incident: Incident, zone: ZoneInfo) -> Iterable[tuple[str, str]]:
    yield _("incident"), f"{incident.id} ({phase_word(incident.phase)})"
    yield _("cause"), str(incident.cause)
    if incident.indistinct:
        yield _("or, cannot be told apart"), ", ".join(str(cause) for cause in incident.indistinct)
    yield _("verdict"), verdict_word(incident.verdict)
    if incident.preliminary_verdict:
        yield _("verdict while it was open"), verdict_word(incident.preliminary_verdict)
    if incident.liable:
        yield _("liable"), f"{incident.liable.party.value} {incident.liable.name}".strip()
    yield _("since"), f"{incident.started_at.astimezone(zone):%Y-%m-%d %H.%M.%S %Z}"
    if incident.resolved_at:
        yield _("until"), f"{incident.resolved_at.astimezone(zone):%Y-%m-%d %H.%M.%S %Z}"
    for evidence in incident.verdict.evidence:
        yield _("evidence"), f"{evidence.kind.value} {evidence.subject} {' '.join(evidence.values.values())}".strip()
    yield _("dark"), f"{len(incident.dark)}/{len(incident.members)}"
    yield _("members"), ", ".join(member.name for member in incident.members)
    for label, places in (
        (_("villages"), incident.impact.villages),
        (_("agencies"), incident.impact.opd),
        (_("applications"), incident.impact.services),
    ):
        if places:
            yield label, ", ".join(_place(place) for place in places)
    if incident.impact.population:
        yield _("population of the area"), str(incident.impact.population)
    if incident.phase is Phase.MERGED:
        yield _("merged into"), incident.merged_into
    if incident.silenced_by:
        yield _("silenced by"), incident.silenced_by
    if incident.detail:
        yield _("detail"), incident.detail


def _place(place: Place) -> str:
    return f"{place.name} ({_('Kec.')} {place.kecamatan})" if place.kecamatan else place.name


def _act_line(act: Act) -> str:
    values = " ".join(f"{name}={value}" for name, value in act.values.items())
    return " ".join(part for part in (act.actor, act.kind.value, act.text, values) if part)
