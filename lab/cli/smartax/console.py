"""A session on a Huawei OLT: its views, the `{ <cr>||<K> }:` it asks with, its pages, its logout."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from lab.cli.conversation import Login, Pager, Question
from lab.cli.lines.console import LineConsole, caret
from lab.cli.lines.grammar import Fault, Match, Mismatch
from lab.cli.lines.model import Level
from lab.cli.smartax import readings

if TYPE_CHECKING:
    from lab.cli.smartax.olt import Ont, SmartAxOlt

_ERRORS = {
    Fault.INVALID: "% Unknown command, the error locates at '^'",
    Fault.WRONG_VALUE: "% Parameter error, the error locates at '^'",
    Fault.TOO_MANY: "% Too many parameters, the error locates at '^'",
    Fault.INCOMPLETE: "% Incomplete command, the error locates at '^'",
    Fault.AMBIGUOUS: "% Ambiguous command, the error locates at '^'",
}
_LOGOUT = (
    "  Check whether system data has been changed. Please save data before logout.\nAre you sure to log out? (y/n)[n]:"
)


class SmartAxConsole(LineConsole):
    """Implements Console."""

    model: "SmartAxOlt"

    def __init__(self, model: "SmartAxOlt", login: Login) -> None:
        super().__init__(model, login)
        self.privileged = False
        self.smart = True

    def greeting(self) -> str:
        return (
            "\n  Huawei Integrated Access Software (MA5608T).\n"
            "  Copyright(C) Huawei Technologies Co., Ltd. 2002-2018. All rights reserved.\n\n"
            f"{'-' * 77}\n  User last login information:\n{'-' * 77}\n  Access Type : SSH\n"
            f"  IP-Address  : {self.login.address}\n{'-' * 77}\n\n"
        )

    def pager(self) -> Pager:
        prompt = "---- More ( Press 'Q' to break ) ----"
        return Pager(prompt, f"\x1b[{len(prompt)}D{' ' * len(prompt)}\x1b[{len(prompt)}D", max(0, self.rows - 1))

    def plain_prompt(self) -> str:
        name = self.model.hostname
        if not self.levels:
            return f"{name}{'#' if self.privileged else '>'}"
        level = self.levels[-1]
        words = level.path[-1].split() if level.path else []
        match level.view:
            case "gpon" | "mcu" | "vlanif":
                return f"{name}(config-if-{words[1]}-{words[2]})#"
            case "line":
                return f"{name}(config-gpon-lineprofile-{words[3]})#"
            case "srv":
                return f"{name}(config-gpon-srvprofile-{words[3]})#"
        return f"{name}(config)#"

    def execute(self, line: str) -> None:
        word = line.strip()
        if self.levels and word in ("quit", "qui", "q"):
            self.levels.pop()
        elif self.levels and word in ("return", "\x1a"):
            self.levels = []
        elif word == "#":
            return
        else:
            self._line(line)

    def mistake(self, mismatch: Mismatch, line: str, *, skipped: int = 0) -> str:
        del skipped
        column = len(self.plain_prompt()) + caret(line, mismatch)
        return f"{'^':>{column + 1}}\n  {_ERRORS[mismatch.fault]}"

    def views(self) -> list[str]:
        if not self.privileged:
            return ["user"]
        return [*([self.levels[-1].view] if self.levels else []), "enable", "user"]

    def _line(self, line: str) -> None:
        plain, _bar, bar = line.partition("|")
        found = self.model.grammar.match(self.views(), self.model.normal(plain))
        if isinstance(found, Mismatch):
            undo = self.levels and plain.split()[0].lower() == self.model.negation
            if undo:
                self.enter(line)
            else:
                self.print(self.mistake(found, plain.rstrip()))
            return
        match, view = found
        follow = self.model.grammar.words_after([view], " ".join(plain.split()) + " ")
        if self.smart and follow:
            shown = "|".join(
                f"{word}<K>" if word.isalpha() or ("-" in word[1:] and word[0] != "<") else word for word in follow
            )
            self.ask(Question(f"{{ <cr>|{shown} }}:", lambda more: self._smartly(plain, more, bar)))
            return
        self._act(match, view, line, bar)

    def _smartly(self, plain: str, more: str, bar: str) -> None:
        whole = f"{plain.rstrip()} {more.strip()}".rstrip()
        self.print(f"\n  Command:\n          {whole.strip()}\n")
        smart, self.smart = self.smart, False
        try:
            self._line(whole + (f"|{bar}" if bar else ""))
        finally:
            self.smart = smart if self.smart is False else self.smart

    def _act(self, match: Match, view: str, line: str, bar: str) -> None:
        model, values = self.model, match.values
        shown: dict[str, Callable[[], str]] = {
            "display_version": lambda: readings.version(model),
            "display_current": lambda: readings.current(model, values[0] if values else ""),
            "display_saved": lambda: model.saved_text or "",
            "display_board": lambda: readings.board(model),
            "display_autofind": lambda: readings.autofind(model),
            "display_ont_sn": lambda: readings.ont(model, _first(o for o in model.onts() if o.serial == values[0])),
            "display_ont_all": lambda: readings.onts(model, "/".join(values[:3])),
            "display_ont_summary": lambda: readings.onts(model, values[0]),
            "display_ont": lambda: readings.ont(
                model, _first(o for o in model.onts("/".join(values[:3])) if o.number == int(values[3]))
            ),
            "display_service": lambda: readings.services(model, values[0] if values else ""),
            "display_service_port": lambda: readings.services(model),
            "display_lines": lambda: readings.profiles(model, "ont-lineprofile"),
            "display_services": lambda: readings.profiles(model, "ont-srvprofile"),
            "display_dba": lambda: readings.profiles(model, "dba-profile"),
            "display_vlan": lambda: readings.profiles(model, "vlan"),
            "display_esn": lambda: readings.sysinfo(model),
            "display_time": lambda: f"  {readings.stamp(model.now)}\n",
            "display_optical": lambda: readings.optical(model, self._port(values[0]), match.words[-1]),
            "display_port_ont": lambda: readings.onts(model, self._port(values[0])),
        }
        if match.rule.action in shown:
            self.show(shown[match.rule.action](), bar)
        elif view in ("user", "enable"):
            self._mode(match)
        else:
            self.enter(line)

    def _port(self, number: str) -> str:
        return f"{self.levels[-1].path[-1].rpartition(' ')[2]}/{number}"

    def _mode(self, match: Match) -> None:
        match match.rule.action:
            case "enable":
                self.privileged = True
            case "disable":
                self.privileged = False
            case "config":
                self.levels = [Level("config", ())]
            case "quit":
                self.ask(Question(_LOGOUT, self._quit))
            case "smart" | "undo_smart":
                self.smart = match.rule.action == "smart"
                self.print(f"  Interactive function is {'enabled' if self.smart else 'disabled'}")
            case "scroll":
                self.rows = int(match.values[0]) if match.values else 0
            case "undo_scroll":
                self.rows = 24
            case "save":
                self._save()
            case "reboot":
                self.ask(Question("  Please check whether data has saved, the unsaved data will lose if reboot system, "
                                  "are you sure to reboot system? (y/n)[n]:", self._reboot))  # fmt: skip

    def _save(self) -> None:
        if not self.model.save():
            self.print("  Failure: The flash does not have enough space, save failed")
            return
        self.print(
            "  It will take several minutes to save configuration file, please wait...\n"
            "  Configuration file had been saved successfully\n"
            "  Note: The configuration file will take effect after being activated"
        )

    def _reboot(self, text: str) -> None:
        self.model.restarting = text.strip().lower() == "y"

    def _quit(self, text: str) -> None:
        if text.strip().lower() == "y":
            self.print("  Configuration console exit, please retry to log on\n")
            self.ends = True


def _first(found: "Iterator[Ont]") -> "Ont | None":
    return next(found, None)
