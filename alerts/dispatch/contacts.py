"""The people who can be told: their channel, area, hours of duty. What cannot be read is named, and fails open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from domain.language import _
from domain.network import Person, PersonRole
from domain.time import ALWAYS, HoursError, WeeklyHours

SCHEMES: Final = ("telegram", "mailto", "webhook", "wa", "sms", "apprise", "alertmanager")
MACHINES: Final = frozenset({"webhook", "alertmanager"})


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody with a channel. regions: codes they answer for; none means the whole kabupaten."""

    name: str
    role: PersonRole
    channel: str
    organisation: str = ""
    regions: tuple[str, ...] = ()
    hours: WeeklyHours = ALWAYS
    valid_to: date | None = None

    def is_on_duty(self, local: datetime, holidays: Collection[date]) -> bool:
        """local: a wall time in the kabupaten's zone."""
        return self.hours.covers(local, holidays)

    def is_valid(self, day: date) -> bool:
        return self.valid_to is None or day <= self.valid_to

    def answers_for(self, regions: "Regions") -> bool:
        """Regions that nobody knows are everybody's."""
        if not self.regions or not regions.codes:
            return True
        return any(area in regions.around or regions.holds(area) for area in self.regions)


class Regions:
    """Places of an incident, asked once for each contact. codes: as given. around: they and all that they lie in."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = frozenset(codes)
        self.around = self.codes | {code[:end] for code in self.codes for end in (2, 5, 8) if len(code) > end}

    def holds(self, area: str) -> bool:
        """Whether the area lies in one of them."""
        return any(area[:end] in self.codes for end in (2, 5, 8, 13))


@dataclass(frozen=True, slots=True)
class ContactProblem:
    """What is wrong in people.csv, in words for people."""

    person: str
    message: str


def read_contacts(people: Iterable[Person]) -> tuple[tuple[Contact, ...], tuple[ContactProblem, ...]]:
    """Sorted by name. Unreadable hours count as always: better told in vain than not at all."""
    contacts, problems = [], []
    for person in sorted(people, key=lambda each: each.name):
        if not person.channel.strip():
            continue
        try:
            channel = read_channel(person.channel)
        except ValueError as error:
            problems.append(ContactProblem(person.name, str(error)))
            continue
        try:
            hours = WeeklyHours.parse(person.duty_hours)
        except HoursError as error:
            hours = ALWAYS
            problems.append(ContactProblem(person.name, str(error)))
        contacts.append(
            Contact(
                person.name,
                person.role,
                channel,
                person.organisation,
                tuple(person.region_codes),
                hours,
                person.valid_to,
            )
        )
    return tuple(contacts), tuple(problems)


def read_channel(text: str) -> str:
    """`scheme:recipient`, the scheme in lower case. Raises ValueError with what would be right."""
    scheme, colon, recipient = text.strip().partition(":")
    scheme, recipient = scheme.strip().lower(), recipient.strip()
    if not colon and "@" in scheme:
        scheme, recipient = "mailto", text.strip()
    if not recipient:
        raise ValueError(
            _(
                "channel '{text}': write the way and the recipient, for example telegram:-1001234 or mailto:a@b.id"
            ).format(text=text)
        )
    if recipient.startswith("//"):
        raise ValueError(
            _("channel '{text}': an address with a secret belongs to the credentials: kentongan credential add").format(
                text=scheme + "://…"
            )
        )
    if scheme not in SCHEMES:
        raise ValueError(
            _("channel '{text}': '{scheme}' is not one of: {known}").format(
                text=text, scheme=scheme, known=", ".join(SCHEMES)
            )
        )
    return f"{scheme}:{recipient}"
