"""Debian with FRR: files kept in an archive, a detached timer that brings them back, whole files and vtysh's lines.

What the routing daemon shares with other sites is never replaced: lines are put into its running configuration
(vtysh(1), -f), and what takes them back lies ready beside the archive. The timer does not outlive a restart, so cron
brings the archive back at the next boot (crontab(5), @reboot). Work lies in /var/lib/kentongan/JOB, 0700.
Sources: vtysh(1); interfaces(5), ifup(8); nft(8); sysctl(8); sudo(8).
"""

import shlex
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from typing import Final

from domain.intent import Change, ChangeKind, Difference
from domain.intent.secret_holes import OPENS
from provisioning.difference.compare import FRR_FILE, compare
from provisioning.platforms.pushing.acts import Act, Mark, Say, Send, Situation

PLACE: Final = "/var/lib/kentongan"
SYSTEM: Final = "/run/kentongan-system.sh"
ACCOUNTS: Final = ("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/hostname", "/etc/localtime")
"""What the part `baseline` changes without its being a file of its own."""
ALSO: Final = (*ACCOUNTS, "/etc/nftables.conf", "/etc/sudoers.d/kentongan")
CRON: Final = "/etc/cron.d/kentongan-revert"
INTERFACES: Final = "/etc/network/interfaces.d/*"
DONE: Final = r"^kentongan: done$"
AS_ROOT: Final = 'if [ "$(id -u)" = 0 ]; then sh {script} {words}; else sudo -n sh {script} {words}; fi'

_HEAD: Final = "#!/bin/sh\numask 077\nPATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin\n"
_ACTIVATE: Final = """\
has() { command -v "$1" >/dev/null 2>&1; }
alive() { [ -d /run/systemd/system ] && systemctl is-active --quiet "$1"; }
reload() { if alive "$1"; then systemctl reload-or-restart "$1"; fi; }
"""


class LinuxPushing:
    """Implements Pushing."""

    def arm(self, at: Situation) -> tuple[Act, ...]:
        home = _home(at.mark)
        return (
            Say(f"mkdir -p -m 0700 {home}"),
            Send(f"{home}/restore.sh", restoring(at)),
            Send(f"{home}/undo.conf", "".join(f"{line}\n" for line in undoing(at))),
            Send(f"{home}/arm.sh", arming(at)),
            _run(f"{home}/arm.sh", str(at.mark.seconds)),
        )

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]:
        home = _home(at.mark)
        targets = [target for target in at.configuration.targets if target != FRR_FILE]
        touched = {change.place for change in difference.changes}
        chosen = [target for target in targets if target in touched]
        files = tuple(Send(f"{home}/new-{number}", _text(at, target)) for number, target in enumerate(chosen))
        lines = "".join(f"{line}\n" for line in routing_lines(difference))
        return (
            Say(f"mkdir -p -m 0700 {home}"),
            *files,
            Send(f"{home}/routing.conf", lines),
            Send(f"{home}/push.sh", pushing(at, chosen, bool(lines))),
            _run(f"{home}/push.sh", seconds=180),
        )

    def disarm(self, at: Situation) -> tuple[Act, ...]:
        """Not when it has begun to bring the old back."""
        place = _place(at.mark)
        text = f"set -e\n{_halting(at.mark)}[ ! -e {place}/restoring ] || [ -e {place}/restored ]\nrm -f {CRON}\n"
        return (_script("disarm.sh", text),)

    def save(self, at: Situation) -> tuple[Act, ...]:
        text = f"set -e\n{_ACTIVATE}if has vtysh; then vtysh -c 'write memory' >/dev/null; fi\n"
        return (_script("save.sh", f"{text}touch {_place(at.mark)}/saved\nsync\n"),)

    def revert(self, at: Situation) -> tuple[Act, ...]:
        """What takes lines back is written anew: between then and now others may have been sent."""
        home = _home(at.mark)
        return (
            Say(f"mkdir -p -m 0700 {home}"),
            Send(f"{home}/undo.conf", "".join(f"{line}\n" for line in undoing(at))),
            Send(f"{home}/restore.sh", restoring(at)),
            _script(
                "revert.sh",
                f"set -e\n{_halting(at.mark)}install -m 0600 {home}/undo.conf {home}/restore.sh {_place(at.mark)}/\n"
                f"sh {_place(at.mark)}/restore.sh\n",
            ),
        )

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        place, home = _place(at.mark), _home(at.mark)
        return (_script("tidy.sh", f"rm -rf {place}\n"), Say(f"rm -rf {home}"))


def arming(at: Situation) -> str:
    """Keep once, then start the timer anew. $1: seconds."""
    place, home = _place(at.mark), '"$(dirname "$0")"'
    kept = " ".join(shlex.quote(path) for path in kept_files(at))
    return (
        f"{_HEAD}set -e\n"
        f"mkdir -p -m 0700 {place}\n"
        f"if [ ! -e {place}/kept ]; then\n"
        f"  : > {place}/absent; : > {place}/present\n"
        f'  for file in {kept}; do\n    if [ -e "$file" ]; then echo "${{file#/}}" >> {place}/present; '
        f'else echo "$file" >> {place}/absent; fi\n  done\n'
        f"  tar -C / -cf {place}/before.tar -T {place}/present\n  sync\n  touch {place}/kept\nfi\n"
        f"install -m 0600 {home}/restore.sh {home}/undo.conf {place}/\n"
        f"{_halting(at.mark)}rm -f {place}/restoring {place}/restored\n"
        f"if [ -d /etc/cron.d ]; then echo '@reboot root sh {place}/restore.sh' > {CRON}; fi\n"
        f'nohup setsid sh -c \'sleep "$1"; exec sh {place}/restore.sh\' kentongan-revert "$1" '
        f"> {place}/revert.log 2>&1 < /dev/null &\n"
        f'echo $! > {place}/revert.pid\nsync\necho "kentongan: done"\n'
    )


def restoring(at: Situation) -> str:
    """Back to what was kept. Runs without us: as little as possible may stop it half-way."""
    place = _place(at.mark)
    own = [target for target in at.configuration.targets if target != FRR_FILE]
    ports = list(_ports(at))
    return (
        f"{_HEAD}{_ACTIVATE}cd / || exit 1\n[ -e {place}/kept ] || exit 1\ntouch {place}/restoring\n"
        + "".join(f"if has ifdown; then ifdown --force {shlex.quote(port)} || true; fi\n" for port in ports)
        + f'while read -r file; do rm -f "$file"; done < {place}/absent\n'
        f"tar -C / -xpf {place}/before.tar\n"
        f"if has vtysh && [ -s {place}/undo.conf ]; then {_typed(f'{place}/undo.conf')} >/dev/null; fi\n"
        + _routing_file(at)
        + _live(own)
        + "".join(f"if has ifup; then ifup --force {shlex.quote(port)} 2>/dev/null || true; fi\n" for port in ports)
        + f"rm -f {CRON}\nsync\ntouch {place}/restored\necho 'kentongan: done'\n"
    )


def pushing(at: Situation, chosen: list[str], has_lines: bool) -> str:
    """Whole files into their places, then what reads them. It goes on when our connection breaks."""
    home = _home(at.mark)
    text = f'{_HEAD}set -e\ntrap "" HUP\n{_ACTIVATE}cd "$(dirname "$0")/.."\n'
    if has_lines:
        text += f"vtysh -C -f {home}/routing.conf\n"
    for number, target in enumerate(chosen):
        mode = "0600" if OPENS in _text(at, target) or target == SYSTEM else "0644"
        text += f"mkdir -p {shlex.quote(target.rpartition('/')[0])}\n"
        text += f"install -m {mode} {home}/new-{number} {shlex.quote(target)}.kentongan-new\n"
        text += f"mv {shlex.quote(target)}.kentongan-new {shlex.quote(target)}\nrm -f {home}/new-{number}\n"
    if SYSTEM in chosen:
        text += f"sh {SYSTEM}\n"
    text += _live(chosen)
    for port in _ports(at):
        text += f"if has ifup; then ifup --force {shlex.quote(port)}; fi\n"
    if has_lines:
        text += f"{_typed(f'{home}/routing.conf')}\n"
    return text + 'echo "kentongan: done"\n'


def kept_files(at: Situation) -> tuple[str, ...]:
    """What a push of these parts may change."""
    own = tuple(target for target in at.configuration.targets if target != SYSTEM and target != FRR_FILE)
    system = ALSO if SYSTEM in at.configuration.targets else ()
    routing = (FRR_FILE,) if FRR_FILE in at.configuration.targets and not at.shared else ()
    return tuple(dict.fromkeys((*own, *system, *routing)))


def routing_lines(difference: Difference) -> Iterator[str]:
    """For vtysh, each under its headings."""
    for change in difference.changes:
        if not change.place.startswith("/"):
            yield from _under(
                change.place, _taken_back(change.line) if change.kind is ChangeKind.REMOVE else change.line
            )


def undoing(at: Situation) -> Iterator[str]:
    """What takes back the routing lines that this job sends, the last first."""
    changes = at.sent or compare(at.configuration, at.before).changes
    first: dict[tuple[str, str], Change] = {}
    for change in changes:
        if not change.place.startswith("/"):
            first.setdefault((change.place, change.line), change)
    for change in reversed(first.values()):
        match change.kind:
            case ChangeKind.REMOVE:
                yield from _under(change.place, change.line)
            case ChangeKind.SET if change.before:
                yield from _under(change.place, change.before)
            case ChangeKind.ADD | ChangeKind.SET:
                yield from _under(change.place, _taken_back(change.line))
            case ChangeKind.UNTOLD:
                continue  # it was there before, with whatever secret


def _typed(file: str) -> str:
    return f"{{ echo 'configure terminal'; cat {file}; echo end; }} | vtysh"


def _taken_back(line: str) -> str:
    return line.removeprefix("no ") if line.startswith("no ") else f"no {line}"


def _under(place: str, line: str) -> Iterator[str]:
    headings = [each for each in place.split(" / ") if each]
    yield from (" " * depth + heading for depth, heading in enumerate(headings))
    yield " " * len(headings) + line
    yield from (" " * depth + "exit" for depth in reversed(range(len(headings))))


def _live(targets: Iterable[str]) -> str:
    """What reads files that were written; what is not there is not started."""
    text = ""
    for pattern, command in (
        ("/etc/sysctl.d/*", "sysctl -q -e --system >/dev/null || true"),
        ("/etc/nftables.d/*", "if has nft && [ -r {} ]; then nft -f {}; fi"),
        ("/etc/ssh/*", "reload ssh"),
        ("/etc/snmp/*", "reload snmpd"),
        ("/etc/chrony/*", "reload chrony"),
        ("/etc/rsyslog.d/*", "reload rsyslog"),
        ("/etc/dnsmasq.d/*", "reload dnsmasq"),
    ):
        said = dict.fromkeys(command.replace("{}", shlex.quote(each)) for each in targets if fnmatch(each, pattern))
        text += "".join(f"{line}\n" for line in said)
    return text


def _routing_file(at: Situation) -> str:
    """The daemon's own file where it is shared: what it runs now, which is what it ran before."""
    if FRR_FILE not in at.configuration.targets or not at.shared:
        return ""
    return f"if has vtysh && [ -e {_place(at.mark)}/saved ]; then vtysh -c 'write memory' >/dev/null; fi\n"


def _ports(at: Situation) -> Iterator[str]:
    """Interfaces that the job's files bring up."""
    for target in at.configuration.targets:
        if fnmatch(target, INTERFACES):
            yield from (line.split()[1] for line in at.configuration.lines(target) if line.startswith("auto "))


def _text(at: Situation, target: str) -> str:
    return "".join(f"{line}\n" for line in at.configuration.lines(target))


def _halting(mark: Mark) -> str:
    """The whole group of the timer: its sleep as well."""
    place = _place(mark)
    return (
        f"if [ -s {place}/revert.pid ]; then\n  pid=$(cat {place}/revert.pid)\n"
        "  if grep -qs kentongan-revert /proc/$pid/cmdline; then\n"
        "    kill -s TERM -$pid 2>/dev/null || kill $pid || true\n  fi\n"
        f"  rm -f {place}/revert.pid\nfi\n"
    )


def _script(name: str, text: str) -> Act:
    """A few lines as one command; they hold no secret."""
    whole = f"{_HEAD}{text}echo 'kentongan: done'\n"
    quoted = shlex.quote(whole)
    return Say(
        f'if [ "$(id -u)" = 0 ]; then sh -c {quoted} {name}; else sudo -n sh -c {quoted} {name}; fi',
        ok=DONE,
        seconds=90,
    )


def _run(script: str, words: str = "", seconds: float = 60) -> Say:
    return Say(AS_ROOT.format(script=script, words=words).replace(" ;", ";"), ok=DONE, seconds=seconds)


def _place(mark: Mark) -> str:
    return f"{PLACE}/{mark.job}"


def _home(mark: Mark) -> str:
    """Under the home of whoever is logged in, where a session begins."""
    return f".kentongan-{mark.job}"
