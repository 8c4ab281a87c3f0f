"""Which encoding a CSV file has: UTF-8, UTF-16 by its mark, else Windows-1252; other bytes are refused by line."""

import codecs
import re
from typing import Final

from domain.language import _
from inventory.errors import UnreadableFileError

_SIGNATURES: Final = (
    (b"PK\x03\x04", "ZIP"),
    (b"\xd0\xcf\x11\xe0", "XLS"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
)
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def encoding_of(content: bytes) -> str:
    """The codec with which the whole content is text, its mark left out.

    Raises UnreadableFileError naming the line of the first byte that is no text.
    """
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise _foreign(kind)
    if content.lstrip()[:6].lower() in (b"<html>", b"<!doct", b"<html ", b"<table"):
        raise _foreign("HTML")
    codec, text = _decoded(content)
    control = _NOT_TEXT.search(text)
    if control:
        raise _no_text(text.count("\n", 0, control.start()) + 1)
    return codec


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return "utf-16", content.decode("utf-16")
        except UnicodeDecodeError:
            raise _no_text(1) from None
    try:
        return "utf-8-sig", content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        first_bad = error.start
    line = content.count(b"\n", 0, first_bad) + 1
    if content.startswith(codecs.BOM_UTF8) or _MULTIBYTE.search(content):
        # Mostly UTF-8 with a broken piece: read as Windows-1252 the good pieces would become nonsense.
        raise _no_text(line)
    try:
        return "cp1252", content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise _no_text(content.count(b"\n", 0, error.start) + 1) from None


def _no_text(line: int) -> UnreadableFileError:
    return UnreadableFileError(
        _("line {line} holds bytes that are neither UTF-8 nor Windows-1252.").format(line=line),
        _("In Excel choose Save As, 'CSV UTF-8', or save as .xlsx."),
        line,
    )


def _foreign(kind: str) -> UnreadableFileError:
    if kind == "XLS":
        return UnreadableFileError(
            _("this is an old Excel workbook (.xls), or one with a password."),
            _("In Excel choose Save As, 'Excel Workbook (.xlsx)', without a password."),
        )
    return UnreadableFileError(
        _("this is {kind}, not a table.").format(kind=kind), _("Save the table as .xlsx or 'CSV UTF-8'.")
    )
