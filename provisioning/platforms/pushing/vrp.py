"""Huawei VRP 5 and 8: lines typed in the system view, with a restore armed that needs nobody.

VRP 8 has two phases: what was typed runs on trial (`commit trial`, kept over the end of our session by its name) and
goes by itself unless it is committed; a rollback on another day goes to a file. VRP 5 has neither: a scheduled restart
brings back what is saved, so nothing may run that is not saved when we begin; a rollback on another day starts from a
file. A device that serves other sites never gets a whole configuration back and is not restarted by us: its lines are
taken back one by one.
Sources: Huawei NetEngine 8000 Command Reference: commit, abort trial, rollback configuration, save; S series Command
Reference: save, compare configuration, schedule reboot, startup saved-configuration, reboot.
"""

import re
from dataclasses import replace
from math import ceil
from typing import Final

from domain.intent import Difference
from domain.language import _
from domain.shell import Question
from provisioning.platforms.platform import taken_back
from provisioning.platforms.pushing.acts import Act, Say, Situation
from provisioning.platforms.pushing.lines import Speech, at_spots, prompt_of, typed, undoing

REFUSED: Final = r"^\s*Error:"
SAVED: Final = r"(?i)save the configuration successfully"
SHORTEST_TRIAL_SECONDS: Final = 60
STOPPED: Final = Question(r"(?i)operation will stop the \w+ server\..*continue\? ?\[Y/N\]:? ?$", "y")
KEEP: Final = (
    Question(r"(?i)are you sure to continue\? ?\[Y/N\]:? ?$", "y"),
    Question(r"(?i)are you sure to save the configuration to \S+\? ?\[Y/N\]:? ?$", "y"),
    Question(r"(?i)current configuration will be written to .*\[Y/N\]:? ?$", "y"),
    Question(r"(?i)exists, overwrite\? ?\[Y/N\]:? ?$", "y"),
)
UNKEPT: Final = Question(r"(?i)configuration will be saved to .*\[Y/N\]:? ?$", "n")
DELAYED: Final = Question(r"(?i)^confirm\? ?\[Y/N\]:? ?$", "y")
RESTART: Final = Question(r"(?i)^system will reboot! ?continue ?\? ?\[Y/N\]:? ?$", "y")
ABORTED: Final = Question(r"(?i)trial configuration will be rolled back\. continue\? ?\[Y/N\]:? ?$", "y")
BACK: Final = Question(r"(?i)will revert configuration changes to the file .*continue\? ?\[Y/N\]:? ?$", "y")


def undo(_place: tuple[str, ...], line: str) -> str:
    """A port stands there whatever is configured on it."""
    if re.match(r"interface \w*Ethernet ?[\d/]+$|user-interface |aaa$", line):
        return ""
    return "undo sysname" if line.startswith("sysname ") else taken_back(line, "undo")


class VrpPushing:
    """Implements Pushing. line_seconds: how long one line may take."""

    def __init__(self, line_seconds: float = 30.0) -> None:
        self._speech = Speech(REFUSED, "quit", undo, seconds=line_seconds, answers=(STOPPED,))

    def arm(self, at: Situation) -> tuple[Act, ...]:
        """VRP 8 is armed by the trial itself."""
        kept = Say(
            f"save {_file(at)}", ok=SAVED, answers=KEEP, seconds=120, hint=_("Its flash is full or not writable.")
        )
        if has_trial(at):
            back = () if not at.sent else self._lines_back(at) if at.shared else self._back_to_file(at)
            return (*back, kept)
        first = () if at.sent else (_unchanged(), kept)
        return (
            *first,
            Say(f"schedule reboot delay {_minutes(at)}", bad=REFUSED, answers=(UNKEPT, DELAYED)),
            Say("display schedule reboot", ok=r"\d{1,2}:\d{2}"),
        )

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]:
        lines = list(typed(at.configuration.lines(), difference.changes, self._speech))
        if not lines:
            return ()
        said = tuple(self._speech.say(line) for line in lines)
        seconds = max(SHORTEST_TRIAL_SECONDS, at.mark.seconds)
        trial = (Say(f"commit trial {seconds} persist {_name(at)}", bad=REFUSED, seconds=120),) if has_trial(at) else ()
        return (_ENTER, *said, *trial, _LEAVE)

    def disarm(self, at: Situation) -> tuple[Act, ...]:
        """Both, where the version is not known any more: the other is refused and does no harm."""
        return (_ENTER, Say(f"commit persist {_name(at)}", seconds=120), _LEAVE, Say("undo schedule reboot"))

    def save(self, at: Situation) -> tuple[Act, ...]:
        return (Say("save", ok=SAVED, answers=KEEP, seconds=120),)

    def revert(self, at: Situation) -> tuple[Act, ...]:
        if at.shared:
            return (*self._lines_back(at), *self.disarm(at))
        if has_trial(at):
            return self._back_to_file(at)
        return (
            Say(f"startup saved-configuration {_file(at)}", ok=r"(?i)succe", seconds=60),
            Say("reboot fast", answers=(UNKEPT, RESTART), ends=True, seconds=60),
        )

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        """What was taken back was perhaps saved already. The file stays: VRP 5 may start from it."""
        return self.save(at) if at.sent else ()

    def _back_to_file(self, at: Situation) -> tuple[Act, ...]:
        """A trial that is still on is ended first."""
        named = re.search(r"^sysname (\S+)", at.before, re.MULTILINE)
        prompt = prompt_of(named[1]) if named else ""
        return (
            _ENTER,
            Say(f"abort trial persist {_name(at)}", answers=(ABORTED,), seconds=120, prompt=prompt),
            _LEAVE,
            Say(
                f"rollback configuration to file {_file(at)}", bad=REFUSED, answers=(BACK,), seconds=300, prompt=prompt
            ),
        )

    def _lines_back(self, at: Situation) -> tuple[Act, ...]:
        """Some may be gone already with the trial; what is left over is seen when the device is read again."""
        lines = [self._speech.say(line) for line in at_spots(undoing(at, self._speech), self._speech)]
        if not lines:
            return ()
        told = (*(replace(each, bad="") for each in lines), *((Say("commit", seconds=120),) if has_trial(at) else ()))
        trial = (Say(f"abort trial persist {_name(at)}", answers=(ABORTED,), seconds=120),) if has_trial(at) else ()
        return (_ENTER, *trial, *told, _LEAVE)


_ENTER: Final = Say("system-view", bad=REFUSED)
_LEAVE: Final = Say("return", bad=REFUSED)


def has_trial(at: Situation) -> bool:
    return at.version.startswith("8.")


def _unchanged() -> Say:
    return Say(
        "compare configuration",
        ok=r"(?i)is the same as",
        seconds=60,
        private=True,
        hint=_(
            "It runs something that is not saved, and a restart would lose it. Save it or take it back, then apply."
        ),
    )


def _name(at: Situation) -> str:
    return f"kentongan-{at.mark.job}"


def _file(at: Situation) -> str:
    return f"{_name(at)}.cfg"


def _minutes(at: Situation) -> int:
    return max(1, ceil(at.mark.seconds / 60))
