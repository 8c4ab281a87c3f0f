"""What IOS shows: version, interfaces, routes, the configuration with its header. Text as an engineer knows it."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lab.cli.ios.access import addresses
from lab.cli.lines.tree import Line, rendered

if TYPE_CHECKING:
    from lab.cli.ios.router import IosRouter

_STAMP = "%H:%M:%S UTC %a %b %d %Y"


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(_STAMP)


def _body(text: str) -> str:
    """With an exclamation mark after each section and each group of one-line settings."""
    out: list[str] = ["!"]
    before = ""
    inside = False
    for line in text.splitlines():
        first = " ".join(line.removeprefix("no ").split()[:1])
        if not line.startswith(" "):
            if before and (first != before or inside):
                out.append("!")
            before = first
        inside = line.startswith(" ")
        out.append(line)
    return "".join(f"{line}\n" for line in [*out, "!", "end", ""])


def running(router: "IosRouter", user: str) -> str:
    licence = f"license udi pid CISCO2901/K9 sn {router.serial}\n"
    body = _body(re.sub(r"^(hostname .*\n)", rf"\1{licence}", router.text(), count=1, flags=re.MULTILINE))
    head = f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\n"
    return head + f"! Last configuration change at {stamp(router.changed_at)} by {user}\n" + body


def startup(router: "IosRouter") -> str:
    if router.saved_text is None:
        return "startup-config is not present\n"
    body = _body(router.saved_text)
    return f"Using {len(body)} out of 262136 bytes\n" + body


def interface_running(router: "IosRouter", name: str) -> str:
    sections = [line for line in router.tree.sections("interface") if line.words[1] == name]
    body = "".join(f"{line}\n" for line in rendered(sections))
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n!\n{body}end\n\n"


def version(router: "IosRouter") -> str:
    up = int(router.now - router.booted)
    hours, minutes = divmod(up // 60, 60)
    uptime = f"{hours} hour{'s' if hours != 1 else ''}, " if hours else ""
    return (
        f"Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version {router.version}, "
        "RELEASE SOFTWARE (fc1)\nTechnical Support: http://www.cisco.com/techsupport\n"
        "Copyright (c) 1986-2018 by Cisco Systems, Inc.\n"
        "Compiled Wed 01-Aug-18 16:45 by prod_rel_team\n\n"
        "ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)\n\n"
        f"{router.hostname} uptime is {uptime}{minutes} minute{'s' if minutes != 1 else ''}\n"
        f"System returned to ROM by reload at {stamp(router.booted)}\n"
        'System image file is "flash0:c2900-universalk9-mz.SPA.157-3.M3.bin"\nLast reload type: Normal Reload\n\n'
        "Cisco CISCO2901/K9 (revision 1.0) with 483328K/40960K bytes of memory.\n"
        f"Processor board ID {router.serial}\n4 Gigabit Ethernet interfaces\n"
        "DRAM configuration is 64 bits wide with parity enabled.\n"
        "255K bytes of non-volatile configuration memory.\n250880K bytes of ATA System CompactFlash 0 (Read/Write)\n\n"
        "Configuration register is 0x2102\n\n"
    )


def inventory(router: "IosRouter") -> str:
    return (
        'NAME: "CISCO2901/K9", DESCR: "CISCO2901/K9 chassis, Hw Serial#: ' + router.serial + ', Hw Revision: 1.0"\n'
        f"PID: CISCO2901/K9      , VID: V05 , SN: {router.serial}\n\n"
    )


def _state(section: Line) -> tuple[str, str, str]:
    """Address, status and protocol of an interface."""
    lines = [line.text for line in section.body]
    address = next((line.split()[2] for line in lines if line.startswith("ip address") and "secondary" not in line), "")
    if "shutdown" in lines:
        return address or "unassigned", "administratively down", "down"
    return address or "unassigned", "up", "up"


def brief(router: "IosRouter") -> str:
    text = f"{'Interface':<26} {'IP-Address':<15} OK? Method Status                Protocol\n"
    for section in router.tree.sections("interface"):
        address, status, protocol = _state(section)
        method = "unset " if address == "unassigned" else "NVRAM "
        text += f"{section.words[1]:<26} {address:<15} YES {method} {status:<21} {protocol}\n"
    return text


def interfaces(router: "IosRouter", only: str = "") -> str:
    text = ""
    for number, section in enumerate(router.tree.sections("interface")):
        name = section.words[1]
        if only and name != only:
            continue
        _address, status, protocol = _state(section)
        mac = f"c464.1300.{0x0100 + number:04x}"
        text += f"{name} is {status}, line protocol is {protocol} \n  Hardware is iGbE, address is {mac} (bia {mac})\n"
        text += "".join(
            f"  Description: {line.text.partition(' ')[2]}\n" for line in section.body if line.words[0] == "description"
        )
        found = [made for at, made in addresses(router.tree) if at == name]
        text += "".join(f"  Internet address is {made.with_prefixlen}\n" for made in found)
        text += "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec, \n"
        text += "     reliability 255/255, txload 1/255, rxload 1/255\n"
    return text


def descriptions(router: "IosRouter") -> str:
    text = f"{'Interface':<31}{'Status':<15}{'Protocol':<9}Description\n"
    for section in router.tree.sections("interface"):
        _address, status, protocol = _state(section)
        note = next((line.words[1] for line in section.body if line.words[0] == "description"), "")
        status = "admin down" if status.startswith("admin") else status
        text += f"{section.words[1]:<31}{status:<15}{protocol:<9}{note}\n"
    return text


def routes(router: "IosRouter") -> str:
    text = "Codes: L - local, C - connected, S - static\n\n"
    for name, made in addresses(router.tree):
        text += f"C        {made.network} is directly connected, {name}\n"
        text += f"L        {made.ip}/32 is directly connected, {name}\n"
    for line in router.tree.lines:
        if line.words[:2] == ("ip", "route"):
            star = "*" if line.words[2] == "0.0.0.0" else " "
            text += f"S{star}       {line.words[2]} {line.words[3]} [1/0] via {line.words[4]}\n"
    return text


def vlans(router: "IosRouter") -> str:
    text = (
        "VLAN Name                             Status    Ports\n---- -------------------------------- --------- -----\n"
    )
    text += f"{1:<4} {'default':<32} active\n"
    for section in router.tree.sections("vlan"):
        name = next(
            (line.words[1] for line in section.body if line.words[0] == "name"), f"VLAN{int(section.words[1]):04d}"
        )
        text += f"{section.words[1]:<4} {name:<32} active\n"
    return text
