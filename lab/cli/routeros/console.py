"""A session on a router: greeting, prompt, questions, and a line of text at a time.

Source: wiki.mikrotik.com "Console login process": login options after a plus sign (`+ct511w4098h`: no colours, no
terminal detection, 511 columns, 4098 rows), the banner, the question for a new password while it is empty.
"""

import re
from typing import TYPE_CHECKING

from lab.cli.conversation import Login, Pager, Question, Reply
from lab.cli.routeros.errors import RouterError
from lab.cli.routeros.syntax import parse

if TYPE_CHECKING:
    from lab.cli.routeros.router import Router

_BANNER = """

  MMM      MMM       KKK                          TTTTTTTTTTT      KKK
  MMMM    MMMM       KKK                          TTTTTTTTTTT      KKK
  MMM MMMM MMM  III  KKK  KKK  RRRRRR     OOOOOO      TTT     III  KKK  KKK
  MMM  MM  MMM  III  KKKKK     RRR  RRR  OOO  OOO     TTT     III  KKKKK
  MMM      MMM  III  KKK KKK   RRRRRR    OOO  OOO     TTT     III  KKK KKK
  MMM      MMM  III  KKK  KKK  RRR  RRR   OOOOOO      TTT     III  KKK  KKK

  MikroTik RouterOS {version} (c) 1999-2024       https://www.mikrotik.com/

Press F1 for help

"""
_OPTION = re.compile(r"(\d*)([a-z])")


class RouterConsole:
    """Implements Console."""

    def __init__(self, router: "Router", login: Login) -> None:
        self._router = router
        self._login = login
        self._options = {letter: int(number or 1) for number, letter in _OPTION.findall(login.options)}
        self._shell = router.shell(interactive=True, user=login.user)
        self._new_password: str | None = None
        if router.accepts(login.user, ""):
            self._shell.question = Question("new password> ", self._first_password, hidden=True)

    def greeting(self) -> str:
        note = self._router.configuration.single("/system note", "note")
        shown = note and self._router.configuration.single("/system note", "show-at-login") == "yes"
        text = _BANNER.format(version=self._router.version) + (f"{note}\n\n" if shown else "")
        return text + ("Change your password\n\n" if self._shell.question is not None else "")

    def prompt(self) -> str:
        question = self._shell.question
        if question is not None:
            return question.text
        name = self._router.configuration.single("/system identity", "name")
        path = self._shell.path
        if path and self._router.major > 6:
            path = path.replace(" ", "/")

        return f"[{self._login.user}@{name}] {path}> "

    def wants_key(self) -> bool:
        return self._shell.question is not None and self._shell.question.key

    def hides_input(self) -> bool:
        return self._shell.question is not None and self._shell.question.hidden

    def pager(self) -> Pager:
        rows = self._options.get("h", self._login.rows)
        return Pager("-- [Q quit|D dump|down]", "\r" + " " * 23 + "\r", max(0, rows - 1))

    def columns(self) -> int:
        """How wide the terminal is: longer lines are broken in the echo."""
        return self._options.get("w", self._login.columns)

    def take(self, line: str, now: float) -> Reply:
        self._router.set_now(now)
        shell = self._shell
        shell.paged = False
        if line == "\x03":
            shell.question = None
            return Reply()
        try:
            if shell.question is not None:
                question, shell.question = shell.question, None
                question.then(line)
            elif line.strip() and not (self._router.ignores and re.search(self._router.ignores, line)):
                shell.run(parse(line))
        except RouterError as error:
            shell.print(f"{error}\n")
        text = shell.taken()
        self._router.plan()
        if self._router.restarting:
            return Reply(text, restarts=True)
        return Reply(text, paged=shell.paged, ends=shell.ends)

    def _first_password(self, text: str) -> None:
        if self._new_password is None:
            self._new_password = text
            self._shell.question = Question("repeat new password> ", self._first_password, hidden=True)
            return
        first, self._new_password = self._new_password, None
        if first != text:
            self._shell.print("new passwords do not match\n")
            self._shell.question = Question("new password> ", self._first_password, hidden=True)
            return
        self._router.add_login(self._login.user, first, "")
        self._shell.print("Password changed\n")
