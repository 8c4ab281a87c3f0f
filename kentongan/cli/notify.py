"""`kentongan notify`: try the channels, see what did not arrive, and why each message of an incident was sent."""

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import typer

from alerts.channels.configured import Ways
from alerts.channels.http import new_client
from alerts.dispatch import Delivered, Fate, Later, Message, Refused, Result, Sent, message_id
from alerts.dispatch.contacts import read_channel, read_contacts
from alerts.store.outbox import SqlOutbox
from alerts.texts import Wording
from domain.language import _
from kentongan.cli.app import App
from kentongan.cli.context import invocation
from kentongan.cli.output import note, print_json, print_table
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.run.telling import read_installed_ways, wording_of

THREADS = 4
ATTEMPT_SECONDS = 30.0
MOST_SHOWN = 200

app = App()


@dataclass(frozen=True, slots=True)
class Tried:
    """One channel and what it said."""

    channel: str
    person: str
    result: Result

    @property
    def word(self) -> str:
        match self.result:
            case Delivered():
                return "delivered"
            case Later():
                return "failed"
            case Refused():
                return "refused"

    @property
    def detail(self) -> str:
        return self.result.detail if isinstance(self.result, Delivered) else self.result.reason


@app.command(
    "test",
    help=_("Send a test message to every channel, and say what came of it."),
    epilog=_("Example:") + " kentongan notify test --channel telegram:-1001234",
)
def send_test(
    context: typer.Context,
    channel: list[str] = typer.Option([], "--channel", help=_("Only this channel, as people.csv writes it.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    with invocation(context).open() as installation:
        targets = _named(channel) if channel else _all(installation)
        if not targets:
            raise UsageError(
                _("Nobody can be told: fill the column channel in people.csv, or notify.webhooks in the settings.")
            )
        tried = asyncio.run(_try(installation, targets))
        wrong = [each.channel for each in tried if each.word != "delivered"]
        installation.record("channels tested", "notify", delivered=len(tried) - len(wrong), failed=len(wrong))
    if json_:
        print_json([{"channel": e.channel, "person": e.person, "result": e.word, "detail": e.detail} for e in tried])
    else:
        words = {"delivered": _("delivered"), "failed": _("failed"), "refused": _("refused")}
        print_table(
            [_("channel"), _("person"), _("result"), _("detail")],
            ((e.channel, e.person, words[e.word], e.detail) for e in tried),
        )
    if wrong:
        raise typer.Exit(1)


@app.command(
    "undelivered",
    help=_("What waits after a failed attempt, and what never arrived."),
    epilog=_("Example:") + " kentongan notify undelivered --json",
)
def undelivered(
    context: typer.Context,
    limit: int = typer.Option(MOST_SHOWN, "--limit", min=1, help=_("At most so many, the newest first.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    with invocation(context).open() as installation:
        sent = SqlOutbox(installation.database.engine).undelivered(limit)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    _print(sent, zone, json_, _("Everything has arrived."))


@app.command(
    "log",
    help=_("Every message about an incident: to whom, why, and what became of it."),
    epilog=_("Example:") + " kentongan notify log k7f3-2qxm",
)
def log(
    context: typer.Context,
    incident: str = typer.Argument(help=_("The incident's number.")),
    json_: bool = typer.Option(False, "--json", help=_("Print as JSON.")),
) -> None:
    with invocation(context).open() as installation:
        sent = SqlOutbox(installation.database.engine).about(incident)
        zone = ZoneInfo(installation.loaded.settings.language.timezone)
    _print(sent, zone, json_, _("Nothing was told of {incident}.").format(incident=incident))


def _named(channels: Sequence[str]) -> list[tuple[str, str]]:
    try:
        return [(read_channel(text), "") for text in channels]
    except ValueError as error:
        raise UsageError(str(error)) from None


def _all(installation: Installation) -> list[tuple[str, str]]:
    """(channel, person), machines first, each channel once."""
    contacts, problems = read_contacts(installation.inventory.read().people)
    for problem in problems:
        note(f"people.csv: {problem.person}: {problem.message}")
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    today = installation.clock.now().utc.astimezone(zone).date()
    found = dict.fromkeys(installation.loaded.settings.notify.machines, "")
    for contact in contacts:
        if contact.is_valid(today):
            found.setdefault(contact.channel, contact.name)
    return list(found.items())


async def _try(installation: Installation, targets: Iterable[tuple[str, str]]) -> list[Tried]:
    now = installation.clock.now().utc
    wording = wording_of(installation.loaded.settings)
    async with new_client() as client:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="notify test") as threads:
            ways = read_installed_ways(installation, client, threads)
            return list(await asyncio.gather(*(_one(ways, wording, target, now) for target in targets)))


async def _one(ways: Ways, wording: Wording, target: tuple[str, str], now: datetime) -> Tried:
    channel, person = target
    message = _test_message(channel, person, wording, now)
    way = ways.channels.get(message.scheme)
    if way is None:
        reason = _("the scheme {scheme} is not set up in the channels file").format(scheme=message.scheme)
        return Tried(channel, person, Refused(reason))
    try:
        async with asyncio.timeout(ATTEMPT_SECONDS):
            return Tried(channel, person, await way.deliver(message))
    except TimeoutError:
        return Tried(channel, person, Later(_("no answer in time")))


def _test_message(channel: str, person: str, wording: Wording, now: datetime) -> Message:
    text = wording.test(channel, now)
    payload = {"text": text, "subject": text.partition("\n")[0]}
    name = f"test-{now.timestamp():.0f}"
    return Message(message_id(name, channel), "test", channel, "test", "test", now, payload, person)


def _print(sent: Sequence[Sent], zone: ZoneInfo, as_json: bool, nothing: str) -> None:
    if as_json:
        print_json([_plain(each) for each in sent])
        return
    if not sent:
        print(nothing)
        return
    print_table(
        [_("when"), _("channel"), _("event"), _("reason"), _("fate"), _("tried"), _("error")],
        (
            (
                f"{each.message.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                each.message.channel,
                each.message.event,
                each.message.reason,
                fate_word(each.fate),
                each.tried,
                each.error,
            )
            for each in sent
        ),
        right=(5,),
    )


def _plain(sent: Sent) -> dict[str, Any]:
    message = sent.message
    return {
        "id": message.id,
        "incident": message.topic,
        "channel": message.channel,
        "person": message.person,
        "event": message.event,
        "reason": message.reason,
        "at": message.at.isoformat(),
        "fate": sent.fate.value,
        "tried": sent.tried,
        "error": sent.error,
        "endedAt": sent.ended_at.isoformat() if sent.ended_at else None,
        "text": message.payload.get("text"),
    }


def fate_word(fate: Fate) -> str:
    return {
        Fate.WAITING: _("waits"),
        Fate.DELIVERED: _("delivered"),
        Fate.REFUSED: _("refused"),
        Fate.GIVEN_UP: _("given up"),
        Fate.DROPPED: _("dropped"),
        Fate.NOT_ANNOUNCED: _("not announced"),
    }[fate]
