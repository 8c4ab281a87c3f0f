"""`uci`, as OpenWrt documents it: configuration in /etc/config, what is not committed yet in a folder of its own.

A program: `python3 -I …/lab/openwrt/uci.py show network`, by nothing but the standard library, so that any Python runs
it. What the documentation does not name is refused with the usage, as the real one does. `-t`, `-P` and the other
options beyond `-q`, `-c` and `-p` are not there.
Source: openwrt.org, The UCI system (command-line utility; file syntax; `batch`; staged changes in /tmp/.uci).
"""

import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

USAGE = """\
Usage: uci [<options>] <command> [<arguments>]

Commands:
\tbatch
\texport     [<config>]
\tchanges    [<config>]
\tcommit     [<config>]
\tadd        <config> <section-type>
\tadd_list   <config>.<section>.<option>=<string>
\tdel_list   <config>.<section>.<option>=<string>
\tshow       [<config>[.<section>[.<option>]]]
\tget        <config>.<section>[.<option>]
\tset        <config>.<section>[.<option>]=<value>
\tdelete     <config>[.<section>[[.<option>][=<id>]]]
\trevert     <config>[.<section>[.<option>]]

Options:
\t-c <path>  set the search path for config files (default: /etc/config)
\t-p <path>  set the path of changes that are not committed (default: /tmp/.uci)
\t-q         quiet mode (don't print error messages)
"""
_NAME = re.compile(r"[A-Za-z0-9_]+")
_PACKAGE = re.compile(r"[A-Za-z0-9_-]+")
_PLACE = re.compile(r"([\w-]+)(?:\.(@?[\w-]+(?:\[-?\d+\])?)(?:\.([\w-]+))?)?")


class UciError(Exception):
    """In the words of the real one."""


class Section:
    """options: name → a text, or a list of them."""

    def __init__(self, kind: str, name: str = "") -> None:
        self.kind = kind
        self.name = name
        self.options: dict[str, str | list[str]] = {}


class Package:
    """One file of /etc/config with its uncommitted changes applied."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sections: list[Section] = []

    def find(self, written: str) -> Section | None:
        if not written.startswith("@"):
            return next((each for each in self.sections if each.name == written), None)
        match = re.fullmatch(r"@([\w-]+)\[(-?\d+)\]", written)
        if match is None:
            raise UciError("Invalid argument")
        of_kind = [each for each in self.sections if each.kind == match[1]]
        number = int(match[2])
        return of_kind[number] if -len(of_kind) <= number < len(of_kind) else None

    def shown_name(self, section: Section) -> str:
        if section.name:
            return section.name
        of_kind = [each for each in self.sections if each.kind == section.kind]
        return f"@{section.kind}[{of_kind.index(section)}]"


class Uci:
    """The command line's acts on two folders."""

    def __init__(self, folder: Path, changes: Path) -> None:
        self._folder = folder
        self._changes = changes

    def run(self, words: Sequence[str]) -> Iterator[str]:
        """Lines to print. Raises UciError."""
        match list(words):
            case ["export", *names] if len(names) < 2:
                for name in names or self._names():
                    yield from exported(self._loaded(name))
            case ["show"]:
                for name in self._names():
                    yield from shown(self._loaded(name))
            case ["show", place]:
                yield from self._show(place)
            case ["get", place]:
                yield self._get(place)
            case ["changes", *names] if len(names) < 2:
                for name in names or sorted(path.name for path in self._staged()):
                    yield from (_shown_change(line) for line in self._pending(name))
            case ["commit", *names] if len(names) < 2:
                for name in names or [path.name for path in self._staged()]:
                    self._commit(name)
            case ["revert", place]:
                package, section, _option = _split(place)
                kept = [line for line in self._pending(package) if section and not _touches(line, place)]
                self._stage(package, kept)
            case ["set" | "add_list" | "del_list" | "delete" | "add", *_rest]:
                yield from self._change(words)
            case ["batch"]:
                yield from self._batch()
            case _:
                raise UciError("usage")

    def _change(self, words: Sequence[str]) -> Iterator[str]:
        if len(words) != (3 if words[0] == "add" else 2):
            raise UciError("usage")
        name = words[1] if words[0] == "add" else _split(words[1].partition("=")[0])[0]
        package = self._loaded(name)
        said = applied(package, words)
        self._stage(name, [*self._pending(name), " ".join(shlex.quote(word) for word in words)])
        if said:
            yield said

    def _batch(self) -> Iterator[str]:
        for line in sys.stdin:
            try:
                words = shlex.split(line, comments=True)
                if words:
                    yield from self.run(words)
            except (UciError, ValueError) as error:
                print(f"uci: {'Invalid argument' if str(error) == 'usage' else error}", file=sys.stderr)

    def _show(self, place: str) -> Iterator[str]:
        name, section, option = _split(place)
        lines = list(shown(self._loaded(name)))
        if section:
            found = self._loaded(name).find(section)
            if found is None or (option and option not in found.options):
                raise UciError("Entry not found")
            start = ".".join(filter(None, (name, self._loaded(name).shown_name(found), option)))
            lines = [line for line in lines if re.match(rf"{re.escape(start)}[.=]", line)]
        yield from lines

    def _get(self, place: str) -> str:
        name, section, option = _split(place)
        found = self._loaded(name).find(section) if section else None
        if found is None or (option and option not in found.options):
            raise UciError("Entry not found")
        value = found.options[option] if option else found.kind
        return " ".join(value) if isinstance(value, list) else value

    def _names(self) -> list[str]:
        return sorted(path.name for path in self._folder.iterdir() if _PACKAGE.fullmatch(path.name))

    def _staged(self) -> list[Path]:
        return list(self._changes.iterdir()) if self._changes.is_dir() else []

    def _pending(self, name: str) -> list[str]:
        path = self._changes / name
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def _stage(self, name: str, lines: list[str]) -> None:
        self._changes.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._changes / name
        if lines:
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)

    def _committed(self, name: str) -> Package:
        path = self._folder / name
        if not _PACKAGE.fullmatch(name) or not path.exists():
            raise UciError("Entry not found")
        return parsed(name, path.read_text(encoding="utf-8"))

    def _loaded(self, name: str) -> Package:
        package = self._committed(name)
        for line in self._pending(name):
            applied(package, shlex.split(line))
        return package

    def _commit(self, name: str) -> None:
        package = self._loaded(name)
        if not self._pending(name):
            return
        fresh = self._folder / f".{name}.uci"
        fresh.write_text("\n".join([*list(exported(package))[1:], ""]), encoding="utf-8")
        os.replace(fresh, self._folder / name)
        self._stage(name, [])


def applied(package: Package, words: Sequence[str]) -> str:
    """One change; what the command prints. Raises UciError."""
    if words[0] == "add":
        package.sections.append(Section(words[2]))
        return package.shown_name(package.sections[-1])
    place, equals, value = words[1].partition("=")
    _name, written, option = _split(place)
    section = package.find(written) if written else None
    match words[0]:
        case "set" if equals and written and not option:
            if section is not None:
                section.kind = value
            elif _NAME.fullmatch(written):
                package.sections.append(Section(value, written))
            else:
                raise UciError("Invalid argument")
        case "set" if equals and section is not None and _NAME.fullmatch(option):
            section.options[option] = value
            if not value:
                del section.options[option]
        case "add_list" if equals and section is not None and _NAME.fullmatch(option):
            held = section.options.get(option, [])
            section.options[option] = [*([held] if isinstance(held, str) else held), value]
        case "del_list" if equals and section is not None and isinstance(section.options.get(option), list):
            section.options[option] = [each for each in section.options[option] if each != value]
        case "delete" if section is not None and not option:
            package.sections.remove(section)
        case "delete" if section is not None and option in section.options:
            del section.options[option]
        case "delete":
            raise UciError("Entry not found")
        case _:
            raise UciError("Invalid argument")
    return ""


def parsed(name: str, text: str) -> Package:
    """Of a file in /etc/config. Raises UciError."""
    package = Package(name)
    for line in text.splitlines():
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            raise UciError("Parse error") from None
        match words:
            case [] | ["package", _]:
                continue
            case ["config", kind]:
                package.sections.append(Section(kind))
            case ["config", kind, called]:
                package.sections.append(Section(kind, called))
            case ["option", key, value] if package.sections:
                package.sections[-1].options[key] = value
            case ["list", key, value] if package.sections:
                held = package.sections[-1].options.setdefault(key, [])
                if not isinstance(held, list):
                    raise UciError("Parse error")
                held.append(value)
            case _:
                raise UciError("Parse error")
    return package


def exported(package: Package) -> Iterator[str]:
    yield f"package {package.name}"
    for section in package.sections:
        yield ""
        yield f"config {section.kind}" + (f" {_quoted(section.name)}" if section.name else "")
        for key, value in section.options.items():
            if isinstance(value, list):
                yield from (f"\tlist {key} {_quoted(each)}" for each in value)
            else:
                yield f"\toption {key} {_quoted(value)}"
    yield ""


def shown(package: Package) -> Iterator[str]:
    for section in package.sections:
        start = f"{package.name}.{package.shown_name(section)}"
        yield f"{start}={section.kind}"
        for key, value in section.options.items():
            values = value if isinstance(value, list) else [value]
            yield f"{start}.{key}=" + " ".join(_quoted(each) for each in values)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _split(place: str) -> tuple[str, str, str]:
    match = _PLACE.fullmatch(place)
    if match is None:
        raise UciError("Invalid argument")
    return match[1], match[2] or "", match[3] or ""


def _shown_change(line: str) -> str:
    """As `changes` prints it: `place='value'`, `place+='value'`, `place-='value'`, `-place`."""
    word, *rest = shlex.split(line)
    if word == "add":
        return f"{rest[0]}.{rest[1]}='{rest[1]}'"
    place, _equals, value = rest[0].partition("=")
    sign = {"set": "=", "add_list": "+=", "del_list": "-="}.get(word)
    return f"-{place}" if sign is None else f"{place}{sign}{_quoted(value)}"


def _touches(line: str, place: str) -> bool:
    return bool(re.match(rf"{re.escape(place)}(?:[.=]|$)", shlex.split(line)[1]))


def main(arguments: list[str]) -> int:
    folder, changes, quiet = Path("/etc/config"), Path("/tmp/.uci"), False  # noqa: S108
    while arguments and arguments[0].startswith("-"):
        option = arguments.pop(0)
        if option == "-q":
            quiet = True
        elif option in ("-c", "-p") and arguments:
            path = Path(arguments.pop(0))
            folder, changes = (path, changes) if option == "-c" else (folder, path)
        else:
            print(USAGE, file=sys.stderr, end="")
            return 255
    try:
        for line in Uci(folder, changes).run(arguments):
            print(line)
    except UciError as error:
        if str(error) == "usage":
            print(USAGE, file=sys.stderr, end="")
            return 255
        if not quiet:
            print(f"uci: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
