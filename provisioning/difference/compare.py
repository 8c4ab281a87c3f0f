"""One device's wanted configuration against what was read of it, in the way of its platform."""

from collections.abc import Callable, Mapping
from fnmatch import fnmatch
from typing import Final, assert_never

from domain.intent import Change, ChangeKind, Configuration, Difference, Platform
from domain.intent.secret_holes import OPENS
from provisioning.difference.absence import left
from provisioning.difference.blocks import compare_blocks, read_blocks
from provisioning.difference.options import compare_options, read_options
from provisioning.difference.statements import compare_statements, read_statements
from provisioning.platforms.linux import FILES, HEADING

FRR_FILE: Final = "/etc/frr/frr.conf"
Compared = tuple[list[Change], int]


def compare(wanted: Configuration, read: str) -> Difference:
    """read: as a backup keeps it, its secrets masked; of Linux the routing daemon's configuration first, then files
    under `==> name <==`. Raises UnreadableConfigurationError.
    """
    files = _files(read)
    changes: list[Change] = []
    same = 0
    for target in wanted.targets:
        lines = list(wanted.lines(target))
        kept = _kept(files, target)
        whole = target and target != FRR_FILE
        found = _file(target, lines, kept) if whole else _running(wanted)(lines, kept or [])
        changes += found[0]
        same += found[1]
    for section in wanted.gone:
        if section.target in ("", FRR_FILE):
            changes += left(wanted, section.lines, _kept(files, section.target) or [])
    last = [change for change in changes if change.kind is ChangeKind.REMOVE]
    return Difference(wanted.device, (*(each for each in changes if each not in last), *last), same)


def _kept(files: Mapping[str, list[str]], target: str) -> list[str] | None:
    kept = files.get(target)
    return files[""] if target == FRR_FILE and (kept is None or _runs(files[""])) else kept


def _runs(read: list[str]) -> bool:
    """What the routing daemons run counts, not what they would begin with; unless they do not run."""
    return any(line.strip() and not line.startswith("!") for line in read)


def _running(whole: Configuration) -> Callable[[list[str], list[str]], Compared]:
    match whole.platform:
        case Platform.ROUTEROS:
            scope = whole.scope
            return lambda wanted, read: compare_statements(read_statements(wanted), read_statements(read), scope)
        case Platform.OPENWRT:
            return lambda wanted, read: compare_options(read_options(wanted), read_options(read))
        case Platform.IOS | Platform.VRP | Platform.FRR | Platform.ZTE_OLT | Platform.HUAWEI_OLT:
            return lambda wanted, read: compare_blocks(read_blocks(wanted), read_blocks(read))
        case _:
            assert_never(whole.platform)


def _file(target: str, wanted: list[str], read: list[str] | None) -> Compared:
    """A whole file: its lines in their order. One that no backup reads cannot be told."""
    if read is None:
        kind = ChangeKind.ADD if any(fnmatch(target, pattern) for pattern in FILES.split()) else ChangeKind.UNTOLD
        return [Change(kind, target, line) for line in wanted], 0
    held = [line.rstrip() for line in read if line.strip()]
    changes: list[Change] = []
    same = 0
    for line in wanted:
        if line in held:
            same += 1
        elif OPENS in line and any(each.startswith(line.partition(OPENS)[0].rstrip('"')) for each in held):
            changes.append(Change(ChangeKind.UNTOLD, target, line))
        else:
            changes.append(Change(ChangeKind.ADD, target, line))
    told = [line.partition(OPENS)[0].rstrip('"') for line in wanted if OPENS in line]
    changes += [
        Change(ChangeKind.REMOVE, target, line)
        for line in held
        if line not in wanted and not any(start and line.startswith(start) for start in told)
    ]
    return changes, same


def _files(read: str) -> Mapping[str, list[str]]:
    """Name of a file → its lines; '' → what stands before the first."""
    files: dict[str, list[str]] = {"": []}
    name = ""
    for line in read.splitlines():
        if line.startswith(HEADING) and line.endswith(" <=="):
            name = line.removeprefix(HEADING).removesuffix(" <==")
            files[name] = []
        else:
            files[name].append(line)
    return files
