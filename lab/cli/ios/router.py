"""An IOS router as a model: running and startup configuration, archive, timers that reload or revert."""

import ipaddress
from collections.abc import Sequence

from lab.cli.conversation import Login
from lab.cli.ios.access import addresses, admits
from lab.cli.ios.console import IosConsole
from lab.cli.ios.grammar import FACTORY, GRAMMAR, normal
from lab.cli.ios.pending import Pending
from lab.cli.lines.grammar import Match
from lab.cli.lines.lan import LineLan
from lab.cli.lines.model import LineModel, hashed

_NOT_SHOWN = frozenset({"exec-timeout 10 0", "logging trap informational"})
"""So by default, and therefore not in the configuration."""
_PHYSICAL = ("GigabitEthernet", "FastEthernet", "TenGigabitEthernet")


class IosRouter(LineModel):
    """Implements PoweredModel."""

    unnamed = "Router"
    not_kept = frozenset({"snmp_user"})

    def __init__(self, *, hostname: str, address: str, version: str, serial: str, ports: int = 4) -> None:
        self.version = version
        self.files: dict[str, str] = {}
        self.archived: list[str] = []
        self.pending: Pending | None = None
        self.reload_at: float | None = None
        self.snmp_users: dict[str, str] = {}
        self._keys: dict[str, list[str]] = {}
        self.journal: list[str] = []
        self.lan = LineLan()
        self.changed_at = 0.0
        self._address = address.partition("/")[0]
        sections = []
        for port in range(ports):
            body = [" no ip address", " shutdown"]
            if port == 0 and address:
                made = ipaddress.IPv4Interface(address)
                body = [f" ip address {made.ip} {made.netmask}"]
            sections.append("\n".join([f"interface GigabitEthernet0/{port}", *body]))
        super().__init__(
            GRAMMAR, FACTORY.format(hostname=hostname, ports="\n".join(sections)), normal=normal, serial=serial
        )
        self.save()

    def console(self, login: Login, now: float) -> IosConsole:
        self.now = now
        return IosConsole(self, login, privileged=self._privilege(login.user) >= 15)

    def accepts(self, user: str, password: str) -> bool:
        words = self.tree.first("username", user)
        return words is not None and words[-1] in (hashed(password), password)

    def trusts(self, user: str, public_key: str) -> bool:
        """Keys given at the beginning, and those of `ip ssh pubkey-chain`."""
        wanted = public_key.split()[:2]
        typed = "".join(self.tree.section("ip ssh pubkey-chain", f"username {user}", "key-string")).replace(" ", "")
        return self._keys.get(user) == wanted or bool(wanted and "".join(wanted) in typed)

    def add_login(self, user: str, password: str, public_key: str) -> None:
        """Into running and startup configuration, as a device that has been set up."""
        if public_key:
            self._keys[user] = public_key.split()[:2]
        self.replay(f"username {user} privilege 15 secret {password or hashed(user)}")
        self.save()

    def admits(self, address: str, *, established: bool) -> bool:
        return admits(self.tree, self._address, address, established=established)

    def boot(self, now: float) -> None:
        self.pending = None
        self.reload_at = None
        self.journal = []
        super().boot(now)
        self.changed_at = now

    def due(self) -> float | None:
        moments = [at for at in (self.reload_at, self.pending.at if self.pending else None) if at is not None]
        return min(moments, default=None)

    def pass_time(self, now: float) -> bool:
        self.now = now
        if self.pending is not None and now >= self.pending.at:
            self.roll_back()
        if self.reload_at is not None and now >= self.reload_at:
            self.reload_at = None
            return True
        return self.restarting

    def roll_back(self) -> None:
        assert self.pending is not None
        self.tree = self.pending.backup
        self.pending = None
        self.journal.append("%ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_ROLLBACK_END: Rolling back to the backup configuration")

    def archive_path(self) -> str:
        words = self.tree.first("path", path=("archive",))
        return words[0] if words else ""

    def archive(self) -> str | None:
        """Keep the running configuration under the archive's path; its name, None without a path."""
        path = self.archive_path()
        if not path or self.ordered.disk_full:
            return None
        name = f"{path}-{len(self.archived)}"
        self.files[name] = self.text()
        self.archived.append(name)
        maximum = self.tree.first("maximum", path=("archive",))
        del self.archived[: -int(maximum[0]) if maximum else -10]
        return name

    def save(self) -> bool:
        if not super().save():
            return False
        if "write-memory" in self.tree.section("archive"):
            self.archive()
        return True

    # --- IOS's own rules

    def rewritten(self, match: Match) -> tuple[str, ...]:
        if match.rule.action not in ("username", "secret"):
            return match.words
        *words, password = match.words
        if words[-1] in ("5", "8", "9", "7"):
            return match.words
        if words[-1] == "0":
            words.pop()
        return (*words, "5", hashed(password)) if words[-1] == "secret" else (*words, "0", password)

    def refusal(self, match: Match, path: Sequence[str]) -> str:
        if match.rule.action != "ip_address" or len(match.values) < 2:
            return ""
        made = ipaddress.IPv4Interface("/".join(match.values))
        network = made.network
        if network.prefixlen < 31 and made.ip in (network.network_address, network.broadcast_address):
            return f"Bad mask /{network.prefixlen} for address {made.ip}"
        here = path[0].partition(" ")[2]
        for name, other in addresses(self.tree):
            if name != here and other.network.overlaps(network):
                return f"% {network.network_address} overlaps with {name}"
        return ""

    def negation_refusal(self, words: Sequence[str], path: Sequence[str]) -> str:
        if words[0] == "interface" and not path and words[1].startswith(_PHYSICAL) and "." not in words[1]:
            return "% Removal of physical interfaces is not permitted"
        return ""

    def entered(self, match: Match, path: Sequence[str]) -> str:
        self.changed_at = self.now
        if match.rule.action == "snmp_user":
            self.snmp_users[match.values[0]] = match.line
        if match.words[:2] == ("ip", "address") and match.values and len(path) == 1:
            self.tree.drop(path, ("no", "ip", "address"))
        if match.line in _NOT_SHOWN:
            self.tree.drop(path, match.words)
        if match.line == "service password-encryption":  # IOS shows it both ways
            self.tree.put((), match.words, len(match.words), match.rule.rank)
        if match.line.startswith("crypto key generate"):
            self.tree.drop((), match.words)
            return "The name for the keys will be: " + self.hostname + "\n% Generating keys ... [OK]"
        return ""

    def negated(self, words: Sequence[str], path: Sequence[str]) -> None:
        self.changed_at = self.now
        if tuple(words[:2]) == ("ip", "address") and self.tree.has(path):
            rest = [line for line in self.tree.body(path) if line.words[:2] == ("ip", "address")]
            if not rest:
                self.tree.put(path, ("no", "ip", "address"), 3, 0)
        if words[0] == "snmp-server" and words[1:2] == ["user"]:
            self.snmp_users.pop(words[2] if words[2:] else "", None)

    def _privilege(self, user: str) -> int:
        words = self.tree.first("username", user) or ()
        return int(words[words.index("privilege") + 1]) if "privilege" in words else 1
