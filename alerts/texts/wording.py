"""Everything Kentongan says to people, in one language: from an incident and what surrounds it to a text for a phone.

First line: the state, whose it is, who acts. Never longer than 600 characters: lists are cut with a count of the rest,
then the weaker witnesses fall silent; the first line and the links always stay. Pure, but for the template files.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final, assert_never

from alerts.texts.picture import Picture, strongest
from alerts.texts.speech import Speech
from alerts.texts.surroundings import Links, Surroundings
from alerts.texts.templates import Templates
from domain.incidents import (
    CauseKind,
    Condition,
    Evidence,
    EvidenceKind,
    Incident,
    Notice,
    NoticeReason,
    VerdictKind,
)
from domain.language import _, speaking
from domain.services.sentences import sentences

LIMIT: Final = 600
_ROOM: Final = ((8, 4), (5, 4), (3, 3), (2, 2), (1, 1), (1, 0))  # (names in a list, witnesses), tried in this order
_NOWHERE: Final = Surroundings()
_NO_LINKS: Final = Links()


@dataclass(frozen=True, slots=True)
class Said:
    """What people have said of an incident, as far as a text names it."""

    by: str = ""
    until: datetime | None = None
    closing: str = ""  # a ClosingCause, or the office's own word
    closing_note: str = ""


_NOBODY: Final = Said()


@dataclass(frozen=True, slots=True)
class Digest:
    """One kecamatan's night. ended_seconds: of all outages that ended, together. held: what waited for the morning."""

    kecamatan: str
    ended: int = 0
    ended_seconds: float = 0.0
    open: int = 0
    open_names: tuple[str, ...] = ()
    degraded: int = 0
    served: int = 0
    villages: int = 0
    contracts_ending: int = 0
    contract_days: int = 30
    held: int = 0


class Wording:
    """language: `id` or `en`. zone: the kabupaten's, for every time that is written."""

    def __init__(self, language: str, zone: tzinfo, limit: int = LIMIT) -> None:
        self.speech = Speech(language, zone)
        self._templates = Templates(self.speech)
        self._limit = limit
        self._last: Picture | None = None

    @property
    def language(self) -> str:
        return self.speech.language

    def elsewhere(self) -> str:
        """What stands for the name of a cause that is not the reader's to know."""
        return self._templates.call("words", "elsewhere")

    def short(self, incident: Incident, around: Surroundings = _NOWHERE) -> str:
        """What is broken, by name alone."""
        return self._templates.call("title", "subject", Picture(incident, around, incident.started_at))

    def title(self, incident: Incident, around: Surroundings = _NOWHERE) -> str:
        """What is broken and how, in one line."""
        return self._templates.call("title", "title", Picture(incident, around, incident.started_at))

    def evidence(self, evidence: Evidence, around: Surroundings = _NOWHERE) -> str:
        """One witness's sentence, without a full stop."""
        who = self._templates.call("words", "label", around, evidence.subject)
        if evidence.kind in (EvidenceKind.RX_LOST, EvidenceKind.RX_PRESENT, EvidenceKind.RX_FELL):
            spot = around.spots.get(evidence.subject)
            who = spot.name if spot else evidence.subject
        values, more = _Values(evidence.values), ""
        with speaking(self.language):
            if found := sentences(evidence.values):
                values["text"] = " ".join(found).rstrip(".")
            if evidence.values.get("runs_out"):
                more = _("At this pace it is used up on {day}.").format(day=evidence.values["runs_out"])
        said = self._templates.evidence(evidence.kind, evidence, values, who)
        return f"{said}. {more}".rstrip(".") if more else said

    def message(
        self, notice: Notice, around: Surroundings = _NOWHERE, links: Links = _NO_LINKS, said: Said = _NOBODY
    ) -> str:
        """The text of a notice, at most `limit` characters."""
        picture = self._picture(notice.incident, around, notice.at)
        match notice.reason:
            case (
                NoticeReason.NEW
                | NoticeReason.CAUSE_CHANGED
                | NoticeReason.GREW
                | NoticeReason.MERGED
                | NoticeReason.REPEAT
                | NoticeReason.NOT_ACKNOWLEDGED
                | NoticeReason.TICKET
                | NoticeReason.DRILL
            ):
                name = "news"
            case NoticeReason.PARTLY_BACK:
                name = "partly"
            case NoticeReason.RETURNING:
                name = "returning"
            case NoticeReason.ACKNOWLEDGED:
                name = "acknowledged"
            case NoticeReason.OVER:
                name = "news" if notice.incident.condition is Condition.BLIND else "over"
            case _:
                assert_never(notice.reason)
        values = self._values(picture, links, said, notice.reason.value)
        return self._fitted(lambda room: self._templates.render(name, {**values, **room}))

    def _picture(self, incident: Incident, around: Surroundings, now: datetime) -> Picture:
        """The last one again, where it is the same: of a fault with ten thousand members it takes a while."""
        last = self._last
        if last is None or last.incident is not incident or last.around is not around or last.now != now:
            last = self._last = Picture(incident, around, now)
        return last

    def ticket(
        self, incident: Incident, now: datetime, around: Surroundings = _NOWHERE, links: Links = _NO_LINKS
    ) -> str:
        """Ready to be sent to the provider's NOC: circuit, contract, times, every witness. Not cut."""
        values = self._values(Picture(incident, around, now), links, Said(), NoticeReason.TICKET.value)
        return self._templates.render("ticket", {**values, "most": 99, "heard": 99})

    def digest(self, digests: Sequence[Digest]) -> str:
        """One line for each kecamatan, cut at the limit by whole lines."""
        return self._fitted(lambda room: self._templates.render("digest", {"digests": digests, **room}))

    def held(self, count: int, opened: int, over: int, titles: Sequence[str], links: Links = _NO_LINKS) -> str:
        values = {"count": count, "opened": opened, "over": over, "titles": titles, "links": links}
        return self._fitted(lambda room: self._templates.render("held", {**values, **room}))

    def contract(
        self, contract: str, provider: str, ends_on: date, days: int, sites: int = 0, circuits: int = 0
    ) -> str:
        values = {"contract": contract, "provider": provider, "ends_on": ends_on, "days": days}
        return self._templates.render("contract", {**values, "sites": sites, "circuits": circuits})

    def silent(self, since: datetime, place: str, now: datetime) -> str:
        """The dead man's switch: said by the watchdog, not by Kentongan."""
        return self._templates.render("silent", {"since": since, "place": place, "now": now})

    def heard_again(self, since: datetime, place: str, now: datetime) -> str:
        values = {"seconds": (now - since).total_seconds(), "place": place, "now": now}
        return self._templates.render("heard_again", values)

    def test(self, channel: str, now: datetime) -> str:
        return self._templates.render("test", {"channel": channel, "now": now})

    def late(self, seconds: float) -> str:
        """One line under a message that had to wait for its receiver."""
        return self._templates.render("late", {"seconds": seconds})

    def _values(self, picture: Picture, links: Links, said: Said, reason: str) -> dict[str, object]:
        evidence = picture.incident.verdict.evidence
        batteries = [each.values.get("until", "") for each in evidence if each.kind is EvidenceKind.UPS_ON_BATTERY]
        return {
            "p": picture,
            "now": picture.now,
            "links": links,
            "reason": reason,
            "says": self._says(picture),
            "battery_until": min((at for text in batteries if (at := _instant(text))), default=None),
            "dark_villages": picture.dark_villages,
            "dark_names": picture.dark_names,
            "by": said.by,
            "until": said.until,
            "closing": said.closing,
            "closing_note": said.closing_note,
        }

    def _says(self, picture: Picture) -> list[str]:
        """The witnesses' sentences; of a feeder's or provider's fault the one that the title repeats is left out."""
        heard = strongest(picture.incident.verdict.evidence)
        if picture.incident.cause.kind is CauseKind.LINK and picture.incident.verdict.kind is VerdictKind.PROVIDER:
            heard = tuple(each for each in heard if each.kind is not EvidenceKind.ALL_BEHIND_DARK)
        return list(dict.fromkeys(self.evidence(each, picture.around) for each in heard))

    def _fitted(self, render: Callable[[Mapping[str, int]], str]) -> str:
        text = ""
        for most, heard in _ROOM:
            text = render({"most": most, "heard": heard})
            if len(text) <= self._limit:
                return text
        return _cut(text, self._limit)


class _Values(dict[str, str]):
    """What a witness did not say reads as empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _cut(text: str, limit: int) -> str:
    """Whole lines from the middle give way: the first line says whose it is, the last one where to look."""
    lines = text.split("\n")
    while len(lines) > 2 and len("\n".join(lines)) > limit:
        del lines[-2]
    cut = "\n".join(lines)
    return cut if len(cut) <= limit else cut[: limit - 1] + "…"
