"""What a Huawei MA5608T displays: its configuration in sections, ONTs found and added, light, service ports."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lab.cli.lines.tree import Line, rendered
from lab.cli.smartax.grammar import letters_of

if TYPE_CHECKING:
    from lab.cli.smartax.olt import Ont, SmartAxOlt

_RULE = "  " + "-" * 77 + "\n"
NONE = "  Failure: The ONT does not exist\n"
_SECTIONS = (
    (
        "global-config",
        ("sysname", "terminal", "timezone", "snmp-agent", "ntp-service", "loghost", "sysman", "ssh", "ip"),
    ),
    ("gpon-profile", ("dba-profile", "ont-lineprofile", "ont-srvprofile", "traffic")),
    ("vlan-config", ("vlan", "port")),
)


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%d/%m/%Y %H:%M:%S+00:00")


def current(olt: "SmartAxOlt", only: str = "") -> str:
    text = "[MA5600V800R018: 5302]\n"
    for name, begins in _SECTIONS:
        lines = [line for line in olt.tree.lines if line.words[0] in begins]
        if only in ("", name):
            text += _section(name, name, lines)
    for line in olt.tree.sections("interface"):
        name = "gpon" if line.words[1] == "gpon" else line.words[1]
        if only in ("", name):
            text += _section(name, "-".join(line.words[1:]), [Line(line.words, line.key, 0), *line.body])
    services = [line for line in olt.tree.lines if line.words[0] == "service-port"]
    if only in ("", "bbs-config"):
        text += _section("bbs-config", "bbs-config", services)
    return text + "#\nreturn\n"


def _section(name: str, inner: str, lines: list[Line]) -> str:
    if not lines:
        return ""
    rows = (row for line in lines for row in rendered([line]))
    return f"#\n[{name}]\n  <{inner}>\n" + "".join(f" {_quoted(row)}\n" for row in rows)


def _quoted(row: str) -> str:
    return re.sub(r"\bsn-auth (\w+)", r'sn-auth "\1"', row)


def autofind(olt: "SmartAxOlt") -> str:
    found = olt.found()
    if not found:
        return "  Failure: The automatically found ONTs do not exist\n"
    text = ""
    for number, onu in enumerate(found, start=1):
        digits = onu.serial[:4].encode().hex().upper() + onu.serial[4:]
        rows = (
            ("Number", str(number)),
            ("F/S/P", onu.port),
            ("Ont SN", f"{digits} ({onu.serial[:4]}-{onu.serial[4:]})"),
            ("Password", "0x00000000000000000000"),
            ("Loid", ""),
            ("Checkcode", ""),
            ("VendorID", onu.serial[:4]),
            ("Ont Version", "6A5.A"),
            ("Ont SoftwareVersion", "V3R015C10S106"),
            ("Ont EquipmentID", onu.equipment),
            ("Ont Customized Info", "-"),
            ("Ont autofind time", stamp(olt.booted)),
        )
        text += _RULE + "".join(f"   {label:<20}: {value}\n" for label, value in rows)
    return text + _RULE + f"   The number of GPON autofind ONT is {len(found)}\n"


def ont(olt: "SmartAxOlt", found: "Ont | None") -> str:
    if found is None:
        return NONE
    lit = olt.online(found)
    rows = (
        ("F/S/P", found.port),
        ("ONT-ID", str(found.number)),
        ("Control flag", "active"),
        ("Run state", "online" if lit else "offline"),
        ("Config state", "normal" if lit else "initial"),
        ("Match state", "match" if lit else "initial"),
        ("ONT distance(m)", str(lit.distance_m) if lit else "-"),
        ("Authentic type", "SN-auth"),
        ("SN", f"{found.serial} ({letters_of(found.serial)[:4]}-{found.serial[8:]})"),
        ("Management mode", "OMCI"),
        ("Description", found.note),
        ("Last down cause", "-"),
        ("Line profile ID", found.line_profile),
        ("Service profile ID", found.service_profile),
    )
    return _RULE + "".join(f"  {label:<24}: {value}\n" for label, value in rows) + _RULE


def onts(olt: "SmartAxOlt", port: str) -> str:
    found = olt.onts(port)
    if not found:
        return "  Failure: There is no ONT available\n"
    text = _RULE + "  F/S/P   ONT         SN         Control     Run      Config   Match    Protect\n"
    text += "          ID                     flag        state    state    state    side\n" + _RULE
    online = 0
    for each in found:
        lit = olt.online(each) is not None
        online += lit
        state = "online   normal   match  " if lit else "offline  initial  initial"
        frame, slot, number = each.port.split("/")
        text += f"  {frame}/ {slot}/{number}  {each.number:>3}  {each.serial}  active      {state}  no\n"
    return text + _RULE + f"  In port {port}, the total of ONTs are: {len(found)}, online: {online}\n" + _RULE


def optical(olt: "SmartAxOlt", port: str, number: str) -> str:
    found = [each for each in olt.onts(port) if number in ("all", str(each.number))]
    if not found:
        return NONE
    text = ""
    for each in found:
        lit = olt.online(each)
        if lit is None:
            return "  Failure: The ONT is not online\n"
        rows = (
            ("ONU NNI port ID", "0"),
            ("Module type", "GPON"),
            ("Rx optical power(dBm)", f"{lit.rx_dbm:.2f}"),
            ("Tx optical power(dBm)", "2.31"),
            ("Laser bias current(mA)", "12"),
            ("Temperature(C)", "46"),
            ("Voltage(V)", "3.240"),
            ("OLT Rx ONT optical power(dBm)", f"{lit.rx_dbm - 1.4:.2f}"),
        )
        text += _RULE + "".join(f"  {label:<39}: {value}\n" for label, value in rows)
    return text + _RULE


def services(olt: "SmartAxOlt", index: str = "") -> str:
    found = [line.words for line in olt.tree.lines if line.words[0] == "service-port"]
    found = [words for words in found if index in ("", words[1])]
    if not found:
        return "  Failure: No service virtual port can be operated\n"
    text = _RULE + "  INDEX VLAN VLAN     PORT F/ S/ P VPI  VCI   FLOW  FLOW       RX   TX   STATE\n"
    text += "        ID   ATTR     TYPE                    TYPE  PARA\n" + _RULE
    for words in found:
        at = words.index
        frame, slot, port = words[at("gpon") + 1].split("/")
        online = any(
            str(each.number) == words[at("ont") + 1] and olt.online(each) for each in olt.onts(words[at("gpon") + 1])
        )
        text += (
            f"  {words[1]:>5} {words[at('vlan') + 1]:>4} common   gpon {frame}/{slot:>2} /{port:<2} "
            f"{words[at('ont') + 1]:<4} {words[at('gemport') + 1]:<5} vlan  {words[at('user-vlan') + 1]:<10} -    -    "
            f"{'up' if online else 'down'}\n"
        )
    return text + _RULE + f"  Total : {len(found)}\n"


def version(olt: "SmartAxOlt") -> str:
    minutes = int(olt.now - olt.booted) // 60
    return (
        "\n  VERSION : MA5600V800R018C10\n  PATCH   : SPH105\n  PRODUCT : MA5608T\n\n"
        f"  Active Mainboard Running Area Information:\n{_RULE}  Uptime is 0 day(s), {minutes // 60} hour(s), "
        f"{minutes % 60} minute(s), 0 second(s)\n"
    )


def board(olt: "SmartAxOlt") -> str:
    del olt
    return (
        f"{_RULE}  SlotID  BoardName  Status          SubType0 SubType1    Online/Offline\n{_RULE}"
        "  0       H805GPFD   Normal\n  1       H805GPFD   Normal\n  2       H801MCUD1  Active_normal   CPCA\n"
        f"{_RULE}"
    )


def sysinfo(olt: "SmartAxOlt") -> str:
    return f"  Serial number : {olt.serial}\n"


def profiles(olt: "SmartAxOlt", first: str) -> str:
    found = [line for line in olt.tree.lines if line.words[0] == first]
    rows = "".join(f"  {' '.join(line.words[1:])}\n" for line in found)
    return f"{_RULE}{rows}{_RULE}  Total: {len(found)}\n"
