"""A session on IOS: user, enable and configuration modes, questions, confirmed changes, the caret under a mistake."""

import re
from typing import TYPE_CHECKING

from lab.cli.conversation import Login, Pager, Question
from lab.cli.ios import lan, readings
from lab.cli.ios.access import addresses
from lab.cli.ios.files import FileCommands
from lab.cli.lines.console import LineConsole, caret
from lab.cli.lines.grammar import Fault, Match, Mismatch
from lab.cli.lines.model import Level, hashed

if TYPE_CHECKING:
    from lab.cli.ios.router import IosRouter

_MODES = {
    "config": "config",
    "interface": "config-if",
    "vlan": "config-vlan",
    "archive": "config-archive",
    "archive_log": "config-archive-log-cfg",
    "pubkey": "conf-ssh-pubkey",
    "pubkey_user": "conf-ssh-pubkey-user",
    "key_string": "conf-ssh-pubkey-data",
    "dhcp": "dhcp-config",
    "ospf": "config-router",
    "bgp": "config-router",
    "rip": "config-router",
    "acl": "config-std-nacl",
    "line": "config-line",
    "applet": "config-applet",
}
_NAME_IN_CONFIG = 20


class IosConsole(LineConsole):
    """Implements Console."""

    model: "IosRouter"

    def __init__(self, model: "IosRouter", login: Login, *, privileged: bool) -> None:
        super().__init__(model, login)
        self.privileged = privileged
        self._files = FileCommands(self)

    def greeting(self) -> str:
        banner = self.model.tree.first("banner", "motd") or self.model.tree.first("banner", "login")
        return f"{banner[-1].strip('^C').strip()}\n" if banner else "\n"

    def pager(self) -> Pager:
        return Pager(" --More-- ", "\b" * 10 + " " * 10 + "\b" * 10, max(0, self.rows - 1))

    def plain_prompt(self) -> str:
        name = self.model.hostname
        if not self.levels:
            return f"{name}{'#' if self.privileged else '>'}"
        mode = _MODES[self.levels[-1].view]
        if self.levels[-1].view == "acl" and "extended" in self.levels[-1].path[0]:
            mode = "config-ext-nacl"
        if mode == "config-if" and "." in self.levels[-1].path[0]:
            mode = "config-subif"
        return f"{name[:_NAME_IN_CONFIG]}({mode})#"

    def execute(self, line: str) -> None:
        if not self.levels:
            self._command(line)
            return
        word, _blank, rest = line.strip().partition(" ")
        if word in ("end", "\x1a"):
            self.levels = []
        elif word in ("exit", "ex", "exi", "quit"):
            self.levels.pop()
        elif word == "do" and rest:
            self._command(rest)
        elif line.lstrip().startswith("!"):
            return
        else:
            self._configure(line)

    def _configure(self, line: str) -> None:
        self.enter(line)
        if self.levels and not self.model.tree.has(self.levels[-1].path):
            del self.levels[1:]

    def mistake(self, mismatch: Mismatch, line: str, *, skipped: int = 0) -> str:
        del skipped
        if mismatch.fault is Fault.AMBIGUOUS:
            return f'% Ambiguous command:  "{line}"'
        if mismatch.fault is Fault.INCOMPLETE and line.split() and "show".startswith(line.split()[-1]):
            return '% Type "show ?" for a list of subcommands'
        if mismatch.fault is Fault.INCOMPLETE:
            return "% Incomplete command.\n"
        column = len(self.plain_prompt()) + caret(line, mismatch)
        return f"{'^':>{column + 1}}\n% Invalid input detected at '^' marker.\n"

    # --- exec

    def _command(self, line: str) -> None:
        plain, _bar, bar = line.partition("|")
        found = self.model.grammar.match(["enable", "user"] if self.privileged else ["user"], self._spaced(plain))
        if isinstance(found, Mismatch):
            lookup = "no ip domain lookup" not in self.model.text()
            if len(plain.split()) == 1 and found.fault is Fault.INVALID and lookup and not self.levels:
                self.print(
                    f'Translating "{plain.strip()}"...domain server (255.255.255.255)\n'
                    "% Unknown command or computer name, or unable to find computer address"
                )
                return
            self.print(self.mistake(found, plain.rstrip()))
            return
        self._act(found[0], bar)

    def _spaced(self, line: str) -> str:
        return re.sub(r"(?i)\b((?:gi|fa|te|lo|tu|vl|po)[a-z-]*) +(\d[\d/.]*)", r"\1\2", line)

    def _act(self, match: Match, bar: str) -> None:
        model, action = self.model, match.rule.action
        shown = {
            "show_version": readings.version,
            "show_brief": readings.brief,
            "show_interfaces": readings.interfaces,
            "show_description": readings.descriptions,
            "show_route": readings.routes,
            "show_startup": readings.startup,
            "show_inventory": readings.inventory,
            "show_vlan": readings.vlans,
            "show_arp": lan.arp,
            "show_dhcp_pool": lan.pools,
            "show_dhcp_binding": lan.bindings,
            "show_dhcp_conflict": lan.conflicts,
            "show_dhcp_snooping": lan.snooping,
        }
        if action in shown:
            self.show(shown[action](model), bar)
        elif action in ("show_running", "show_running_all", "write_terminal"):
            self.show(readings.running(model, self.login.user), bar)
        elif action == "show_running_interface":
            self.show(readings.interface_running(model, match.values[0]), bar)
        elif action == "show_interface":
            self.show(readings.interfaces(model, match.values[0]), bar)
        elif not self._files.act(match, bar):
            self._mode(match, bar)

    def _mode(self, match: Match, bar: str) -> None:
        match match.rule.action:
            case "enable":
                self._enable()
            case "disable":
                self.privileged = False
            case "exit":
                self.ends = True
            case "terminal_length":
                self.rows = int(match.values[0])
            case "configure":
                self.print("Enter configuration commands, one per line.  End with CNTL/Z.")
                self.levels = [Level("config", ())]
            case "show_clock":
                self.print(f"*{readings.stamp(self.model.now)}")
            case "show_users":
                self.print(
                    "    Line       User       Host(s)              Idle       Location\n"
                    f"* 2 vty 0     {self.login.user:<10} idle                 00:00:00 {self.login.address}"
                )
            case "show_snmp_user":
                self.show(
                    "".join(
                        f"\nUser name: {name}\nstorage-type: nonvolatile        active\n"
                        for name in self.model.snmp_users
                    ),
                    bar,
                )
            case "show_logging":
                rows = (*self.model.journal, *lan.logged(self.model))
                self.show("Syslog logging: enabled\n\n" + "".join(f"{row}\n" for row in rows), bar)
            case "ping":
                self._ping(match.values[0])
            case "reload" | "reload_in":
                self._reload(match)
            case "reload_cancel":
                if self.model.reload_at is None:
                    self.print("%No scheduled reload to cancel.")
                else:
                    self.model.reload_at = None
                    self.late = "\n\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n"
            case "show_reload":
                at = self.model.reload_at
                left = "No reload is scheduled." if at is None else f"Reload scheduled for {readings.stamp(at)}"
                self.print(left)

    def _enable(self) -> None:
        secret = self.model.tree.first("enable", "secret")
        if secret is None:
            self.print("% No password set")
            return
        self._tries(secret[-1], 3)

    def _tries(self, secret: str, left: int) -> None:
        def answered(text: str) -> None:
            if hashed(text) == secret or text == secret:
                self.privileged = True
            elif left > 1:
                self._tries(secret, left - 1)
            else:
                self.print("% Bad secrets\n")

        self.ask(Question("Password: ", answered, hidden=True))

    def _reload(self, match: Match) -> None:
        """First the question about unsaved changes, then `[confirm]`."""
        delay = _delay_seconds(match.values[0]) if match.rule.action == "reload_in" else None
        if match.rule.action == "reload_in" and delay is None:
            self.print("% Invalid time")
            return

        def confirm() -> None:
            head = ""
            if delay is not None:
                at = self.model.now + delay
                head = (
                    f"Reload scheduled for {readings.stamp(at)} (in {int(delay // 60)} minutes) by {self.login.user} "
                    f"on vty0 ({self.login.address})\nReload reason: Reload Command\n"
                )
            self.ask(Question(f"{head}Proceed with reload? [confirm]", confirmed, key=True))

        def confirmed(key: str) -> None:
            if key.lower() not in ("", "y", "\r"):
                return
            if delay is None:
                self.model.restarting = True
            else:
                self.model.reload_at = self.model.now + delay

        def saved(text: str) -> None:
            if text.lower().startswith("y"):
                self.print("Building configuration...\n[OK]" if self.model.save() else "%Error: no space")
            elif not text.lower().startswith("n"):
                self.ask(
                    Question(
                        "% Please answer 'yes' or 'no'.\nSystem configuration has been modified. Save? [yes/no]: ",
                        saved,
                    )
                )
                return
            confirm()

        if self.model.modified:
            self.ask(Question("\nSystem configuration has been modified. Save? [yes/no]: ", saved))
        else:
            confirm()

    def _ping(self, address: str) -> None:
        own = {str(made.ip) for _name, made in addresses(self.model.tree)}
        good = address in own
        self.print(
            f"Type escape sequence to abort.\nSending 5, 100-byte ICMP Echos to {address}, timeout is 2 seconds:\n"
            f"{'!!!!!' if good else '.....'}\nSuccess rate is {100 if good else 0} percent ({5 if good else 0}/5)"
        )


def _delay_seconds(text: str) -> float | None:
    """Minutes, or hours:minutes."""
    hours, _colon, minutes = text.rpartition(":")
    if not minutes.isdigit() or (hours and not hours.isdigit()):
        return None
    return (int(hours or 0) * 60 + int(minutes)) * 60.0
