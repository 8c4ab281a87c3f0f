"""Reads RouterOS console lines and scripts into statements; knows nothing of menus.

Source: help.mikrotik.com "Scripting" (line structure, command line, expressions, escapes, line joining).
Not read: `foreach`-style ranges of arrays with keys, `:global` functions with parameters.
"""

from collections.abc import Iterator

from lab.cli.routeros.errors import SyntaxRefusedError
from lab.cli.routeros.tree import (
    Binary,
    Block,
    Called,
    Expression,
    Joined,
    Listed,
    Named,
    Statement,
    Unary,
    Variable,
    Word,
)

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "_": " "}
_LITERAL = {'"', "\\", "$", "?"}
_ENDS = " \t\r\n;]})"
_OPERATORS = ("&&", "||", "!=", "<=", ">=", "=", "<", ">", "~", ".", "+", "-", "*", "/", "and", "or", "in")
_LOOSENESS = {
    "||": 1,
    "or": 1,
    "&&": 2,
    "and": 2,
    "=": 4,
    "!=": 4,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "~": 4,
    "in": 4,
    ".": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
}
_NAME = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_WITH_CODE = {"if", "do", "while", "foreach", "for", "else", "on-error"}


def parse(text: str) -> tuple[Statement, ...]:
    """All statements of a line or script; SyntaxRefusedError with line and column (from 1)."""
    reader = _Reader(text)
    statements = reader.statements(closing="")
    return statements.statements


def parse_each(text: str) -> Iterator[Statement]:
    """The same one by one: what stands before a mistake has come out when it is found."""
    reader = _Reader(text)
    while (statement := reader.next_statement()) is not None:
        yield statement


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    # --- statements

    def statements(self, *, closing: str) -> Block:
        begun = self._at
        found: list[Statement] = []
        while True:
            self._skip(" \t\r\n;")
            if self._peek() == "#" and self._at_line_start():
                self._skip_line()
                continue
            if not self._peek():
                if closing:
                    raise self._error(f"expected closing {'brace' if closing == '}' else 'bracket'}")
                break
            if self._peek() == closing:
                self._at += 1
                break
            if self._peek() in "]})":
                raise self._error("expected command name")
            found.append(self._statement())
        return Block(tuple(found), self._text[begun : self._at - (1 if closing else 0)])

    def next_statement(self) -> Statement | None:
        while True:
            self._skip(" \t\r\n;")
            if self._peek() == "#" and self._at_line_start():
                self._skip_line()
                continue
            if self._peek() and self._peek() in "]})":
                raise self._error("expected command name")
            return self._statement() if self._peek() else None

    def _statement(self) -> Statement:
        begun = self._at
        line, column = self._place()
        if self._peek() == "{":
            self._at += 1
            block = self.statements(closing="}")
            word = Word("do", line, column)
            return Statement(False, True, (word,), (block,), None, line, column, self._text[begun : self._at])
        absolute = self._take("/")
        colon = not absolute and self._take(":")
        words = self._words(absolute, colon)
        find = bool(words) and words[-1].text == "find"
        arguments: list[Named | Expression] = []
        where: Expression | None = None
        while self._more():
            if find or self._word_ahead() == "where":
                if not find:
                    self._at += len("where")
                    self._skip(" \t")
                if self._word_ahead() == "where":
                    self._at += len("where")
                where = self._conditions()
                break
            arguments.append(self._argument())
        return Statement(
            absolute, colon, words, tuple(arguments), where, line, column, self._text[begun : self._at].strip()
        )

    def _words(self, absolute: bool, colon: bool) -> tuple[Word, ...]:
        words: list[Word] = []
        while self._more():
            line, column = self._place()
            begun = self._at
            while self._peek() and self._peek() not in _ENDS + '="[{($/':
                self._at += 1
            text = self._text[begun : self._at]
            if not text or self._peek() in ("=", "$") or text.startswith(("!", "*")):
                self._at = begun
                break
            words.append(Word(text, line, column))
            if colon:
                break
            if self._peek() == "/":
                self._at += 1
            if text in ("where",):
                words.pop()
                self._at = begun
                break
        if not words and not absolute:
            raise self._error("expected command name")
        return tuple(words)

    def _argument(self) -> Named | Expression:
        line, column = self._place()
        begun = self._at
        negated = self._take("!")
        while self._peek() in _NAME or (self._peek() == "." and self._at > begun):
            self._at += 1
        name = self._text[begun : self._at]
        if self._peek() == "=":
            self._at += 1
            word = Word(name, line, column)
            return Named(word, self._value(code=name in _WITH_CODE))
        if negated:
            return Named(Word(name, line, column), None)
        self._at = begun
        value = self._value(code=True)
        if isinstance(value, Word) and value.text and set(value.text) <= _NAME and not value.text[0].isdigit():
            return Named(value, None)
        return value

    # --- values

    def _value(self, *, code: bool = False) -> Expression:
        character = self._peek()
        if character == '"':
            return self._quoted()
        if character == "[":
            self._at += 1
            return Called(self.statements(closing="]"))
        if character == "(":
            self._at += 1
            inner = self._expression(0)
            self._close(")")
            return inner
        if character == "{":
            self._at += 1
            return self.statements(closing="}") if code else self._listed()
        if character == "$":
            return self._variable()
        return self._bare(_ENDS)

    def _bare(self, ends: str) -> Word:
        line, column = self._place()
        text = ""
        while (character := self._peek()) and character not in ends:
            if character == "\\" and self._text[self._at + 1 : self._at + 2] in ("\n", "\r"):
                self._skip_joint()
                continue
            text += character
            self._at += 1
        return Word(text, line, column)

    def _listed(self) -> Listed:
        members: list[Expression] = []
        while True:
            self._skip(" \t\r\n;")
            if self._take("}"):
                return Listed(tuple(members))
            if not self._peek():
                raise self._error("expected closing brace")
            members.append(self._value())

    def _variable(self) -> Expression:
        self._at += 1
        if self._peek() == "[":
            self._at += 1
            return Called(self.statements(closing="]"))
        if self._peek() == "(":
            self._at += 1
            inner = self._expression(0)
            self._close(")")
            return inner
        if self._peek() == '"':
            quoted = self._quoted()
            return Variable("".join(part.text for part in quoted.parts if isinstance(part, Word)))
        begun = self._at
        while self._peek().isalnum() and self._peek():
            self._at += 1
        if begun == self._at:
            raise self._error("syntax error")
        return Variable(self._text[begun : self._at])

    def _quoted(self) -> Joined:
        line, column = self._place()
        self._at += 1
        parts: list[Expression] = []
        text = ""
        while True:
            character = self._peek()
            if not character:
                raise SyntaxRefusedError("expected closing quote", line, column)
            if character == '"':
                self._at += 1
                if text or not parts:
                    parts.append(Word(text, line, column))
                return Joined(tuple(parts))
            if character == "$" and (self._after().isalnum() or self._after() in '[("'):
                if text:
                    parts.append(Word(text, line, column))
                    text = ""
                parts.append(self._variable())
                continue
            if character == "\\":
                text += self._escape()
                continue
            text += character
            self._at += 1

    def _escape(self) -> str:
        follower = self._after()
        if follower in ("\n", "\r"):
            self._skip_joint()
            return ""
        code = self._text[self._at + 1 : self._at + 3]
        if len(code) == 2 and all(digit in "0123456789ABCDEF" for digit in code):
            self._at += 3
            return chr(int(code, 16))
        if follower in _LITERAL:
            self._at += 2
            return follower
        if follower in _ESCAPES:
            self._at += 2
            return _ESCAPES[follower]
        self._at += 1
        raise self._error("syntax error")

    # --- expressions

    def _conditions(self) -> Expression:
        """After `where` or `find`: terms side by side are joined by and."""
        whole: Expression | None = None
        while self._more():
            term = self._expression(0, where=True)
            whole = term if whole is None else Binary("and", whole, term)
        return whole if whole is not None else Word("true", *self._place())

    def _expression(self, looseness: int, *, where: bool = False) -> Expression:
        left = self._operand(where=where)
        while True:
            begun = self._at
            self._skip(" \t" if where else " \t\r\n")
            operator = self._operator(spaced=self._at > begun)
            if operator is None or _LOOSENESS[operator] < max(looseness, 1):
                self._at = begun
                return left
            self._at += len(operator)
            self._skip(" \t")
            right = self._expression(_LOOSENESS[operator] + 1, where=where)
            left = Binary(operator, left, right)

    def _operator(self, *, spaced: bool) -> str | None:
        for each in _OPERATORS:
            if self._text.startswith(each, self._at):
                if each.isalpha():
                    follower = self._text[self._at + len(each) : self._at + len(each) + 1]
                    if not spaced or follower not in (" ", "(", "["):
                        continue
                return each
        return None

    def _operand(self, *, where: bool) -> Expression:
        self._skip(" \t" if where else " \t\r\n")
        if self._peek() == "!":
            self._at += 1
            return Unary("!", self._operand(where=where))
        if self._peek() == "(":
            self._at += 1
            inner = self._expression(0, where=where)
            self._close(")")
            return inner
        if self._peek() and self._peek() in '"[{$':
            return self._value()
        word = self._bare(_ENDS + "=!<>~&|" + ("" if where else "+*"))
        if not word.text:
            raise self._error("syntax error")
        return word

    # --- characters

    def _more(self) -> bool:
        """Skip blanks and joined lines; whether the statement goes on."""
        while True:
            self._skip(" \t\r")
            if self._peek() == "\\" and self._after() in ("\n", "\r"):
                self._skip_joint()
                continue
            return bool(self._peek()) and self._peek() not in "\n;]})"

    def _skip_joint(self) -> None:
        self._at += 1
        self._skip("\r")
        self._take("\n")
        self._skip(" \t")

    def _skip(self, characters: str) -> None:
        while self._peek() and self._peek() in characters:
            self._at += 1

    def _skip_line(self) -> None:
        while self._peek() and self._peek() != "\n":
            self._at += 1

    def _at_line_start(self) -> bool:
        return not self._text[self._text.rfind("\n", 0, self._at) + 1 : self._at].strip()

    def _word_ahead(self) -> str:
        end = self._at
        while end < len(self._text) and self._text[end] in _NAME:
            end += 1
        return self._text[self._at : end]

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _after(self) -> str:
        return self._text[self._at + 1 : self._at + 2]

    def _take(self, character: str) -> bool:
        if self._peek() == character:
            self._at += 1
            return True
        return False

    def _close(self, character: str) -> None:
        self._skip(" \t\r\n")
        if not self._take(character):
            raise self._error("expected closing paren")

    def _place(self) -> tuple[int, int]:
        line = self._text.count("\n", 0, self._at) + 1
        return line, self._at - (self._text.rfind("\n", 0, self._at) + 1) + 1

    def _error(self, words: str) -> SyntaxRefusedError:
        return SyntaxRefusedError(words, *self._place())
