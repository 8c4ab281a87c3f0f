"""Octets of devices as text for people: encodings, control characters, length, MAC addresses. Pure."""

import re
from ipaddress import IPv6Address

from collectors.snmp.pdu import Value

_WRITTEN_MAC = re.compile(rb"[0-9A-Fa-f]{1,2}([:-][0-9A-Fa-f]{1,2}){5}|[0-9A-Fa-f]{4}([.-][0-9A-Fa-f]{4}){2}")
_HIGH = re.compile(rb"[\x80-\xff]+")
_HANZI = re.compile(rb"([\xb0-\xf7][\xa1-\xfe])+")  # GB 2312 without its signs
MOST_CHARACTERS = 255  # of a text that is shown; some agents answer 64 KiB


def text_of(value: Value | None) -> str:
    """One line of text. Octets are UTF-8, else GB 2312 or Latin-1 where that gives letters, else with marks of
    replacement."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return _clean(_decoded(value.rstrip(b"\0")))
    return str(value)


def _decoded(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not octets[: error.start].isascii():
            return octets[: error.start].decode("utf-8")  # cut off in the middle of a letter
        high = _HIGH.findall(octets)
        if sum(map(len, high)) > 2 and all(map(_HANZI.fullmatch, high)):
            return octets.decode("gb2312", "replace")
        latin = octets.decode("cp1252", "replace")
        letters = all(c.isprintable() or c.isspace() for c in latin) and "\ufffd" not in latin
        return latin if letters else octets.decode("utf-8", "replace")


def _clean(text: str) -> str:
    shown = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * MOST_CHARACTERS]).split())
    return shown if len(shown) <= MOST_CHARACTERS else shown[: MOST_CHARACTERS - 1] + "…"


def mac_of(value: Value | None) -> str:
    """`aa:bb:cc:dd:ee:ff`; '' for what is no MAC address or all zero. Some agents write it out as text."""
    if isinstance(value, bytes):
        octets = value if len(value) == 6 else written_mac(value.rstrip(b"\0"))
        return octets.hex(":") if any(octets) else ""
    return ""


def written_mac(text: bytes) -> bytes:
    """The octets of `0:1b:2c:3d:4e:5f`, `00-1B-2C-3D-4E-5F` or `001b.2c3d.4e5f`; none for another text."""
    if not _WRITTEN_MAC.fullmatch(text):
        return b""
    parts = re.split(r"[:.-]", text.decode("ascii"))
    return bytes.fromhex("".join(part.zfill(2 if len(parts) == 6 else 4) for part in parts))


def address_of(octets: bytes) -> str:
    """A network address of LLDP (IANA's family octet first: 1 IPv4, 2 IPv6) or of four octets; '' for others."""
    if len(octets) == 17 and octets[0] == 2:
        return str(IPv6Address(octets[1:]))
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
        if octets := written_mac(value.rstrip(b"\0")):
            return octets.hex(":")
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
