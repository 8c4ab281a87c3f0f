"""A small office for the tests of telling: two kecamatan, people with duties, a clock that is pushed by hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from alerts.dispatch.contacts import read_contacts
from alerts.dispatch.directory import Directory
from alerts.dispatch.dispatcher import Dispatcher, Step
from alerts.dispatch.messages import Message
from alerts.dispatch.routing import Routing
from alerts.dispatch.timing import Timing
from alerts.dispatch.writing import Addresses, Writer
from alerts.texts import Wording
from domain.incidents import (
    Act,
    ActKind,
    Cause,
    CauseKind,
    Condition,
    Confidence,
    Impact,
    Incident,
    Liable,
    Member,
    Notice,
    NoticeEvent,
    NoticeReason,
    Party,
    Phase,
    Place,
    Urgency,
    Verdict,
    VerdictKind,
    notice_id,
)
from domain.network import (
    Contract,
    Device,
    Inventory,
    Link,
    Person,
    PersonRole,
    RegionCode,
    Role,
    Service,
    Site,
    SiteKind,
)
from domain.time import Moment

ZONE = ZoneInfo("Asia/Jakarta")
NAMES = {
    "32.14": "Purwakarta",
    "32.14.05": "Plered",
    "32.14.10": "Tegalwaru",
    "32.14.05.2001": "Citeko",
    "32.14.10.2001": "Cadassari",
    "32.14.10.2002": "Sukahaji",
}


def code(text: str) -> RegionCode:
    return RegionCode(text)


INVENTORY = Inventory(
    sites=(
        Site("pop-plered", "PoP Plered", SiteKind.POP, code("32.14.05.2001"), latitude=-6.64, longitude=107.39),
        Site("desa-cadassari", "Cadassari", SiteKind.DESA, code("32.14.10.2001"), contract="14/2026"),
        Site("desa-sukahaji", "Sukahaji", SiteKind.DESA, code("32.14.10.2002")),
        Site("dc", "Pusat data", SiteKind.DATACENTER, code("32.14")),
    ),
    devices=(
        Device("rtr-plered", "pop-plered", Role.ROUTER),
        Device("rtr-cadassari", "desa-cadassari", Role.ROUTER),
        Device("rtr-sukahaji", "desa-sukahaji", Role.ROUTER),
        Device("srv-1", "dc", Role.SERVER),
    ),
    links=(
        Link("FO Plered–Tegalwaru", "rtr-plered", z_device="rtr-sukahaji"),
        Link("WAN Cadassari", "rtr-cadassari", provider="Nusantara", circuit_id="1-88213", contract="14/2026"),
    ),
    contracts=(Contract("14/2026", "Nusantara", sla_percent=98.0, noc_email="noc@nusantara.example"),),
    services=(Service("simpeg", "SIMPEG", owner="BKPSDM", host="srv-1"),),
    people=(
        Person("Asep", PersonRole.ENGINEER, region_codes=(code("32.14.10"),), channel="telegram:1", duty_hours="24/7"),
        Person("Budi", PersonRole.ENGINEER, region_codes=(code("32.14.05"),), channel="telegram:2", duty_hours="24/7"),
        Person("Cici", PersonRole.NOC, channel="wa:62811", duty_hours="Sen-Jum 07.30-16.00"),
        Person("Dedi", PersonRole.ADMIN, channel="mailto:dedi@example.id"),
        Person("Euis", PersonRole.VIEWER, organisation="BKPSDM", channel="mailto:euis@example.id"),
        Person("Fajar", PersonRole.PLANNER, channel="mailto:fajar@example.id"),
    ),
)
NIGHT = datetime(2026, 11, 23, 2, 0, tzinfo=ZONE).astimezone(UTC)  # a Monday
DAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE).astimezone(UTC)


def fault(
    name: str = "FO Plered–Tegalwaru",
    at: datetime = DAY,
    *,
    id_: str = "",
    kind: CauseKind = CauseKind.LINK,
    condition: Condition = Condition.OUTAGE,
    verdict: VerdictKind = VerdictKind.FIBRE,
    urgency: Urgency = Urgency.PAGE,
    members: tuple[str, ...] = ("rtr-sukahaji",),
    villages: int = 1,
    party: Party | None = None,
) -> Incident:
    return Incident(
        id_ or f"{name[:4].lower()}-0001".replace(" ", "x"),
        condition,
        Cause(kind, name),
        "icmp-silent",
        urgency,
        at,
        at,
        tuple(Member(member, at) for member in members),
        Verdict(verdict, Confidence.STRONG),
        impact=Impact(tuple(Place(f"32.14.10.2{n:03}", f"D{n}", "Tegalwaru") for n in range(villages))),
        liable=Liable(party) if party else None,
    )


@dataclass
class Office:
    """Drives a dispatcher: `tell` a notice, `do` an act, let time `pass_`; `sent` is all that ever left."""

    dispatcher: Dispatcher
    now: Moment
    make: Callable[[], Dispatcher]
    incidents: dict[str, Incident] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    sent: list[Message] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    memories: dict[tuple[str, str], object] = field(default_factory=dict)

    def tell(
        self, incident: Incident, event: NoticeEvent = NoticeEvent.OPENED, reason: NoticeReason = NoticeReason.NEW
    ) -> list[Message]:
        self.incidents[incident.id] = incident
        count = self.counts.get(incident.id, 0)
        self.counts[incident.id] = count + 1
        notice = Notice(notice_id(incident.id, event, count), event, reason, self.now.utc, incident)
        return self._step([notice])

    def over(self, incident: Incident) -> list[Message]:
        ended = replace(incident, phase=Phase.RESOLVED, resolved_at=self.now.utc)
        return self.tell(ended, NoticeEvent.RESOLVED, NoticeReason.OVER)

    def do(
        self, incident: Incident, kind: ActKind, actor: str = "Asep", text: str = "", **values: str
    ) -> list[Message]:
        return self._step([], [Act(incident.id, self.now.utc, actor, kind, text, values)])

    def pass_(self, seconds: float, wall: float | None = None) -> list[Message]:
        """Time goes by, woken whenever the dispatcher asked for it. wall: seconds by which the wall clock moves."""
        end = self.now.steady_seconds + seconds
        offset = self.now.unix_seconds - self.now.steady_seconds + ((wall - seconds) if wall is not None else 0.0)
        found: list[Message] = []
        for _turn in range(10_000):
            wake = min(self.steps[-1].wake_at if self.steps else end, end)
            steady = max(wake, self.now.steady_seconds)
            self.now = Moment(steady, steady + offset)
            found += self._step([])
            if steady >= end or (wake >= end):
                return found
        raise AssertionError("it wakes for ever")

    def restart(self) -> None:
        """Only what was stored comes back."""
        self.dispatcher = self.make()
        self.dispatcher.restore(
            [memory for memory in self.memories.values() if memory is not None],  # type: ignore[misc]
            self.incidents.get,
            self.now,
        )

    def texts(self) -> list[tuple[str, str, str]]:
        return [(message.channel, message.event, message.reason) for message in self.sent]

    def _step(self, notices: Iterable[Notice], acts: Iterable[Act] = ()) -> list[Message]:
        step = self.dispatcher.step(notices, acts, list(self.incidents.values()), self.now)
        self.steps.append(step)
        self.sent += step.messages
        for memory in step.memories:
            self.memories[memory.kind, memory.key] = memory if memory.document else None
        ids = [message.id for message in self.sent]
        assert len(ids) == len(set(ids)), "no message leaves twice"
        return list(step.messages)


def open_office(
    at: datetime = DAY,
    machines: tuple[str, ...] = (),
    inventory: Inventory = INVENTORY,
    names: Mapping[str, str] = NAMES,
    language: str = "id",
    **timing: object,
) -> Office:
    """timing: fields of Timing, and provider_tickets."""
    routing = Routing(read_contacts(inventory.people)[0])
    directory = Directory(inventory, names)
    addresses = Addresses(
        "https://k.example",
        sign=lambda incident, person, now: f"{incident}.{person}",
        console_url="https://konsol.example",
    )
    writer = Writer(Wording(language, ZONE), addresses)
    tickets = bool(timing.pop("provider_tickets", False))

    def fresh() -> Dispatcher:
        patience = Timing(ZONE, **timing)  # type: ignore[arg-type]
        return Dispatcher(routing, directory, writer, patience, machines, provider_tickets=tickets)

    return Office(fresh(), Moment(1000.0, at.timestamp()), fresh)
