"""How an old configuration comes back: the steps for a person, or for `apply`, in their order. Pure; does nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Final

from provisioning.platforms import ConfigPlatform, Layout

MASKED: Final = "***"
HEADING: Final = "==> "
Path = tuple[str, ...]


class StepKind(StrEnum):
    ARM = "arm"  # so that the device comes back by itself if it locks us out
    ENTER = "enter"
    REMOVE = "remove"
    ADD = "add"
    SECRET = "secret"  # noqa: S105 - a line whose secret is to be filled in before it is said
    BY_HAND = "by-hand"  # no command takes it back
    FILE = "file"  # a file to be written as it was
    LEAVE = "leave"
    SAVE = "save"
    DISARM = "disarm"


@dataclass(frozen=True, slots=True)
class RestoreStep:
    """text: the line to say, as it is indented under its headings, or the name of a file."""

    kind: StepKind
    text: str


def restore_steps(platform: ConfigPlatform, now: str, then: str) -> tuple[RestoreStep, ...]:
    """From what is kept now to what was kept then. Empty if they are equal."""
    running_now, files_now = _parts(now)
    running_then, files_then = _parts(then)
    lines = tuple(_lines(platform, running_now, running_then))
    files = tuple(
        RestoreStep(StepKind.FILE, name)
        for name in dict.fromkeys((*files_then, *files_now))
        if files_then.get(name) != files_now.get(name)
    )
    if not lines and not files:
        return ()
    ways = platform.ways
    return (
        *(RestoreStep(StepKind.ARM, line) for line in ways.arm),
        *(RestoreStep(StepKind.ENTER, line) for line in ways.enter if lines),
        *lines,
        *(RestoreStep(StepKind.LEAVE, line) for line in ways.leave if lines),
        *files,
        *(RestoreStep(StepKind.SAVE, line) for line in ways.save),
        *(RestoreStep(StepKind.DISARM, line) for line in ways.disarm),
    )


def _lines(platform: ConfigPlatform, now: str, then: str) -> Iterator[RestoreStep]:
    match platform.layout:
        case Layout.INDENTED:
            yield from _indented(platform, _paths(platform, now), _paths(platform, then))
        case Layout.PATHS | Layout.SECTIONS:
            held, wanted = _said(platform, now), _said(platform, then)
            for line in (line for line in held if line not in set(wanted)):
                undone = platform.ways.undo(line)
                yield RestoreStep(StepKind.BY_HAND, undone) if undone.startswith("#") else _removed(undone, undone)
            yield from (_added(line, line) for line in wanted if line not in set(held))


def _indented(platform: ConfigPlatform, now: list[Path], then: list[Path]) -> Iterator[RestoreStep]:
    """Removals first: a line that takes another's place often cannot stand beside it."""
    held, wanted = set(now), set(then)
    gone = [path for path in now if path not in wanted and path[:-1] not in held - wanted]
    new = [path for path in then if path not in held]
    for paths, kind in ((gone, StepKind.REMOVE), (new, StepKind.ADD)):
        under: Path = ()
        for path in paths:
            same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(under, path[:-1], strict=False))))
            for depth in range(same, len(path) - 1):
                if not (kind is StepKind.ADD and path[: depth + 1] in new):
                    yield RestoreStep(StepKind.ENTER, " " * depth + path[depth])
            line = platform.ways.undo(path[-1]) if kind is StepKind.REMOVE else path[-1]
            indented = " " * (len(path) - 1) + line
            yield _removed(line, indented) if kind is StepKind.REMOVE else _added(path[-1], indented)
            under = path if kind is StepKind.ADD else path[:-1]


def _added(line: str, shown: str) -> RestoreStep:
    return RestoreStep(StepKind.SECRET if MASKED in line else StepKind.ADD, shown)


def _removed(line: str, shown: str) -> RestoreStep:
    return RestoreStep(StepKind.SECRET if MASKED in line else StepKind.REMOVE, shown)


def _said(platform: ConfigPlatform, text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith(platform.comment)]


def _paths(platform: ConfigPlatform, text: str) -> list[Path]:
    """Each line with the headings it stands under."""
    found: list[Path] = []
    stack: list[tuple[int, str]] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith((platform.comment, "!", "#")) or line in ("end", "return", "exit"):
            continue
        depth = len(raw) - len(raw.lstrip())
        while stack and stack[-1][0] >= depth:
            stack.pop()
        found.append((*(each for _depth, each in stack), line))
        stack.append((depth, line))
    return found


def _parts(text: str) -> tuple[str, dict[str, str]]:
    """The running configuration, and files by their names."""
    running, *rest = f"\n{text}".split(f"\n{HEADING}")
    files = {}
    for part in rest:
        head, _newline, body = part.partition("\n")
        files[head.removesuffix(" <==")] = body.strip("\n")
    return running.lstrip("\n"), files
