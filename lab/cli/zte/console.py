"""A session on a ZTE OLT: user, privileged and configuration views, the question at logout."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lab.cli.conversation import Login, Pager, Question
from lab.cli.lines.console import LineConsole, caret
from lab.cli.lines.grammar import Fault, Match, Mismatch
from lab.cli.lines.model import Level
from lab.cli.zte import readings

if TYPE_CHECKING:
    from lab.cli.zte.olt import ZteOlt

_ERRORS = {
    Fault.INVALID: "%Error 20200: Invalid input detected at '^' marker.",
    Fault.WRONG_VALUE: "%Error 20202: Invalid input detected at '^' marker.Invalid parameter",
    Fault.TOO_MANY: "%Error 20202: Invalid input detected at '^' marker.Too many parameters",
    Fault.INCOMPLETE: "%Error 20203: Incomplete command",
    Fault.AMBIGUOUS: "%Error 20204: Ambiguous command",
}
_MODES = {
    "config": "config", "pon": "config-pon", "gpon": "config-gpon", "vlan": "config-vlan", "vlandb": "config-vlan-db",
    "olt": "config-if", "onu": "config-if", "uplink": "config-if", "l3": "config-if", "acl": "config-std-acl",
}  # fmt: skip
_ENABLE = "zxr10"


class ZteConsole(LineConsole):
    """Implements Console."""

    model: "ZteOlt"

    def __init__(self, model: "ZteOlt", login: Login, *, privileged: bool) -> None:
        super().__init__(model, login)
        self.privileged = privileged

    def greeting(self) -> str:
        return f"\n{'*' * 75}\nWelcome to ZXAN product C320 of ZTE Corporation\n{'*' * 75}\n\n"

    def pager(self) -> Pager:
        return Pager(" --More--", "\b" * 9 + " " * 9 + "\b" * 9, max(0, self.rows - 1))

    def plain_prompt(self) -> str:
        if not self.levels:
            return f"{self.model.hostname}{'#' if self.privileged else '>'}"
        level = self.levels[-1]
        if level.view == "mng":
            return f"{self.model.hostname}(gpon-onu-mng {level.path[0].rpartition('_')[2]})#"
        return f"{self.model.hostname}({_MODES[level.view]})#"

    def execute(self, line: str) -> None:
        word = line.strip()
        if self.levels and word in ("end", "\x1a"):
            self.levels = []
        elif self.levels and word in ("exit", "ex", "exi"):
            self.levels.pop()
        elif word in ("!", "$"):
            return
        else:
            self._line(line)

    def mistake(self, mismatch: Mismatch, line: str, *, skipped: int = 0) -> str:
        del skipped
        if mismatch.fault in (Fault.INCOMPLETE, Fault.AMBIGUOUS):
            return _ERRORS[mismatch.fault]
        column = len(self.plain_prompt()) + caret(line, mismatch)
        return f"{'^':>{column + 1}}\n{_ERRORS[mismatch.fault]}"

    def _line(self, line: str) -> None:
        plain, _bar, bar = line.partition("|")
        views = ["enable", "user"] if self.privileged else ["user"]
        found = self.model.grammar.match(views, plain)
        allowed = not self.levels or plain.split()[0].startswith("sh")
        if not isinstance(found, Mismatch) and allowed:
            self._act(found[0], bar)
        elif self.levels:
            self.enter(line)
            if self.levels and not self.model.tree.has(self.levels[-1].path):
                del self.levels[1:]
        else:
            assert isinstance(found, Mismatch)
            self.print(self.mistake(found, plain.rstrip()))

    def _act(self, match: Match, bar: str) -> None:
        model, values = self.model, match.values
        shown: dict[str, Callable[[], str]] = {
            "show_running": lambda: readings.running(model),
            "show_running_interface": lambda: readings.interface(model, values[0]),
            "show_onu_running": lambda: readings.onu_config(model, values[0]),
            "show_startup": lambda: readings.startup(model),
            "show_uncfg": lambda: readings.uncfg(model, _port(values)),
            "show_state": lambda: readings.state(model, _port(values)),
            "show_baseinfo": lambda: readings.baseinfo(model, _port(values)),
            "show_detail": lambda: readings.detail(model, values[0]),
            "show_power": lambda: readings.power(model, values[0]),
            "show_card": lambda: readings.cards(model),
            "show_version": lambda: readings.version(model),
            "show_types": lambda: readings.rows_of(model, "pon", "onu-type"),
            "show_tconts": lambda: readings.rows_of(model, "gpon", "profile", "tcont"),
            "show_vlans": lambda: readings.vlans(model),
            "show_clock": lambda: readings.stamp(model.now) + "\n",
            "show_users": lambda: (
                f"  Line     User        Host(s)\n* 66 vty 0 {self.login.user} {self.login.address}\n"
            ),
        }
        if match.rule.action in shown:
            self.show(shown[match.rule.action](), bar)
            return
        self._mode(match)

    def _mode(self, match: Match) -> None:
        match match.rule.action:
            case "enable":
                if not self.privileged:
                    self.ask(Question("Password:", self._enabled, hidden=True))
            case "disable":
                self.privileged = False
            case "exit":
                self._exit()
            case "terminal_length":
                self.rows = int(match.values[0])
            case "configure":
                self.print("Enter configuration commands, one per line.  End with CTRL/Z.")
                self.levels = [Level("config", ())]
            case "write":
                done = self.model.save()
                self.print("...................\n[OK]" if done else "%Error 20231: Write flash failed: no space left.")
            case "reboot":
                self.ask(Question("Confirm to reboot? [yes/no]:", self._reboot))

    def _enabled(self, text: str) -> None:
        if text == _ENABLE:
            self.privileged = True
        else:
            self.print("%Error 20208: Bad password")

    def _reboot(self, text: str) -> None:
        self.model.restarting = text.strip().lower() in ("y", "yes")

    def _exit(self) -> None:
        def answered(text: str) -> None:
            self.ends = text.strip().lower() in ("y", "yes")

        if self.model.modified:
            self.ask(Question("The configuration is changed,confirm to logout without saving? [yes/no]:", answered))
        else:
            self.ends = True


def _port(values: tuple[str, ...]) -> str:
    return values[0].removeprefix("gpon-olt_") if values else ""
