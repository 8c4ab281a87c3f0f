"""From a decision to a message: the text or the body as it stands now, frozen; nobody changes it afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.dispatch.body import Json, body
from alerts.dispatch.messages import Message, message_id
from alerts.texts import Links, Said, Surroundings, Wording
from domain.incidents import Incident, Notice, NoticeEvent, NoticeReason, Phase

Sign = Callable[[str, str, datetime], str]
"""(incident, person or channel, now) → the last part of the address that acknowledges it."""

TITLES = 10  # more than a message has room for
MAP = "https://www.openstreetmap.org/?mlat={latitude:.5f}&mlon={longitude:.5f}#map=15/{latitude:.5f}/{longitude:.5f}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """base_url: where links that acknowledge are reached from a telephone; console_url: where the console's pages are.
    Empty: messages carry no links to them.
    """

    base_url: str = ""
    map_url: str = MAP
    sign: Sign | None = None
    console_url: str = ""

    def incidents(self) -> str:
        return f"{self.console_url.rstrip('/')}/incidents" if self.console_url else ""

    def incident(self, id_: str) -> str:
        return f"{self.incidents()}/{id_}" if self.incidents() else ""

    def acknowledge(self, id_: str, person: str, now: datetime) -> str:
        if not self.base_url or self.sign is None:
            return ""
        return f"{self.base_url.rstrip('/')}/t/{self.sign(id_, person, now)}"

    def map(self, around: Surroundings) -> str:
        if around.latitude is None or around.longitude is None or not self.map_url:
            return ""
        return self.map_url.format(latitude=around.latitude, longitude=around.longitude)


class Writer:
    """One wording and one set of addresses for every message."""

    def __init__(self, wording: Wording, addresses: Addresses) -> None:
        self.wording = wording
        self.addresses = addresses

    def for_people(
        self, notice: Notice, channel: str, person: str, around: Surroundings, said: Said, after: str
    ) -> Message:
        text = self.wording.message(notice, around, self._links(notice, channel, person, around), said)
        subject = f"{text.partition(chr(10))[0]} · {self.wording.short(notice.incident, around)}"
        return self._message(notice, channel, {"text": text, "subject": subject[:150]}, person, after)

    def for_machine(self, notice: Notice, channel: str, around: Surroundings, after: str) -> Message:
        return self._message(notice, channel, {"body": self.body(notice, channel, around)}, "", after)

    def body(self, notice: Notice, channel: str, around: Surroundings) -> Json:
        """Of a webhook, with the links that its receiver may open."""
        incident, addresses = notice.incident, self.addresses
        acknowledge = addresses.acknowledge(incident.id, channel, notice.at) if incident.is_open else ""
        return body(notice, self.wording, around, addresses.incident(incident.id), acknowledge)

    def ticket(self, incident: Incident, around: Surroundings, now: datetime) -> Message:
        """To the provider's NOC, by mail."""
        links = Links(incident=self.addresses.incident(incident.id))
        text = self.wording.ticket(incident, now, around, links)
        channel = f"mailto:{around.noc_email}"
        payload = {"text": text, "subject": self.wording.title(incident, around)}
        notice = f"{incident.id}-ticket"
        return Message(
            message_id(notice, channel), f"{incident.id}-ticket", channel, "ticket", "provider", now, payload
        )

    def summary(
        self, notices: Sequence[tuple[Notice, Surroundings]], channel: str, person: str, now: datetime
    ) -> Message:
        """Several that were held, in one. Its id comes from the first of them, so that a repeat is the same."""
        opened = sum(notice.event is NoticeEvent.OPENED for notice, _around in notices)
        over = sum(notice.event is NoticeEvent.RESOLVED for notice, _around in notices)
        titles = [self._line(notice, around) for notice, around in notices[:TITLES]]
        links = Links(incident=self.addresses.incidents())
        text = self.wording.held(len(notices), opened, over, titles, links)
        payload = {"text": text, "subject": text.partition("\n")[0]}
        name = f"held-{notices[0][0].id}"
        return Message(
            message_id(name, channel), f"held:{channel}", channel, "held", "rate-limit", now, payload, person
        )

    def _line(self, notice: Notice, around: Surroundings) -> str:
        if notice.event is NoticeEvent.RESOLVED:
            return self.wording.message(notice, around).partition("\n")[0]
        return self.wording.title(notice.incident, around)

    def _links(self, notice: Notice, channel: str, person: str, around: Surroundings) -> Links:
        incident = notice.incident
        if incident.phase in (Phase.RESOLVED, Phase.MERGED) or notice.reason is NoticeReason.ACKNOWLEDGED:
            return Links(incident=self.addresses.incident(incident.id))
        acknowledge = self.addresses.acknowledge(incident.id, person or channel, notice.at)
        return Links(
            self.addresses.map(around),
            acknowledge,
            self.addresses.incident(incident.id),
            acknowledge if around.circuit_id or around.contract else "",
        )

    def _message(self, notice: Notice, channel: str, payload: dict[str, object], person: str, after: str) -> Message:
        return Message(
            message_id(notice.id, channel),
            notice.incident.id,
            channel,
            notice.event.value,
            notice.reason.value,
            notice.at,
            payload,
            person,
            after,
        )
