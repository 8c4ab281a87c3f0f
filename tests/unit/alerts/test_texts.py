"""Every fault can be told, in both languages, within the room of a phone; what is cut is counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from alerts.dispatch.body import body
from alerts.texts import Digest, Links, Spot, Surroundings, Wording
from alerts.texts.speech import Speech
from alerts.texts.templates import TextError
from domain.incidents import (
    Cause,
    CauseKind,
    Condition,
    Confidence,
    Evidence,
    EvidenceKind,
    Impact,
    Incident,
    Liable,
    Member,
    Notice,
    NoticeEvent,
    NoticeReason,
    Party,
    Place,
    Urgency,
    Verdict,
    VerdictKind,
)
from domain.network import SiteKind

T0 = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Makassar")
BOTH = [Wording("id", ZONE), Wording("en", ZONE)]
VALUES = {"before": "-9.8", "after": "-31", "count": "3", "of": "4", "value": "46.1", "limit": "-27", "port": "sfp1"}
LINKS = Links(
    "https://peta.example/?q=-6.55,107.44", "https://k.example/t/abcd-efgh.0123456789", "https://k.example/i/1"
)


def incident(
    condition: Condition = Condition.OUTAGE,
    verdict: VerdictKind = VerdictKind.FIBRE,
    kind: CauseKind = CauseKind.LINK,
    evidence: tuple[Evidence, ...] = (),
    names: int = 1,
    liable: Liable | None = None,
) -> Incident:
    places = tuple(Place(f"32.14.01.2{n:03}", f"Sindangsari Panjang {n}", f"Kecamatan {n // 9}") for n in range(names))
    return Incident(
        "abcd-efgh",
        condition,
        Cause(kind, "" if kind is CauseKind.POLLER else "FO Plered–Tegalwaru"),
        "optical-low",
        Urgency.PAGE,
        T0,
        T0 + timedelta(seconds=40),
        tuple(Member(f"rtr-{n}", T0) for n in range(names)),
        Verdict(verdict, Confidence.MEDIUM, evidence),
        impact=Impact(places, places, places, (Place("simpeg", "SIMPEG"),), names, 31400),
        indistinct=tuple(Cause(CauseKind.SEGMENT, f"Segmen kabel udara nomor {n}") for n in range(names)),
        merged_from=tuple(f"old{n}-0000" for n in range(names)),
        liable=liable,
    )


def told(of: Incident, reason: NoticeReason = NoticeReason.NEW) -> Notice:
    return Notice("abcd-efgh-1-opened", NoticeEvent.OPENED, reason, T0 + timedelta(minutes=3), of)


@pytest.mark.parametrize("wording", BOTH, ids=["id", "en"])
def test_every_verdict_in_every_condition_has_its_words(wording: Wording) -> None:
    for condition, verdict, kind in product(Condition, VerdictKind, CauseKind):
        fault = incident(condition, verdict, kind)
        for reason in NoticeReason:
            text = wording.message(told(fault, reason), links=LINKS)
            assert 20 < len(text) <= 600, text
            assert "None" not in text
        assert wording.title(fault)
        assert wording.short(fault)


@pytest.mark.parametrize("wording", BOTH, ids=["id", "en"])
def test_the_first_line_says_the_state_whose_it_is_and_who_acts(wording: Wording) -> None:
    for condition, verdict, party in product(Condition, VerdictKind, Party):
        first = wording.message(told(incident(condition, verdict, liable=Liable(party, "X")))).split("\n")[0]
        state, whose, actor = first.split(" · ")
        assert state.isupper()
        assert whose.endswith(" X")
        assert actor


@pytest.mark.parametrize("wording", BOTH, ids=["id", "en"])
@pytest.mark.parametrize("kind", EvidenceKind)
def test_every_witness_has_one_sentence_with_and_without_figures(wording: Wording, kind: EvidenceKind) -> None:
    around = Surroundings({"rtr-1": Spot("cibodas", "Cibodas", "Sukatani", SiteKind.DESA)})
    bare = wording.evidence(Evidence(kind, "rtr-1"), around)
    full = wording.evidence(Evidence(kind, "rtr-1", T0, VALUES), around)
    for sentence in (bare, full):
        assert sentence
        assert not sentence.endswith(".")
        assert "None" not in sentence
    if "Cibodas" in bare and not kind.value.startswith("rx"):
        assert "Sukatani" in bare, "a village is never named without its kecamatan"


@pytest.mark.parametrize("wording", BOTH, ids=["id", "en"])
@pytest.mark.parametrize("names", [2, 10, 40, 400])
def test_a_text_fits_a_phone_and_keeps_its_first_line_and_its_links(wording: Wording, names: int) -> None:
    evidence = tuple(Evidence(kind, "rtr-1", T0, VALUES) for kind in EvidenceKind)
    for verdict, reason in product(VerdictKind, NoticeReason):
        text = wording.message(told(incident(verdict=verdict, evidence=evidence, names=names), reason), links=LINKS)
        assert len(text) <= 600
        if reason in (NoticeReason.NEW, NoticeReason.MERGED):
            assert text.count(" · ") >= 2
            assert text.endswith(LINKS.acknowledge)


def test_what_is_cut_is_counted() -> None:
    names = [f"Desa {n}" for n in range(20)]
    assert Speech("id", ZONE).some(names, 2) == "Desa 0, Desa 1 dan 18 lain"
    assert Speech("en", ZONE).some(names[:3], 2) == "Desa 0, Desa 1, Desa 2"
    long = BOTH[0].digest([Digest(f"Kecamatan {n}", open_names=tuple(names)) for n in range(30)])
    assert len(long) <= 600


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [
        ("-9.8", "−9,8", "-9.8".replace("-", "−")),
        ("31400", "31.400", "31,400"),
        ("98", "98", "98"),
        ("tak", "tak", "tak"),
    ],
)
def test_numbers(value: str, indonesian: str, english: str) -> None:
    assert (Speech("id", ZONE).number(value), Speech("en", ZONE).number(value)) == (indonesian, english)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 d"), (59, "59 d"), (3599.9, "1 j"), (9960, "2 j 46 m"), (200000, "2 h 7 j")]
)
def test_durations(seconds: float, said: str) -> None:
    assert Speech("id", ZONE).duration(seconds) == said


def test_a_language_that_nobody_has_written_is_refused() -> None:
    with pytest.raises(TextError, match="jv"):
        Wording("jv", ZONE)


def test_the_body_of_a_webhook_keeps_its_promise() -> None:
    fault = incident(evidence=(Evidence(EvidenceKind.RX_LOST, "rtr-1", T0, VALUES),), liable=Liable(Party.OURS))
    made = body(told(fault), BOTH[1], Surroundings(), "https://k.example/i/abcd-efgh")
    assert {"version", "id", "event", "incident"} <= made.keys()
    assert (made["version"], made["id"], made["event"]) == (1, "abcd-efgh-1-opened", "opened")
    inner = made["incident"]
    assert isinstance(inner, dict)
    assert inner["title"] == "Fibre Plered–Tegalwaru down"
    assert (inner["verdict"], inner["confidence"], inner["preliminary"], inner["owner"]) == (
        "fibre",
        "medium",
        True,
        "ours",
    )
    assert inner["cause"] == {"kind": "link", "name": "FO Plered–Tegalwaru"}
    assert inner["evidence"] == [
        {
            "kind": "rx-lost",
            "subject": "rtr-1",
            "at": "2026-11-22T01:00:00+00:00",
            "values": VALUES,
            "text": "Rx on rtr-1 sfp1 −9.8 dBm → −31",
        }
    ]
    assert inner["members"] == ["rtr-0"]
    assert inner["impact"]["villages"] == [
        {"key": "32.14.01.2000", "name": "Sindangsari Panjang 0", "kecamatan": "Kecamatan 0"}
    ]
    assert inner["impact"].keys() >= {"villages", "sites", "opd", "services", "devices"}
    assert (inner["startedAt"], inner["resolvedAt"]) == ("2026-11-22T01:00:00+00:00", None)
    assert inner["mergedFrom"] == ["old0-0000"]
    assert inner["url"] == "https://k.example/i/abcd-efgh"


@pytest.mark.parametrize(
    ("kind", "name", "indonesian", "english"),
    [
        (CauseKind.FEEDER, "Wanayasa-3", "Penyulang Wanayasa-3 padam", "Feeder Wanayasa-3 down"),
        (CauseKind.FEEDER, "Penyulang Wanayasa-3", "Penyulang Wanayasa-3 padam", "Feeder Wanayasa-3 down"),
        (CauseKind.FEEDER, "feeder-3", "Penyulang 3 padam", "Feeder 3 down"),
        (CauseKind.FEEDER, "Penyulangan", "Penyulang Penyulangan padam", "Feeder Penyulangan down"),
        (CauseKind.FEEDER, "PENYULANG", "Penyulang PENYULANG padam", "Feeder PENYULANG down"),
        (CauseKind.SEGMENT, "Ruas Plered-Sukahaji", "Ruas Plered-Sukahaji putus", "Segment Plered-Sukahaji down"),
    ],
)
def test_a_name_that_says_what_it_is_is_not_told_so_twice(
    kind: CauseKind, name: str, indonesian: str, english: str
) -> None:
    verdict = VerdictKind.POWER if kind is CauseKind.FEEDER else VerdictKind.FIBRE
    fault = replace(incident(verdict=verdict, kind=kind), cause=Cause(kind, name))
    assert [wording.title(fault) for wording in BOTH] == [indonesian, english]
    dark = Evidence(EvidenceKind.FEEDER_LIT, "Penyulang Wanayasa-3", None, {"count": "2"})
    assert [wording.evidence(dark) for wording in BOTH] == [
        "2 lokasi lain di penyulang Wanayasa-3 tetap hidup",
        "2 other sites on feeder Wanayasa-3 are up",
    ]
