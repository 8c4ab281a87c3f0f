"""Reads a page as plain words, as far as judging it needs: title, headings, text, where it sends people.

Not a parser of HTML: every step is linear in the size of the page, whatever somebody put into it. Hidden text counts,
for that is where injected links are. Pure.
"""

import re
import unicodedata
from dataclasses import dataclass
from html import unescape

_SKIPPED = ((b"<!--", b"-->"), (b"<script", b"</script"), (b"<style", b"</style"))
_ATTRIBUTE = re.compile(
    rb"""([a-zA-Z-]{1,20})\s{0,9}=\s{0,9}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))"""
)
_CHARSET = re.compile(rb"""charset\s{0,3}=\s{0,3}["']?([a-zA-Z0-9_.:-]{1,40})""")
_REFRESH = re.compile(r"^\s*[\d.]*\s*[;,]\s*url\s*=\s*['\"]?([^'\"\s]+)", re.IGNORECASE)
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_LONGEST_TAG = 4_000


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, in lower case and plain letters. refresh: where a meta refresh sends people, as written."""

    title: str = ""
    description: str = ""
    headings: str = ""
    text: str = ""
    refresh: str = ""


def read_page(body: bytes, charset: str = "") -> Page:
    """charset: of the Content-Type header; else the page's own, else UTF-8. Undecodable octets are replaced."""
    encoding = charset or _own_charset(body)
    lowered = body.lower()  # of bytes: ASCII alone, so that both stay equally long
    title: list[bytes] = []
    headings: list[bytes] = []
    texts: list[bytes] = []
    links: list[bytes] = []
    description, refresh = b"", b""
    heading = inside_title = False
    for tag, lower_tag, after in _pieces(body, lowered):
        name = lower_tag.split(None, 1)[0].rstrip(b"/") if lower_tag.strip() else b""
        if name == b"meta":
            attributes = _attributes(tag)
            word = attributes.get(b"name", b"").lower()
            if word in (b"description", b"keywords"):
                description += b" " + attributes.get(b"content", b"")
            if attributes.get(b"http-equiv", b"").lower() == b"refresh":
                refresh = refresh or attributes.get(b"content", b"")
        elif name in (b"a", b"area", b"iframe"):
            attributes = _attributes(tag)
            links.append(attributes.get(b"href", b"") or attributes.get(b"src", b""))
        elif name in (b"title", b"/title"):
            inside_title = name == b"title" and not title
        elif name in (b"h1", b"/h1", b"h2", b"/h2"):
            heading = not name.startswith(b"/")
        if inside_title:
            title.append(after)
        if heading:
            headings.append(after)
        texts.append(after)
    target = _REFRESH.match(_decoded(refresh, encoding))
    return Page(
        _plain(_decoded(b"".join(title), encoding)),
        _plain(_decoded(description, encoding)),
        _plain(_decoded(b" ".join(headings), encoding)),
        _plain(_decoded(b" ".join((*texts, *links)), encoding)),
        target[1] if target else "",
    )


def plain_words(text: str) -> str:
    """Lower case, one kind of letters (𝗦𝗹𝗼𝘁 is slot), no invisible characters, single spaces."""
    return _plain(text)


def _pieces(body: bytes, lowered: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """(inside of a tag, the same in lower case, text up to the next tag), without comments, scripts and styles."""
    pieces = []
    at, tag, lower_tag = 0, b"", b""
    while True:
        opening = lowered.find(b"<", at)
        pieces.append((tag, lower_tag, body[at:] if opening < 0 else body[at:opening]))
        if opening < 0:
            return pieces
        closing = b""
        if lowered[opening + 1 : opening + 2] in (b"!", b"s"):
            closing = next((end for start, end in _SKIPPED if lowered.startswith(start, opening)), b"")
        if closing:
            end = lowered.find(closing, opening + 4)
            if end < 0:
                return pieces
            opening = end
        end = lowered.find(b">", opening)
        if end < 0:
            return pieces
        tag, lower_tag = body[opening + 1 : end][:_LONGEST_TAG], lowered[opening + 1 : end][:_LONGEST_TAG]
        at = end + 1


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {match[1].lower(): match[2] or match[3] or match[4] or b"" for match in _ATTRIBUTE.finditer(tag)}


def _own_charset(body: bytes) -> str:
    match = _CHARSET.search(body[:2_048])
    return match[1].decode("ascii") if match else "utf-8"


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding, "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", unescape(text)).translate(_INVISIBLE).casefold().split())
