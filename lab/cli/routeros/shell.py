"""Runs statements on a router: menu commands and the scripting language's own (`:put`, `:if`, `:foreach`, …).

A shell is one console session or one script run. In a console a command may ask back (`Reboot, yes? [y/N]`, a missing
`address:`); in a script the same command goes on or is refused. Nothing here knows of SSH or of a clock.
"""

from dataclasses import dataclass
from typing import Protocol

from lab.cli.conversation import Question
from lab.cli.routeros.configuration import Configuration, Item
from lab.cli.routeros.errors import FailureError, RouterError, SyntaxRefusedError
from lab.cli.routeros.evaluation import Evaluator, Scope
from lab.cli.routeros.resolution import Resolved, resolve
from lab.cli.routeros.tree import Block, Expression, Joined, Named, Statement, Word
from lab.cli.routeros.values import seconds_of
from lab.cli.routeros.words import Value, as_argument, text_of, truth

_LOOPS = 10_000


class StopRunError(RouterError):
    """The script ends here: the router restarts."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """What stands after a command: values by name, switches among them as `yes`, and the nameless ones."""

    named: dict[str, str]
    nameless: list[str]
    places: dict[str, Word]


class Commands(Protocol):
    """What menus do when a command is given; `lab.cli.routeros.menu_commands` and `system_commands`."""

    def run(self, shell: "Shell", resolved: Resolved, arguments: Arguments, statement: Statement) -> Value: ...

    def check(self, resolved: Resolved, names: list[Word]) -> None: ...


class Host(Protocol):
    """The router under the shell."""

    @property
    def configuration(self) -> Configuration: ...

    @property
    def major(self) -> int: ...

    @property
    def globals(self) -> dict[str, Value]: ...

    def log(self, topics: str, message: str) -> None: ...

    def delay(self, seconds: float) -> None: ...


class Shell:
    """`output` collects what is printed; `question` is set while the console has to be asked."""

    def __init__(self, host: Host, commands: Commands, *, interactive: bool, user: str = "") -> None:
        self.host = host
        self.interactive = interactive
        self.user = user
        self.path = ""
        self.output: list[str] = []
        self.question: Question | None = None
        self.ends = False
        self.paged = False
        self.printed: dict[str, list[Item]] = {}
        self.scope = Scope(host.globals)
        self.evaluator = Evaluator(self.scope, self._called)
        self._commands = commands

    def print(self, text: str) -> None:
        self.output.append(text if text.endswith("\n") or not text else text + "\n")

    def taken(self) -> str:
        text, self.output = "".join(self.output), []
        return text

    def check(self, statements: tuple[Statement, ...]) -> None:
        """All words known? As the console compiles a script before any of it runs."""
        path = self.path
        for statement in statements:
            resolved = resolve(statement, path, self.host.major)
            if not resolved.command:
                path = resolved.path
            if resolved.path == ":":
                continue
            names = [each.name for each in statement.arguments if isinstance(each, Named)]
            self._commands.check(resolved, [*resolved.rest, *names])

    def run(self, statements: tuple[Statement, ...]) -> Value:
        value: Value = None
        for statement in statements:
            value = self.execute(statement)
        return value

    def execute(self, statement: Statement) -> Value:
        resolved = resolve(statement, self.path, self.host.major)
        if resolved.path == ":":
            return self._own(resolved.command, statement, resolved)
        if not resolved.command:
            if statement.arguments:
                first = statement.arguments[0]
                place = first.name if isinstance(first, Named) else Word("", statement.line, statement.column)
                raise SyntaxRefusedError("expected command name", place.line, place.column)
            self.path = resolved.path
            return None
        return self._commands.run(self, resolved, self._arguments_in(resolved, statement), statement)

    def _arguments_in(self, resolved: Resolved, statement: Statement) -> Arguments:
        """What stands in brackets is said in the menu of the command: `/user remove [find]` finds users."""
        here, self.path = self.path, resolved.path
        try:
            return self._arguments(statement, resolved)
        finally:
            self.path = here

    def _arguments(self, statement: Statement, resolved: Resolved) -> Arguments:
        named: dict[str, str] = {}
        places: dict[str, Word] = {}
        nameless = [word.text for word in resolved.rest]
        places.update({word.text: word for word in resolved.rest})
        for each in statement.arguments:
            if isinstance(each, Named):
                places[each.name.text] = each.name
                if each.value is None:
                    nameless.append(each.name.text)
                else:
                    named[each.name.text] = as_argument(self.evaluator.value(_literal(each.value)))
            else:
                nameless.append(as_argument(self.evaluator.value(_literal(each))))
                if isinstance(each, Word):
                    places[each.text] = each
        return Arguments(named, nameless, places)

    def _called(self, body: Block) -> Value:
        kept, path = self.output, self.path
        self.output = []
        try:
            value = self.run(body.statements)
            return value if value is not None else "".join(self.output).rstrip("\n") or None
        finally:
            self.output, self.path = kept, path

    def _block(self, code: Expression | None) -> Value:
        if code is None:
            return None
        path = self.path
        self.scope.enter()
        try:
            if isinstance(code, Block):
                return self.run(code.statements)
            return self.evaluator.value(code)
        finally:
            self.scope.leave()
            self.path = path

    # --- the language's own commands

    def _own(self, command: str, statement: Statement, resolved: Resolved) -> Value:
        values: list[Expression] = [*resolved.rest]
        named: dict[str, Expression | None] = {}
        for each in statement.arguments:
            if isinstance(each, Named) and each.value is not None:
                named[each.name.text] = each.value
            else:
                values.append(each.name if isinstance(each, Named) else each)
        match command:
            case "if":
                return self._block(named.get("do") if truth(self._first(values)) else named.get("else"))
            case "do":
                return self._do(values, named)
            case "while":
                return self._while(values, named)
            case "foreach":
                return self._foreach(values, named)
            case "for":
                return self._for(values, named)
            case "local" | "global" | "set":
                return self._assign(command, statement, values, named)
        return self._simple(command, values)

    def _simple(self, command: str, values: list[Expression]) -> Value:
        first = self._first(values)
        match command:
            case "put":
                self.print(text_of(first) + "\n")
            case "log":
                message = text_of(self.evaluator.value(values[1])) if len(values) > 1 else ""
                self.host.log(f"script,{text_of(first)}", message)
            case "delay":
                self.host.delay(_seconds(text_of(first)))
            case "error":
                raise FailureError(text_of(first))
            case "len":
                return len(first) if isinstance(first, list) else len(text_of(first))
            case "tostr":
                return text_of(first)
            case "tonum":
                return int(text_of(first)) if text_of(first).lstrip("-").isdigit() else None
            case "toarray":
                return first if isinstance(first, list) else [*text_of(first).split(",")]
            case "typeof":
                kinds = {bool: "bool", int: "num", str: "str", list: "array", type(None): "nothing"}
                return kinds[type(first)]
            case "pick":
                start, *end = (int(text_of(self.evaluator.value(each))) for each in values[1:])
                return text_of(first)[start : end[0] if end else start + 1]
            case "find":
                at = text_of(first).find(text_of(self.evaluator.value(values[1])))
                return at if at >= 0 else None
            case "return":
                return first
            case "environment" | "nothing" | "resolve" | "execute" | "onerror":
                return None
        return None

    def _first(self, values: list[Expression]) -> Value:
        return self.evaluator.value(values[0]) if values else None

    def _do(self, values: list[Expression], named: dict[str, Expression | None]) -> Value:
        code = values[0] if values else named.get("command")
        if "while" in named:
            for _turn in range(_LOOPS):
                self._block(code)
                if not truth(self.evaluator.value(named["while"] or Word("false", 0, 0))):
                    return None
            raise FailureError("interrupted")
        if "on-error" not in named:
            return self._block(code)
        try:
            return self._block(code)
        except StopRunError:
            raise
        except RouterError:
            return self._block(named["on-error"])

    def _while(self, values: list[Expression], named: dict[str, Expression | None]) -> Value:
        for _turn in range(_LOOPS):
            if not truth(self._first(values)):
                return None
            self._block(named.get("do"))
        raise FailureError("interrupted")

    def _foreach(self, values: list[Expression], named: dict[str, Expression | None]) -> Value:
        members = self.evaluator.value(named.get("in") or Word("", 0, 0))
        name = _name(values)
        for each in members if isinstance(members, list) else [members] if members not in (None, "") else []:
            self.scope.enter()
            self.scope.declare(name, each)
            try:
                self._block(named.get("do"))
            finally:
                self.scope.leave()
        return None

    def _for(self, values: list[Expression], named: dict[str, Expression | None]) -> Value:
        first, last, step = (
            int(text_of(self.evaluator.value(named.get(each) or Word(default, 0, 0))))
            for each, default in (("from", "0"), ("to", "0"), ("step", "1"))
        )
        for number in range(first, last + (1 if step > 0 else -1), step or 1):
            self.scope.enter()
            self.scope.declare(_name(values), number)
            try:
                self._block(named.get("do"))
            finally:
                self.scope.leave()
        return None

    def _assign(
        self, command: str, statement: Statement, values: list[Expression], named: dict[str, Expression | None]
    ) -> Value:
        if named:
            name, expression = next(iter(named.items()))
            value = self.evaluator.value(expression) if expression is not None else None
        elif values:
            name = _name(values)
            value = self.evaluator.value(values[1]) if len(values) > 1 else None
        else:
            raise SyntaxRefusedError("syntax error", statement.line, statement.column)
        if command == "local":
            self.scope.declare(name, value)
        elif command == "global":
            if named or len(values) > 1 or name not in self.scope.globals:
                self.scope.globals[name] = value
        else:
            self.scope.assign(name, value)
        return None


def _literal(value: Expression) -> Expression:
    """A bare word in an argument is text, whatever it looks like."""
    return Joined((value,)) if isinstance(value, Word) else value


def _name(values: list[Expression]) -> str:
    first = values[0] if values else None
    return first.text if isinstance(first, Word) else ""


def _seconds(text: str) -> float:
    return seconds_of("delay-time", text)
