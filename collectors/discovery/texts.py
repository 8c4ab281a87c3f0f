"""Octets of devices as text for people: encodings, control characters, length, MAC addresses. Pure."""

import re

from collectors.snmp.pdu import Value

_WRITTEN_MAC = re.compile(rb"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}")
MOST_CHARACTERS = 255  # of a text that is shown; some agents answer 64 KiB


def text_of(value: Value | None) -> str:
    """One line of text. Octets are UTF-8, else Latin-1 where that gives letters, else with marks of replacement."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return _clean(_decoded(value.rstrip(b"\0")))
    return str(value)


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        latin = octets.decode("cp1252", "replace")
        letters = all(c.isprintable() or c.isspace() for c in latin) and "\ufffd" not in latin
        return latin if letters else octets.decode("utf-8", "replace")


def _clean(text: str) -> str:
    shown = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * MOST_CHARACTERS]).split())
    return shown if len(shown) <= MOST_CHARACTERS else shown[: MOST_CHARACTERS - 1] + "…"


def mac_of(value: Value | None) -> str:
    """`aa:bb:cc:dd:ee:ff`; '' for what is no MAC address or all zero."""
    if isinstance(value, bytes) and len(value) == 6 and any(value):
        return value.hex(":")
    return ""


def address_of(octets: bytes) -> str:
    """A network address of LLDP (family octet first) or of four octets; '' for others."""
    if len(octets) == 5 and octets[0] == 1:
        octets = octets[1:]
    return ".".join(map(str, octets)) if len(octets) == 4 else ""


def id_of(value: Value | None, *, is_mac: bool = False, is_address: bool = False) -> str:
    """A chassis or port id by its subtype; octets that cannot be text are printed as a MAC address or in hex."""
    if not isinstance(value, bytes):
        return text_of(value)
    if is_mac:
        if len(value) == 6:
            return value.hex(":")
        if _WRITTEN_MAC.fullmatch(value):
            return value.decode("ascii").lower().replace("-", ":")
    if is_address and (address := address_of(value)):
        return address
    text = value.rstrip(b"\0")
    if text and all(0x20 <= octet < 0x7F for octet in text):
        return _clean(text.decode("ascii"))
    if len(value) == 6:
        return value.hex(":")
    cleaned = text_of(value)
    return cleaned if cleaned and "\ufffd" not in cleaned else value.hex(":")


def number_of(value: Value | None) -> int | None:
    return value if isinstance(value, int) else None
