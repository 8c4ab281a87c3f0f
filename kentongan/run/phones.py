"""What people do from a telephone, by link or reply: an order like any other, in their own name, and in the journal.

Tells whoever taps twice, too late, or after somebody else. Implements alerts.channels.inbound.Desk.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

import structlog

from alerts.channels.answers import BY as BY_REPLY
from alerts.channels.inbound import Outcome, Seen
from alerts.desk import OrderRefusedError
from alerts.dispatch.links import Grant
from alerts.dispatch.messages import Message, message_id
from alerts.dispatch.people import People
from alerts.dispatch.standing import in_hands, latest_of, news
from alerts.store.outbox import SqlOutbox
from alerts.texts import Surroundings
from domain.audit import AuditEntry
from domain.incidents import Act, ActKind, Incident, Phase
from domain.language import _
from domain.network import Person
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.orders import Orders
from kentongan.run.outage import OutageDesk
from kentongan.run.telling import wording_of
from kentongan.store.faults import DatabaseError

log = structlog.get_logger(__name__)

KEEP_SECONDS: Final = 10.0
STEPS: Final = frozenset({ActKind.DEPARTED, ActKind.ON_SITE})
MOST_REMEMBERED: Final = 2000


class PhoneDesk:
    """`know` the people of each inventory."""

    def __init__(self, installation: Installation, outage: OutageDesk, orders: Orders) -> None:
        settings = installation.loaded.settings
        self._installation, self._outage, self._orders = installation, outage, orders
        self._clock = installation.clock
        self._outbox = SqlOutbox(installation.database.engine)
        self._machines = settings.notify.machines
        self._wording = wording_of(settings)
        self._people = People((), self._machines)
        self._steps: dict[tuple[str, str], ActKind] = {}

    def know(self, people: Collection[Person]) -> None:
        self._people = People(people, self._machines)

    async def look(self, incident: str, person: str) -> Seen | None:
        found = await self._find(incident)
        if found is None:
            return None
        now = self._clock.now().utc
        dispatcher = self._outage.dispatcher
        found, around = dispatcher.seen(found, self._people.channel_of(person), now)
        text = news(dispatcher.writer, found, around, now)
        hands = in_hands(dispatcher, found.id, now)
        if hands is not None:
            has = _("{person} has it until {time}.").format(person=hands.person, time=self._time(hands.until, now))
            text = f"{text}\n{has}"
        return Seen(self._title(found, around), text, found.is_open, self._ticket(found, around, now))

    async def act(self, act: Act) -> Outcome:
        found = await self._find(act.incident)
        if found is None:
            outcome = Outcome(False, _("There is no incident {id}.").format(id=act.incident))
        else:
            outcome = await self._give(replace(act, incident=found.id), found)
        if act.values.get("by") == BY_REPLY and not outcome.accepted:
            await self._write_back(act, outcome.message)
        return outcome

    async def person_of(self, grant: Grant) -> str:
        return self._people.of_grant(grant, self._today())

    async def sender(self, number: str) -> str | None:
        return self._people.of_number(number, self._today())

    async def latest(self, person: str) -> str | None:
        return latest_of(self._outage.dispatcher.tracks.values(), self._people.channels_of(person))

    # -- parts ------------------------------------------------------------------------------------------------------

    async def _find(self, incident: str) -> Incident | None:
        """Of one that was merged into another, that other one."""
        open_ = self._outage.desk.get(incident)
        if open_ is not None:
            return open_
        stored = await asyncio.to_thread(self._installation.incidents.get, incident)
        if stored is not None and stored.phase is Phase.MERGED and stored.merged_into:
            return await self._find(stored.merged_into)
        return stored

    async def _give(self, act: Act, incident: Incident) -> Outcome:
        now = self._clock.now()
        told = await self._needless(act, incident, now)
        if told is not None:
            return told
        self._remember(act)  # before it is kept: a second tap comes within the second
        try:
            async with asyncio.timeout(KEEP_SECONDS):
                obeyed = await self._orders.act_and_keep(act, now)
        except OrderRefusedError as refused:
            self._steps.pop((act.incident, act.actor), None)
            return Outcome(False, str(refused))
        except TimeoutError:
            return Outcome(False, _("The database is busy. Look again in a minute whether it was noted."))
        await self._journal(act, now)
        dark = obeyed.get("stillDark")
        if isinstance(dark, list) and dark:
            return Outcome(False, self._still_dark([str(name) for name in dark], act.actor, incident, now))
        return Outcome(True, self._done(act, now))

    def _still_dark(self, dark: Sequence[str], person: str, incident: Incident, now: Moment) -> str:
        seen, _around = self._outage.dispatcher.seen(incident, self._people.channel_of(person), now.utc)
        theirs = {member.name for member in seen.members} if seen is not incident else dark
        names = [name for name in dark if name in theirs]
        if len(names) < len(dark):
            names.append(self._wording.elsewhere())
        return _("Still dark: {names}. It stays open until they answer.").format(
            names=self._wording.speech.some(names, 8)
        )

    async def _needless(self, act: Act, incident: Incident, now: Moment) -> Outcome | None:
        """What to say instead of doing it; None: it is to be done."""
        if act.kind is ActKind.NOTE:
            return None
        if not incident.is_open:
            at = self._time(incident.resolved_at, now.utc) if incident.resolved_at else ""
            return Outcome(False, _("It is over since {time}. There is nothing left to do.").format(time=at))
        if act.kind is ActKind.ACKNOWLEDGED:
            hands = in_hands(self._outage.dispatcher, act.incident, now.utc)
            if hands is None:
                return None
            until = self._time(hands.until, now.utc)
            if hands.person == act.actor:
                return Outcome(True, _("You have it already, until {time}.").format(time=until))
            text = _("{person} has it already, until {time}. If you go as well, say that you are on your way.")
            return Outcome(False, text.format(person=hands.person, time=until))
        if act.kind in STEPS and await self._last_step(act) is act.kind:
            return Outcome(True, _("You have said so already."))
        return None

    async def _last_step(self, act: Act) -> ActKind | None:
        """What they said last of themselves; the log is behind by the turn that is being written."""
        known = self._steps.get((act.incident, act.actor))
        if known is not None:
            return known
        acts = await asyncio.to_thread(self._installation.acts.of, act.incident)
        mine = [each.kind for each in acts if each.actor == act.actor and each.kind is not ActKind.NOTE]
        return mine[-1] if mine else None

    def _remember(self, act: Act) -> None:
        if act.kind is not ActKind.NOTE:
            if len(self._steps) >= MOST_REMEMBERED:
                self._steps.clear()
            self._steps[act.incident, act.actor] = act.kind

    async def _journal(self, act: Act, now: Moment) -> None:
        """As the command line does; the timeline holds it in any case."""
        detail = {"by": act.values.get("by", ""), "text": act.text}
        entry = AuditEntry(now, act.actor, f"incident.{act.kind.value}", act.incident, detail)
        try:
            await asyncio.to_thread(self._installation.journal.record, entry)
        except DatabaseError as error:
            log.warning("journal_not_written", incident=act.incident, error=str(error))

    async def _write_back(self, act: Act, text: str) -> None:
        """Gateways throw our answer away: a 'selesai' that ended nothing must reach whoever wrote it."""
        channels = self._people.channels_of(act.actor)
        name = f"reply-{act.at.timestamp():.3f}-{act.actor}"
        payload = {"text": f"{act.incident}: {text}", "subject": text[:150]}
        messages = [
            Message(message_id(name, channel), "reply", channel, "reply", "answer", act.at, payload, act.actor)
            for channel in channels
        ]
        try:
            await asyncio.to_thread(self._outbox.put, messages)
        except DatabaseError as error:
            log.warning("answer_not_kept", incident=act.incident, error=str(error))

    def _done(self, act: Act, now: Moment) -> str:
        if act.kind is ActKind.ACKNOWLEDGED:
            hands = in_hands(self._outage.dispatcher, act.incident, now.utc)
            if hands is not None:
                return _("It is yours until {time}.").format(time=self._time(hands.until, now.utc))
        if act.kind is ActKind.DONE:
            return _("Every device answers: it is over. Thank you.")
        return _("Noted.")

    def _title(self, incident: Incident, around: Surroundings) -> str:
        return f"{self._wording.title(incident, around)} · {incident.id}"

    def _ticket(self, incident: Incident, around: Surroundings, now: datetime) -> str:
        if not incident.is_open or not (around.circuit_id or around.contract):
            return ""
        return self._wording.ticket(incident, now, around)

    def _time(self, at: datetime, now: datetime) -> str:
        return self._wording.speech.time(at, now)

    def _today(self) -> date:
        return self._clock.now().utc.astimezone(self._wording.speech.zone).date()
