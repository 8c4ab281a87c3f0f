"""One syslog message from its octets. Never raises: what is no syslog is all content. Pure.

RFC 5424 where the message says so, else RFC 3164 as devices write it: with or without a host, with years before or
after the time, fractions, zones, Cisco's sequence numbers and Huawei's dates.
"""

import re
from dataclasses import dataclass
from typing import Final

MOST_OCTETS: Final = 8192  # RFC 5424, 6.1: receivers may cut longer ones
MOST_CONTENT: Final = 1024
_PRIORITY: Final = re.compile(r"<(\d{1,3})>")
_DEFAULT_PRIORITY: Final = 13  # user.notice (RFC 3164, 4.3.3)
_HIGHEST_PRIORITY: Final = 191
_HEAD_5424: Final = re.compile(r"1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) ?")
_ELEMENT: Final = re.compile(r'\[[^\s=\]"]{1,32}(?: [^\s=\]"]{1,32}="(?:[^"\\]|\\.)*")*\]')
_CISCO_NUMBER: Final = re.compile(r"\d{1,10}: ")
_CISCO_HOST: Final = re.compile(r"([A-Za-z][\w.-]{0,254}): (?=[*.]?[A-Z][a-z]{2} )")
_TIME: Final = re.compile(
    r"[*.]?(?:"
    r"[A-Z][a-z]{2} {1,2}\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d(?:[.:]\d{1,6})?(?: (?:19|20)\d\d(?=[ :]))?"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
    r")(?:Z| ?[+-]\d\d:?\d\d| [A-Z]{3,5}(?=:))?(?P<ends>:?) ?"
)
_HOST: Final = re.compile(r"([\w][\w.:-]{0,254}) (?=\S)")


@dataclass(frozen=True, slots=True)
class Message:
    """host: as it names itself, '' if it does not. content: printable, on one line, with the program's tag if any."""

    facility: int
    severity: int
    host: str
    content: str


def read_message(octets: bytes) -> Message:
    """Whatever the octets are."""
    text = octets[:MOST_OCTETS].decode("utf-8", "replace").lstrip("\ufeff")
    priority, text = _priority(text)
    head = _HEAD_5424.match(text)
    host, content = _of_5424(head, text) if head else _of_3164(text)
    return Message(priority >> 3, priority & 7, host, printable(content)[:MOST_CONTENT])


def printable(text: str) -> str:
    """On one line, without anything that a terminal or a database would stumble over."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(text.split())


def _priority(text: str) -> tuple[int, str]:
    found = _PRIORITY.match(text)
    if found is None or int(found[1]) > _HIGHEST_PRIORITY:
        return _DEFAULT_PRIORITY, text
    return int(found[1]), text[found.end() :]


def _of_5424(head: re.Match[str], text: str) -> tuple[str, str]:
    at = head.end()
    if text.startswith("-", at):
        at += 1
    while element := _ELEMENT.match(text, at):
        at = element.end()
    said = text[at:].lstrip().removeprefix("\ufeff")
    host, app, process = (_known(head[group]) for group in (2, 3, 4))
    tag = f"{app}[{process}]: " if app and process else f"{app}: " if app else ""
    return host, tag + said


def _of_3164(text: str) -> tuple[str, str]:
    if number := _CISCO_NUMBER.match(text):
        text = text[number.end() :]
    host = ""
    if named := _CISCO_HOST.match(text):
        host, text = named[1], text[named.end() :]
    time = _TIME.match(text)
    if time is None:
        return host, text
    text = text[time.end() :]
    if not host and not time["ends"] and (named := _HOST.match(text)) and _is_host(named[1]):
        return named[1], text[named.end() :]
    return host, text


def _is_host(word: str) -> bool:
    """A tag (`sshd:`, `sshd[1]:`) and RouterOS's topics (`system,info`) stand where a host may be left out."""
    return not word.endswith(":") and not word.startswith("%")


def _known(field: str) -> str:
    return "" if field == "-" else field
