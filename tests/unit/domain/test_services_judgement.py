"""What is wrong with a page, a certificate, a redirect: pure judgements."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.services import (
    CertificateFacts,
    CertificateRole,
    Finding,
    PhraseBook,
    ServiceWord,
    certificate_findings,
    covers,
    gravest,
    is_foreign,
    read_page,
    registrable_domain,
    sentence,
    state_of,
)
from domain.states import State

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BOOK = PhraseBook.parse(["3 hacked by", "2 slot gacor", "2 situs judi", "1 judi", "1 judi online", "# comment", ""])


def certificate(**more: object) -> CertificateFacts:
    facts = CertificateFacts(
        0, "portal.go.id", CertificateRole.LEAF, "portal.go.id", "R3", ("portal.go.id",), NOW - timedelta(60),
        NOW + timedelta(60), "ab",
    )  # fmt: skip
    return replace(facts, **more)


def words(*certificates: CertificateFacts) -> list[ServiceWord]:
    return [finding.word for finding in certificate_findings(certificates, NOW)]


def condemned(html: str, book: PhraseBook = BOOK) -> tuple[str, ...]:
    return book.found_in(read_page(html.encode()))


def test_every_word_has_a_state_and_a_sentence() -> None:
    for word in ServiceWord:
        assert state_of(word) in State
        assert sentence(Finding(word, "portal.go.id"))


def test_the_gravest_word_names_the_outcome() -> None:
    assert gravest([]) is ServiceWord.OK
    found = [Finding(ServiceWord.DEFACED), Finding(ServiceWord.CERTIFICATE_EXPIRED), Finding(ServiceWord.SLOW)]
    assert gravest(found) is ServiceWord.DEFACED


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("portal.purwakartakab.go.id", "purwakartakab.go.id"),
        ("purwakartakab.go.id", "purwakartakab.go.id"),
        ("cadassari.desa.id", "cadassari.desa.id"),
        ("www.example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("spam.pages.dev", "spam.pages.dev"),
        ("127.10.1.7", "127.10.1.7"),
        ("[::1]", "::1"),
        ("localhost", "localhost"),
    ],
)
def test_registrable_domains(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_what_is_foreign() -> None:
    assert not is_foreign("sso.purwakartakab.go.id", "portal.purwakartakab.go.id")
    assert is_foreign("subangkab.go.id", "purwakartakab.go.id")
    assert is_foreign("127.10.1.8", "127.10.1.7")
    assert not is_foreign("login.example.com", "portal.go.id", {"login.example.com"})
    assert is_foreign("evil.login.example.com", "portal.go.id", {"login.example.com"})


@pytest.mark.parametrize(
    ("names", "host", "good"),
    [
        (("*.go.id",), "portal.go.id", True),
        (("*.go.id",), "a.portal.go.id", False),
        (("*.go.id",), "go.id", False),
        (("PORTAL.go.id.",), "portal.GO.id", True),
        (("127.10.1.7",), "127.10.1.7", True),
        (("*.10.1.7",), "127.10.1.7", False),
        (("::1",), "[0:0:0:0:0:0:0:1]", True),
        ((), "portal.go.id", False),
        (("*.id",), "go.id", False),
    ],
)
def test_names_of_a_certificate(names: tuple[str, ...], host: str, good: bool) -> None:
    assert covers(names, host) is good


def test_dates_of_leaf_chain_and_every_hop() -> None:
    assert words(certificate()) == []
    assert words(certificate(not_after=NOW + timedelta(29))) == [ServiceWord.CERTIFICATE_EXPIRES]
    assert words(certificate(not_after=NOW)) == [ServiceWord.CERTIFICATE_EXPIRED]
    assert words(certificate(not_before=NOW + timedelta(1))) == [ServiceWord.CERTIFICATE_NOT_YET_VALID]
    assert words(certificate(host="other.id")) == [ServiceWord.CERTIFICATE_NAME]
    assert words(certificate(self_signed=True)) == [ServiceWord.CERTIFICATE_SELF_SIGNED]
    root = certificate(role=CertificateRole.CHAIN, self_signed=True, names=())
    assert words(root) == []
    late = certificate(hop=1, host="sso.go.id", names=("sso.go.id",), not_after=NOW + timedelta(3), fingerprint="cd")
    (found,) = certificate_findings([certificate(), late], NOW)
    assert (found.subject, found.values["hop"], found.values["days"]) == ("sso.go.id", "2", "3")


def test_a_certificate_seen_at_two_hops_is_told_once() -> None:
    twice = [certificate(hop=hop, not_after=NOW - timedelta(1)) for hop in (0, 1)]
    assert words(*twice) == [ServiceWord.CERTIFICATE_EXPIRED]


@pytest.mark.parametrize(
    "html",
    [
        "<title>SITUS SLOT GACOR MAXWIN</title>",
        "<h1>Hacked by X</h1>",
        "<title>Judi Online</title><p>selamat datang</p>",
        "<p>slot gacor</p><p>situs judi</p>",
        "<div style='display:none'><a href='https://x.example/slot-gacor'>situs  \n judi</a></div>",
        "<p>𝗦𝗹𝗼𝘁 𝗚𝗮𝗰𝗼𝗿, situs ju\u200bdi</p>",
        "<p>sl&#111;t gacor situs&nbsp;judi</p>",
        "<meta name=description content='slot gacor hari ini'>",
    ],
)
def test_defaced_pages(html: str) -> None:
    assert condemned(html)


@pytest.mark.parametrize(
    "html",
    [
        "<title>Portal Kabupaten</title><p>Bupati: berantas judi online. Judi online merusak. judi</p>",
        "<p>Lembaga yudisial dan judikatif</p>",
        "<p>polisi menangkap admin slot gacor</p>",
        "<script>var x = 'hacked by'</script><!-- situs judi slot gacor -->",
        "",
    ],
)
def test_pages_that_only_look_like_it(html: str) -> None:
    assert not condemned(html)


def test_a_services_own_words() -> None:
    assert condemned("<p>dalam perbaikan</p>", BOOK.extended("dalam perbaikan | error")) == ("dalam perbaikan",)
    assert not condemned("<h1>hacked by</h1>", BOOK.extended("-hacked by"))
    assert BOOK.extended("  ") is BOOK


def test_a_bad_line_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        PhraseBook.parse(["1 judi", "slot gacor"])


def test_where_a_refresh_leads_and_what_a_page_is_written_in() -> None:
    page = read_page(b'<META HTTP-EQUIV="Refresh" CONTENT="0; URL=https://x.example/a">')
    assert page.refresh == "https://x.example/a"
    assert read_page("<title>Pürwa</title>".encode("latin-1"), "latin-1").title == "pürwa"
    assert read_page(b"<meta charset=iso-8859-1><title>P\xfcrwa</title>").title == "pürwa"
    assert read_page(b"<title>x</title>", "no-such-charset").title == "x"


@pytest.mark.parametrize("piece", [b"<", b"<script", b"<!--", b"<a href='", b"&#", b"<meta content=", b"slot "])
def test_a_megabyte_of_malice_is_read_in_no_time(piece: bytes) -> None:
    body = (piece * (1 + 1_000_000 // len(piece)))[:1_000_000]
    begun = time.process_time()
    BOOK.found_in(read_page(body))
    assert time.process_time() - begun < 3
