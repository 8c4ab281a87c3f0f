"""Values of RouterOS expressions: variables, strings with `$` in them, `[commands]`, operators, conditions on items."""

import re
from collections.abc import Callable
from typing import assert_never

from lab.cli.routeros.errors import FailureError
from lab.cli.routeros.tree import (
    Binary,
    Block,
    Called,
    Expression,
    Joined,
    Listed,
    Unary,
    Variable,
    Word,
)
from lab.cli.routeros.words import Value, equal, number_of, text_of, truth


class Scope:
    """Variables of one script run, with the globals of the router."""

    def __init__(self, globals_: dict[str, Value]) -> None:
        self.globals = globals_
        self._layers: list[dict[str, Value]] = [{}]

    def read(self, name: str) -> Value:
        for layer in reversed(self._layers):
            if name in layer:
                return layer[name]
        return self.globals.get(name)

    def declare(self, name: str, value: Value) -> None:
        self._layers[-1][name] = value

    def assign(self, name: str, value: Value) -> None:
        for layer in reversed(self._layers):
            if name in layer:
                layer[name] = value
                return
        self.globals[name] = value

    def enter(self) -> None:
        self._layers.append({})

    def leave(self) -> None:
        self._layers.pop()


class Evaluator:
    """`call` runs the statements of `[…]` and gives their value."""

    def __init__(self, scope: Scope, call: Callable[[Block], Value]) -> None:
        self._scope = scope
        self._call = call

    def value(self, expression: Expression, item: Callable[[str], str] | None = None) -> Value:
        """`item` reads the properties of the row that a condition is asked about."""
        match expression:
            case Word():
                return self._word(expression.text, item)
            case Joined():
                return "".join(text_of(self._plain(part)) for part in expression.parts)
            case Variable():
                return self._scope.read(expression.name)
            case Called():
                return self._call(expression.body)
            case Block():
                return expression.text
            case Listed():
                return [self.value(each) for each in expression.members]
            case Unary():
                return not truth(self.value(expression.operand, item))
            case Binary():
                return self._binary(expression, item)
        assert_never(expression)

    def _plain(self, part: Expression) -> Value:
        return part.text if isinstance(part, Word) else self.value(part)

    def _word(self, text: str, item: Callable[[str], str] | None) -> Value:
        if item is not None:
            return item(text) if text not in ("true", "yes", "false", "no") else text in ("true", "yes")
        if text in ("true", "false"):
            return text == "true"
        return int(text) if re.fullmatch(r"-?\d{1,15}", text) and str(int(text)) == text else text

    def _binary(self, expression: Binary, item: Callable[[str], str] | None) -> Value:
        operator = expression.operator
        left = self.value(expression.left, item)
        if operator in ("&&", "and"):
            return truth(left) and truth(self.value(expression.right, item))
        if operator in ("||", "or"):
            return truth(left) or truth(self.value(expression.right, item))
        right = self.value(expression.right)
        match operator:
            case "=":
                return equal(left, right)
            case "!=":
                return not equal(left, right)
            case "~":
                return _matches(text_of(right), text_of(left))
            case "in":
                return text_of(left) in text_of(right)
            case ".":
                return text_of(left) + text_of(right)
        return _arithmetic(operator, left, right)


def _matches(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return False


def _arithmetic(operator: str, left: Value, right: Value) -> Value:
    first, second = number_of(left), number_of(right)
    if operator in "<><=>=":
        low, high = (first, second) if first is not None and second is not None else (text_of(left), text_of(right))
        compared = {"<": low < high, ">": low > high, "<=": low <= high, ">=": low >= high}  # type: ignore[operator]
        return compared[operator]
    if first is None or second is None:
        raise FailureError(f"cannot {'add' if operator == '+' else 'calculate'} string to number")
    match operator:
        case "+":
            return first + second
        case "-":
            return first - second
        case "*":
            return first * second
    if second == 0:
        raise FailureError("division by zero")
    return first // second
