"""Reads what devices are reached by: IP addresses, prefixes, MAC addresses, phone numbers."""

import re
from ipaddress import ip_address, ip_interface, ip_network
from typing import Final

from domain.language import _
from inventory.errors import CellError
from inventory.importing.cells import Cell
from inventory.importing.findings import shown
from inventory.importing.texts import read_text

_MAC: Final = re.compile(r"([0-9a-f]{2}[:-]?){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}", re.IGNORECASE)
_SHORTEST_NUMBER: Final = 8  # below it a phone number is a service number: 147, 1500123
_LONGEST_NUMBER: Final = 15  # ITU-T E.164


def read_address(cell: Cell) -> str:
    """An IPv4 or IPv6 address of one host, in its shortest form."""
    text = read_text(cell)
    try:
        address = ip_address(text)
    except ValueError:
        raise CellError(_("'{value}' is not an IP address.").format(value=shown(text)), _address_remedy(text)) from None
    if address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255":
        raise CellError(_("'{value}' cannot be the address of a device.").format(value=address))
    return str(address)


def _address_remedy(text: str) -> str:
    if re.fullmatch(r"[0-9]{10,12}", text):
        return _("Excel has eaten the points: format the column as Text and type the address again.")
    try:
        return _("Write {right}, without the prefix length.").format(right=ip_interface(text).ip)
    except ValueError:
        pass
    parts = text.split(".")
    if len(parts) == 4 and all(re.fullmatch("[0-9]{1,3}", part) and int(part) < 256 for part in parts):
        return _("Write {right}.").format(right=".".join(str(int(part)) for part in parts))
    return _("Write it as 10.14.1.1 or fd00::1.")


def read_prefix(cell: Cell) -> str:
    """A range of addresses, 10.14.1.0/24, in its shortest form; one with host bits is refused with the right one."""
    text = read_text(cell)
    if "/" not in text:
        raise CellError(_("'{value}' has no prefix length.").format(value=shown(text)), _("Write it as 10.14.1.0/24."))
    try:
        return str(ip_network(text))
    except ValueError:
        pass
    try:
        right = ip_network(text, strict=False)
    except ValueError:
        raise CellError(
            _("'{value}' is not a prefix.").format(value=shown(text)), _("Write it as 10.14.1.0/24.")
        ) from None
    raise CellError(
        _("'{value}' is an address inside a prefix.").format(value=shown(text)),
        _("Write {right}.").format(right=right),
    )


def read_mac(cell: Cell) -> str:
    """A MAC address as AA:BB:CC:DD:EE:FF, from any of the usual ways to write it."""
    text = read_text(cell).strip()
    if _MAC.fullmatch(text) is None:
        remedy = _("Write it as AA:BB:CC:DD:EE:FF.")
        if re.fullmatch(r"[0-9]{1,12}", text):
            remedy = _("Excel may have eaten zeros: format the column as Text and write it as AA:BB:CC:DD:EE:FF.")
        raise CellError(_("'{value}' is not a MAC address.").format(value=shown(text)), remedy)
    digits = re.sub("[^0-9A-F]", "", text.upper())
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def read_phone(cell: Cell) -> str:
    """A phone number as +62…; the zero that Excel eats may be missing. Service numbers (147) stay as they are."""
    text = read_text(cell)
    bare = re.sub(r"[\s().\u00a0/-]", "", text) if "/" not in text else text
    if re.fullmatch(r"\+?[0-9]+", bare) is None:
        raise CellError(
            _("'{value}' is not one phone number.").format(value=shown(text)), _("Write it as 081234567890.")
        )
    if bare.startswith("+"):
        number = bare
    elif bare.startswith("00"):
        number = "+" + bare[2:]
    elif len(bare) < _SHORTEST_NUMBER:
        return bare
    elif bare.startswith("0"):
        number = "+62" + bare[1:]
    elif bare.startswith("62") and len(bare) > 10:
        number = "+" + bare
    else:
        number = "+62" + bare
    if not _SHORTEST_NUMBER < len(number) <= _LONGEST_NUMBER + 1:
        raise CellError(
            _("'{value}' is too short or too long for a phone number.").format(value=shown(text)),
            _("Write it as 081234567890."),
        )
    return number
