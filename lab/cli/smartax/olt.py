"""A Huawei MA5608T as a model: lines of configuration, ONTs found on its fibres and added, what `save` keeps."""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from lab.cli.conversation import Login
from lab.cli.lines.grammar import Match
from lab.cli.lines.model import LineModel
from lab.cli.lines.plant import Onu, Plant
from lab.cli.smartax.console import SmartAxConsole
from lab.cli.smartax.grammar import FACTORY, GRAMMAR, letters_of, normal

_HIGHEST = 127


@dataclass(frozen=True, slots=True)
class Ont:
    """One ONT that was added: `port` is frame/slot/port."""

    port: str
    number: int
    serial: str
    line_profile: str
    service_profile: str
    note: str


@dataclass(frozen=True, slots=True)
class ServicePort:
    """`index` is -1 where none was given; `rest` is what makes two of one ONT different."""

    index: int
    port: str
    ont: str
    rest: tuple[str, ...]


class SmartAxOlt(LineModel):
    """Implements PoweredModel."""

    negation = "undo"
    names, unnamed = "sysname", "MA5608T"
    not_kept = frozenset(
        {"ont_delete", "ont_modify", "ont_reset", "mmi", "terminal", "laser_port", "ont_autofind", "commit"}
    )

    def __init__(self, *, hostname: str, address: str, serial: str, onus: tuple[Onu, ...]) -> None:
        self.plant = Plant(onus)
        self.users: dict[str, str] = {}
        self._address = address.partition("/")[0]
        self._keys: dict[str, list[str]] = {}
        management = ""
        if address:
            made = ipaddress.IPv4Interface(address)
            management = f"interface meth 0\n ip address {made.ip} {made.netmask}"
        super().__init__(
            GRAMMAR, FACTORY.format(hostname=hostname, management=management), normal=normal, serial=serial
        )
        self.save()

    def console(self, login: Login, now: float) -> SmartAxConsole:
        self.now = now
        return SmartAxConsole(self, login)

    def accepts(self, user: str, password: str) -> bool:
        return self.users.get(user) == password

    def trusts(self, user: str, public_key: str) -> bool:
        return self._keys.get(user) == public_key.split()[:2]

    def add_login(self, user: str, password: str, public_key: str) -> None:
        """Users are the device's own data, not lines of its configuration."""
        if public_key:
            self._keys[user] = public_key.split()[:2]
        if password:
            self.users[user] = password

    def admits(self, address: str, *, established: bool) -> bool:
        """The management address is there, the way back is, and the SSH firewall lets the manager in."""
        if not self._address:
            return True
        made = [
            ipaddress.IPv4Interface(f"{line.words[2]}/{line.words[3]}")
            for section in self.tree.sections("interface")
            for line in section.body
            if line.words[:2] == ("ip", "address")
        ]
        at = ipaddress.IPv4Address(address)
        routes = [line.words for line in self.tree.lines if line.words[:2] == ("ip", "route-static")]
        known = any(at in each.network for each in made) or any(
            at in ipaddress.IPv4Network(f"{words[2]}/{words[3]}") for words in routes
        )
        here = any(str(each.ip) == self._address for each in made)
        return here and known and (established or self._firewall(at))

    def _firewall(self, at: ipaddress.IPv4Address) -> bool:
        if self.tree.first("sysman", "firewall", "ssh") != ("enable",):
            return True
        ranges = [line.words[3:] for line in self.tree.lines if line.words[:3] == ("sysman", "ip-access", "ssh")]
        return any(ipaddress.IPv4Address(low) <= at <= ipaddress.IPv4Address(high) for low, _to, high in ranges)

    # --- ONTs

    def onts(self, port: str = "") -> list[Ont]:
        found = (
            _ont(section.words[2], line.words)
            for section in self.tree.sections("interface")
            if section.words[1] == "gpon"
            for line in section.body
            if line.words[:2] == ("ont", "add")
        )
        return [ont for ont in found if port in ("", ont.port)]

    def found(self) -> list[Onu]:
        known = {letters_of(ont.serial) for ont in self.onts()}
        return [onu for onu in self.plant.onus if onu.serial not in known]

    def online(self, ont: Ont) -> Onu | None:
        return self.plant.on(ont.port, letters_of(ont.serial))

    # --- the OLT's own rules

    def refusal(self, match: Match, path: Sequence[str]) -> str:
        match match.rule.action:
            case "ont_add" | "ont_confirm":
                return self._add_refusal(match, path)
            case "ont_delete":
                port, number = match.values[0], match.words[-1]
                place = f"{path[0].rpartition(' ')[2]}/{port}"
                if number != "all" and not any(ont.number == int(number) for ont in self.onts(place)):
                    return "  Failure: The ONT does not exist"
                if any(each.port == place and number in ("all", each.ont) for each in self._service_ports()):
                    return "  Failure: This configured object has some service virtual ports"
            case "ont_modify":
                return self._modify_refusal(match, path)
            case "ont_port":
                return self._ont_refusal(match, path)
            case "service_port":
                return self._service_refusal(match)
        return ""

    def _ont_refusal(self, match: Match, path: Sequence[str]) -> str:
        place, number = f"{path[0].rpartition(' ')[2]}/{match.values[0]}", int(match.values[1])
        known = any((ont.port, ont.number) == (place, number) for ont in self.onts())
        return "" if known else "  Failure: The ONT does not exist"

    def _modify_refusal(self, match: Match, path: Sequence[str]) -> str:
        if refused := self._ont_refusal(match, path):
            return refused
        kind, value = match.words[4:6]
        if kind == "sn" and any(ont.serial == value for ont in self.onts()):
            return "  Failure: SN already exists"
        profile = {"ont-lineprofile-id": "ont-lineprofile", "ont-srvprofile-id": "ont-srvprofile"}.get(kind)
        if profile and self.tree.first(profile, "gpon", "profile-id", value) is None:
            return "  Failure: The profile does not exist"
        return ""

    def _add_refusal(self, match: Match, path: Sequence[str]) -> str:
        made = _ont(path[0].rpartition(" ")[2], match.words)
        if self.tree.first("ont-lineprofile", "gpon", "profile-id", made.line_profile) is None:
            return "  Failure: The line profile does not exist"
        if self.tree.first("ont-srvprofile", "gpon", "profile-id", made.service_profile) is None:
            return "  Failure: The service profile does not exist"
        for ont in self.onts():
            if ont.serial == made.serial:
                return "  Failure: SN already exists"
            if (ont.port, ont.number) == (made.port, made.number):
                return "  Failure: The ONT ID has already existed"
        if match.rule.action == "ont_confirm" and self.plant.on(made.port, letters_of(made.serial)) is None:
            return "  Failure: The automatically found ONT does not exist"
        return ""

    def _service_refusal(self, match: Match) -> str:
        words = list(match.words)
        vlan, port, ont = (words[words.index(name) + 1] for name in ("vlan", "gpon", "ont"))
        if self.tree.first("vlan", vlan) is None:
            return "  Failure: VLAN does not exist"
        if not any((each.port, str(each.number)) == (port, ont) for each in self.onts()):
            return "  Failure: The ONT does not exist"
        made = _service_port(match.words)
        if any((each.port, each.ont, each.rest) == (made.port, made.ont, made.rest) for each in self._service_ports()):
            return "  Failure: Service virtual port has existed already"
        return ""

    def _service_ports(self) -> list[ServicePort]:
        return [
            _service_port(line.words)
            for line in self.tree.lines
            if line.words[0] == "service-port" and line.words[1].isdigit()
        ]

    def rewritten(self, match: Match) -> tuple[str, ...]:
        words = match.words
        if match.rule.action == "service_port" and words[1] == "vlan":
            taken = {each.index for each in self._service_ports()}
            free = next(number for number in range(65536) if number not in taken)
            return ("service-port", str(free), *words[1:])
        if match.rule.action in ("ont_add", "ont_confirm"):
            words = tuple(word for word in words if word != "ontid")
            if words[3] == "sn-auth":
                words = (*words[:3], "", *words[3:])
            note = words.index("desc") + 1 if "desc" in words else len(words)
            noted = [f'"{each.strip(chr(34))}"' for each in words[note:]]
            return ("ont", "add", *words[2:note], *noted)
        return words

    def entered(self, match: Match, path: Sequence[str]) -> str:
        match match.rule.action:
            case "ont_add" | "ont_confirm":
                return self._numbered(path, match)
            case "ont_delete":
                before, number = len(self.onts()), match.words[-1]
                for kind in (("add",), ("port", "native-vlan"), ("port", "route"), ("ipconfig",), ("modify",)):
                    begin = ("ont", *kind, match.values[0])
                    self.tree.drop(path, begin if number == "all" else (*begin, number))
                gone = before - len(self.onts())
                return f"  Number of ONTs that can be deleted: {gone}, success: {gone}"
            case "ont_modify":
                self._modify(path, match)
            case "ont_port" if match.values[3] == "1":
                self.tree.drop(path, match.words[: match.key])  # what is so by default is not shown
            case "ont_reset":
                return "  Are you sure to reset the ONT(s)? (y/n)[n]:y"
            case "terminal":
                self.users[match.values[0]] = match.values[1]
                return "  Adding user succeeds"
            case "service_port":
                return ""
        return ""

    def _modify(self, path: Sequence[str], match: Match) -> None:
        word = {"sn": "sn-auth"}.get(match.words[4], match.words[4])
        for line in self.tree.body(path):
            if line.words[:4] == ("ont", "add", *match.values[:2]):
                words = list(line.words)
                if word not in words:
                    words += [word, ""]
                value = match.words[5].strip('"')
                words[words.index(word) + 1] = f'"{value}"' if word == "desc" else value
                line.words = line.key = tuple(words)

    def _numbered(self, path: Sequence[str], match: Match) -> str:
        """Give an ONT that was added without one the first free number."""
        place = path[0].rpartition(" ")[2]
        for line in self.tree.body(path):
            if line.words[:2] == ("ont", "add") and line.words[3] == "":
                taken = {ont.number for ont in self.onts(f"{place}/{line.words[2]}") if ont.number >= 0}
                number = next(each for each in range(_HIGHEST + 1) if each not in taken)
                line.words = (*line.words[:3], str(number), *line.words[4:])
                line.key = line.words
        made = next(ont for ont in self.onts() if ont.serial == _serial_in(match.words))
        port = match.values[0]
        return f"  Number of ONTs that can be added: 1, success: 1\n  PortID :{port}, ONTID :{made.number}"


def _service_port(words: Sequence[str]) -> ServicePort:
    at = list(words).index
    index = int(words[1]) if words[1].isdigit() else -1
    rest = (words[at("vlan") + 1], words[at("gemport") + 1], words[at("user-vlan") + 1])
    return ServicePort(index, words[at("gpon") + 1], words[at("ont") + 1], rest)


def _serial_in(words: Sequence[str]) -> str:
    return words[list(words).index("sn-auth") + 1]


def _ont(place: str, words: Sequence[str]) -> Ont:
    """Of `ont add 0 1 sn-auth …` (or `confirm`, with or without a number)."""
    at = list(words).index
    number = next((word for word in words[3 : at("sn-auth")] if word.isdigit()), "-1")
    note = " ".join(words[at("desc") + 1 :]) if "desc" in words else ""
    return Ont(
        f"{place}/{words[2]}",
        int(number),
        _serial_in(words),
        words[at("ont-lineprofile-id") + 1],
        words[at("ont-srvprofile-id") + 1],
        note.strip('"'),
    )
