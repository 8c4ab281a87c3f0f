"""Kinds of values that several platforms' grammars take: the canonical form, or None."""

import ipaddress
import re


def ipv4(word: str) -> str | None:
    try:
        return str(ipaddress.IPv4Address(word))
    except ValueError:
        return None


def mask(word: str) -> str | None:
    """A netmask: ones, then zeros."""
    made = ipv4(word)
    if made is None:
        return None
    bits = f"{int(ipaddress.IPv4Address(made)):032b}"
    return made if "01" not in bits else None


def mask_or_length(word: str) -> str | None:
    if word.isdigit():
        return str(ipaddress.IPv4Network(f"0.0.0.0/{word}").netmask) if int(word) <= 32 else None
    return mask(word)


def prefix(word: str) -> str | None:
    try:
        return str(ipaddress.IPv4Network(word, strict=False))
    except ValueError:
        return None


def mac(word: str) -> str | None:
    bare = re.sub(r"[.:-]", "", word).lower()
    return f"{bare[:4]}.{bare[4:8]}.{bare[8:]}" if re.fullmatch(r"[0-9a-f]{12}", bare) else None


def gpon_serial(word: str) -> str | None:
    """Four letters and eight hexadecimal digits, or sixteen digits of which the first eight are the letters."""
    if re.fullmatch(r"[A-Za-z]{4}[0-9A-Fa-f]{8}", word):
        return word.upper()
    if re.fullmatch(r"[0-9A-Fa-f]{16}", word):
        letters = bytes.fromhex(word[:8])
        return (letters.decode() + word[8:]).upper() if letters.isalpha() and letters.isascii() else None
    return None


KINDS = {"ipv4": ipv4, "mask": mask, "mask_or_length": mask_or_length, "prefix": prefix, "mac": mac, "sn": gpon_serial}
