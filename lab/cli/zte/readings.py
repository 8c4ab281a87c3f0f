"""What a ZTE C320 shows: its configuration, ONUs waiting and registered, light, cards."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lab.cli.lines.tree import Line, rendered

if TYPE_CHECKING:
    from lab.cli.zte.olt import ZteOlt

NOTHING = "%Code 32310: No related information to show.\n"


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S UTC %a %b %d %Y")


def text_of(lines: list[Line]) -> str:
    """Sections end with an exclamation mark; bodies are two blanks in."""
    text = ""
    for line in lines:
        rows = [line.text, *(f" {row}" for row in rendered(line.body, " "))]
        text += "".join(f"{row}\n" for row in rows) + ("!\n" if line.section else "")
    return text


def running(olt: "ZteOlt") -> str:
    """All VLANs in one line, and again those of which there is something to say."""
    numbers = [1, *(int(line.words[1]) for line in olt.tree.sections("vlan") if line.words[1].isdigit())]
    lines = [line for line in olt.tree.lines if line.words[0] != "vlan" or line.body]
    vlans = f"vlan database\n  vlan {_listed(numbers)}\n!\n"
    return f"Building configuration...\n!\n!version V2.1.0\n!\n{vlans}{text_of(_merged(lines))}end\n"


def _merged(lines: list[Line]) -> list[Line]:
    """The VLANs of a port are one line for those that are tagged and one for those that are not."""
    merged = []
    for line in lines:
        body: list[Line] = []
        for kind in ("tag", "untag"):
            numbers = [int(each.words[2]) for each in line.body if _carries(each, kind)]
            if numbers:
                body.append(Line(("switchport", "vlan", _listed(numbers), kind), (), 0))
        body += [each for each in line.body if not (_carries(each, "tag") or _carries(each, "untag"))]
        merged.append(Line(line.words, line.key, line.rank, line.section, body))
    return merged


def _carries(line: Line, kind: str) -> bool:
    return line.words[:2] == ("switchport", "vlan") and line.words[-1] == kind and line.words[2].isdigit()


def _listed(numbers: list[int]) -> str:
    """`1,11-19,50`."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ",".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)


def startup(olt: "ZteOlt") -> str:
    return olt.saved_text or NOTHING


def interface(olt: "ZteOlt", name: str) -> str:
    found = [
        line for line in olt.tree.lines if line.section and line.words[-1] == name and line.words[0] == "interface"
    ]
    return f"Building configuration...\n{text_of(found)}end\n" if found else NOTHING


def onu_config(olt: "ZteOlt", name: str) -> str:
    found = [line for line in olt.tree.lines if line.section and line.words[-1] == name]
    return text_of(found) if found else NOTHING


def uncfg(olt: "ZteOlt", port: str = "") -> str:
    waiting = olt.unregistered(port)
    if not waiting:
        return NOTHING
    counts: dict[str, int] = {}
    text = f"{'OnuIndex':<24} {'Sn':<19} State\n{'-' * 69}\n"
    for onu in waiting:
        counts[onu.port] = counts.get(onu.port, 0) + 1
        text += f"{f'gpon-onu_{onu.port}:{counts[onu.port]}':<24} {onu.serial:<19} unknown\n"
    return text


def state(olt: "ZteOlt", port: str = "") -> str:
    found = olt.registered(port)
    if not found:
        return NOTHING
    text = f"{'OnuIndex':<11} Admin State  OMCC State  Phase State  Channel\n{'-' * 62}\n"
    working = 0
    for at, number, _type, serial in found:
        lit = olt.plant.on(at, serial) is not None
        working += lit
        phase, omcc = ("working", "enable") if lit else ("OffLine", "disable")
        text += f"{f'{at}:{number}':<11} {'enable':<12} {omcc:<11} {phase:<12} 1(GPON)\n"
    return f"{text}ONU Number: {working}/{len(found)}\n"


def baseinfo(olt: "ZteOlt", port: str) -> str:
    found = olt.registered(port)
    if not found:
        return NOTHING
    text = f"{'OnuIndex':<22} {'Type':<12} Mode   AuthInfo              State\n{'-' * 70}\n"
    for at, number, kind, serial in found:
        ready = "ready" if olt.plant.on(at, serial) else "offline"
        text += f"{f'gpon-onu_{at}:{number}':<22} {kind:<12} sn     SN:{serial:<18} {ready}\n"
    return text


def _one(olt: "ZteOlt", name: str) -> tuple[str, int, str, str] | None:
    port, _colon, number = name.removeprefix("gpon-onu_").partition(":")
    return next((each for each in olt.registered(port) if each[1] == int(number)), None)


def detail(olt: "ZteOlt", name: str) -> str:
    found = _one(olt, name)
    if found is None:
        return NOTHING
    port, _number, kind, serial = found
    lit = olt.plant.on(port, serial)
    note = olt.tree.first("name", path=(f"interface {name}",))
    rows = (
        ("ONU interface", name),
        ("Name", note[-1] if note else ""),
        ("Type", kind),
        ("State", "ready" if lit else "offline"),
        ("Admin state", "enable"),
        ("Phase state", "working" if lit else "OffLine"),
        ("Serial number", serial),
        ("ONU Distance", f"{lit.distance_m}m" if lit else "N/A"),
    )
    return "".join(f"{f'{label}:':<21}{value}\n" for label, value in rows)


def power(olt: "ZteOlt", name: str) -> str:
    found = _one(olt, name)
    lit = olt.plant.on(found[0], found[3]) if found else None
    if lit is None:
        return NOTHING
    return (
        f"           OLT                  ONU              Attenuation\n{'-' * 74}\n"
        f" up      Rx :{lit.rx_dbm - 1.4:.3f}(dbm)      Tx:2.312(dbm)        {2.312 - lit.rx_dbm + 1.4:.3f}(dB)\n\n"
        f" down    Tx :3.105(dbm)       Rx:{lit.rx_dbm:.3f}(dbm)      {3.105 - lit.rx_dbm:.3f}(dB)\n"
    )


def cards(olt: "ZteOlt") -> str:
    del olt
    return (
        f"Rack Shelf Slot CfgType RealType Port HardVer  SoftVer         Status\n{'-' * 79}\n"
        "1    1     1    GTGH    GTGHK    16   V1.0.0   V2.1.0          INSERVICE\n"
        "1    1     3    SMXA    SMXA     3    V1.0.0   V2.1.0          INSERVICE\n"
    )


def version(olt: "ZteOlt") -> str:
    return f"ZXAN product C320 of ZTE\nZTE ZXA10 C320 Software, Version: V2.1.0\nSerial number: {olt.serial}\n"


def rows_of(olt: "ZteOlt", section: str, *begin: str) -> str:
    lines = [line for line in olt.tree.section(section) if tuple(line.split()[: len(begin)]) == begin]
    return "".join(f"{line}\n" for line in lines) or NOTHING


def vlans(olt: "ZteOlt") -> str:
    numbers = [section.words[1] for section in olt.tree.sections("vlan") if section.words[1].isdigit()]
    return f"All created vlan num: {len(numbers) + 1}\nDetails are following:\n 1,{','.join(numbers)}\n".replace(
        ",\n", "\n"
    )
