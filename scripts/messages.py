"""Collects the texts for people from the code, brings the catalogues up to date, compiles them: `make messages`.

The source language is English, so its catalogue fills itself. Indonesian is filled in by a person in
`kentongan/locale/id/LC_MESSAGES/kentongan.po`; what is still missing is named at the end, with exit status 1.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("id", "en")
PACKAGES = ("kentongan", "domain", "inventory", "collectors", "alerts", "exporters", "provisioning", "console", "lab")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "n_": (1, 2), "ngettext": (1, 2)}
# Dates would make a conflict of every merge and say nothing that git does not.
_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def path_of(language: str) -> Path:
    return ROOT / "kentongan" / "locale" / language / "LC_MESSAGES" / "kentongan.po"


def extract() -> Catalog:
    """Every text marked with `_` or `n_` in the packages and their pages, with the files it stands in."""
    catalog = _empty(None)
    for package in PACKAGES:
        found = extract_from_dir(
            ROOT / package, method_map=[("**.py", "python"), ("**.html", "jinja2")], keywords=KEYWORDS
        )
        for file, _line, message, comments, context in found:
            catalog.add(message, None, [(f"{package}/{file}", 0)], auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    path = path_of(language)
    if not path.exists():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str, template: Catalog) -> Catalog:
    """The language's catalogue with exactly the texts of the template; English is its own translation."""
    known = read(language)
    catalog = _empty(language)
    for message in template:
        if not message.id:
            continue
        old = known.get(message.id)
        string = message.id if language == "en" else old.string if old else None
        catalog.add(message.id, string, message.locations, flags=message.flags)
    return catalog


def untranslated(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id and not _is_complete(message)]


def compiled(catalog: Catalog) -> bytes:
    """The bytes of the .mo file; the same catalogue gives the same bytes."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def written(catalog: Catalog) -> bytes:
    """The bytes of the .po file: sorted, without line numbers, which change with every edit."""
    out = BytesIO()
    write_po(out, catalog, width=120, sort_output=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def _is_complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def _empty(language: str | None) -> Catalog:
    catalog = Catalog(
        locale=language,
        header_comment="# What Kentongan says to people. Made by `make messages`; fill in empty translations here.",
        project="Kentongan",
        version="",
        msgid_bugs_address="none",
        last_translator="none",
        language_team="none",
        creation_date=_DATE,
        revision_date=_DATE,
        fuzzy=False,
        charset="utf-8",
    )
    if language == "id":
        # Indonesian counts without a plural; Babel has no rule for it and would take the English one.
        catalog.mime_headers = [("Plural-Forms", "nplurals=1; plural=0;")]
    return catalog


def main() -> int:
    template = extract()
    missing = 0
    for language in LANGUAGES:
        catalog = update(language, template)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        # Compiled from the file, not from memory: what is tested is what is read.
        path.with_suffix(".mo").write_bytes(compiled(read(language)))
        for message in untranslated(catalog):
            missing += 1
            print(f"{path.relative_to(ROOT)}: not translated: {message.id!r}", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
