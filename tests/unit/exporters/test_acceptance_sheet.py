"""The acceptance sheet: what stands in it, that nobody's text becomes markup, that it repeats its octets."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.changes import Checked, Outcome
from domain.documents import AcceptanceSheet, Photo, SheetDevice, SheetPlace, SignerPart
from domain.language import speaking
from domain.network import Medium, Role, SiteKind
from domain.network.words import medium_word
from exporters.documents import PdfWriter
from exporters.documents.acceptance import one_line, template_data
from exporters.documents.figures import number, time
from exporters.documents.findings import finding
from exporters.documents.words import check_word, headline, photo_word, signer_word, where
from exporters.documents.writer import acceptance_compiler
from exporters.errors import DocumentNotWrittenError
from kentongan.words import speak
from provisioning.verification import CHECKS
from tests.acceptance_example import MADE_AT, example_sheet, named

MARKUP = (
    '#panic("x") *bold* _it_ $x^2$ = Head\n- item @ref <label> `raw` // c /* d */ '
    "\\ ~ https://a.b [c] \"q\" 'r' --- ..."
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with speaking("en"):
        yield


def shown(sheet: AcceptanceSheet) -> list[str]:
    """Every text on its pages, in order, without heads and feet."""
    return list(_texts(json.loads(acceptance_compiler(sheet).query("<part>"))))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("func") == "text" and isinstance(node.get("text"), str):
            yield node["text"]
        for name, value in node.items():
            if name != "text" or not isinstance(value, str):
                yield from _texts(value)
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif isinstance(node, str):
        yield node


def test_what_was_built_and_measured_stands_in_it() -> None:
    found = set(shown(example_sheet()))
    assert {"rtr-cibodas-sukatani", "HCK08ABCDEF", "10.14.255.17", "10.14.3.0/25", "120", "−21.3", "97.25"} <= found
    assert {"−24.2 to −14.7", "passed", "FAILED", "not checked", "10.14.255.17, 10 of 10 came back, 2.1 ms"} <= found
    assert {photo_word(photo) for photo in Photo} <= found
    assert {"Accepted by", "Rina Marlina", "Penyedia A"} <= found


def test_in_indonesian_numbers_and_times_are_written_so() -> None:
    speak("en")  # and know Indonesian
    with speaking("id"):
        data = json.dumps(template_data(example_sheet()), ensure_ascii=False)
        assert PdfWriter().acceptance_sheet(example_sheet()).startswith(b"%PDF-1.")
    assert "−21,3" in data
    assert "14.02 WIB" in data
    assert "−6,612345; 107,412345" in data


def test_the_same_sheet_makes_the_same_octets_and_another_day_others() -> None:
    sheet = example_sheet()
    made = PdfWriter().acceptance_sheet(sheet)
    assert PdfWriter().acceptance_sheet(example_sheet()) == made
    assert PdfWriter().acceptance_sheet(replace(sheet, made_at=MADE_AT + timedelta(days=1))) != made
    assert made.rstrip().endswith(b"%%EOF")


def test_it_is_two_pages_and_nothing_is_left_of_a_warning() -> None:
    pages, warnings = acceptance_compiler(example_sheet()).compile_with_warnings(format="svg")
    assert isinstance(pages, list)
    assert len(pages) == 2
    assert warnings == []


def test_a_sheet_of_which_nothing_is_known_is_still_one_to_fill_in() -> None:
    place = SheetPlace("desa-baru", "Desa Baru", SiteKind.DESA)
    sheet = AcceptanceSheet(place, MADE_AT, is_final=False)
    assert PdfWriter().acceptance_sheet(sheet)
    assert "DRAFT" in shown(sheet)
    assert headline(sheet) == "Nothing was checked by the machine."
    assert "DRAFT" not in shown(replace(sheet, is_final=True))


def test_the_worst_stands_first() -> None:
    checks = template_data(example_sheet())["checks"]
    assert isinstance(checks, list)
    assert [each["outcome"] for each in checks if isinstance(each, dict)] == [
        "failed",
        "not-checked",
        "passed",
        "passed",
    ]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
@example(MARKUP)
@example('"), panic("x')
@example("\ud800\x00\x1b[31m")
@example("x" * 300)
def test_nobodys_text_becomes_markup(text: str) -> None:
    """Wherever a person or a device may have written it, it stands there as it is, in one line."""
    sheet = example_sheet()
    sheet = replace(
        named(sheet, text),
        actor=text,
        devices=(SheetDevice(text or "x", Role.ROUTER, text, text, text, text, text),),
        checks=(Checked(text, Outcome.FAILED, text, text, {"name": text, text: text}),),
        signers=tuple(replace(each, name=text, organisation=text) for each in sheet.signers),
    )
    assert PdfWriter().acceptance_sheet(sheet)
    wanted = one_line(text)
    if wanted:
        assert shown(sheet).count(wanted) >= 8


def test_all_devices_of_a_large_site_are_on_it() -> None:
    many = tuple(SheetDevice(f"cam-{number:03}", Role.CAMERA, address=f"10.1.1.{number}") for number in range(150))
    sheet = replace(example_sheet(), devices=many)
    assert {each.name for each in many} <= set(shown(sheet))
    pages = acceptance_compiler(sheet).compile(format="svg")
    assert isinstance(pages, list)
    assert len(pages) > 4


def test_it_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sheet.pdf"
    PdfWriter().write_acceptance_sheet(example_sheet(), path)
    before = path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DocumentNotWrittenError, match="No space left"):
        PdfWriter().write_acceptance_sheet(named(example_sheet(), "other"), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentNotWrittenError, match="nowhere"):
        PdfWriter().write_acceptance_sheet(example_sheet(), tmp_path / "nowhere" / "sheet.pdf")


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        ({"dbm": -21.34, "lowest": -27, "highest": -8}, "−21.3 dBm (allowed −27.0 to −8.0)"),
        ({"dbm": -70}, "−70.0 dBm"),
        ({"octets": 1500, "received": 3}, "1,500 octets"),
        ({"seen": {"olt-sukatani": "ether1"}, "wanted": ["x"]}, "olt-sukatani (ether1)"),
        ({"serial": "ABC", "planned": "ABC"}, "serial ABC"),
        ({"mbps": 97.5}, "mbps 97.5"),
        ({"open": True}, "open True"),
        ({}, ""),
    ],
)
def test_evidence_is_told_with_its_units(evidence: dict[str, object], text: str) -> None:
    assert finding(Checked("x", Outcome.PASSED, evidence=evidence)) == text


def test_a_village_is_never_without_its_kecamatan() -> None:
    place = example_sheet().place
    assert where(place) == "Desa Cibodas, Kec. Sukatani, Kabupaten Purwakarta"
    assert where(replace(place, is_kelurahan=True)).startswith("Kelurahan Cibodas, Kec. Sukatani")
    assert where(replace(place, village="")) == "Kec. Sukatani, Kabupaten Purwakarta"


def test_every_closed_word_has_one_of_its_own() -> None:
    assert all(check_word(name) != name for name in CHECKS)
    for words in ([medium_word(each) for each in Medium], [signer_word(each) for each in SignerPart]):
        assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [(-0.04, 1, "0.0"), (-0.06, 1, "−0.1"), (1234.5, None, "1,234.5"), (100, None, "100"), (0.0, None, "0")],
)
def test_numbers(value: float, places: int | None, text: str) -> None:
    assert number(value, places) == text


def test_a_time_names_its_zone() -> None:
    assert time(MADE_AT) == "3 November 2026, 14:02 WIB"
