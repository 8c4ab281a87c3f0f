"""The reports that are sent by themselves, as the command line shows and sends them."""

from typing import Any
from zoneinfo import ZoneInfo

from domain.language import _, n_
from kentongan.cli.output import note, print_json, print_table
from kentongan.installation import Installation
from kentongan.reporting.sending import Outlook, ReportSending, fate_of


def print_outlook(installation: Installation, json_: bool) -> None:
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    found = list(ReportSending(installation).outlook(installation.clock.now().utc))
    if json_:
        print_json([_plain(each) for each in found])
        return
    head = [_("name"), _("report"), _("to"), _("last sent"), _("arrived"), _("next"), _("due"), _("problem")]
    print_table(
        head,
        (
            [
                each.schedule.name,
                " ".join(filter(None, (each.schedule.kind.value, each.schedule.by))),
                ", ".join(each.schedule.to),
                each.last,
                fate_of(each.messages),
                each.next.period,
                f"{each.next.at.astimezone(zone):%Y-%m-%d %H.%M}",
                each.problem,
            ]
            for each in found
        ),
    )
    if not found:
        note(_("No report is sent by itself. How to: docs/how-to/reports.md"))


def send_due(installation: Installation) -> bool:
    """Whether one could not be made."""
    made = ReportSending(installation).send_due(installation.clock.now().utc)
    for each in made:
        if each.problem:
            note(f"{each.schedule} {each.period}: {each.problem}")
    done = sum(1 for each in made if not each.problem)
    print(n_("{count} report is in the outbox.", "{count} reports are in the outbox.", done).format(count=done))
    return done < len(made)


def _plain(each: Outlook) -> dict[str, Any]:
    """Keys are a promise."""
    schedule = each.schedule
    return {
        "name": schedule.name,
        "kind": schedule.kind.value,
        "by": schedule.by,
        "every": schedule.every.value,
        "formats": [format_.value for format_ in schedule.formats],
        "to": list(schedule.to),
        "last": each.last or None,
        "fate": fate_of(each.messages) or None,
        "next": {"period": each.next.period, "at": each.next.at.isoformat()},
        "problem": each.problem,
    }
