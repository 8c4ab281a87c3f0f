"""Configurations for people: rows of tables, words for causes, differences, steps. Pure."""

import difflib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from collectors.syslog import LogEntry, LogKind
from domain.language import _
from domain.shell.words import cause_word
from provisioning.backup import (
    BackupState,
    Fate,
    Outcome,
    RestoreStep,
    Revision,
    StepKind,
    Subject,
    Timetable,
    is_stale,
)

SHORT_ID = 10


def fate_word(fate: Fate) -> str:
    return {
        Fate.FIRST: _("kept for the first time"),
        Fate.CHANGED: _("changed, kept"),
        Fate.UNCHANGED: _("unchanged"),
        Fate.FAILED: _("failed"),
    }[fate]


def outcome_plain(outcome: Outcome) -> dict[str, Any]:
    return {
        "device": outcome.device,
        "fate": outcome.fate.value,
        "revision": outcome.revision or None,
        "added": outcome.added,
        "removed": outcome.removed,
        "cause": outcome.cause or None,
        "message": outcome.message or None,
        "octets": outcome.octets,
        "seconds": round(outcome.seconds, 3),
    }


def outcome_row(outcome: Outcome) -> list[Any]:
    what = cause_word(outcome.cause) if outcome.cause else fate_word(outcome.fate)
    counts = f"+{outcome.added} -{outcome.removed}" if outcome.fate in (Fate.FIRST, Fate.CHANGED) else ""
    return [outcome.device, what, counts, outcome.revision[:SHORT_ID], outcome.message]


def state_plain(name: str, platform: str, state: BackupState | None, stale: bool) -> dict[str, Any]:
    state = state or BackupState(name)
    return {
        "device": name,
        "platform": platform,
        "goodAt": _iso(state.good_at),
        "changedAt": _iso(state.changed_at),
        "triedAt": _iso(state.tried_at),
        "revision": state.revision or None,
        "lines": state.lines,
        "stale": stale,
        "failures": state.failures,
        "cause": state.cause or None,
        "message": state.message or None,
    }


def state_rows(
    subjects: Iterable[Subject], states: dict[str, BackupState], table: Timetable, now: datetime
) -> list[dict[str, Any]]:
    """Those that need somebody first."""
    rows = [
        state_plain(
            each.device, each.platform.name, states.get(each.device), is_stale(states.get(each.device), table, now)
        )
        for each in subjects
    ]
    return sorted(rows, key=lambda row: (not row["stale"], row["cause"] is None, row["device"]))


def revision_plain(revision: Revision) -> dict[str, Any]:
    return {
        "revision": revision.id,
        "at": revision.at.isoformat(),
        "who": revision.who or None,
        "why": revision.why,
        "added": revision.added,
        "removed": revision.removed,
    }


def revision_row(revision: Revision, zone: ZoneInfo) -> list[Any]:
    return [
        revision.id[:SHORT_ID],
        when(revision.at, zone),
        f"+{revision.added} -{revision.removed}",
        revision.who,
        revision.why,
    ]


def entry_plain(entry: LogEntry) -> dict[str, Any]:
    return {
        "device": entry.device,
        "at": _iso(entry.at),
        "kind": entry.kind.value,
        "who": entry.who or None,
        "from": entry.origin or None,
        "text": entry.text,
    }


def entry_row(entry: LogEntry, zone: ZoneInfo) -> list[Any]:
    words = {
        LogKind.CHANGED: _("changed"),
        LogKind.SAVED: _("saved"),
        LogKind.LOGIN: _("came in"),
        LogKind.LOGOUT: _("left"),
        LogKind.REFUSED: _("refused"),
    }
    at = when(datetime.fromtimestamp(entry.at, UTC), zone)
    return [at, words[entry.kind], entry.who, entry.origin, entry.text]


def unified(before: str, after: str, names: tuple[str, str]) -> list[str]:
    """Lines as `diff -u` writes them, without newlines."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="")
    return list(lines)


def step_lines(device: str, steps: Iterable[RestoreStep], revision: str) -> Iterator[str]:
    """What a person does, one line each."""
    for step in steps:
        match step.kind:
            case StepKind.FILE:
                yield _("write the file {file} as it was: kentongan config show {device} --at {revision}").format(
                    file=step.text, device=device, revision=revision[:SHORT_ID]
                )
            case StepKind.SECRET:
                yield f"{step.text}    <- " + _("fill in the secret where the stars are")
            case StepKind.BY_HAND:
                yield _("no command takes this back by itself, look at it: {line}").format(line=step.text.lstrip("# "))
            case StepKind.ARM:
                yield f"{step.text}    <- " + _("first: the way back if this locks us out")
            case StepKind.DISARM:
                yield f"{step.text}    <- " + _("only when everything works")
            case StepKind.ENTER | StepKind.REMOVE | StepKind.ADD | StepKind.LEAVE | StepKind.SAVE:
                yield step.text


def when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H.%M %Z}"


def _iso(unix_seconds: float) -> str | None:
    return datetime.fromtimestamp(unix_seconds, UTC).isoformat(timespec="seconds") if unix_seconds else None
