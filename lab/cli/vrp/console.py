"""A session on VRP: user view in angle brackets, system view in square ones; in version 8 a candidate to commit."""

from typing import TYPE_CHECKING

from lab.cli.conversation import Login, Pager, Question
from lab.cli.lines.console import LineConsole, caret
from lab.cli.lines.grammar import Fault, Match, Mismatch
from lab.cli.lines.model import Level
from lab.cli.lines.tree import Tree
from lab.cli.vrp import lan, readings
from lab.cli.vrp.access import addresses
from lab.cli.vrp.saving import SavingCommands

if TYPE_CHECKING:
    from lab.cli.vrp.switch import VrpSwitch

_ERRORS = {
    Fault.INVALID: "Unrecognized command",
    Fault.WRONG_VALUE: "Wrong parameter",
    Fault.TOO_MANY: "Too many parameters",
    Fault.INCOMPLETE: "Incomplete command",
    Fault.AMBIGUOUS: "Ambiguous command",
}
_USER_ONLY = ("system_view", "quit")
_TWO_PHASE_ONLY = ("rollback", "display_commits")


class VrpConsole(LineConsole):
    """Implements Console."""

    model: "VrpSwitch"

    def __init__(self, model: "VrpSwitch", login: Login) -> None:
        super().__init__(model, login)
        self.candidate: Tree | None = None
        self._seen_trials = 0
        self._saving = SavingCommands(self)

    def greeting(self) -> str:
        header = self.model.tree.first("header", "login", "information")
        note = f"{header[-1]}\n" if header else ""
        return (
            f"{note}\nInfo: The max number of VTY users is 5, and the number\n      of current VTY users on line is 1.\n"  # noqa: E501
            f"      The current login time is {readings.stamp(self.model.now)}.\n"
        )

    def closed(self, now: float) -> None:
        """A trial run that is not persistent ends with its session."""
        trial = self.model.trial
        if trial is not None and trial.belongs_to("", id(self)):
            self.model.now = now
            self.model.end_trial()

    def pager(self) -> Pager:
        return Pager("  ---- More ----", "\x1b[16D" + " " * 16 + "\x1b[16D", max(0, self.rows - 1))

    def plain_prompt(self) -> str:
        name = self.model.hostname
        if not self.levels:
            return f"<{name}>"
        mark = ("*" if self.changed else "~") if self.model.two_phase else ""
        return f"[{mark}{name}{_place(self.levels[-1])}]"

    @property
    def changed(self) -> bool:
        if self.candidate is not None and self._seen_trials != self.model.expired_trials:
            self.candidate = self.model.tree.copy()
        self._seen_trials = self.model.expired_trials
        return self.candidate is not None and self.candidate != self.model.tree

    def execute(self, line: str) -> None:
        word = line.strip()
        if self.levels and word in ("quit", "q", "qu", "qui"):
            self._up()
        elif self.levels and word in ("return", "ret", "\x1a"):
            self._leave()
        elif word in ("#", "!"):
            return
        else:
            self._line(line)

    def mistake(self, mismatch: Mismatch, line: str, *, skipped: int = 0) -> str:
        del skipped
        column = len(self.plain_prompt()) + caret(line, mismatch)
        return f"{'^':>{column + 1}}\nError: {_ERRORS[mismatch.fault]} found at '^' position."

    def _line(self, line: str) -> None:
        plain, _bar, bar = line.partition("|")
        found = self.model.grammar.match(self._exec_views(), self.model.normal(plain))
        elsewhere = bool(self.levels) and not isinstance(found, Mismatch) and found[0].rule.action in _USER_ONLY
        if not isinstance(found, Mismatch) and self._known(found[0]) and not elsewhere:
            self._act(found[0], bar)
            return
        if not self.levels:
            mismatch = found if isinstance(found, Mismatch) else Mismatch(Fault.INVALID, 0)
            self.print(self.mistake(mismatch, plain.rstrip()))
            return
        self._enter(line)

    def _exec_views(self) -> list[str]:
        return ["user", "commit"] if self.levels and self.model.two_phase else ["user"]

    def _known(self, match: Match) -> bool:
        return self.model.two_phase or match.rule.action not in _TWO_PHASE_ONLY

    def _enter(self, line: str) -> None:
        if self.candidate is None:
            self.enter(line)
        else:
            running, self.model.tree = self.model.tree, self.candidate
            try:
                self.enter(line)
            finally:
                self.candidate, self.model.tree = self.model.tree, running
        tree = self.candidate or self.model.tree
        while len(self.levels) > 1 and not tree.has(self.levels[-1].path):
            self.levels.pop()

    def _up(self) -> None:
        if len(self.levels) > 1:
            self.levels.pop()
        else:
            self._leave()

    def _leave(self) -> None:
        if not self.changed:
            self.levels, self.candidate = [], None
            return

        def answered(text: str) -> None:
            key = text.strip().lower()[:1]
            if key == "c":
                self.ask(question)
                return
            if key == "y":
                assert self.candidate is not None
                self.model.commit(self.candidate, self.login.user)
            self.levels, self.candidate = [], None

        question = Question(
            "Warning: Uncommitted configurations found. Are you sure to commit them before exiting? [Y(yes)/N(no)/C(cancel)]:",  # noqa: E501
            answered,
        )
        self.ask(question)

    def _act(self, match: Match, bar: str) -> None:
        model, action = self.model, match.rule.action
        shown = {
            "display_version": readings.version, "display_brief": readings.interfaces, "display_ip": readings.addressed,
            "display_vlan": readings.vlans, "display_device": readings.device, "display_esn": readings.esn,
            "display_current": readings.current, "display_saved": readings.saved, "display_routes": readings.routes,
            "display_startup": readings.startup, "display_pools": lan.pools, "display_arp": lan.arp,
            "display_logbuffer": lan.logbuffer,
        }  # fmt: skip
        if action in shown:
            self.show(shown[action](model), bar)
            return
        match action:
            case "system_view":
                self.levels = [Level("system", ())]
                self.candidate = model.tree.copy() if model.two_phase else None
                self.print("Enter system view, return user view with Ctrl+Z.")
            case "quit":
                self.ends = True
            case "screen_length":
                self.rows = int(match.values[0]) if match.values else 24
                if match.values:
                    self.print("Info: The configuration takes effect on the current user terminal interface only.")
            case "display_clock":
                self.print(f"{readings.stamp(model.now)}\nTime Zone(UTC) : UTC")
            case "display_pool":
                rows = match.words[-1] if match.words[-1] in ("used", "conflict") else ""
                self.show(lan.pool(model, match.values[0], rows), bar)
            case "display_current_interface":
                self.show(readings.section(model.tree, f"interface {match.values[0]}"), bar)
            case "display_current_part":
                self.show(readings.part(model.tree, match.values[0]), bar)
            case "display_this":
                tree = self.candidate or model.tree
                path = self.levels[-1].path if self.levels else ()
                self.show(readings.here(tree, path), bar)
            case "display_users":
                self.print(f"  User-Intf    Delay    Type   Network Address     AuthenStatus    AuthorcmdFlag\n"
                           f"+ 129 VTY 0   00:00:00  SSH    {self.login.address:<19} pass            no")  # fmt: skip
            case "ping":
                self._ping(match.values[-1])
            case _:
                self._saving.act(match, bar)

    def _ping(self, address: str) -> None:
        good = address in {str(made.ip) for _name, made in addresses(self.model.tree)}
        rows = "".join(
            f"    Reply from {address}: bytes=56 Sequence={turn} ttl=255 time=1 ms\n"
            if good
            else "    Request time out\n"
            for turn in range(1, 6)
        )
        self.print(f"  PING {address}: 56  data bytes, press CTRL_C to break\n{rows}\n  --- {address} ping statistics ---\n"  # noqa: E501
                   f"    5 packet(s) transmitted\n    {5 if good else 0} packet(s) received\n"
                   f"    {'0.00' if good else '100.00'}% packet loss\n")  # fmt: skip


def _place(level: Level) -> str:
    if not level.path:
        return ""
    words = level.path[-1].split()
    if level.view == "ui":
        return f"-ui-{words[1]}{'-'.join(words[2:])}"
    if level.view in ("interface", "aaa"):
        return f"-{words[-1]}"
    if level.view == "acl":
        kind = "basic" if words[-1].isdigit() and int(words[-1]) < 3000 else "adv"
        return f"-acl-{kind}-{words[2] if words[2:] else words[-1]}"
    if level.view == "vlan":
        return f"-vlan{words[1]}"
    if level.view == "pool":
        return f"-ip-pool-{words[2]}"
    parts = [f"-{'-'.join(path.split()[:2])}" for path in level.path]
    return "".join(parts)
