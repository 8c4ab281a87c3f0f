"""The commands every menu has, given to its table or record: print, add, set, remove, find, get, enable, export …"""

from collections.abc import Callable

from lab.cli.conversation import Question
from lab.cli.routeros.configuration import Item
from lab.cli.routeros.errors import FailureError, SyntaxRefusedError
from lab.cli.routeros.menus import Menu
from lab.cli.routeros.printing import single, table_of
from lab.cli.routeros.readings import Readings
from lab.cli.routeros.resolution import Resolved
from lab.cli.routeros.shell import Arguments, Shell
from lab.cli.routeros.tables import Table
from lab.cli.routeros.tree import Expression, Statement, Word
from lab.cli.routeros.words import Value, truth

_PRINT_WORDS = {
    "detail", "terse", "brief", "count-only", "as-value", "without-paging", "value-list", "file", "follow",
    "follow-only", "from", "interval", "where", "proplist", "show-ids", "stats", "show-sensitive", "hide-sensitive",
}  # fmt: skip
_POINTING = {"set", "remove", "enable", "disable", "comment", "move", "unset", "get"}
_SWITCHES = ("enable", "disable")


def refuse_unknown(menu: Menu, resolved: Resolved, names: list[Word]) -> None:
    """`expected end of command` at the first argument that the menu does not have."""
    allowed = {name for name, known in menu.properties.items() if known.kind != "state"}
    match resolved.command:
        case "print":
            allowed = _PRINT_WORDS
        case "add":
            allowed |= {"place-before", "copy-from"}
        case "set" | "unset":
            allowed |= {"numbers", "value-name"}
        case "find" | "export":
            return
        case "move":
            allowed = {"numbers", "destination"}
        case "comment" | "remove" | "enable" | "disable" | "get":
            allowed |= {"numbers", "comment", "number", "value-name"}
        case _:
            return
    points = resolved.command in _POINTING and menu.is_table
    for at, word in enumerate(names):
        pointed = points and (at == 0 or word in resolved.rest[: at + 1])
        if word.text not in allowed and not pointed and not (resolved.command == "get" and menu.is_table):
            raise SyntaxRefusedError("expected end of command", word.line, word.column)


class MenuCommands:
    """Stateless between calls; the shell and its router carry what is remembered."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def run(self, shell: Shell, menu: Menu, resolved: Resolved, arguments: Arguments, statement: Statement) -> Value:
        refuse_unknown(menu, resolved, [*resolved.rest, *(arguments.places[name] for name in arguments.named)])
        if menu.form == "watch" or menu.path in self._readings.tables:
            return self._watch(shell, menu, resolved, arguments, statement)
        if menu.form == "single":
            return self._single(shell, menu, resolved, arguments)
        return self._table(shell, menu, resolved, arguments, statement)

    def _single(self, shell: Shell, menu: Menu, resolved: Resolved, arguments: Arguments) -> Value:
        configuration = shell.host.configuration
        match resolved.command:
            case "print":
                pairs = [(name, configuration.single(menu.path, name)) for name in menu.properties]
                hidden = {each.name for each in menu.properties.values() if each.sensitive}
                shell.print(single([(name, "*****" if name in hidden and value else value) for name, value in pairs]))
            case "set":
                Table(configuration, menu).set_single(arguments.named)
            case "get":
                if not arguments.nameless:
                    raise FailureError("missing value(s) of argument(s) value-name")
                return configuration.single(menu.path, arguments.nameless[0])
        return None

    def _table(self, shell: Shell, menu: Menu, resolved: Resolved, arguments: Arguments, statement: Statement) -> Value:
        table = Table(shell.host.configuration, menu)
        match resolved.command:
            case "print":
                self._print(shell, menu, table, arguments, statement)
            case "add":
                return self._add(shell, table, arguments, resolved)
            case "find":
                conditions = statement.where
                words = [word for word in resolved.rest if word.text != "where"]
                return [item.id() for item in self._found(shell, menu, table, conditions, words)]
            case "get":
                return self._get(menu, table, shell, arguments)
            case "set" | "comment":
                names, given = self._pointed(arguments)
                if resolved.command == "comment":
                    given = {"comment": given.get("comment", "")}
                table.change(table.pick(names, shell.printed.get(menu.path)), given)
            case "unset":
                for item in table.pick(self._pointed(arguments)[0], shell.printed.get(menu.path)):
                    item.given.pop(arguments.named.get("value-name", ""), None)
            case "enable" | "disable":
                names, _given = self._pointed(arguments)
                word = "yes" if resolved.command == "disable" else "no"
                table.change(table.pick(names, shell.printed.get(menu.path)), {"disabled": word})
            case "remove":
                names, _given = self._pointed(arguments)
                table.remove(table.pick(names, shell.printed.get(menu.path)))
            case "move":
                names = arguments.nameless or [arguments.named.get("numbers", "")]
                to = arguments.named.get("destination") or (arguments.nameless[1] if arguments.nameless[1:] else "")
                printed = shell.printed.get(menu.path)
                table.move(table.pick(names[:1], printed), table.pick([to], printed)[0] if to else None)
        return None

    def _add(self, shell: Shell, table: Table, arguments: Arguments, resolved: Resolved) -> Value:
        given = dict(arguments.named)
        for name in arguments.nameless:
            if name not in shell.host.configuration.menus[resolved.path].properties:
                place = arguments.places.get(name) or resolved.place
                assert place is not None
                raise SyntaxRefusedError("expected end of command", place.line, place.column)
            given[name] = "yes"
        before = given.pop("place-before", None)
        copied = given.pop("copy-from", None)
        if copied is not None:
            given = dict(table.pick([copied], shell.printed.get(resolved.path))[0].given) | given
        missing = table.missing(given)
        if missing and not shell.interactive:
            raise FailureError(f"missing value(s) of argument(s) {' '.join(missing)}")
        if missing:
            self._ask(shell, table, given, missing, before)
            return None
        return self._added(table, given, before)

    def _added(self, table: Table, given: dict[str, str], before: str | None) -> Value:
        item = table.add(given, before)
        return item.id()

    def _ask(self, shell: Shell, table: Table, given: dict[str, str], missing: list[str], before: str | None) -> None:
        name, *others = missing

        def answered(text: str) -> None:
            given[name] = text
            if others:
                self._ask(shell, table, given, others, before)
            else:
                self._added(table, given, before)

        shell.question = Question(f"{name}: ", answered)

    def _get(self, menu: Menu, table: Table, shell: Shell, arguments: Arguments) -> Value:
        names = arguments.nameless[:1] or [arguments.named.get("number", "")]
        wanted = arguments.nameless[1:2] or [arguments.named.get("value-name", "")]
        items = table.pick(names, shell.printed.get(menu.path))
        if len(items) != 1:
            raise FailureError("invalid internal item number")
        return items[0].id() if wanted[0] == ".id" else self._readings.shown(menu, items[0], wanted[0])

    def _pointed(self, arguments: Arguments) -> tuple[list[str], dict[str, str]]:
        given = dict(arguments.named)
        numbers = given.pop("numbers", None)
        names = [numbers] if numbers is not None else arguments.nameless[:1]
        if not names:
            raise FailureError("missing value(s) of argument(s) numbers")
        switches = arguments.nameless if numbers is not None else arguments.nameless[1:]
        return names, given | dict.fromkeys(switches, "yes")

    def _found(
        self, shell: Shell, menu: Menu, table: Table, conditions: Expression | None, words: list[Word]
    ) -> list[Item]:
        def holds(item: Item) -> bool:
            def read(name: str) -> str:
                if name == ".id":
                    return item.id()
                if name == "default" and item.built_in:
                    return "yes"
                return self._readings.shown(menu, item, name)

            if any(not truth(read(word.text)) for word in words):
                return False
            return conditions is None or truth(shell.evaluator.value(conditions, read))

        return [*table.find(holds), *filter(holds, self._readings.dynamic(menu.path))]

    def _print(self, shell: Shell, menu: Menu, table: Table, arguments: Arguments, statement: Statement) -> None:
        items = self._found(shell, menu, table, statement.where, [])
        shell.printed[menu.path] = items
        if "count-only" in arguments.nameless:
            shell.print(f"{len(items)}\n")
            return
        form = next((word for word in ("terse", "detail") if word in arguments.nameless), "")
        rows = [self._readings.row(menu, item) for item in items]
        shell.print(table_of(menu, rows, major=shell.host.major, form=form, names=proplist(arguments)))
        shell.paged = "without-paging" not in arguments.nameless

    def _watch(self, shell: Shell, menu: Menu, resolved: Resolved, arguments: Arguments, statement: Statement) -> Value:
        rows = self._readings.rows(menu.path)
        if resolved.command in _SWITCHES:
            raise FailureError("failure: read only")
        if isinstance(rows, dict):
            if resolved.command == "get":
                return rows.get(arguments.nameless[0] if arguments.nameless else "", "")
            shell.print(single(list(rows.items())))
            return None
        items = [Item(number, row) for number, row in enumerate(rows, start=1)]
        if statement.where is not None:
            items = [item for item in items if truth(shell.evaluator.value(statement.where, _reader(item)))]
        if resolved.command == "find":
            return [item.id() for item in items]
        if menu.path == "/log":
            text = "".join(f"{row['time']} {row['topics']} {row['message']}\n" for row in (i.given for i in items))
            shell.print(text)
            return None
        form = next((word for word in ("terse", "detail") if word in arguments.nameless), "")
        shell.print(table_of(menu, items, major=shell.host.major, form=form, names=proplist(arguments)))
        return None


def proplist(arguments: Arguments) -> tuple[str, ...]:
    """The columns that `print` is asked for; none: the usual ones."""
    return tuple(filter(None, arguments.named.get("proplist", "").split(",")))


def _reader(item: Item) -> Callable[[str], str]:
    return lambda name: item.given.get(name, "")
