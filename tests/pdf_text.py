"""What stands on the pages of a PDF that typst made, read out of its octets as a reader does; of no other writer's."""

import re
import zlib
from collections.abc import Iterator, Mapping

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_PAGE = re.compile(rb"/Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_PAIR = re.compile(rb"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>")
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\[((?:\((?:\\.|[^\\()])*\)|[^\]()])*)\]TJ|(\((?:\\.|[^\\()])*\))Tj", re.DOTALL)
_STRING = re.compile(rb"\(((?:\\.|[^\\()])*)\)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def runs_of(pdf: bytes) -> list[str]:
    """Every text that was set in one go, in the order of the pages."""
    return [run for page in pages_of(pdf) for run in page]


def pages_of(pdf: bytes) -> list[list[str]]:
    """The same, page by page."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    return [
        list(_runs(_stream(objects[int(content)]), _fonts(objects, objects[int(resources)])))
        for body in objects.values()
        for resources, content in _PAGE.findall(body)
    ]


def _fonts(objects: Mapping[int, bytes], resources: bytes) -> Mapping[bytes, Mapping[bytes, str]]:
    """By the name of a font what its glyphs mean."""
    found = {}
    for name, number in _FONT.findall(resources):
        meaning = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        assert meaning is not None
        pairs = _PAIR.findall(_stream(objects[int(meaning[1])]))
        found[name] = {bytes.fromhex(g.decode()): bytes.fromhex(u.decode()).decode("utf-16-be") for g, u in pairs}
    return found


def _runs(content: bytes, fonts: Mapping[bytes, Mapping[bytes, str]]) -> Iterator[str]:
    glyphs: Mapping[bytes, str] = {}
    for font, several, one in _SHOWN.findall(content):
        if font:
            glyphs = fonts[font]
            continue
        octets = b"".join(_ESCAPE.sub(_unescaped, each) for each in _STRING.findall(several or one))
        yield "".join(glyphs.get(octets[at : at + 2], "") for at in range(0, len(octets), 2))


def _unescaped(match: "re.Match[bytes]") -> bytes:
    said = match[1]
    if said[:1].isdigit():
        return bytes([int(said, 8)])
    return b"" if said.endswith(b"\n") else _PLAIN.get(said, said)


def _stream(body: bytes) -> bytes:
    head, _word, rest = body.partition(b"stream")
    length = re.search(rb"/Length (\d+)", head)
    assert length is not None
    octets = rest.lstrip(b"\r\n")[: int(length[1])]
    return zlib.decompress(octets) if b"FlateDecode" in head else octets
