"""`print`: tables with flags and columns, details, single records, as version 6 and 7 lay them out."""

from collections.abc import Sequence

from lab.cli.routeros.configuration import Item
from lab.cli.routeros.menus import Menu
from lab.cli.routeros.words import quoted

_COLUMNS = {
    "/interface": ("name", "type", "mtu", "mac-address"),
    "/interface ethernet": ("name", "mtu", "mac-address", "arp"),
    "/interface bridge port": ("interface", "bridge", "hw", "pvid", "priority", "path-cost", "horizon"),
    "/interface vlan": ("name", "mtu", "arp", "vlan-id", "interface"),
    "/ip address": ("address", "network", "interface"),
    "/ip route": ("dst-address", "gateway", "distance"),
    "/ip service": ("name", "port", "address", "certificate", "vrf"),
    "/ip pool": ("name", "ranges"),
    "/ip dhcp-server": ("name", "interface", "address-pool", "lease-time"),
    "/ip dhcp-server network": ("address", "gateway", "dns-server", "domain"),
    "/ip firewall address-list": ("list", "address", "timeout"),
    "/user": ("name", "group", "address"),
    "/snmp community": ("name", "addresses", "security", "read-access", "write-access"),
    "/system logging": ("topics", "action", "prefix"),
    "/system scheduler": ("name", "start-date", "start-time", "interval", "on-event", "run-count"),
    "/file": ("name", "type", "size", "creation-time"),
}
_DETAILED = ("/ip firewall filter", "/ip firewall nat", "/ip firewall mangle", "/system script", "/ppp secret")
_HIDDEN = "*****"


def table_of(menu: Menu, items: Sequence[Item], *, major: int, form: str, names: Sequence[str] = ()) -> str:
    """names: what is asked for by `proplist`."""
    if form or menu.path in _DETAILED:
        head = "" if form == "terse" else _flags(items, major)
        return head + _detail(menu, items, names, terse=form == "terse")
    names = (
        names
        or _COLUMNS.get(menu.path)
        or tuple(name for name in menu.properties if any(name in item.given for item in items) and name != "comment")
    )
    return _sixth(menu, items, names) if major == 6 else _seventh(menu, items, names)


def single(pairs: Sequence[tuple[str, str]]) -> str:
    """A record: names to the right, a colon, values to the left."""
    width = max((len(name) for name, _value in pairs), default=0) + 2
    return "".join(f"{name:>{width}}: {value}".rstrip() + "\n" for name, value in pairs)


def _flags(items: Sequence[Item], major: int) -> str:
    if major == 6:
        return "Flags: X - disabled, I - invalid, D - dynamic \n"
    told = {"X": "X - DISABLED", "D": "D - DYNAMIC", "C": "C - COMPLETE"}
    marks = {mark for item in items for mark in _mark(item)}
    return f"Flags: {'; '.join(word for mark, word in told.items() if mark in marks)}\n" if marks else ""


def _mark(item: Item) -> str:
    flags = {"X": item.disabled, "D": item.given.get("dynamic") == "yes", "C": item.given.get("complete") == "yes"}
    return "".join(mark for mark, is_set in flags.items() if is_set)


def _sixth(menu: Menu, items: Sequence[Item], names: Sequence[str]) -> str:
    cells = [[_shown(menu, item, name) for name in names] for item in items]
    widths = [max([len(name), *(len(row[at]) for row in cells)]) for at, name in enumerate(names)]
    text = _flags(items, 6)
    head = " ".join(f"{name.upper():<{width}}" for name, width in zip(names, widths, strict=True))
    text += f" #   {head}\n"
    for number, (item, row) in enumerate(zip(items, cells, strict=True)):
        if item.given.get("comment"):
            text += f"{number:>2} {_mark(item):<2};;; {item.given['comment']}\n"
            lead = "     "
        else:
            mark = _mark(item)
            lead = f"{number:>2} {mark:<2}" + " " * (len(mark) > 1)
        text += lead + " ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
    return text


def _seventh(menu: Menu, items: Sequence[Item], names: Sequence[str]) -> str:
    cells = [[_shown(menu, item, name) for name in names] for item in items]
    kept = [at for at, name in enumerate(names) if any(row[at] for row in cells) or at < 2]
    widths = [max([len(names[at]), *(len(row[at]) for row in cells)]) for at in kept]
    flags = max((len(_mark(item)) for item in items), default=0)
    number_width = len(str(max(len(items) - 1, 0)))
    text = _flags(items, 7) + f"Columns: {', '.join(names[at].upper() for at in kept)}\n"
    heads = (f"{names[at].upper():<{width}}" for at, width in zip(kept, widths, strict=True))
    text += f"{'#':>{number_width}} {' ' * (flags + 1) if flags else ''}" + "  ".join(heads).rstrip() + "\n"
    for number, (item, row) in enumerate(zip(items, cells, strict=True)):
        if item.given.get("comment"):
            text += f"{'':>{number_width}} ;;; {item.given['comment']}\n"
        mark = f"{_mark(item):<{flags}} " if flags else ""
        shown = (f"{row[at]:<{width}}" for at, width in zip(kept, widths, strict=True))
        text += f"{number:>{number_width}} {mark}" + "  ".join(shown).rstrip() + "\n"
    return text


def _detail(menu: Menu, items: Sequence[Item], names: Sequence[str], *, terse: bool) -> str:
    text = ""
    for number, item in enumerate(items):
        comment = item.given.get("comment", "")
        mark = _mark(item)
        words = [
            f"{name}={_quoted(value) if known.kind == 'text' or ' ' in value else value}"
            for name in names or menu.properties
            if (known := menu.properties.get(name)) is not None
            and name not in ("comment", "disabled", "default-name")
            and (value := _shown(menu, item, name))
        ]
        if terse:
            note = [f"comment={comment}"] if comment else []
            text += f" {number} {mark or ' '} " + " ".join([*note, *words]) + "\n"
            continue
        text += f"{number:>2} {mark:<2} " + (f";;; {comment}\n      " if comment else "") + " ".join(words) + "\n\n"
    return text


def _quoted(value: str) -> str:
    return quoted(value) if value and not value.isdigit() and value not in ("yes", "no") else value


def _shown(menu: Menu, item: Item, name: str) -> str:
    known = menu.properties.get(name)
    value = item.value(menu, name) if known is not None else item.given.get(name, "")
    if known is not None and known.sensitive and value:
        return _HIDDEN
    return value
