"""IOS's commands on configuration files: write, copy, archive, configure replace, confirmed change, flash.

Source: Cisco, "Configuration Replace and Configuration Rollback" and "Configuration Rollback Confirmed Change": the
backup goes to the archive's path, the timer is in minutes, `configure confirm` keeps, the end of the timer reverts.
"""

import difflib
from typing import TYPE_CHECKING

from lab.cli.conversation import Question
from lab.cli.ios import readings
from lab.cli.ios.pending import Pending
from lab.cli.lines.grammar import Match
from lab.cli.lines.model import Level

if TYPE_CHECKING:
    from lab.cli.ios.console import IosConsole

_REPLACE = """This will apply all necessary additions and deletions
to replace the current running configuration with the
contents of the specified configuration file, which is
assumed to be a complete configuration, not a partial
configuration. Enter Y if you are sure you want to proceed. ? [no]: """
_NO_SPACE = "%Error opening nvram:/startup-config (No space left on device)"


class FileCommands:
    """Belongs to one session."""

    def __init__(self, console: "IosConsole") -> None:
        self._console = console

    def act(self, match: Match, bar: str) -> bool:
        """False: none of mine."""
        console, model, values = self._console, self._console.model, match.values
        match match.rule.action:
            case "write":
                self._save()
            case "write_erase":
                console.ask(
                    Question(
                        "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]",
                        self._erase,
                        key=True,
                    )
                )
            case "copy":
                self._copy(values[0], values[1])
            case "archive_config":
                if model.archive() is None:
                    console.print("% Archive path is not configured")
            case "show_archive":
                console.show(self._archive(), bar)
            case "show_difference":
                console.show(self._differences(values), bar)
            case "revert_terminal":
                if self._arm(int(values[0])):
                    console.print("Enter configuration commands, one per line.  End with CNTL/Z.")
                    console.levels = [Level("config", ())]
            case "confirm":
                if model.pending is None:
                    console.print("%No Rollback Confirmed Change pending")
                model.pending = None
            case "revert":
                self._revert(match)
            case "replace":
                self._replace(match)
            case "show_flash":
                rows = "".join(
                    f"  {number:>3}  -rw-  {len(text):>12}  {readings.stamp(model.booted)}  {name}\n"
                    for number, (name, text) in enumerate(sorted(model.files.items()), start=1)
                )
                console.show(f"Directory of flash:/\n\n{rows}\n256487424 bytes total (154742784 bytes free)\n", bar)
            case "more":
                text = model.files.get(values[0])
                console.show(f"%Error opening {values[0]} (File not found)\n" if text is None else text, bar)
            case "delete":
                if model.files.pop(values[-1], None) is None:
                    console.print(f"%Error deleting {values[-1]} (No such file or directory)")
            case _:
                return False
        return True

    def _save(self) -> None:
        done = "Building configuration...\n[OK]" if self._console.model.save() else _NO_SPACE
        self._console.print(done)

    def _erase(self, key: str) -> None:
        if key.lower() in ("", "y"):
            self._console.model.erase()
            self._console.print("[OK]\nErase of nvram: complete")

    def _copy(self, source: str, target: str) -> None:
        console, model = self._console, self._console.model
        names = [_file(source), _file(target)]
        text = self._read(names[0])
        if text is None:
            console.print(f"%Error opening {source} (File not found)")
            return

        def named(answer: str) -> None:
            name = answer.strip() or names[1]
            if name == "startup-config":
                if names[0] == "running-config":
                    self._save()
                    return
                model.restore_saved(text)
            elif name == "running-config":
                model.replay(text)
            elif model.ordered.disk_full:
                console.print(f"%Error opening {target} (No space left on device)")
                return
            else:
                model.files[name if ":" in name else f"flash:{name}"] = text
            console.print(f"{len(text)} bytes copied in 0.412 secs ({round(len(text) / 0.412)} bytes/sec)")

        shown = names[1].partition(":")[2] or names[1]
        console.ask(Question(f"Destination filename [{shown}]? ", named))

    def _read(self, name: str) -> str | None:
        model = self._console.model
        if name == "running-config":
            return model.text()
        return model.saved_text if name == "startup-config" else model.files.get(name)

    def _archive(self) -> str:
        model = self._console.model
        if not model.archive_path():
            return "Archive feature is not enabled\n"
        following = f"{model.archive_path()}-{len(model.archived)}"
        text = "The maximum archive configurations allowed is 10.\n"
        text += f"The next archive file will be named {following}\n Archive #  Name\n"
        for number, name in enumerate(model.archived, start=1):
            recent = " <- Most Recent" if number == len(model.archived) else ""
            text += f"   {number:<8} {name}{recent}\n"
        return text

    def _differences(self, values: tuple[str, ...]) -> str:
        first = self._read(_file(values[0])) if values else self._console.model.saved_text
        second = self._read(_file(values[1])) if values[1:] else self._console.model.text()
        if first is None or second is None:
            return "%Error opening file (File not found)\n"
        rows = difflib.ndiff(first.splitlines(), second.splitlines())
        changed = [f"{row[0]}{row[2:]}" for row in rows if row[0] in "+-"]
        head = "!Contextual Config Diffs:\n"
        return head + ("".join(f"{row}\n" for row in changed) if changed else "!No changes were found\n")

    def _arm(self, minutes: int) -> bool:
        console, model = self._console, self._console.model
        if not model.archive_path():
            console.print("% Archive path is not configured: rollback confirmed change is not available")
            return False
        name = model.archive()
        if name is None:
            console.print("%Error: cannot back up the running configuration (No space left on device)")
            return False
        model.pending = Pending(model.now + minutes * 60.0, model.tree.copy())
        console.print(f"Rollback Confirmed Change: Backing up current running config to {name}\n")
        return True

    def _revert(self, match: Match) -> None:
        model = self._console.model
        if model.pending is None:
            self._console.print("%No Rollback Confirmed Change pending")
        elif match.values:
            model.pending = Pending(model.now + int(match.values[0]) * 60.0, model.pending.backup)
        else:
            model.roll_back()
            self._console.print("Rollback Confirmed Change: Rolling back.\n\nTotal number of passes: 1\nRollback Done")

    def _replace(self, match: Match) -> None:
        console, model = self._console, self._console.model
        name = _file(match.values[0])
        text = self._read(name)
        if text is None:
            console.print(f"%Error opening {match.values[0]} (File not found)")
            return

        def sure(answer: str) -> None:
            if not answer.lower().startswith("y"):
                return
            if "time" in match.words and not self._arm(int(match.values[-1])):
                return
            before = model.tree
            model.load(text)
            if not model.tree.lines:
                model.tree = before
                console.print("%Rollback failed: the file is no configuration")
                return
            console.print("Total number of passes: 1\nRollback Done\n")

        if "force" in match.words:
            sure("y")
        else:
            console.ask(Question(_REPLACE, sure))


def _file(name: str) -> str:
    """`run`, `start`, `nvram:startup-config`, `system:running-config`, `flash:x`."""
    bare = name.removeprefix("nvram:").removeprefix("system:").lstrip("/")
    for whole in ("running-config", "startup-config"):
        if len(bare) > 1 and whole.startswith(bare):
            return whole
    return name.replace("flash:/", "flash:") if ":" in name else f"flash:{name}"
