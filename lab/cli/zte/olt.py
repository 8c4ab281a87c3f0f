"""A ZTE C320 as a model: lines of configuration, the ONUs on its fibres, what is saved by `write`."""

import ipaddress
from collections.abc import Sequence

from lab.cli.conversation import Login
from lab.cli.lines.grammar import Match
from lab.cli.lines.model import LineModel
from lab.cli.lines.plant import Onu, Plant
from lab.cli.zte.console import ZteConsole
from lab.cli.zte.grammar import FACTORY, GRAMMAR, normal

_PORTS = 4


class ZteOlt(LineModel):
    """Implements PoweredModel."""

    unnamed = "ZXAN"
    not_kept = frozenset({"registration"})

    def __init__(self, *, hostname: str, address: str, serial: str, onus: tuple[Onu, ...]) -> None:
        self.plant = Plant(onus)
        self._address = address.partition("/")[0]
        self._keys: dict[str, list[str]] = {}
        ports = "\n".join(f"interface gpon-olt_1/1/{port}" for port in range(1, _PORTS + 1))
        management = ""
        if address:
            made = ipaddress.IPv4Interface(address)
            management = f"interface vlan 4000\n ip address {made.ip} {made.netmask}"
        text = FACTORY.format(hostname=hostname, ports=ports, management=management)
        super().__init__(GRAMMAR, text, normal=normal, serial=serial)
        self.save()

    def console(self, login: Login, now: float) -> ZteConsole:
        self.now = now
        words = self.tree.first("username", login.user) or ()
        return ZteConsole(self, login, privileged="privilege" in words and words[-1] == "15")

    def accepts(self, user: str, password: str) -> bool:
        words = self.tree.first("username", user, "password")
        return words is not None and words[0] == password

    def trusts(self, user: str, public_key: str) -> bool:
        return self._keys.get(user) == public_key.split()[:2]

    def add_login(self, user: str, password: str, public_key: str) -> None:
        if public_key:
            self._keys[user] = public_key.split()[:2]
        self.replay(f"username {user} password {password or 'zxr10'} privilege 15")
        self.save()

    def admits(self, address: str, *, established: bool) -> bool:
        """The management VLAN's interface is there, and the way back is."""
        if not self._address:
            return True
        networks = [
            ipaddress.IPv4Interface(f"{line.words[2]}/{line.words[3]}")
            for section in self.tree.sections("interface")
            for line in section.body
            if line.words[:2] == ("ip", "address")
        ]
        if not any(str(made.ip) == self._address for made in networks):
            return False
        at = ipaddress.IPv4Address(address)
        routes = [line.words for line in self.tree.lines if line.words[:2] == ("ip", "route")]
        known = any(at in made.network for made in networks) or any(
            at in ipaddress.IPv4Network(f"{words[2]}/{words[3]}") for words in routes
        )
        return known and (established or self.tree.first("ssh", "server", "enable") is not None)

    # --- ONUs

    def registered(self, port: str = "") -> list[tuple[str, int, str, str]]:
        """(port, number, type, serial) of each registered ONU."""
        return [
            (section.words[1].removeprefix("gpon-olt_"), int(line.words[1]), line.words[3], line.words[5])
            for section in self.tree.sections("interface")
            if section.words[1].startswith("gpon-olt_") and port in ("", section.words[1].removeprefix("gpon-olt_"))
            for line in section.body
            if line.words[0] == "onu" and line.words[2] == "type"
        ]

    def unregistered(self, port: str = "") -> list[Onu]:
        known = {serial for _port, _number, _type, serial in self.registered()}
        return [onu for onu in self.plant.onus if onu.serial not in known and port in ("", onu.port)]

    # --- ZTE's own rules

    def refusal(self, match: Match, path: Sequence[str]) -> str:
        action = match.rule.action
        if action == "onu":
            return self._onu_refusal(match, path[0].removeprefix("interface gpon-olt_"))
        if match.words[0] in ("interface", "pon-onu-mng") and match.words[1].startswith("gpon-onu_"):
            port, _colon, number = match.words[1].removeprefix("gpon-onu_").partition(":")
            if not any((each[0], each[1]) == (port, int(number)) for each in self.registered()):
                return "%Error 20202: Invalid input detected at '^' marker.Invalid parameter"
        if action == "registration":
            return self._serial_refusal(match.values[0])
        if action == "tcont" and not self.tree.first("profile", "tcont", match.values[-1], path=("gpon",)):
            return "%Error 62330: The T-CONT profile does not exist."
        if action == "gemport" and not self.tree.first("tcont", match.values[-1], path=path):
            return "%Error 62331: The T-CONT does not exist."
        return ""

    def _onu_refusal(self, match: Match, port: str) -> str:
        number, kind, serial = match.values
        if self.tree.first("onu-type", kind, path=("pon",)) is None:
            return "%Error 62310: The ONU type does not exist."
        if any(each[:2] == (port, int(number)) for each in self.registered()):
            return "%Error 62311: The ONU already exists."
        return self._serial_refusal(serial)

    def _serial_refusal(self, serial: str) -> str:
        for port, number, _type, known in self.registered():
            if known == serial:
                return f"%Error 62312: The SN has been used by gpon-onu_{port}:{number}."
        return ""

    def entered(self, match: Match, path: Sequence[str]) -> str:
        """`registration-method` gives the ONU another serial; the line of its port shows it."""
        if match.rule.action == "registration":
            port, _colon, number = path[0].removeprefix("interface gpon-onu_").partition(":")
            for line in self.tree.body((f"interface gpon-olt_{port}",)):
                if line.words[:3] == ("onu", number, "type"):
                    line.words = (*line.words[:5], match.values[0])
        return ""

    def rewritten(self, match: Match) -> tuple[str, ...]:
        return match.words

    def negated(self, words: Sequence[str], path: Sequence[str]) -> None:
        if path and words[0] == "onu" and words[1:]:
            port = path[0].removeprefix("interface gpon-olt_")
            for begin in ("interface", "pon-onu-mng"):
                self.tree.drop((), (begin, f"gpon-onu_{port}:{words[1]}"))
