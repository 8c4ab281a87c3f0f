"""A VRP device as a model: current and saved configuration, a scheduled reboot, in version 8 also rollback points."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from lab.cli.conversation import Login
from lab.cli.lines.grammar import Match
from lab.cli.lines.lan import LineLan
from lab.cli.lines.model import LineModel, hashed
from lab.cli.lines.tree import Tree
from lab.cli.vrp.access import addresses, admits
from lab.cli.vrp.console import VrpConsole
from lab.cli.vrp.grammar import FACTORY, GRAMMAR, normal
from lab.cli.vrp.trial import Trial

_CIPHER = "$1$lab$"
FIRST_COMMIT = 1000000001
_KEPT_COMMITS = 80
_NOT_SHOWN = frozenset({"idle-timeout 10 0", "info-center enable"})
"""So by default, and therefore not in the configuration."""
_SERVICES = ("telnet", "terminal", "ssh", "http")
"""The order in which VRP writes them."""
FIRST_FILE = "vrpcfg.zip"


@dataclass(frozen=True, slots=True)
class Commit:
    """A rollback point: what ran before it is what `last 1` brings back."""

    number: int
    at: float
    user: str
    before: Tree
    after: Tree


class VrpSwitch(LineModel):
    """Implements PoweredModel."""

    negation = "undo"
    names, unnamed = "sysname", "HUAWEI"
    root = "system"

    def __init__(self, *, hostname: str, address: str, version: str, serial: str, ports: int = 4) -> None:
        self.version = version
        self.two_phase = version.startswith("V8")
        self.reboot_at: float | None = None
        self.trial: Trial | None = None
        self.expired_trials = 0
        self.startup = FIRST_FILE
        self.files: dict[str, str] = {}
        self.lan = LineLan()
        self.commits: list[Commit] = []
        self.next_commit = FIRST_COMMIT
        self._address = address.partition("/")[0]
        self._keys: dict[str, list[str]] = {}
        sections = []
        if address:
            made = ipaddress.IPv4Interface(address)
            sections.append(f"interface Vlanif1\n ip address {made.ip} {made.netmask}")
        sections += [f"interface GigabitEthernet0/0/{port}" for port in range(1, ports + 1)]
        super().__init__(
            GRAMMAR, FACTORY.format(hostname=hostname, ports="\n".join(sections)), normal=normal, serial=serial
        )
        self.save()

    def console(self, login: Login, now: float) -> VrpConsole:
        self.now = now
        return VrpConsole(self, login)

    def accepts(self, user: str, password: str) -> bool:
        words = self.tree.first("local-user", user, "password", path=("aaa",))
        return words is not None and words[-1] == hashed(password)

    def trusts(self, user: str, public_key: str) -> bool:
        return self._keys.get(user) == public_key.split()[:2]

    def add_login(self, user: str, password: str, public_key: str) -> None:
        if public_key:
            self._keys[user] = public_key.split()[:2]
        self.replay(
            f"aaa\n local-user {user} password irreversible-cipher {password or hashed(user)}\n"
            f" local-user {user} privilege level 15\n local-user {user} service-type ssh\n"
        )
        self.save()

    def admits(self, address: str, *, established: bool) -> bool:
        return admits(self.tree, self._address, address, established=established)

    def boot(self, now: float) -> None:
        self.reboot_at = None
        self.trial = None
        super().boot(now)

    def due(self) -> float | None:
        moments = [at for at in (self.reboot_at, self.trial.until if self.trial else None) if at is not None]
        return min(moments, default=None)

    def pass_time(self, now: float) -> bool:
        self.now = now
        if self.trial is not None and now >= self.trial.until:
            self.end_trial()
        if self.reboot_at is not None and now >= self.reboot_at:
            self.reboot_at = None
            return True
        return self.restarting

    def end_trial(self) -> None:
        """What was before it comes back, in every session that has not typed anything since."""
        assert self.trial is not None
        self.tree, self.trial = self.trial.before, None
        self.expired_trials += 1

    def save_as(self, name: str) -> bool:
        """Into a file; the one that is loaded at the next start is the saved configuration."""
        if self.ordered.disk_full:
            return False
        self.files[name] = self.text()
        if name == self.startup:
            self.restore_saved(self.files[name])
        return True

    def save(self) -> bool:
        return self.save_as(self.startup)

    def start_from(self, name: str) -> bool:
        """At the next start; False if there is no such file."""
        text = self.files.get(name)
        if text is None:
            return False
        self.startup = name
        self.restore_saved(text)
        return True

    def commit(self, candidate: Tree, user: str) -> None:
        """Make a candidate what runs, and keep a rollback point."""
        made = Commit(self.next_commit, self.now, user, self.tree, candidate.copy())
        self.next_commit += 1
        self.commits = [*self.commits[-_KEPT_COMMITS + 1 :], made]
        self.tree = candidate.copy()

    # --- VRP's own rules

    def rewritten(self, match: Match) -> tuple[str, ...]:
        words = match.words
        if words[0] == "local-user" and words[2:3] == ("service-type",):
            kept = set(words[3:])
            return (*words[:3], *(each for each in _SERVICES if each in kept))
        secret = match.rule.action == "password" or "cipher" in words
        if not secret or words[-1].startswith(_CIPHER):
            return words
        return (*words[:-1], hashed(words[-1]))

    def refusal(self, match: Match, path: Sequence[str]) -> str:
        if match.rule.action == "ip_address":
            made = ipaddress.IPv4Interface("/".join(match.values))
            here = path[0].partition(" ")[2]
            for name, other in addresses(self.tree):
                if name != here and other.network.overlaps(made.network):
                    return "Error: The specified address conflicts with another address."
        if match.words[:4] == ("port", "default", "vlan", match.words[-1]) and not self.has_vlan(match.words[-1]):
            return "Error: The VLAN does not exist."
        if match.words[0] == "interface" and match.words[1].startswith("Vlanif"):
            number = match.words[1].removeprefix("Vlanif")
            if number != "1" and not self.has_vlan(number):
                return "Error: Can not create this interface because the interface number is not found or the VLAN is not created."  # noqa: E501
        return ""

    not_kept = frozenset({"local_user"})

    def negation_refusal(self, words: Sequence[str], path: Sequence[str]) -> str:
        port = words[1] if words[0] == "interface" and not path and words[1:] else ""
        if port.startswith("GigabitEthernet") and "." not in port:
            return "Error: The interface can not be deleted."
        return ""

    def entered(self, match: Match, path: Sequence[str]) -> str:
        if match.words[:2] == ("vlan", "batch"):
            numbers = sorted(self._batch(), key=int)
            self.tree.drop((), ("vlan", "batch"))
            self.tree.put((), ("vlan", "batch", " ".join(numbers)), 2, match.rule.rank)
        if match.rule.action == "local_key":
            self.tree.drop((), match.words)
        if match.line in _NOT_SHOWN:
            self.tree.drop(path, match.words)
        return ""

    def has_vlan(self, number: str) -> bool:
        return (
            number == "1"
            or number in self._batch()
            or any(section.words[1] == number for section in self.tree.sections("vlan"))
        )

    def _batch(self) -> set[str]:
        numbers: set[str] = set()
        for line in self.tree.lines:
            if line.words[:2] != ("vlan", "batch"):
                continue
            words = line.words[2].split()
            for at, word in enumerate(words):
                if word == "to" and 0 < at < len(words) - 1:
                    numbers |= {str(each) for each in range(int(words[at - 1]), int(words[at + 1]) + 1)}
                elif word.isdigit():
                    numbers.add(word)
        return numbers
