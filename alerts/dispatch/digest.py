"""The morning: one line for each kecamatan of what the night brought, and warnings of contracts that end. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from alerts.dispatch.areas import Area
from alerts.dispatch.contacts import MACHINES, Contact
from alerts.dispatch.directory import Directory
from alerts.dispatch.messages import Message, message_id
from alerts.dispatch.routing import Routing
from alerts.texts import Digest, Wording
from domain.incidents import Condition, Incident, Phase
from domain.network import Contract, Inventory, RegionLevel, level_of, lies_in, parent_of

ENDING_DAYS: Final = 30
WARN_DAYS: Final = (90, 30, 7)


@dataclass(frozen=True, slots=True)
class Night:
    """What is known in the morning. since, until: the stretch that is summed up. served: code of a kecamatan → (served,
    all) of its villages. home: the kabupaten's code; names: code → name.
    """

    since: datetime
    until: datetime
    incidents: tuple[Incident, ...]
    served: Mapping[str, tuple[int, int]]
    home: str
    names: Mapping[str, str]


def digest_time(text: str) -> time | None:
    """`07.30`; None for an empty text. Raises ValueError."""
    if not text:
        return None
    hours, _point, minutes = text.replace(":", ".").partition(".")
    return time(int(hours), int(minutes or 0))


def last_due(at: time, now: datetime, zone: tzinfo) -> datetime:
    """The newest instant at which a digest was due."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), at, zone)
    return today if today <= local else datetime.combine(local.date() - timedelta(days=1), at, zone)


def digest_messages(
    night: Night, directory: Directory, contracts: Iterable[Contract], routing: Routing, wording: Wording
) -> tuple[Message, ...]:
    """One for each channel: the kecamatan it answers for; whoever answers for all gets the kabupaten's line first.

    Their ids come from the day: made twice they are one.
    """
    day = night.until.astimezone(wording.speech.zone).date()
    ending = sum(1 for each in contracts if each.ends_on and 0 <= (each.ends_on - day).days <= ENDING_DAYS)
    found = _by_district(night, directory)
    lines = _lines(night, found)
    whole = _sum(lines.values(), ending)
    elsewhere = wording.elsewhere()
    texts: dict[str, tuple[str, str]] = {}
    for contact in routing.readers(day):
        if contact.channel in texts or contact.channel.partition(":")[0] in MACHINES:
            continue
        codes = [code for code in sorted(lines) if _answers_for(contact, code)]
        area = routing.area(contact.channel, day)
        seen = lines if area is None else _lines(night, _seen(found, codes, directory, area, elsewhere))
        mine = [seen[code] for code in codes]
        if not contact.regions or night.home in contact.regions:
            busy = [line for line in mine if line.ended or line.open or line.degraded]
            mine = [whole, *busy]
        if mine:
            texts[contact.channel] = (contact.name, wording.digest(mine))
    name = f"digest-{day.isoformat()}"
    return tuple(
        Message(
            message_id(name, channel),
            "digest",
            channel,
            "digest",
            "morning",
            night.until,
            {"text": text, "subject": text.partition("\n")[0][:150]},
            person,
        )
        for channel, (person, text) in sorted(texts.items())
    )


def _answers_for(contact: Contact, code: str) -> bool:
    return not contact.regions or any(lies_in(code, area) or lies_in(area, code) for area in contact.regions)


Found = Mapping[str, Sequence[Incident]]


def _by_district(night: Night, directory: Directory) -> Found:
    """Incidents by kecamatan's code."""
    codes = [code for code in night.names if level_of(code) is RegionLevel.DISTRICT and lies_in(code, night.home)]
    found: dict[str, list[Incident]] = {code: [] for code in codes}
    for incident in night.incidents:
        regions = directory.around(incident).regions
        for code in {_district(region) for region in regions} & found.keys():
            found[code].append(incident)
    return found


def _seen(found: Found, codes: Iterable[str], directory: Directory, area: Area, elsewhere: str) -> Found:
    """Of some kecamatan, as far as it lies in an area."""
    part = directory.within(area)
    return {
        code: [part.seen(incident, directory.around(incident), elsewhere)[0] for incident in found[code]]
        for code in codes
    }


def _lines(night: Night, found: Found) -> dict[str, Digest]:
    return {
        code: _line(night.names[code], incidents, night, night.served.get(code, (0, 0)))
        for code, incidents in found.items()
    }


def _line(name: str, incidents: Collection[Incident], night: Night, served: tuple[int, int]) -> Digest:
    outages = [each for each in incidents if each.condition is Condition.OUTAGE]
    ended = [
        each
        for each in outages
        if each.phase is Phase.RESOLVED and each.resolved_at and each.resolved_at >= night.since
    ]
    open_ = [each for each in outages if each.is_open]
    return Digest(
        name,
        len(ended),
        sum((each.resolved_at - each.started_at).total_seconds() for each in ended if each.resolved_at),
        len(open_),
        tuple(dict.fromkeys(each.cause.name for each in open_)),
        sum(each.condition is Condition.DEGRADED and each.is_open for each in incidents),
        *served,
    )


def _sum(lines: Iterable[Digest], ending: int) -> Digest:
    lines = tuple(lines)
    return Digest(
        "",
        sum(line.ended for line in lines),
        sum(line.ended_seconds for line in lines),
        sum(line.open for line in lines),
        tuple(dict.fromkeys(name for line in lines for name in line.open_names)),
        sum(line.degraded for line in lines),
        sum(line.served for line in lines),
        sum(line.villages for line in lines),
        ending,
        ENDING_DAYS,
    )


def _district(code: str) -> str:
    here: str | None = code
    while here is not None and level_of(here) is not RegionLevel.DISTRICT:
        here = parent_of(here)
    return here or ""


def contract_messages(
    inventory: Inventory, routing: Routing, wording: Wording, today: date, now: datetime
) -> tuple[Message, ...]:
    """To the planners, once at 90, 30 and 7 days: the message's id says which contract and which warning it is.

    A planner of an area hears of contracts that something there hangs on.
    """
    found: list[Message] = []
    parts: dict[Area, Inventory] = {}
    for contract in inventory.contracts:
        days = (contract.ends_on - today).days if contract.ends_on else -1
        level = min((level for level in WARN_DAYS if days <= level), default=None)
        if contract.ends_on is None or days < 0 or level is None:
            continue
        name = f"contract-{contract.id}-{contract.ends_on.isoformat()}-{level}"
        for each in routing.planners((), today):
            area = routing.area(each.channel, today)
            part = inventory if area is None else parts.setdefault(area, area.part(inventory))
            if contract not in part.contracts:
                continue
            sites = sum(site.contract == contract.id for site in part.sites)
            circuits = sum(link.contract == contract.id for link in part.links)
            text = wording.contract(contract.id, contract.provider, contract.ends_on, days, sites, circuits)
            payload = {"text": text, "subject": text.partition("\n")[0]}
            found.append(
                Message(
                    message_id(name, each.channel), name, each.channel, "warning", "contract", now, payload, each.name
                )
            )
    return tuple(found)
