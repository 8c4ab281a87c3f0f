"""MikroTik RouterOS 6 and 7: a backup on the device, two scheduler entries that load it, an import of short lines.

A backup that is loaded restarts the router and brings back everything, users and the schedule of before among it. A
router that serves other sites is not restarted when it still listens: its lines are taken back one by one.
Sources: help.mikrotik.com, Backup; Scheduler; Configuration Management (import, dry-run since 7.16); Scripting.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from domain.intent import Change, ChangeKind, Difference
from domain.shell import Question
from provisioning.difference.statements import NAMES, Statement, default_of, read_statements
from provisioning.platforms.pushing.acts import Act, Mark, Say, Send, Situation

REVERT: Final = "kentongan-revert"
AT_BOOT: Final = "kentongan-revert-boot"
REFUSED: Final = r"(?i)^(?:failure:|expected |bad command|syntax error|input does not match|no such |invalid |error )"
DRY_REFUSED: Final = rf"(?i)Found [1-9]\d* error|{REFUSED[4:]}"
IMPORTED: Final = r"executed successfully"
SETTLE_SECONDS: Final = 0.02  # after its answer and the prompt nothing comes
PROMPT: Final = r"^\[[^\n\]@]*@[^\n\]]*\] [^\n>]*> ?$"
YES: Final = Question(r"\[y/N\]:? ?$", "y")
_TOKEN = re.compile(r'\[[^\]]*\]|(?:[^\s"=\[]+=)?"(?:\\.|[^"\\])*"|[^\s"]+')


class RouterOsPushing:
    """Implements Pushing."""

    def arm(self, at: Situation) -> tuple[Act, ...]:
        name, load = _backup(at.mark), _loading(at.mark)
        return (
            _say(
                f':if ([:len [/file find where name="{name}.backup"]] = 0) do='
                f"{{/system backup save name={name} dont-encrypt=yes}}",
                bad=REFUSED,
                seconds=60,
            ),
            _say(f':put [:len [/file find where name="{name}.backup"]]', ok=r"^1$"),
            *_disarming(),
            _say(f"/system scheduler add name={REVERT} interval={at.mark.seconds}s on-event={load}", bad=REFUSED),
            _say(f"/system scheduler add name={AT_BOOT} start-time=startup on-event={load}", bad=REFUSED),
            _say(_counting(), ok=r"^2$"),
        )

    def push(self, at: Situation, difference: Difference) -> tuple[Act, ...]:
        script = f"{_backup(at.mark)}.rsc"
        gone = _say(f'/file remove [find where name="{script}"]')
        if not difference.changes:
            return (gone,)  # it was told before we were interrupted
        files = tuple(
            Send(target.lstrip("/"), "".join(f"{line}\n" for line in at.configuration.lines(target)))
            for target in at.configuration.targets
            if target
        )
        dry: tuple[Say, ...] = ()
        if has_dry_run(at.version):
            dry = (_say(f"/import file-name={script} verbose=yes dry-run", bad=DRY_REFUSED, seconds=120),)
        return (
            *files,
            Send(script, "".join(f"{line}\n" for line in script_of(difference.changes))),
            *dry,
            _say(f"/import file-name={script}", ok=IMPORTED, seconds=300, prompt=PROMPT),
            gone,
        )

    def disarm(self, at: Situation) -> tuple[Act, ...]:
        return (*_disarming(), _say(_counting(), ok=r"^0$"))

    def save(self, at: Situation) -> tuple[Act, ...]:
        """RouterOS writes each change at once."""
        return ()

    def revert(self, at: Situation) -> tuple[Act, ...]:
        if not at.shared:
            return (_say(f'/system backup load name={_backup(at.mark)} password=""', answers=(YES,), ends=True),)
        lines = tuple(undoing(at.before, at.now, at.sent))
        return (*(_say(line, bad=REFUSED) for line in lines), *self.disarm(at))

    def tidy(self, at: Situation) -> tuple[Act, ...]:
        name = _backup(at.mark)
        return tuple(_say(f'/file remove [find where name="{name}.{kind}"]') for kind in ("backup", "rsc"))


def _say(text: str, **expected: Any) -> Say:
    return Say(text, settle_seconds=SETTLE_SECONDS, **expected)


def has_dry_run(version: str) -> bool:
    numbers = [int(part) for part in re.findall(r"\d+", version)[:2]]
    return numbers >= [7, 16]


def script_of(changes: Iterable[Change]) -> Iterator[str]:
    """The lines to import. What `/export` does not show is asked for first, so that it may be said again."""
    for change in changes:
        (statement,) = read_statements([change.line])
        words = _arguments(change.line)
        match change.kind, statement.verb:
            case ChangeKind.REMOVE, _:
                yield f"{statement.path} remove [find where {_where(statement)}]"
            case ChangeKind.SET | ChangeKind.UNTOLD, "add" if statement.path != "/user":
                yield f"{statement.path} set [find where {_where(statement)}] {' '.join(words)}"
            case ChangeKind.UNTOLD, "add":
                there = f"[find where {_where(statement)}]"
                yield f":if ([:len [{statement.path} {there[1:-1]}]] = 0) do={{{change.line}}}"
                yield f"{statement.path} set {there} {' '.join(words[1:])}"
            case ChangeKind.UNTOLD, "import":
                user = statement.arguments.get("user", "")
                file = statement.arguments.get("public-key-file", "")
                yield f':if ([:len [/user ssh-keys find where user="{user}"]] = 0) do={{{change.line}}}'
                yield f'/file remove [find where name="{file}"]'
            case _:
                yield change.line


def undoing(before: str, now: str, sent: Iterable[Change]) -> Iterator[str]:
    """Lines that bring back what was before of what was sent, the last first; what did not take effect is left."""
    then = {each.key: each for each in read_statements(before.splitlines())}
    held = {each.key: each for each in read_statements(now.splitlines())}
    touched = {key: each for change in sent for each in read_statements([change.line]) for key in (each.key,)}
    for key, statement in reversed(touched.items()):
        was, is_ = then.get(key), held.get(key)
        if is_ is not None and was is None and is_.verb == "add":
            yield f"{statement.path} remove [find where {_where(is_)}]"
        elif was is not None and is_ is None:
            yield was.line
        elif was is not None and is_ is not None and was.arguments != is_.arguments:
            words = " ".join([*_arguments(was.line), *_as_by_default(was, is_)])
            yield was.line if was.verb == "set" else f"{was.path} set [find where {_where(was)}] {words}"


def _as_by_default(was: Statement, is_: Statement) -> Iterator[str]:
    """What an export left out because it was as it is by default, and is not so now."""
    for name in is_.arguments:
        value = default_of(was, name)
        if name not in was.arguments and value is not None:
            yield f"{name}={value}"


def _arguments(line: str) -> list[str]:
    """As they are written."""
    return [word for word in _TOKEN.findall(line) if "=" in word and not word.startswith("[")]


def _where(statement: Statement) -> str:
    """What finds the item, as it is written."""
    written = {word.partition("=")[0]: word for word in _arguments(statement.line)}
    names: tuple[str, ...] = NAMES.get(statement.path, ("name",) if "name" in written else ("comment",))
    chosen = [written[name] for name in names if name in written] or list(written.values())
    return " ".join(_compared(word) for word in chosen)


def _compared(word: str) -> str:
    """In an expression a bare word may be a calculation: `a-b`."""
    name, _equals, value = word.partition("=")
    return word if value.startswith('"') or re.fullmatch(r"[\d./:]+", value) else f'{name}="{value}"'


def _backup(mark: Mark) -> str:
    return f"kentongan-{mark.job}"


def _loading(mark: Mark) -> str:
    return f'"/system backup load name={_backup(mark)} password=\\"\\""'


def _disarming() -> tuple[Say, ...]:
    return tuple(
        _say(f'/system scheduler remove [find where name="{name}"]', bad=REFUSED) for name in (REVERT, AT_BOOT)
    )


def _counting() -> str:
    counts = (f'[:len [/system scheduler find where name="{name}"]]' for name in (REVERT, AT_BOOT))
    return f":put ({' + '.join(counts)})"
