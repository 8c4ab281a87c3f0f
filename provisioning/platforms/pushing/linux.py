"""Debian with FRR: one program as root on the router keeps what is, puts files and routing lines into place, and brings
the old back by itself (`kentongan-apply`, beside this file).

Files and lines are sent to the home of whoever is logged in; the program checks them and does the rest. What the
routing daemons share with other sites is never replaced: lines go into their running configuration (vtysh(1), -f).
Sources: vtysh(1); frr-reload.py (FRR user guide); sudoers(5); systemd-run(1), --on-active; interfaces(5).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

from domain.intent import Change, ChangeKind, Configuration, Difference
from provisioning.difference.compare import FRR_FILE, compare
from provisioning.platforms.pushing.acts import Act, Mark, Say, Send, Situation

PROGRAM: Final = "/usr/local/sbin/kentongan-apply"
VERSION: Final = "kentongan-apply 1"
DONE: Final = r"^kentongan: done$"
AS_ROOT: Final = 'if [ "$(id -u)" = 0 ]; then {words}; else sudo -n {words}; fi'
# Who is not root runs the program that is there: a first contact or Ansible has put it there.
INSTALLING: Final = (
    'if [ "$(id -u)" = 0 ]; then sh {home}/kentongan-apply install; '
    f'elif [ "$(sudo -n {PROGRAM} version 2>/dev/null)" = "{VERSION}" ]; then echo "kentongan: done"; '
    f'else echo "{PROGRAM} is not there, is another version, or sudo asks for a password: how-to, FRR"; fi'
)


_KEPT: Final = ("interface ", "frr ")
"""Headings and words that nobody takes back: an interface is there whether it has lines or not."""


@cache
def program() -> str:
    """The text of `kentongan-apply`."""
    return files("provisioning.platforms.pushing").joinpath("kentongan-apply").read_text("utf-8")


class LinuxPushing:
    """Implements Pushing."""

    def arm(self, at: Situation) -> tuple[Act, ...]:
        home = _home(at.mark)
        whose = "shared" if at.shared else "own"
        return (
            Say(f"mkdir -p -m 0700 {home}"),
            Send(f"{home}/kentongan-apply", program()),
            Say(INSTALLING.format(home=home), ok=DONE),
            Send(f"{home}/targets", _lines(at.configuration.targets)),
            Send(f"{home}/undo.conf", _lines(undoing(at))),
            _run(f"arm {at.mark.job} {at.mark.seconds} {whose}"),
        )

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]:
        home = _home(at.mark)
        touched = {change.place for change in difference.changes}
        chosen = [each for each in at.configuration.targets if each != FRR_FILE and each in touched]
        return (
            Say(f"mkdir -p -m 0700 {home}"),
            *(Send(f"{home}/new-{number}", _text(at.configuration, each)) for number, each in enumerate(chosen)),
            Send(f"{home}/manifest", _lines(f"{number} {each}" for number, each in enumerate(chosen))),
            Send(f"{home}/routing.conf", _lines(routing_lines(difference))),
            _run(f"push {at.mark.job}", seconds=180),
        )

    def disarm(self, at: Situation) -> tuple[Act, ...]:
        """Only if the kernel runs what the files say."""
        return (_run(f"disarm {at.mark.job}"),)

    def save(self, at: Situation) -> tuple[Act, ...]:
        return (_run(f"save {at.mark.job}"),)

    def revert(self, at: Situation) -> tuple[Act, ...]:
        """What takes lines back is sent anew: between then and now others may have been sent. Of a shared router only
        what is there still."""
        if at.shared and at.sent and not _is_there(at):
            return self.disarm(at)
        home = _home(at.mark)
        return (
            Say(f"mkdir -p -m 0700 {home}"),
            Send(f"{home}/undo.conf", _lines(undoing(at))),
            # It may cut us off; then it goes on alone, and whoever logs in anew sees what came of it.
            replace(_run(f"restore {at.mark.job}", seconds=120), ends=True),
        )

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        return (_run(f"tidy {at.mark.job}"),)


def routing_lines(difference: Difference) -> Iterator[str]:
    """For vtysh, each under its headings."""
    for change in difference.changes:
        if not change.place.startswith("/"):
            yield from _under(
                change.place, _taken_back(change.line) if change.kind is ChangeKind.REMOVE else change.line
            )


def whole_routing(configuration: Configuration) -> Iterator[str]:
    """Every routing line of a configuration, for a router that runs none of it yet."""
    return routing_lines(compare(configuration, ""))


def undoing(at: Situation) -> Iterator[str]:
    """What takes back the routing lines that this job sends, the last first."""
    changes = at.sent or compare(at.configuration, at.before).changes
    first: dict[tuple[str, str], Change] = {}
    for change in changes:
        if not change.place.startswith("/") and not change.line.startswith(_KEPT):
            first.setdefault((change.place, change.line), change)
    for change in reversed(first.values()):
        match change.kind:
            case ChangeKind.REMOVE:
                yield from _under(change.place, change.line)
            case ChangeKind.SET if change.before:
                # An interface of FRR has several addresses: the one before is there still, the new one has to go.
                yield from _under(change.place, _taken_back(change.line))
                yield from _under(change.place, change.before)
            case ChangeKind.ADD | ChangeKind.SET:
                yield from _under(change.place, _taken_back(change.line))
            case ChangeKind.UNTOLD:
                continue  # it was there before, with whatever secret


def _is_there(at: Situation) -> bool:
    """Whether anything that this job sent still runs, or stands in a file of its own."""
    changed = compare(at.configuration, at.now).changes
    missing = {(each.place, each.line) for each in changed if each.kind is not ChangeKind.REMOVE}
    return any((each.place, each.line) not in missing for each in at.sent if not each.line.startswith(_KEPT))


def _taken_back(line: str) -> str:
    return line.removeprefix("no ") if line.startswith("no ") else f"no {line}"


def _under(place: str, line: str) -> Iterator[str]:
    headings = [each for each in place.split(" / ") if each]
    yield from (" " * depth + heading for depth, heading in enumerate(headings))
    yield " " * len(headings) + line
    yield from (" " * depth + "exit" for depth in reversed(range(len(headings))))


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _text(configuration: Configuration, target: str) -> str:
    return _lines(configuration.lines(target))


def _run(words: str, seconds: float = 60) -> Say:
    return Say(AS_ROOT.format(words=f"{PROGRAM} {words}"), ok=DONE, seconds=seconds)


def _home(mark: Mark) -> str:
    """Under the home of whoever is logged in, where a session begins."""
    return f".kentongan-{mark.job}"
