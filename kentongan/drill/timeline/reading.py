"""Reads a timeline. Every error names its line and what would be right; all of them are told at once."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from domain.incidents import ActKind, CauseKind, NoticeEvent
from domain.language import _
from domain.states import State
from kentongan.drill.network import Network, random_network
from kentongan.drill.timeline.ground import Ground, GroundError
from kentongan.drill.timeline.records import (
    At,
    Beats,
    Broke,
    ClockSet,
    Condition,
    Deed,
    Flaps,
    Notice,
    Ordered,
    Restarts,
    Silence,
    StateIs,
    Timeline,
    Want,
)
from kentongan.drill.timeline.times import instant, moment, span
from kentongan.drill.truth import Truth
from kentongan.drill.world import UnknownOrderError, Verb, World
from kentongan.errors import KentonganError

BEGINS: Final = ("2026-11-02", "06:00")
LONGER_SECONDS: Final = 900.0
_GROUND: Final = ("site", "device", "link", "line", "village", "villages")
_ACTS: Final = {"acknowledge": ActKind.ACKNOWLEDGED, "done": ActKind.DONE}
_CONDITIONS: Final = ("villages", "members", "verdict", "confidence", "charged", "reason", "condition")


class TimelineError(KentonganError):
    """What is wrong in a timeline, one sentence a line of it."""


@dataclass(slots=True)
class _Reader:
    title: str = ""
    began: float = field(default_factory=lambda: instant(*BEGINS))
    ends: float | None = None
    ground: Ground = field(default_factory=Ground)
    given: Network | None = None
    deeds: list[At] = field(default_factory=list)
    wants: list[Want] = field(default_factory=list)
    last: float = 0.0  # time of the last `at` above

    def line(self, number: int, words: list[str]) -> None:
        """Raises ValueError with the cure as its text."""
        match words:
            case ["scenario", *rest]:
                self.title = " ".join(rest)
            case ["begins", date, clock]:
                self.began = _timed(lambda text: instant(*text.split()), f"{date} {clock}", "2026-11-02 06:00")
            case ["network", "random", seed] if seed.isdecimal():
                self.given = random_network(int(seed))
            case [word, *_rest] if word in _GROUND:
                self.ground.line(words)
            case ["ends", at]:
                self.ends = self._moment(at)
            case ["at", at, *deed]:
                self.last = self._moment(at)
                self.deeds.append(At(number, self.last, self._deed(deed)))
            case ["want", *rest]:
                self.wants.append(self._want(number, rest))
            case _:
                known = ("scenario", "begins", "network", *_GROUND, "at", "want", "ends")
                raise ValueError(_("a line begins with one of: {known}").format(known=", ".join(known)))

    def _moment(self, text: str) -> float:
        return _timed(lambda each: moment(each, self.began), text, "90s, 5m, 1h30m · 10:00")

    def _deed(self, words: list[str]) -> Deed:
        match words:
            case ["flap", link, "every", every]:
                return Flaps(link, _timed(span, every, "90s"))
            case ["steady", link]:
                return Flaps(link, 0.0)
            case ["heartbeat", site, "stops"]:
                return Beats(site, None)
            case ["heartbeat", site, "says", *said] if said and len(said) % 2 == 0:
                return Beats(site, _heartbeat(said))
            case ["restart", "after", off]:
                return Restarts(_timed(span, off, "10m"))
            case ["restart", "after", off, "clock", date, clock]:
                at = _timed(lambda text: instant(*text.split()), f"{date} {clock}", "2021-01-01 00:00")
                return Restarts(_timed(span, off, "10m"), at)
            case ["clock", "right"]:
                return ClockSet()
            case [word, cause] if word in _ACTS:
                return Ordered(_ACTS[word], cause)
            case [Verb.UNPLUG_POLLER.value]:
                return Broke(Verb.UNPLUG_POLLER, "poller")
            case [word, name] if word in {verb.value for verb in Verb}:
                return Broke(Verb(word), name)
            case _:
                known = [verb.value for verb in Verb]
                known += ["flap LINK every 90s", "steady LINK", "heartbeat SITE says internet ok dns dead"]
                known += ["heartbeat SITE stops", "restart after 10m", "clock right", *_ACTS]
                raise ValueError(_("what is done is one of: {known}").format(known=" · ".join(known)))

    def _want(self, number: int, words: list[str]) -> Want:
        match words:
            case ["nothing", "until", until]:
                return Silence(number, self.last, self._moment(until))
            case ["state", device, state, "at", at] if state in {each.value for each in State}:
                return StateIs(number, device, state, self._moment(at))
            case [event, kind, *rest] if event in set(NoticeEvent) and kind in set(CauseKind):
                return self._notice(number, event, kind, rest)
            case _:
                forms = f"{'|'.join(NoticeEvent)} {'|'.join(CauseKind)} NAME by TIME with …"
                forms += f" · nothing until TIME · state DEVICE {'|'.join(State)} at TIME"
                raise ValueError(_("what is wanted is: {forms}").format(forms=forms))

    def _notice(self, number: int, event: str, kind: str, rest: list[str]) -> Notice:
        name = "" if kind == CauseKind.POLLER and rest[:1] == ["by"] else " ".join(rest[:1])
        rest = rest if not name else rest[1:]
        if len(rest) < 2 or rest[0] != "by":
            raise ValueError(_("say until when: by 150s"))
        by = self._moment(rest[1])
        conditions = _conditions(rest[2:])
        if by <= self.last:
            raise ValueError(_("by {by} is before the `at` above it").format(by=rest[1]))
        return Notice(number, event, kind, name, self.last, by, conditions)

    def timeline(self) -> Timeline:
        network = self.given or self.ground.network()
        times = [each.at for each in self.deeds]
        times += [want.by if isinstance(want, Notice) else want.until if isinstance(want, Silence) else want.at
                  for want in self.wants]  # fmt: skip
        ends = max(times, default=0.0) + LONGER_SECONDS if self.ends is None else self.ends
        return Timeline(self.title, network, self.began, ends, tuple(self.deeds), tuple(self.wants))


def read_timeline(text: str) -> Timeline:
    """Raises TimelineError with everything that is wrong."""
    reader, errors = _Reader(), []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            title = line.strip().startswith("scenario ")  # a sentence, in which an apostrophe is no quotation mark
            words = line.split() if title else shlex.split(line, comments=True)
            if words:
                reader.line(number, words)
        except (GroundError, ValueError) as error:
            errors.append(_("line {number}: {line}: {cure}").format(number=number, line=line.strip(), cure=error))
    if not errors:
        errors += _check(reader)
    if errors:
        raise TimelineError("\n".join(errors))
    return reader.timeline()


def _check(reader: _Reader) -> list[str]:
    """Names against the network, in the order of time."""
    if not reader.given and not reader.ground:
        return [_("there is no network: write `network random 7`, or site, device, link and village lines")]
    timeline = reader.timeline()
    world, errors = World(Truth(timeline.network.inventory), timeline.began), []
    for each in sorted(timeline.deeds, key=lambda deed: deed.at):
        try:
            match each.deed:
                case Broke(verb, name):
                    world.order(verb, name, each.at)
                case Flaps(link, turn):
                    world.flap(link, turn, each.at)
                case Beats(site, _fields) if site not in world.truth.sites:
                    raise UnknownOrderError(_("there is no site {site}").format(site=site))
                case _:
                    pass
        except UnknownOrderError as error:
            errors.append(_("line {number}: {cure}").format(number=each.line, cure=error))
    unknown = [w for w in timeline.wants if isinstance(w, StateIs) and w.device not in world.truth.devices]
    errors += [_("line {number}: there is no device {name}").format(number=w.line, name=w.device) for w in unknown]
    return errors


def _timed(read: Callable[[str], float], text: str, example: str) -> float:
    try:
        return read(text)
    except (ValueError, TypeError):
        raise ValueError(
            _("{text} is no time; write for example {example}").format(text=text, example=example)
        ) from None


def _heartbeat(said: list[str]) -> dict[str, str]:
    """`internet ok dns dead` to the fields that a site pushes."""
    fields = {}
    for what, how in zip(said[::2], said[1::2], strict=True):
        if what not in ("internet", "dns") or how not in ("ok", "dead"):
            raise ValueError(_("a heartbeat says for example: internet ok dns dead"))
        target = "1.1.1.1" if what == "internet" else "dns.google"
        fields[what] = f"{target},0,20" if how == "ok" else f"{target},100"
    return fields


def _conditions(words: list[str]) -> tuple[Condition, ...]:
    if not words:
        return ()
    if words[0] != "with":
        raise ValueError(_("conditions begin with the word with: with villages 8 verdict power"))
    found, rest = [], words[1:]
    while rest:
        key, rest = rest[0], rest[1:]
        if key not in _CONDITIONS:
            raise ValueError(_("{key} is not one of: {known}").format(key=key, known=", ".join(_CONDITIONS)))
        negated, at_least = rest[:1] == ["not"], rest[:2] == ["at", "least"]
        rest = rest[1:] if negated else rest[2:] if at_least else rest
        if key == "charged" and rest[:1] == ["to"]:
            rest = rest[1:]
        if not rest:
            raise ValueError(_("after {word} a value is missing").format(word=key))
        found.append(Condition(key, rest[0], negated, at_least))
        rest = rest[1:]
    return tuple(found)
