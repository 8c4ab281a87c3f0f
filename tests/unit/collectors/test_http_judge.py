"""Visits as they may end, judged without a network."""

from dataclasses import replace

import pytest

from collectors.http import shipped_phrases
from collectors.http.fetch import MOST_OCTETS, Answer, _unpacked
from collectors.http.judge import cloaked, judge
from collectors.http.visit import Visit, shown_url
from domain.services import Finding, Hop, HttpCheck, Phases, ServiceWord

BOOK = shipped_phrases()
CHECK = HttpCheck("portal", "https://portal.purwakartakab.go.id/", 200, "Portal Kabupaten")
GOOD = "<title>Portal Kabupaten</title><h1>Selamat datang</h1><p>Waspada judi online!</p>"
SPAM = "<title>Portal Kabupaten</title><div>slot gacor hari ini situs judi</div>"


def visit(html: str = GOOD, status: int = 200, **headers: str) -> Visit:
    answer = Answer(status, headers, (), html.encode(), 0.01)
    hops = [Hop(CHECK.url, status, Phases())]
    return Visit(hops, answer=answer, url=CHECK.url, reached=True, phases=Phases(total_seconds=0.2))


def words(seen: Visit, check: HttpCheck = CHECK) -> list[ServiceWord]:
    return [finding.word for finding in judge(check, seen, BOOK)]


def test_a_good_page_is_good() -> None:
    assert words(visit()) == []


def test_status_and_text() -> None:
    assert words(visit(status=503)) == [ServiceWord.WRONG_STATUS]
    assert words(visit("<p>kosong</p>")) == [ServiceWord.TEXT_MISSING]
    assert words(visit(status=302), replace(CHECK, expect_status=302)) == []
    assert words(visit(status=404), replace(CHECK, expect_status=None)) == [ServiceWord.WRONG_STATUS]
    assert words(visit("<b>Portal</b>\n <i>KABUPATEN</i>")) == []


def test_a_defaced_page_with_the_right_status_and_text_is_defaced() -> None:
    assert words(visit(SPAM)) == [ServiceWord.DEFACED]
    assert words(visit("<h1>HACKED BY someone</h1>", 500)) == [
        ServiceWord.WRONG_STATUS, ServiceWord.TEXT_MISSING, ServiceWord.DEFACED,
    ]  # fmt: skip


def test_what_is_no_text_is_not_read() -> None:
    assert words(visit(SPAM, **{"content-type": "image/png"}), replace(CHECK, expect_text="")) == []


@pytest.mark.parametrize(
    ("target", "foreign"),
    [
        ("https://jahat.example/x", True),
        ("/masuk", False),
        ("https://sso.purwakartakab.go.id/", False),
        ("//x.id", True),
    ],
)
def test_a_meta_refresh_to_somebody_else(target: str, foreign: bool) -> None:
    html = f'{GOOD}<meta http-equiv="refresh" content="0;url={target}">'
    assert words(visit(html)) == ([ServiceWord.FOREIGN_REDIRECT] if foreign else [])


def test_an_answer_that_only_sends_on_is_not_judged_as_a_page() -> None:
    seen = visit("", 302)
    seen.hops[-1] = replace(seen.hops[-1], location="https://jahat.example/")
    seen.findings.append(Finding(ServiceWord.FOREIGN_REDIRECT, "jahat.example"))
    assert words(seen) == [ServiceWord.FOREIGN_REDIRECT]


def test_slow() -> None:
    seen = visit()
    seen.phases = Phases(total_seconds=5.0)
    assert words(seen) == [ServiceWord.SLOW]


def test_what_only_the_search_engine_sees() -> None:
    (found,) = cloaked(CHECK, visit(), visit(SPAM), BOOK)
    assert found.word is ServiceWord.CLOAKED
    assert "slot gacor" in found.values["phrases"]
    assert cloaked(CHECK, visit(), visit(), BOOK) == ()
    assert cloaked(CHECK, visit(SPAM), visit(SPAM), BOOK) == ()  # defaced for everybody: said already
    assert cloaked(CHECK, visit(), visit("<h1>403</h1>", 403), BOOK) == ()
    assert cloaked(CHECK, visit(), Visit(), BOOK) == ()


def test_search_engines_sent_elsewhere() -> None:
    away = visit("", 302)
    away.foreign = "jahat.example"
    (found,) = cloaked(CHECK, visit(), away, BOOK)
    assert found.values["phrases"] == "jahat.example"


def test_what_is_packed_is_unpacked_within_bounds() -> None:
    import gzip

    headers = {"content-encoding": "gzip"}
    assert _unpacked(gzip.compress(b"halo"), headers) == b"halo"
    assert len(_unpacked(gzip.compress(b"x" * 50_000_000), headers)) == MOST_OCTETS
    assert _unpacked(b"no gzip", headers) == b""
    assert _unpacked(b"plain", {}) == b"plain"


def test_an_address_is_shown_without_what_it_may_hold() -> None:
    assert shown_url("https://x.id/a?token=rahasia#b") == "https://x.id/a"
