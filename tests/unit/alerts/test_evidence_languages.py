"""A witness speaks the language of whoever reads it, whichever one the process itself speaks."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alerts.texts import Wording
from domain.incidents import Evidence, EvidenceKind
from domain.language import _, speaking
from domain.services import Finding, ServiceWord, keyed, sentence, sentences
from kentongan.words import speak

ZONE = ZoneInfo("Asia/Jakarta")
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
DEFACED = Finding(ServiceWord.DEFACED, "https://portal.example", {"phrases": "hacked by x"})
ENDED = Finding(ServiceWord.CERTIFICATE_EXPIRED, "portal.example", {"certificate": "CN=portal"})


@pytest.fixture(params=["id", "en"], autouse=True)
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    """What the process speaks."""
    speak(request.param)
    yield request.param
    speak("en")


def test_findings_are_put_into_words_where_they_are_read() -> None:
    fails = Evidence(EvidenceKind.SERVICE_FAILS, "portal", AT, {"word": "defaced", **keyed([DEFACED, ENDED])})
    english, indonesian = (Wording(language, ZONE).evidence(fails) for language in ("en", "id"))
    assert english == (
        "portal: The page holds words of a defacement: hacked by x. "
        "The certificate CN=portal of portal.example has expired"
    )
    assert indonesian.startswith("portal: ")
    assert "defacement: hacked" not in indonesian
    assert "hacked by x" in indonesian
    assert "has expired" not in indonesian


def test_what_was_kept_as_words_before_is_read_as_it_was() -> None:
    old = Evidence(EvidenceKind.SERVICE_FAILS, "portal", AT, {"word": "wrong-status", "text": "it answers with 500"})
    assert Wording("id", ZONE).evidence(old) == "portal: it answers with 500"


def test_the_day_on_which_a_quota_ends() -> None:
    values = {"what": "SIM A", "value": "80", "limit": "75", "unit": "GB", "runs_out": "2026-11-21"}
    quota = Evidence(EvidenceKind.THRESHOLD, "SIM A", None, values)
    english, indonesian = (Wording(language, ZONE).evidence(quota) for language in ("en", "id"))
    assert english == "SIM A 80 GB (limit 75 GB). At this pace it is used up on 2026-11-21"
    assert "At this pace" not in indonesian
    assert indonesian.startswith("SIM A 80 GB (batas 75 GB). ")


def test_findings_come_back_as_they_were() -> None:
    missing = Finding(ServiceWord.TEXT_MISSING, "https://x.example", {"text": "Selamat datang"})
    assert sentences(keyed([missing, DEFACED])) == [sentence(missing), sentence(DEFACED)]
    assert sentences({"0.word": "of-a-later-program", "0.about": "x"}) == []
    assert sentences({"text": "words", "status": "500"}) == []


def test_a_language_is_spoken_no_longer_than_asked(spoken: str) -> None:
    said = _("All is well.")
    with speaking("id" if spoken == "en" else "en"):
        assert _("All is well.") != said
    assert _("All is well.") == said
    with speaking("xx"):
        assert _("All is well.") == said
