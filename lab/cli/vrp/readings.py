"""What VRP displays: the configuration in its sections between hashes, version, interfaces, serial number."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lab.cli.lines.tree import Line, Tree, rendered
from lab.cli.vrp.access import addresses

if TYPE_CHECKING:
    from lab.cli.vrp.switch import VrpSwitch


def stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def whole(tree: Tree, switch: "VrpSwitch") -> str:
    return f"!Software Version {switch.version}\n" + _sections(tree.lines) + "#\nreturn\n"


def _sections(lines: Sequence[Line]) -> str:
    """A hash before each section, and before each group of lines that begin with the same word."""
    text, before = "", None
    for line in lines:
        begin = None if line.section else line.words[0 if line.words[0] != "undo" else 1]
        if begin is None or begin != before:
            text += "#\n"
        before = begin
        text += "".join(f"{row}\n" for row in rendered([line]))
    return text


def current(switch: "VrpSwitch") -> str:
    return whole(switch.tree, switch)


def saved(switch: "VrpSwitch") -> str:
    if switch.saved_text is None:
        return "There is no correct configuration file in the device.\n"
    running = switch.tree
    switch.load(switch.saved_text)
    kept, switch.tree = switch.tree, running
    return whole(kept, switch)


def section(tree: Tree, name: str) -> str:
    lines = [line for line in tree.lines if line.section and line.text == name]
    return "#\n" + "".join(f"{row}\n" for row in rendered(lines)) + "#\nreturn\n" if lines else ""


def part(tree: Tree, name: str) -> str:
    lines = [line for line in tree.lines if line.words[0] == name]
    return "#\n" + "".join(f"{row}\n" for row in rendered(lines)) + "#\nreturn\n" if lines else ""


def here(tree: Tree, path: Sequence[str]) -> str:
    if not path:
        return _sections([line for line in tree.lines if not line.section]) + "#\nreturn\n"
    return f"#\n{path[-1]}\n" + "".join(f"{row}\n" for row in rendered(tree.body(path), " ")) + "#\nreturn\n"


def version(switch: "VrpSwitch") -> str:
    minutes = int(switch.now - switch.booted) // 60
    release = "8.200" if switch.two_phase else "5.170"
    return (
        "Huawei Versatile Routing Platform Software\n"
        f"VRP (R) software, Version {release} (S5720 {switch.version})\n"
        "Copyright (C) 2000-2020 HUAWEI TECH Co., Ltd.\n"
        f"HUAWEI S5720-28P-LI-AC Routing Switch uptime is 0 week, 0 day, {minutes // 60} hours, {minutes % 60} minutes\n"  # noqa: E501
    )


def esn(switch: "VrpSwitch") -> str:
    return f"ESN of slot 0: {switch.serial}\n"


def device(switch: "VrpSwitch") -> str:
    del switch
    return (
        "S5720-28P-LI-AC's Device status:\n"
        "Slot Sub  Type                   Online    Power    Register     Status     Role\n"
        f"{'-' * 79}\n0    -    S5720-28P-LI           Present   PowerOn  Registered   Normal     Master\n"
    )


def startup(switch: "VrpSwitch") -> str:
    return f"MainBoard:\n  Next startup saved-configuration file:      flash:/{switch.startup}\n"


def _words(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    return [line.words for line in lines]


def interfaces(switch: "VrpSwitch") -> str:
    text = "PHY: Physical\n*down: administratively down\nInterface                   PHY   Protocol  InUti OutUti   inErrors  outErrors\n"  # noqa: E501
    for found in switch.tree.sections("interface"):
        down = ("shutdown",) in _words(found.body)
        addressed_ = any(words[:2] == ("ip", "address") for words in _words(found.body))
        physical = "*down" if down else "up"
        text += f"{found.words[1]:<27} {physical:<5} {'up' if addressed_ and not down else 'down':<8}     0%     0%          0          0\n"  # noqa: E501
    return text


def addressed(switch: "VrpSwitch") -> str:
    text = "Interface                         IP Address/Mask      Physical   Protocol  \n"
    known = {name: made.with_prefixlen for name, made in addresses(switch.tree)}
    for found in switch.tree.sections("interface"):
        if found.words[1].startswith("Vlanif") or found.words[1] in known:
            address = known.get(found.words[1], "unassigned")
            state = "up" if found.words[1] in known else "down"
            text += f"{found.words[1]:<33} {address:<20} {state:<10} {state:<9}\n"
    return text


def routes(switch: "VrpSwitch") -> str:
    text = "Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface\n\n"
    for name, made in addresses(switch.tree):
        text += f"{made.network!s:>18}  Direct  0    0           D   {made.ip!s:<15} {name}\n"
    for line in switch.tree.lines:
        if line.words[:2] == ("ip", "route-static"):
            text += f"{line.words[2] + '/' + line.words[3]:>18}  Static  60   0          RD   {line.words[4]}\n"
    return text


def vlans(switch: "VrpSwitch") -> str:
    numbers = [str(number) for number in range(1, 4095) if switch.has_vlan(str(number))]
    rows = "".join(f"{number:<5}enable  default  enable  disable  VLAN {int(number):04d}\n" for number in numbers)
    return f"The total number of vlans is : {len(numbers)}\n\nVID  Status  Property MAC-LRN Statistics Description\n{'-' * 80}\n{rows}"  # noqa: E501
