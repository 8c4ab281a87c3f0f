"""Plays a timeline on a stage and judges it: each want is met by one notice, and nothing else may be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never

from alerts.desk import OrderRefusedError
from alerts.dispatch.writing import Writer
from domain.incidents import Act
from kentongan.drill.stage import Stage, Told
from kentongan.drill.timeline.records import (
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
)
from kentongan.drill.timeline.times import ZONE

PERSON = "Operator"


@dataclass(frozen=True, slots=True)
class Judgement:
    """problems: what was otherwise, in words with the line of the timeline; none: all is as wanted."""

    told: tuple[Told, ...]
    problems: tuple[str, ...]


def play(timeline: Timeline, writer: Writer | None = None, seed: int = 1) -> Judgement:
    stage = Stage.of(timeline.network, seed, began=timeline.began, writer=writer)
    looks = [want for want in timeline.wants if isinstance(want, StateIs)]
    todo: list[tuple[float, int, Deed | StateIs]] = [(each.at, each.line, each.deed) for each in timeline.deeds]
    todo += [(want.at, want.line, want) for want in looks]
    problems = []
    for at, line, what in sorted(todo, key=lambda each: each[:2]):
        stage.run_to(at)
        if isinstance(what, StateIs):
            state = stage.state(what.device)
            if state != what.state:
                problems.append(f"line {line}: {what.device} is {state} at {_shown(timeline, at)}, not {what.state}")
        else:
            refused = _do(stage, what)
            problems += [f"line {line}: {refused}"] if refused else []
    stage.run_to(timeline.ends)
    told = tuple(stage.told)
    return Judgement(told, (*problems, *_unmet(timeline, told)))


def _do(stage: Stage, deed: Deed) -> str:
    """What kept it from being done; nearly always nothing."""
    match deed:
        case Broke(verb, name):
            stage.world.order(verb, name, stage.unix)
        case Flaps(link, turn):
            stage.world.flap(link, turn, stage.unix)
        case Beats(site, fields):
            stage.heartbeat(site, fields)
        case Restarts(off, clock):
            stage.restart(off, clock)
        case ClockSet():
            stage.clock_offset = 0.0
        case Ordered(kind, cause):
            incident = next((each for each in stage.open if each.cause.name == cause), None)
            if incident is None:
                return f"no incident with the cause {cause} is open"
            try:
                stage.order(Act(incident.id, stage.now.utc, PERSON, kind))
            except OrderRefusedError as error:
                return str(error)
        case _:
            assert_never(deed)
    return ""


def _unmet(timeline: Timeline, told: tuple[Told, ...]) -> list[str]:
    left, problems = list(told), []
    for want in timeline.wants:
        if isinstance(want, Notice):
            found = next((each for each in left if _is_meant(want, each)), None)
            if found is None:
                problems.append(_missing(timeline, want, left))
            else:
                left.remove(found)
                problems += [f"line {want.line}: {what}" for what in _otherwise(want.conditions, found.body)]
        elif isinstance(want, Silence):
            loud = [each for each in left if want.after <= each.at <= want.until]
            problems += [f"line {want.line}: {_described(timeline, each)}" for each in loud]
            left = [each for each in left if each not in loud]
    problems += [f"nobody wanted: {_described(timeline, each)}" for each in left]
    return problems


def _is_meant(want: Notice, told: Told) -> bool:
    if told.body["event"] != want.event or not want.after <= told.at <= want.by:
        return False
    incident = told.body["incident"]
    causes = [incident["cause"], *incident["indistinct"]]
    return any(cause["kind"] == want.kind and cause["name"] == want.name for cause in causes)


def _otherwise(conditions: tuple[Condition, ...], body: Mapping[str, Any]) -> list[str]:
    found = []
    for each in conditions:
        value = _value(each.key, body)
        fits = int(value) >= int(each.value) if each.at_least else (value == each.value) != each.negated
        if not fits:
            words = f"{'not ' if each.negated else ''}{'at least ' if each.at_least else ''}{each.value}"
            found.append(f"{body['event']} was told with {each.key} {value}, wanted {words}")
    return found


def _value(key: str, body: Mapping[str, Any]) -> str:
    incident = body["incident"]
    match key:
        case "villages":
            return str(len(incident["impact"]["villages"]))
        case "members":
            return str(len(incident["members"]))
        case "charged":
            return str(incident["owner"])
        case "reason":
            return str(body["reason"])
        case _:
            return str(incident[key])


def _missing(timeline: Timeline, want: Notice, left: list[Told]) -> str:
    wanted = f"{want.event} {want.kind} {want.name}".strip()
    told = [_described(timeline, each) for each in left if each.at > want.after]
    near = f" Told after that: {'; '.join(told[:3])}" if told else " Nothing was told after that."
    return f"line {want.line}: {wanted} was not told by {_shown(timeline, want.by)}.{near}"


def _described(timeline: Timeline, told: Told) -> str:
    incident = told.body["incident"]
    cause = f"{incident['cause']['kind']} {incident['cause']['name']}".strip()
    villages = len(incident["impact"]["villages"])
    what = f"{told.body['event']} ({told.body['reason']}) {cause}, {villages} villages, {incident['verdict']}"
    return f"{what} at {_shown(timeline, told.at)}"


def _shown(timeline: Timeline, at: float) -> str:
    clock = datetime.fromtimestamp(timeline.began, ZONE) + timedelta(seconds=at)
    return f"{at:.0f}s ({clock:%H:%M:%S})"
