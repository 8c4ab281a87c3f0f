"""Commands that are no menu's property: export, import, backup, reboot, reset, files, keys, fetch, ping, /interface.

Source: help.mikrotik.com "Configuration Management" and "Backup" (texts of the questions and answers), "Fetch".
`import … verbose=yes dry-run` is there from 7.16 on; the wording of its last line is ours.
"""

from typing import TYPE_CHECKING

from lab.cli.conversation import Question
from lab.cli.routeros.configuration import Item, factory
from lab.cli.routeros.errors import FailureError, SyntaxRefusedError
from lab.cli.routeros.exporting import ExportStyle
from lab.cli.routeros.menu_commands import MenuCommands, proplist, refuse_unknown
from lab.cli.routeros.menus import Menu, Property
from lab.cli.routeros.printing import table_of
from lab.cli.routeros.resolution import Resolved
from lab.cli.routeros.shell import Arguments, Shell, StopRunError
from lab.cli.routeros.syntax import parse, parse_each
from lab.cli.routeros.tables import Table
from lab.cli.routeros.tree import Named, Statement, Word
from lab.cli.routeros.words import Value, truth

if TYPE_CHECKING:
    from lab.cli.routeros.router import Router

_ARGUMENTS = {
    "export": {"file", "compact", "verbose", "terse", "hide-sensitive", "show-sensitive", "from"},
    "import": {"file-name", "verbose", "from-line", "dry-run"},
    "save": {"name", "password", "dont-encrypt", "encryption"},
    "load": {"name", "password", "force-v6-to-v7-configuration-upgrade"},
    "reset-configuration": {"no-defaults", "keep-users", "skip-backup", "run-after-reset", "caps-mode"},
    "fetch": {"url", "dst-path", "mode", "output", "check-certificate", "http-method", "http-data", "user", "password",
              "address", "src-path", "port", "upload", "keep-result", "http-header-field"},
    "ping": {"address", "count", "size", "interval", "src-address", "interface", "do-not-fragment"},
}  # fmt: skip
_VERSIONED = {"hide-sensitive": 6, "show-sensitive": 7}


class RouterCommands:
    """All commands of a router; what a menu has by itself goes to MenuCommands."""

    def __init__(self, router: "Router") -> None:
        self._router = router
        self._menus = MenuCommands(router)

    def check(self, resolved: Resolved, names: list[Word]) -> None:
        own = resolved.command not in ("import",) or resolved.path == ""
        allowed = _ARGUMENTS.get(resolved.command) if own else None
        if allowed is not None:
            for name in names:
                known = name.text in allowed and _VERSIONED.get(name.text, self._router.major) == self._router.major
                if name.text == "dry-run" and not self._router.has_dry_run:
                    known = False
                if not known and not (resolved.command in ("import", "ping") and name is names[0]):
                    raise SyntaxRefusedError("expected end of command", name.line, name.column)
            return
        menu = self._router.configuration.menus.get(resolved.path)
        if menu is not None:
            refuse_unknown(menu, resolved, names)

    def run(self, shell: Shell, resolved: Resolved, arguments: Arguments, statement: Statement) -> Value:
        command, path = resolved.command, resolved.path
        names = [each.name for each in statement.arguments if isinstance(each, Named)]
        self.check(resolved, [*resolved.rest, *names])
        if command == "export":
            self._export(shell, path, arguments)
            return None
        if path == "/interface":
            return self._interfaces(shell, resolved, arguments, statement)
        if path == "/file" and command in ("add", "set", "remove", "get"):
            return self._file(shell, command, arguments)
        match path, command:
            case "", "quit":
                shell.ends = True
            case "", "import":
                self._import(shell, arguments)
            case (("" | "/tool"), "ping"):
                self._ping(shell, arguments)
            case "/system", ("reboot" | "shutdown"):
                self._sure(shell, "Reboot, yes? [y/N]: ", "system will reboot shortly", self._router.restart)
            case "/system", "reset-configuration":
                self._reset(shell, arguments)
            case "/system backup", "save":
                self._save(shell, arguments)
            case "/system backup", "load":
                self._load(shell, arguments)
            case "/system script", "run":
                self._run_script(shell, arguments)
            case "/tool", "fetch":
                self._fetch(shell, arguments)
            case "/user ssh-keys", "import":
                self._import_key(arguments)
            case _:
                menu = self._router.configuration.menus.get(path)
                if menu is not None and command in ("print", "add", "set", "remove", "find", "get", "enable",
                                                    "disable", "comment", "move", "unset"):  # fmt: skip
                    return self._menus.run(shell, menu, resolved, arguments, statement)
        return None

    # --- configuration as text and as backup

    def _export(self, shell: Shell, path: str, arguments: Arguments) -> None:
        words = {*arguments.nameless, *(name for name, value in arguments.named.items() if truth(value))}
        sensitive = "hide-sensitive" not in words if self._router.major == 6 else "show-sensitive" in words
        style = ExportStyle(sensitive, verbose="verbose" in words, terse="terse" in words)
        text = self._router.export_text(style, path)
        name = arguments.named.get("file")
        if name is None:
            shell.print(text)
            return
        self._router.keep_file(name if name.endswith(".rsc") else f"{name}.rsc", text, "script")

    def _import(self, shell: Shell, arguments: Arguments) -> None:
        name = arguments.named.get("file-name") or (arguments.nameless[0] if arguments.nameless else "")
        content = self._router.read_file(name) or self._router.read_file(f"{name}.rsc")
        if content is None:
            raise FailureError("can't open file" if self._router.major == 6 else "invalid value for argument file-name")
        verbose = truth(arguments.named.get("verbose", "no")) or "verbose" in arguments.nameless[1:]
        dry = "dry-run" in arguments.nameless or truth(arguments.named.get("dry-run", "no"))
        if dry and not verbose:
            raise FailureError("dry-run is available only in verbose mode")
        inner = self._router.shell(interactive=False, user=shell.user)
        errors = 0
        try:
            for statement in parse_each(content):
                if verbose:
                    shell.print(f"#line: {statement.line}\n{statement.text}\n")
                try:
                    if dry:
                        self._rehearse(inner, statement)
                    else:
                        inner.execute(statement)
                        shell.print(inner.taken())
                except SyntaxRefusedError as error:
                    if not dry:
                        raise
                    errors += 1
                    shell.print(f"{error}\n")
        except SyntaxRefusedError as error:
            if not dry:
                raise
            errors += 1
            shell.print(f"{error}\n")
        if dry:
            shell.print(f"\nFound {errors} error{'' if errors == 1 else 's'} in import file.\n")
            return
        shell.print("\nScript file loaded and executed successfully\n")

    def _rehearse(self, inner: Shell, statement: Statement) -> None:
        inner.check((statement,))
        if statement.words and not statement.arguments and statement.where is None and not statement.colon:
            inner.execute(statement)

    def _save(self, shell: Shell, arguments: Arguments) -> None:
        name = arguments.named.get("name") or self._router.backup_name()
        self._router.keep_backup(f"{name}.backup", arguments.named.get("password", ""))
        shell.print("Saving system configuration\nConfiguration backup saved\n")

    def _load(self, shell: Shell, arguments: Arguments) -> None:
        name = arguments.named.get("name", "")
        backup = self._router.backup(name) or self._router.backup(f"{name}.backup")
        if backup is None:
            raise FailureError("input does not match any value of name")
        if "password" not in arguments.named and shell.interactive:
            shell.question = Question("password: ", lambda text: self._restore(shell, name, text), hidden=True)
            return
        self._restore(shell, name, arguments.named.get("password", ""))

    def _restore(self, shell: Shell, name: str, password: str) -> None:
        backup = self._router.backup(name) or self._router.backup(f"{name}.backup")
        assert backup is not None
        if backup.password != password:
            raise FailureError("failure: wrong password or corrupted backup")

        def put_back() -> None:
            self._router.put_back(backup.configuration.copy())
            self._router.restart()

        done = "Restoring system configuration\nSystem configuration restored, rebooting now"
        self._sure(shell, "Restore and reboot? [y/N]: ", done, put_back)

    def _reset(self, shell: Shell, arguments: Arguments) -> None:
        users = self._router.configuration.items("/user")

        def reset() -> None:
            made = factory(self._router.major, interfaces=self._router.interfaces)
            if truth(arguments.named.get("keep-users", "no")):
                made.tables["/user"] = users
            self._router.put_back(made)
            self._router.after_boot = arguments.named.get("run-after-reset", "")
            self._router.restart()

        self._sure(shell, "Dangerous! Reset anyway? [y/N]: ", "system configuration will be reset", reset)

    def _sure(self, shell: Shell, question: str, done: str, act: "object") -> None:
        assert callable(act)
        if not shell.interactive:
            act()
            raise StopRunError(done)

        def answered(text: str) -> None:
            if text.lower().startswith("y"):
                shell.print(f"{done}\n")
                act()
            else:
                shell.print("action cancelled\n")

        shell.question = Question(question, answered, key=True)

    # --- scripts, files, keys

    def _run_script(self, shell: Shell, arguments: Arguments) -> None:
        name = arguments.nameless[0] if arguments.nameless else arguments.named.get("number", "")
        menu = self._router.configuration.menus["/system script"]
        item = Table(self._router.configuration, menu).pick([name], shell.printed.get(menu.path))[0]
        statements = parse(item.given.get("source", ""))
        inner = self._router.shell(interactive=False, user=shell.user)
        inner.check(statements)
        try:
            inner.run(statements)
        finally:
            shell.print(inner.taken())

    def _file(self, shell: Shell, command: str, arguments: Arguments) -> Value:
        given = dict(arguments.named)
        if command == "add":
            self._router.keep_file(given.get("name", ""), given.get("contents", ""), ".txt file")
            return None
        names = [given.pop("numbers")] if "numbers" in given else arguments.nameless[:1]
        rows = self._router.file_items()
        printed = shell.printed.get("/file")
        numbered = [item.given["name"] for item in printed or rows]
        by_id = {item.id(): item.given["name"] for item in rows}
        for each in (part for joined in names for part in joined.replace(";", ",").split(",") if part):
            name = by_id.get(each, numbered[int(each)] if each.isdigit() and int(each) < len(numbered) else each)
            content = self._router.read_file(name)
            if content is None and name not in by_id.values():
                raise FailureError("no such item")
            if command == "get":
                wanted = arguments.nameless[1] if arguments.nameless[1:] else "contents"
                return content if wanted == "contents" else name
            if command == "remove":
                self._router.remove_file(name)
            elif "contents" in given:
                self._router.keep_file(name, given["contents"], ".txt file")
        return None

    def _fetch(self, shell: Shell, arguments: Arguments) -> None:
        url = arguments.named.get("url", "")
        content = self._router.web.get(url)
        if content is None:
            shell.print("  status: failed\n")
            raise FailureError("failure: connection timeout")
        name = arguments.named.get("dst-path") or url.rpartition("/")[2]
        self._router.keep_file(name, content, "script" if name.endswith(".rsc") else ".txt file")
        size = len(content) // 1024
        shell.print(f"      status: finished\n  downloaded: {size}KiB-z pause]\n       total: {size}KiB\n")

    def _import_key(self, arguments: Arguments) -> None:
        name = arguments.named.get("public-key-file", "")
        content = self._router.read_file(name)
        if content is None:
            raise FailureError("input does not match any value of public-key-file")
        user = arguments.named.get("user", self._router.user)
        words = content.split()
        given = {"user": user, "key": " ".join(words[:2]), "key-owner": words[2] if words[2:] else "", "bits": "256"}
        self._router.configuration.add("/user ssh-keys", given)
        self._router.remove_file(name)

    def _ping(self, shell: Shell, arguments: Arguments) -> None:
        address = arguments.named.get("address") or (arguments.nameless[0] if arguments.nameless else "")
        count = int(arguments.named.get("count", "4"))
        answers = self._router.answers(address)
        text = "  SEQ HOST                                     SIZE TTL TIME       STATUS\n"
        for turn in range(count):
            tail = "56  64 1ms" if answers else "                timeout"
            text += f"{turn:>5} {address:<40} {tail}\n"
        received = count if answers else 0
        shell.print(f"{text}    sent={count} received={received} packet-loss={0 if answers else 100}%\n")

    # --- the menu above all interfaces

    def _interfaces(self, shell: Shell, resolved: Resolved, arguments: Arguments, statement: Statement) -> Value:
        configuration = self._router.configuration
        menu = _interface_menu()
        items = [
            Item(
                item.number, item.given | {"type": path.rpartition(" ")[2].replace("ethernet", "ether")}, item.built_in
            )
            for path, item in configuration.interfaces().values()
        ]
        names = arguments.nameless[:1] or [arguments.named.get("numbers", "")]
        if resolved.command in ("print", "find"):
            if statement.where is not None:
                where = statement.where
                items = [
                    item
                    for item in items
                    if truth(shell.evaluator.value(where, lambda name, i=item: _interface_value(i, name)))  # type: ignore[misc]
                ]
            if resolved.command == "find":
                return [item.id() for item in items]
            if "count-only" in arguments.nameless:
                shell.print(f"{len(items)}\n")
                return None
            form = next((word for word in ("terse", "detail") if word in arguments.nameless), "")
            shell.printed["/interface"] = items
            shell.print(table_of(menu, items, major=self._router.major, form=form, names=proplist(arguments)))
            return None
        value: Value = None
        numbered = shell.printed.get("/interface", items)
        for each in (part for name in names for part in name.replace(";", ",").split(",") if part):
            name = next((item.given["name"] for item in items if item.id() == each), each)
            if each.isdigit() and int(each) < len(numbered):
                name = numbered[int(each)].given["name"]
            if name not in configuration.interfaces():
                raise FailureError("no such item")
            path = configuration.interfaces()[name][0]
            inner = Arguments(arguments.named, [name, *arguments.nameless[1:]], arguments.places)
            there = Resolved(path, resolved.command, resolved.place, resolved.rest)
            value = self._menus.run(shell, configuration.menus[path], there, inner, statement)
        return value


def _interface_menu() -> Menu:
    names = ("name", "type", "mtu", "mac-address", "comment", "disabled")
    return Menu("/interface", "fixed", {name: Property(name, "word", False, False, None) for name in names})


def _interface_value(item: Item, name: str) -> str:
    return item.id() if name == ".id" else item.given.get(name, "no" if name == "disabled" else "")
