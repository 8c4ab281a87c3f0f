"""Who is told of an incident, ring by ring: the area's people on duty, then everybody on duty, then everybody.

Applications are their owners' matter: the network's people hear of them only where an owner has nobody, and by day.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import IntEnum
from typing import Final, assert_never

from alerts.dispatch.areas import NOTHING, Area, areas_of, plain
from alerts.dispatch.contacts import Contact, Regions
from alerts.texts import Surroundings
from domain.incidents import Condition, Incident, Urgency
from domain.network import PersonRole

NETWORK: Final = frozenset({PersonRole.NOC, PersonRole.ENGINEER})


class Ring(IntEnum):
    """The steps of the ladder. A ring holds the ones inside it."""

    AREA = 0  # on duty, answering for the place
    DUTY = 1  # everybody on duty, and the area's own people also off duty
    EVERYBODY = 2  # every engineer, the NOC, the admins


LAST: Final = Ring.EVERYBODY


class Routing:
    """Made once per inventory. zone_time and holidays come with each question."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self.contacts = tuple(contacts)
        self._areas: tuple[date | None, dict[str, Area | None]] = None, {}

    def area(self, channel: str, day: date) -> Area | None:
        """What a channel of people is told of; None: everything. Whom nobody knows is told of no place."""
        if self._areas[0] != day:
            self._areas = day, areas_of(self.contacts, day)
        areas = self._areas[1]
        return areas.get(channel, NOTHING) if areas else None

    def audience(
        self, incident: Incident, around: Surroundings, ring: Ring, local: datetime, holidays: Collection[date] = ()
    ) -> tuple[Contact, ...]:
        """Everybody up to this ring, each channel once. Nobody, if nobody fits."""
        valid = [contact for contact in self.contacts if contact.is_valid(local.date())]
        owners = _owners(valid, around.owners)
        if incident.condition is Condition.SERVICE and owners:
            return _once(owners)
        regions = Regions(around.regions)
        return _once(contact for contact in valid if _is_in(contact, ring, regions, local, holidays))

    def may_wake(self, incident: Incident, around: Surroundings, day: date) -> bool:
        """Whether it is told at night. An application wakes its owner alone, never the network's people."""
        if incident.urgency is not Urgency.PAGE:
            return False
        if incident.condition is not Condition.SERVICE:
            return True
        return bool(_owners([contact for contact in self.contacts if contact.is_valid(day)], around.owners))

    def planners(self, regions: Collection[str], day: date) -> tuple[Contact, ...]:
        """For warnings of contracts and the like."""
        return _once(
            contact
            for contact in self.contacts
            if contact.role is PersonRole.PLANNER and contact.is_valid(day) and contact.answers_for(Regions(regions))
        )

    def readers(self, day: date) -> tuple[Contact, ...]:
        """For the morning digest: everybody but viewers and approvers; channels may repeat, areas differ."""
        roles = {*NETWORK, PersonRole.PLANNER, PersonRole.ADMIN}
        return tuple(contact for contact in self.contacts if contact.role in roles and contact.is_valid(day))


def _owners(contacts: Iterable[Contact], owners: Collection[str]) -> list[Contact]:
    wanted = {plain(owner) for owner in owners if owner}
    return [contact for contact in contacts if plain(contact.organisation) in wanted]


def _is_in(contact: Contact, ring: Ring, regions: Regions, local: datetime, holidays: Collection[date]) -> bool:
    if contact.role not in NETWORK:
        return ring is Ring.EVERYBODY and contact.role is PersonRole.ADMIN
    here, on_duty = contact.answers_for(regions), contact.is_on_duty(local, holidays)
    match ring:
        case Ring.AREA:
            return here and on_duty
        case Ring.DUTY:
            return here or on_duty
        case Ring.EVERYBODY:
            return True
        case _:
            assert_never(ring)


def _once(contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    by_channel: dict[str, list[Contact]] = {}
    for contact in contacts:
        by_channel.setdefault(contact.channel, []).append(contact)
    return tuple(found[0] for _channel, found in sorted(by_channel.items()))
