"""Who is who among those that can be told: by the link that was sent to them, by the number that they write from. Pure.

Made once per inventory. Whoever is not valid any more is a stranger.
"""

from collections.abc import Collection, Iterable
from datetime import date

from alerts.dispatch.contacts import MACHINES, Contact, read_contacts
from alerts.dispatch.links import Grant
from domain.network import Person

TELEPHONES = frozenset({"wa", "sms"})


class People:
    """machines: channels beside those of people that hear everything."""

    def __init__(self, people: Collection[Person] = (), machines: Iterable[str] = ()) -> None:
        self._contacts = read_contacts(people)[0]
        self._machines = tuple(machines)
        self._valid_to = {person.name: person.valid_to for person in people}
        self._numbers: dict[str, list[str]] = {}
        for person in sorted(people, key=lambda each: each.name):
            if person.phone:
                self._numbers.setdefault(plain_number(person.phone), []).append(person.name)
        for contact in self._contacts:
            number = _number_of(contact)
            if number and contact.name not in self._numbers.get(number, ()):
                self._numbers.setdefault(number, []).append(contact.name)

    def of_grant(self, grant: Grant, day: date) -> str:
        """Who holds the link: a person, those who share a channel, a machine. Empty if they are not told any more."""
        valid = [contact for contact in self._contacts if contact.is_valid(day)]
        name = grant.person_among(contact.name for contact in valid)
        if name:
            channels = {contact.channel for contact in valid if contact.name == name}
            return " / ".join(dict.fromkeys(each.name for each in valid if each.channel in channels))
        channel = grant.person_among((*self._machines, *(contact.channel for contact in valid)))
        sharing = [contact.name for contact in valid if contact.channel == channel]
        return " / ".join(sharing) or _machine(channel)

    def of_number(self, number: str, day: date) -> str | None:
        """Of several with one number the first by name. number: a telephone's, or `telegram:12345`."""
        for name in self._numbers.get(number, ()):
            until = self._valid_to.get(name)
            if until is None or day <= until:
                return name
        return None

    def channel_of(self, who: str) -> str:
        """Of whom `of_grant` or `of_number` named; empty for whoever has none."""
        first = who.partition(" / ")[0]
        machines = (channel for channel in self._machines if _machine(channel) == who)
        return next(iter((*self.channels_of(first), *machines)), "")

    def channels_of(self, name: str) -> tuple[str, ...]:
        return tuple(contact.channel for contact in self._contacts if contact.name == name)


def plain_number(text: str) -> str:
    """+62…, from 0812…, 62812…, +62 812-…"""
    digits = "".join(sign for sign in text if sign.isdecimal())
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    return f"+{digits}" if digits else ""


def _number_of(contact: Contact) -> str:
    """Empty for a group and for what is no telephone."""
    scheme, _colon, recipient = contact.channel.partition(":")
    if scheme == "telegram":
        return f"telegram:{recipient}" if recipient.isdecimal() else ""
    if scheme not in TELEPHONES or "@g.us" in recipient:
        return ""
    return plain_number(recipient.partition("@")[0])


def _machine(channel: str) -> str:
    """A webhook's address may hold a key in its path: only its host is a name."""
    scheme, _colon, recipient = channel.partition(":")
    if scheme not in MACHINES:
        return channel
    return f"{scheme} {recipient.split('://')[-1].split('/')[0].rpartition('@')[2]}"
