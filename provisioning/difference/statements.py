"""RouterOS: `/export` as statements. Their order is not compared, not even inside a firewall chain.

A statement is a path, a verb and its arguments. `set` statements of one item are one; an `add` is known by its comment
if that is ours, else by what names such an item.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from domain.intent import Change, ChangeKind
from domain.intent.secret_holes import OPENS
from domain.language import _
from provisioning.errors import UnreadableConfigurationError

OURS: Final = "kentongan"
UNEXPORTED: Final = frozenset({"/user", "/user ssh-keys"})
"""What `/export` never shows."""
MASK: Final = "***"
HIDDEN: Final = re.compile(r"password|secret|passphrase|pre-shared-key|private-key")
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "/interface bridge port": ("bridge", "interface"),
    "/ip address": ("address", "interface"),
    "/ip route": ("dst-address", "gateway"),
    "/ip dhcp-client": ("interface",),
    "/ip dhcp-server network": ("address",),
    "/ip dhcp-server alert": ("interface",),
    "/system ntp client servers": ("address",),
    "/system logging": ("topics", "action"),
    "/interface wireguard peers": ("interface", "public-key"),
    "/snmp community": ("security", "addresses"),  # its name is a secret in versions 1 and 2c, and masked
}
_UNITS: Final = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_TOKEN = re.compile(r'\[[^\]]*\]|(?:[^\s"=\[]+=)?"(?:\\.|[^"\\])*"|[^\s"]+')
_VERBS: Final = ("add", "set", "remove", "import")
_DEFAULTS: Final[Mapping[tuple[str, str, str], str]] = {
    ("/ip service", "ssh", "port"): "22",
    ("/ip service", "www-ssl", "disabled"): "yes",
    ("/ip proxy", "", "enabled"): "no",
    ("/ip socks", "", "enabled"): "no",
    ("/ip upnp", "", "enabled"): "no",
    ("/snmp community", "find default=yes", "write-access"): "no",
    ("/snmp community", "", "read-access"): "yes",
    ("/snmp community", "", "write-access"): "no",
    ("/system logging action", "", "remote-port"): "514",
    ("/interface bridge", "", "protocol-mode"): "rstp",
    ("/interface wireguard", "", "mtu"): "1420",
    ("/ip firewall filter", "", "action"): "accept",
    ("/ip dhcp-client", "", "add-default-route"): "yes",
    ("/ip dhcp-client", "", "use-peer-dns"): "yes",
    ("/interface l2tp-client", "", "add-default-route"): "no",
    ("/interface l2tp-client", "", "keepalive-timeout"): "60",
    ("/interface wireless security-profiles", "", "mode"): "none",
    ("/interface wireless security-profiles", "", "unicast-ciphers"): "aes-ccm",
    ("/interface wireless security-profiles", "", "group-ciphers"): "aes-ccm",
}
"""Path, item and property → what an export leaves out because it is so by default (MikroTik documentation)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """where: which item a `set` is of, as written (`ssh`, `[ find default=yes ]`). line: as it was written."""

    path: str
    verb: str
    where: str
    arguments: Mapping[str, str]
    line: str

    @property
    def comment(self) -> str:
        return self.arguments.get("comment", "")

    @property
    def key(self) -> tuple[str, ...]:
        """What makes it the same item on both sides."""
        if self.verb != "add":
            return (self.path, "set", self.where)
        if self.path in NAMES:
            return (self.path, "add", *(self.arguments.get(name, "") for name in NAMES[self.path]))
        if "name" in self.arguments:
            return (self.path, "add", self.arguments["name"])
        if self.comment.startswith(OURS):
            return (self.path, "add", self.comment)
        return (self.path, "add", *(f"{name}={value}" for name, value in sorted(self.arguments.items())))


def read_statements(lines: Iterable[str]) -> Iterator[Statement]:
    """From `/export`, `/export terse`, or lines with their whole path. Raises UnreadableConfigurationError."""
    path = ""
    for line in _joined(lines):
        if not line or line.startswith("#"):
            continue
        words = _TOKEN.findall(line)
        if words[0].startswith("/"):
            at = next((i for i, word in enumerate(words) if word in _VERBS), len(words))
            path = " ".join(words[:at]).replace("/", " ").strip()
            path = f"/{' '.join(path.split())}"
            words = words[at:]
            if not words:
                continue
        if not path or words[0] not in _VERBS:
            raise UnreadableConfigurationError(
                _("'{line}' is no statement of a RouterOS export.").format(line=line.split("=")[0][:60])
            )
        yield _statement(path, words)


def _joined(lines: Iterable[str]) -> Iterator[str]:
    held = ""
    for line in lines:
        text = held + line.strip()
        if text.endswith("\\"):
            held = text[:-1]
            continue
        held = ""
        yield text


def _statement(path: str, words: list[str]) -> Statement:
    arguments: dict[str, str] = {}
    where: list[str] = []
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if word.startswith("[") or not equals:
            where.append(" ".join(word.strip("[] ").split()))
        else:
            arguments[name] = _plain(value)
    return Statement(path, words[0], " ".join(where), arguments, f"{path} {' '.join(words)}")


def _plain(value: str) -> str:
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if "\\" in value else value[1:-1]


def compare_statements(
    wanted: Iterable[Statement], found: Iterable[Statement], scope: str = ""
) -> tuple[list[Change], int]:
    """Changes in the order of the intent, then what bears our comment and is not wanted any more. scope: only the
    comments of this site are looked at; the device serves others too."""
    have: dict[tuple[str, ...], Statement] = {}
    for statement in found:
        have[statement.key] = _merged(have.get(statement.key), statement)
    changes: list[Change] = []
    same = 0
    wished: set[tuple[str, ...]] = set()
    for statement in wanted:
        wished.add(statement.key)
        change = _change(statement, have.get(statement.key))
        if change is None:
            same += 1
        else:
            changes.append(change)
    changes += [
        Change(ChangeKind.REMOVE, statement.path, statement.line)
        for key, statement in have.items()
        if key not in wished and statement.verb == "add" and _is_ours(statement, scope)
    ]
    return changes, same


def _merged(before: Statement | None, after: Statement) -> Statement:
    if before is None:
        return after
    return Statement(after.path, after.verb, after.where, {**before.arguments, **after.arguments}, after.line)


def _change(wanted: Statement, found: Statement | None) -> Change | None:
    if wanted.path in UNEXPORTED:
        return Change(ChangeKind.UNTOLD, wanted.path, wanted.line)
    if found is None:
        if wanted.verb == "set" and all(default_of(wanted, name) == value for name, value in wanted.arguments.items()):
            return None
        return Change(ChangeKind.ADD, wanted.path, wanted.line)
    untold = False
    for name, value in wanted.arguments.items():
        if OPENS in value or found.arguments.get(name, MASK if HIDDEN.search(name) else "").startswith(MASK):
            untold = True
        elif not _equal(value, found.arguments.get(name, default_of(wanted, name))):
            return Change(ChangeKind.SET, wanted.path, wanted.line, found.line)
    return Change(ChangeKind.UNTOLD, wanted.path, wanted.line) if untold else None


def default_of(statement: Statement, name: str) -> str | None:
    """`/export` does not show what is as it is by default, not even that something does not listen."""
    where = statement.where if statement.verb == "set" else ""
    return _DEFAULTS.get((statement.path, where, name), "no" if name == "disabled" else None)


def _equal(one: str, other: str | None) -> bool:
    if other is None:
        return one == ""
    if one == other or sorted(one.split(",")) == sorted(other.split(",")):
        return True
    seconds = _seconds(one)
    return seconds is not None and seconds == _seconds(other)


def _seconds(text: str) -> int | None:
    """`300s`, `5m`, `00:05:00` are one time; None for what is none."""
    if clock := re.fullmatch(r"(\d\d):(\d\d):(\d\d)", text):
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
    spans = re.findall(r"(\d+)([wdhms])", text)
    if not spans or "".join(number + unit for number, unit in spans) != text:
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in spans)


def _is_ours(statement: Statement, scope: str) -> bool:
    mine = f"{OURS} {scope}".rstrip()
    return statement.comment == mine or statement.comment.startswith(mine + " ")
