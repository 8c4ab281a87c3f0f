"""Another serial at a known place asks 'was it replaced?', and the NOC is told so once. It is no alarm.

A device tells its own serial; of an ONU its OLT tells it. What is asked, and what was answered, is kept by `SqlUnits`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

import structlog

from alerts.dispatch.contacts import MACHINES, Contact
from alerts.dispatch.messages import Message, message_id
from alerts.dispatch.routing import NETWORK, Routing
from alerts.store.outbox import SqlOutbox
from domain.network import Device, Inventory, Site
from domain.network.units import UnitQuestion, is_same_unit
from domain.polling.facts import Discovery
from domain.polling.onus import port_place
from inventory.store.units import SqlUnits
from kentongan.installation import Installation
from kentongan.units import message_of

log = structlog.get_logger(__name__)

EVENT: Final = "warning"
REASON: Final = "replaced?"
QUIET: Final = timedelta(hours=1)


class Units(Protocol):
    """Where questions are kept; see inventory.store.units."""

    def ask(self, seen: Iterable[UnitQuestion]) -> tuple[UnitQuestion, ...]: ...

    def withdraw(self, devices: Iterable[str], now: datetime) -> None: ...

    def questions(self, *, answered: bool = False) -> tuple[UnitQuestion, ...]: ...


class Outbox(Protocol):
    def put(self, messages: Iterable[Message]) -> None: ...


class UnitWatch:
    """`know` each inventory; `look` at what was discovered, in the thread that keeps it."""

    def __init__(self, units: Units, outbox: Outbox, zone: ZoneInfo) -> None:
        self._units = units
        self._outbox = outbox
        self._zone = zone
        self._onus: Mapping[str, tuple[Device, ...]] = {}
        self._routing = Routing(())
        self._inventory = Inventory()
        self._asked: set[str] | None = None
        self._untold: list[UnitQuestion] = []
        self._quiet_until: datetime | None = None

    def know(self, inventory: Inventory, routing: Routing) -> None:
        self._inventory = inventory
        onus: dict[str, list[Device]] = {}
        for device in inventory.devices:
            if device.olt and device.onu_id and device.serial:
                onus.setdefault(device.olt, []).append(device)
        self._onus = {olt: tuple(found) for olt, found in onus.items()}
        self._routing = routing

    def look(
        self, discovered: Iterable[tuple[Device, Discovery]], known: Mapping[str, str], now: datetime
    ) -> tuple[UnitQuestion, ...]:
        """known: serials of the last discovery, by device. Returns what nobody was asked before. Blocks."""
        asked: dict[tuple[str, str], UnitQuestion] = {}
        settled: set[str] = set()
        for device, found in discovered:
            for question, name in self._seen(device, found, known.get(device.name, ""), now):
                if question is None:
                    settled.add(name)
                else:
                    asked[question.device, question.serial] = question
        if self._asked is None:
            self._asked = {each.device for each in self._units.questions()}
        if over := settled & self._asked:
            self._units.withdraw(sorted(over), now)
            self._asked -= over
        new = self._units.ask(asked.values()) if asked else ()
        self._asked |= {each.device for each in asked.values()}
        self._untold += new
        if self._untold and (self._quiet_until is None or now >= self._quiet_until):
            told, self._untold = self._untold, []
            self._quiet_until = now + QUIET
            self._tell(told, now)
        return new

    def _seen(
        self, device: Device, found: Discovery, last: str, now: datetime
    ) -> Iterable[tuple[UnitQuestion | None, str]]:
        """A question, or None for a place where the known unit answers."""
        serial = device.serial or last
        if found.serial and serial:
            question = UnitQuestion(
                device.name, found.serial, serial, found.model, found.platform, device.name, now, now
            )
            yield None if is_same_unit(found.serial, serial) else question, device.name
        told = {(port_place(onu.olt_port), onu.onu_id): onu.serial for onu in found.onus if onu.serial}
        for each in self._onus.get(device.name, ()):
            serial = told.get((port_place(each.olt_port), each.onu_id), "")
            if serial:
                question = UnitQuestion(each.name, serial, each.serial, "", "", device.name, now, now)
                yield None if is_same_unit(serial, each.serial) else question, each.name

    def _tell(self, questions: Sequence[UnitQuestion], now: datetime) -> None:
        """One message: an inventory with wrong serials must not fill the channel."""
        for each in questions:
            log.info("unit_replaced_question", device=each.device, serial=each.serial, known=each.known_serial)
        name = f"unit-{questions[0].device}-{questions[0].serial}-{now:%Y%m%d%H%M%S}"
        messages = []
        for to in self._contacts(now):
            if mine := self._for(to, questions, now):
                text = message_of(mine, self._zone)
                payload = {"text": text, "subject": text.partition("\n")[0]}
                messages.append(
                    Message(message_id(name, to.channel), name, to.channel, EVENT, REASON, now, payload, to.name)
                )
        self._outbox.put(messages)

    def _for(self, contact: Contact, questions: Sequence[UnitQuestion], now: datetime) -> Sequence[UnitQuestion]:
        """Those of the area they are told of."""
        area = self._routing.area(contact.channel, now.astimezone(self._zone).date())
        if area is None:
            return questions
        return [each for each in questions if (site := self._site_of(each.device)) and area.holds(site)]

    def _site_of(self, device: str) -> Site | None:
        """By what the inventory shares: a mapping of our own would be three megabytes of a country."""
        known = self._inventory.used_by_name.get(device)
        return self._inventory.site_by_slug.get(known.site) if known else None

    def _contacts(self, now: datetime) -> tuple[Contact, ...]:
        """The network's people who are on duty, each channel once."""
        local = now.astimezone(self._zone)
        found = {
            contact.channel: contact
            for contact in self._routing.contacts
            if contact.role in NETWORK
            and contact.is_valid(local.date())
            and contact.is_on_duty(local, ())
            and contact.channel.partition(":")[0] not in MACHINES
        }
        return tuple(found[channel] for channel in sorted(found))


def unit_watch(installation: Installation, zone: ZoneInfo) -> UnitWatch:
    engine = installation.database.engine
    return UnitWatch(SqlUnits(engine), _Sent(installation, SqlOutbox(engine)), zone)


class _Sent:
    """Implements Outbox over the installation's own, in a transaction of its own."""

    def __init__(self, installation: Installation, outbox: SqlOutbox) -> None:
        self._installation = installation
        self._outbox = outbox

    def put(self, messages: Iterable[Message]) -> None:
        with self._installation.database.transaction() as connection:
            self._outbox.put_in(connection, messages)
