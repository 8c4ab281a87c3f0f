"""Cisco IOS 15 and IOS XE: lines typed in configuration mode, with a restore armed that needs nobody.

Where the archive has a path, the router itself takes the change back unless it is confirmed in time (`configure
terminal revert timer`): nothing restarts. Where it has none, `reload in` brings back what is saved, so nothing may run
that is not saved when we begin. In both a copy of what ran before lies on the flash, for a rollback on another day.
A router that serves other sites never gets a whole configuration back: its lines are taken back one by one.
Sources: Cisco IOS Managing Configuration Files Configuration Guide: Configuration Rollback Confirmed Change (timer in
minutes, needs `archive path`), Configuration Replace and Configuration Rollback, Contextual Configuration Diff Utility;
Configuration Fundamentals Command Reference: reload, copy, write memory, delete.
"""

import re
from math import ceil
from typing import Final

from domain.intent import Difference
from domain.language import _
from domain.shell import Question
from provisioning.difference.blocks import read_blocks
from provisioning.platforms.platform import taken_back
from provisioning.platforms.pushing.acts import Act, Say, Situation
from provisioning.platforms.pushing.lines import Speech, at_spots, prompt_of, typed, undoing

REFUSED: Final = r"^\s*%(?! ?(?:Warning|WARNING|Info|Generating|[A-Z0-9_]+-\d-))|^Command rejected|^Bad mask|^ERROR:"
FIRST_WITH_TIMER: Final = 15  # 12.4 has it in some trains only
REMOVED: Final = Question(r"^Do you want to continue\? ?\[confirm\] ?$", "")
NAMED: Final = Question(r"^Destination filename \[[^\]]+\]\? ?$", "")
OVER: Final = Question(r"[Oo]ver ?write\? ?\[confirm\] ?$", "")
OLDER: Final = Question(r"^Overwrite the previous NVRAM configuration\? ?\[confirm\] ?$", "")
UNSAVED: Final = Question(r"^System configuration has been modified\. Save\? \[yes/no\]: ?$", "no")
PROCEED: Final = Question(r"^Proceed with reload\? \[confirm\] ?$", "")


def undo(_place: tuple[str, ...], line: str) -> str:
    """A port stands there whatever is configured on it."""
    if re.match(r"interface [A-Z][A-Za-z]*Ethernet[\d/]+$|line ", line):
        return ""
    return taken_back(line, "no")


class IosPushing:
    """Implements Pushing. line_seconds: how long one line may take."""

    def __init__(self, line_seconds: float = 30.0) -> None:
        self._speech = Speech(REFUSED, "exit", undo, seconds=line_seconds, answers=(REMOVED,))

    def arm(self, at: Situation) -> tuple[Act, ...]:
        if has_timer(at.before):
            kept = (*self._back(at), Say("configure confirm")) if at.sent else (_copied(at),)
            timer = f"configure terminal revert timer {_minutes(at)}"
            return (*kept, Say(timer, bad=REFUSED, seconds=120), Say("end"))
        kept = () if at.sent else (_unchanged(), _copied(at))
        return (
            *kept,
            Say(f"reload in {_minutes(at)} kentongan", bad=REFUSED, answers=(UNSAVED, PROCEED)),
            Say("show reload", ok=r"Reload scheduled"),
        )

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]:
        return self._configured(list(typed(at.configuration.lines(), difference.changes, self._speech)))

    def disarm(self, at: Situation) -> tuple[Act, ...]:
        if has_timer(at.before):
            return (Say("configure confirm"),)
        return (Say("reload cancel"), Say("show reload", ok=r"No reload is scheduled"))

    def save(self, at: Situation) -> tuple[Act, ...]:
        return (Say("write memory", ok=r"\[OK\]", answers=(OLDER,), seconds=120),)

    def revert(self, at: Situation) -> tuple[Act, ...]:
        return (*self._back(at), *self.disarm(at)) if at.shared else self._back(at)

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        """What was taken back was perhaps saved already."""
        saved = self.save(at) if at.sent else ()
        return (*saved, Say(f"delete /force {_file(at)}"))

    def _back(self, at: Situation) -> tuple[Act, ...]:
        if at.shared:
            return self._configured(list(at_spots(undoing(at, self._speech), self._speech)))
        named = re.search(r"^hostname (\S+)", at.before, re.MULTILINE)
        prompt = prompt_of(named[1]) if named else ""
        return (Say(f"configure replace {_file(at)} force", ok=r"Rollback Done", seconds=300, prompt=prompt),)

    def _configured(self, lines: list[str]) -> tuple[Act, ...]:
        if not lines:
            return ()
        enter = Say("configure terminal", bad=REFUSED)
        return (enter, *(self._speech.say(line) for line in lines), self._speech.say("end"))


def has_timer(before: str) -> bool:
    """Whether the router takes a change back by itself, from its configuration."""
    archive = read_blocks(before.splitlines()).below.get("archive")
    version = re.search(r"^version (\d+)", before, re.MULTILINE)
    there = archive is not None and any(line.startswith("path ") for line in archive.below)
    return there and version is not None and int(version[1]) >= FIRST_WITH_TIMER


def _unchanged() -> Say:
    return Say(
        "show archive config differences nvram:startup-config system:running-config | include No changes",
        ok=r"No changes were found",
        hint=_(
            "It runs something that is not saved, and a restart would lose it. Save it or take it back, then apply."
        ),
    )


def _copied(at: Situation) -> Say:
    return Say(
        f"copy running-config {_file(at)}",
        ok=r"bytes copied",
        answers=(NAMED, OVER),
        seconds=120,
        hint=_("Its flash is full or not writable."),
    )


def _file(at: Situation) -> str:
    return f"flash:kentongan-{at.mark.job}.cfg"


def _minutes(at: Situation) -> int:
    return max(1, ceil(at.mark.seconds / 60))
