"""What people get, word for word, in both languages: the examples by which the texts were designed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from alerts.texts import Digest, Links, Said, Spot, Surroundings, Wording
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
    Phase,
    Place,
    Urgency,
    Verdict,
    VerdictKind,
)
from domain.network import SiteKind

ZONE = ZoneInfo("Asia/Jakarta")
ID, EN = Wording("id", ZONE), Wording("en", ZONE)


def at(hours: int, minutes: int, day: int = 22) -> datetime:
    return datetime(2026, 11, day, hours, minutes, tzinfo=ZONE).astimezone(UTC)


def evidence(kind: EvidenceKind, subject: str = "", at: datetime | None = None, **values: str) -> Evidence:
    return Evidence(kind, subject, at, values)


def incident(
    cause: Cause,
    verdict: VerdictKind,
    *witnesses: Evidence,
    began: datetime,
    condition: Condition = Condition.OUTAGE,
    confidence: Confidence = Confidence.STRONG,
    members: tuple[str, ...] = ("a",),
    impact: Impact = Impact(),  # noqa: B008 - frozen
    liable: Liable | None = None,
) -> Incident:
    return Incident(
        "abcd-efgh",
        condition,
        cause,
        "icmp-silent",
        Urgency.PAGE,
        began,
        began,
        tuple(Member(name, began) for name in members),
        Verdict(verdict, confidence, witnesses),
        impact=impact,
        liable=liable,
    )


def told(of: Incident, reason: NoticeReason = NoticeReason.NEW, now: datetime | None = None) -> Notice:
    return Notice("abcd-efgh-1-opened", NoticeEvent.OPENED, reason, now or of.started_at, of)


VILLAGES = ("Sukahaji", "Cisarua", "Galumpit", "Batutumpang", "Tajursindang", "Kutamanah", "Ciracas", "Warung", "Pasir")
SPOTS = {
    "rtr-plered": Spot("pop-plered", "Plered", "Plered", SiteKind.POP),
    "rtr-cadassari": Spot("desa-cadassari", "Cadassari", "Tegalwaru", SiteKind.DESA),
    "pkm-tegalwaru": Spot("pkm-tegalwaru", "Puskesmas Tegalwaru", "Tegalwaru", SiteKind.PUSKESMAS),
    **{f"desa-{name}": Spot(f"desa-{name}", name, "Tegalwaru", SiteKind.DESA) for name in VILLAGES},
}
CUT = replace(
    incident(
        Cause(CauseKind.LINK, "FO Plered–Tegalwaru"),
        VerdictKind.FIBRE,
        evidence(EvidenceKind.ALL_BEHIND_DARK, count="11", of="11"),
        evidence(EvidenceKind.RX_LOST, "rtr-plered", port="ether-sfp2", before="-9.8"),
        evidence(EvidenceKind.LIT_BY_OTHER_WAY, "rtr-cadassari"),
        began=at(14, 2),
        members=(*(f"desa-{name}" for name in VILLAGES), "opd-1", "pkm-tegalwaru"),
        impact=Impact(
            villages=tuple(Place(f"32.14.10.20{n:02}", name, "Tegalwaru") for n, name in enumerate(VILLAGES)),
            sites=(Place("pkm-tegalwaru", "Puskesmas Tegalwaru", "Tegalwaru"),),
            opd=(Place("opd-1", "Dinas A"), Place("opd-2", "Dinas B")),
            services=(Place("a", "A"), Place("b", "B"), Place("c", "C")),
            devices=14,
            population=31400,
        ),
    ),
    indistinct=(Cause(CauseKind.SEGMENT, "Plered–Sukahaji"), Cause(CauseKind.SEGMENT, "Sukahaji–Tegalwaru")),
)
AROUND = Surroundings(spots=SPOTS, area="Plered")
LINKS = Links(map="https://peta.example/1", acknowledge="https://k.example/t/8fk2")


def test_a_cut_fibre() -> None:
    assert ID.message(told(CUT), AROUND, LINKS) == (
        "PUTUS · kita · tim serat Plered\n"
        "FO Plered–Tegalwaru putus, 14.02 WIB\n"
        "Dugaan serat (kuat): Rx SFP Plered ether-sfp2 −9,8 → tak ada; 11 dari 11 lokasi di belakangnya gelap; "
        "Desa Cadassari (Kec. Tegalwaru) lewat jalur lain tetap hidup.\n"
        "Ruas: Plered–Sukahaji atau Sukahaji–Tegalwaru (tak terbedakan).\n"
        "Dampak: 9 desa, 2 OPD, 1 puskesmas, 3 aplikasi. Penduduk wilayah 31.400.\n"
        "Peta: https://peta.example/1 · Terima: https://k.example/t/8fk2"
    )
    assert EN.message(told(CUT), AROUND) == (
        "CUT · ours · Plered fibre team\n"
        "Fibre Plered–Tegalwaru down since 14:02 WIB\n"
        "Likely fibre (strong): Rx on Plered ether-sfp2 −9.8 dBm → none; 11 of 11 sites behind it dark; "
        "Cadassari (Tegalwaru) by another way is up.\n"
        "Segment: Plered–Sukahaji or Sukahaji–Tegalwaru (cannot be told apart).\n"
        "Dark: 9 villages, 2 agencies, 1 clinic, 3 applications. Population of the area 31,400."
    )


def test_a_feeder_of_pln() -> None:
    feeder = incident(
        Cause(CauseKind.FEEDER, "Wanayasa-3"),
        VerdictKind.POWER,
        evidence(EvidenceKind.ONU_DYING_GASP, count="3"),
        evidence(EvidenceKind.UPS_ON_BATTERY, count="4", until=at(18, 55).isoformat()),
        evidence(EvidenceKind.FEEDER_DARK, "Wanayasa-3", count="7"),
        began=at(18, 11),
        impact=Impact(
            villages=tuple(
                Place(f"32.14.0{n % 2 + 1}.200{n}", f"D{n}", ("Wanayasa", "Kiarapedes")[n % 2]) for n in range(6)
            )
        ),
    )
    assert ID.message(told(feeder)) == (
        "LISTRIK · PLN · pantau, jangan berangkat\n"
        "Penyulang Wanayasa-3, 18.11 WIB: 7 lokasi gelap serentak, 4 UPS melapor baterai, 3 ONU dying gasp\n"
        "Dugaan listrik (kuat). Perkiraan UPS habis 18.55.\n"
        "Dampak: 6 desa (Kec. Kiarapedes, Kec. Wanayasa)."
    )
    assert EN.message(told(feeder)) == (
        "POWER · PLN · watch, do not set out\n"
        "Feeder Wanayasa-3, 18:11 WIB: 7 sites dark at once, 4 UPS on battery, 3 ONUs dying gasp\n"
        "Likely power (strong). UPS expected to last until 18:55.\n"
        "Dark: 6 villages (Kec. Kiarapedes, Kec. Wanayasa)."
    )


PROVIDER = incident(
    Cause(CauseKind.LINK, "WAN Parakanlima"),
    VerdictKind.PROVIDER,
    evidence(EvidenceKind.INTERNET_FAILS, "desa-parakanlima", at(9, 38)),
    evidence(EvidenceKind.WAN_UP, "desa-parakanlima"),
    evidence(EvidenceKind.ANSWERS_ECHO, "mdm-parakanlima", what="modem"),
    began=at(9, 40),
    impact=Impact(villages=(Place("32.14.02.2003", "Parakanlima", "Jatiluhur"),)),
    liable=Liable(Party.PROVIDER),
)
AROUND_PROVIDER = Surroundings(
    spots={"WAN Parakanlima": Spot("desa-parakanlima", "Parakanlima", "Jatiluhur", SiteKind.DESA)},
    provider="Nusantara Net",
    circuit_id="1-88213",
    contract="14/2026",
    sla_percent=98.0,
)


def test_a_provider_circuit() -> None:
    ready = Links(ticket="https://k.example/t/1")
    assert ID.message(told(PROVIDER), AROUND_PROVIDER, ready) == (
        "PUTUS · provider · buka tiket\n"
        "Link internet Desa Parakanlima (Kec. Jatiluhur), CID 1-88213, 09.40 WIB\n"
        "Modem hidup, WAN terhubung, tes ke luar gagal dari lokasi sejak 09.38. Kontrak 14/2026, SLA 98 %.\n"
        "Teks tiket siap: https://k.example/t/1"
    )
    assert EN.message(told(PROVIDER), AROUND_PROVIDER, ready) == (
        "CUT · provider · open a ticket\n"
        "Internet link of Parakanlima (Jatiluhur), CID 1-88213, 09:40 WIB\n"
        "Modem is up, WAN connected, tests to the outside fail from the site since 09:38. Contract 14/2026, SLA 98 %.\n"
        "Ticket text ready: https://k.example/t/1"
    )


def test_the_ticket_holds_what_a_provider_asks_for() -> None:
    text = ID.ticket(PROVIDER, at(9, 45), AROUND_PROVIDER)
    for wanted in ("1-88213", "14/2026", "98 %", "22 Nov 09.40 WIB", "abcd-efgh", "- WAN terhubung", "Parakanlima"):
        assert wanted in text
    text = EN.ticket(PROVIDER, at(9, 45), AROUND_PROVIDER)
    for wanted in ("1-88213", "14/2026", "98 %", "22 Nov 09:40 WIB", "abcd-efgh", "- WAN connected", "Parakanlima"):
        assert wanted in text


def test_only_management_is_lost() -> None:
    management = incident(
        Cause(CauseKind.MANAGEMENT, "Konsentrator VPN-1"),
        VerdictKind.MANAGEMENT,
        evidence(EvidenceKind.HEARTBEAT_GOES_ON, count="38"),
        evidence(EvidenceKind.MANAGEMENT_LOST, count="40"),
        began=at(10, 15),
        condition=Condition.MANAGEMENT,
    )
    assert ID.message(told(management)) == (
        "KELOLA · kita · NOC\n"
        "Konsentrator VPN-1 tidak menjawab, 10.15 WIB. 40 lokasi tak terpantau; 38 masih mengirim detak, "
        "internet desa hidup. Tidak ada desa yang dihitung padam."
    )
    assert EN.message(told(management)) == (
        "MANAGEMENT · ours · NOC\n"
        "Konsentrator VPN-1 does not answer, 10:15 WIB. 40 sites not watched; 38 still send their heartbeat, "
        "internet in the villages is up. No village counts as down."
    )


def test_degraded_by_day() -> None:
    fading = replace(
        incident(
            Cause(CauseKind.DEVICE, "rtr-dinkes"),
            VerdictKind.FIBRE,
            evidence(
                EvidenceKind.RX_FELL,
                "rtr-dinkes",
                change="4.1",
                days="9",
                before="-18.6",
                after="-22.7",
                limit="-27",
                reaches="2026-12-03",
            ),
            began=at(8, 0),
            condition=Condition.DEGRADED,
        ),
        urgency=Urgency.DAY,
    )
    around = Surroundings(spots={"rtr-dinkes": Spot("opd-dinkes", "OPD Dinas Kesehatan", "", SiteKind.OPD)})
    assert ID.message(told(fading), around) == (
        "MENURUN · kita · rencanakan\n"
        "Rx OPD Dinas Kesehatan turun 4,1 dB dalam 9 hari (−18,6 → −22,7 dBm; batas −27). "
        "Diperkirakan menyentuh batas 3 Des."
    )
    assert EN.message(told(fading), around) == (
        "DEGRADED · ours · plan it\n"
        "Rx on OPD Dinas Kesehatan fell 4.1 dB in 9 days (−18.6 → −22.7 dBm; limit −27). "
        "Expected to touch the limit on 3 Dec."
    )


def test_coming_back() -> None:
    back = tuple(
        replace(member, back_at=None if member.name in ("desa-Sukahaji", "desa-Cisarua") else at(16, 20))
        for member in CUT.members
    )
    partly = replace(CUT, members=back)
    assert ID.message(told(partly, NoticeReason.PARTLY_BACK, at(16, 20)), AROUND) == (
        "PULIH SEBAGIAN 9/11 · FO Plered–Tegalwaru · sejak 16.20 WIB · "
        "2 desa masih gelap: Cisarua, Sukahaji (Kec. Tegalwaru)"
    )
    assert EN.message(told(partly, NoticeReason.PARTLY_BACK, at(16, 20)), AROUND) == (
        "PARTLY BACK 9/11 · Fibre Plered–Tegalwaru · since 16:20 WIB · "
        "2 villages still dark: Cisarua, Sukahaji (Tegalwaru)"
    )
    over = replace(CUT, phase=Phase.RESOLVED, resolved_at=at(16, 48))
    said = Said(closing="galian", closing_note="ruas Sukahaji")
    assert ID.message(told(over, NoticeReason.OVER, at(16, 58)), AROUND, said=said) == (
        "PULIH · FO Plered–Tegalwaru · 16.48 WIB · mati 2 j 46 m · sebab (mesin): serat · "
        "sebab (petugas): galian, ruas Sukahaji"
    )
    assert EN.message(told(over, NoticeReason.OVER, at(16, 58)), AROUND, said=said) == (
        "BACK · Fibre Plered–Tegalwaru · 16:48 WIB · down for 2 h 46 m · cause (machine): fibre · "
        "cause (people): digging, ruas Sukahaji"
    )


def test_a_suspended_site_is_not_said_to_be_back() -> None:
    """Its people still sit in the dark. Of a line that was cut off for a bill and lit again it is said."""
    over = replace(CUT, phase=Phase.RESOLVED, resolved_at=at(16, 48))
    said = Said(closing="isolir", closing_note="kontrak habis")
    assert ID.message(told(over, NoticeReason.OVER, at(16, 58)), AROUND, said=said).startswith("DIISOLIR · FO Plered")
    assert EN.message(told(over, NoticeReason.OVER, at(16, 58)), AROUND, said=said).startswith("SUSPENDED · Fibre")
    lit = replace(over, members=tuple(replace(each, back_at=at(16, 48)) for each in over.members))
    assert ID.message(told(lit, NoticeReason.OVER, at(16, 58)), AROUND, said=said).startswith("PULIH · FO Plered")


def test_we_were_blind() -> None:
    blind = replace(
        incident(
            Cause(CauseKind.POLLER, ""),
            VerdictKind.POLLER,
            began=at(2, 10),
            condition=Condition.BLIND,
            impact=Impact(devices=318),
        ),
        phase=Phase.RESOLVED,
        resolved_at=at(2, 31),
    )
    assert ID.message(told(blind, NoticeReason.OVER, at(2, 40))) == (
        "BUTA · kita · NOC\n"
        "Jalur keluar Kentongan sendiri terputus 02.10–02.31 WIB. 21 menit dicatat 'tidak diketahui' untuk "
        "318 perangkat; tidak ada yang dihitung padam."
    )
    assert EN.message(told(blind, NoticeReason.OVER, at(2, 40))) == (
        "BLIND · ours · NOC\n"
        "Kentongan's own way out was cut 02:10–02:31 WIB. 21 minutes are kept as 'unknown' for "
        "318 devices; none counts as down."
    )


def test_the_morning_digest() -> None:
    night = Digest("Plered", 1, 9960.0, 0, (), 2, 12, 14, 3)
    assert ID.digest([night]) == (
        "Kec. Plered, semalam: 1 putus selesai (2 j 46 m), 0 terbuka. Menurun: 2. Terlayani 12 dari 14 desa. "
        "Kontrak berakhir 30 hari lagi: 3."
    )
    assert EN.digest([night]) == (
        "Kec. Plered, last night: 1 outage over (2 h 46 m), 0 open. Degraded: 2. 12 of 14 villages served. "
        "Contracts that end within 30 days: 3."
    )


def test_kentongan_itself_is_silent() -> None:
    assert ID.silent(at(3, 12), "kantor pusat", at(3, 20)) == (
        "KENTONGAN DIAM sejak 03.12 WIB · kantor pusat · periksa mesin dan listriknya"
    )
    assert EN.silent(at(3, 12), "head office", at(3, 20)) == (
        "KENTONGAN IS SILENT since 03:12 WIB · head office · look at the machine and its power"
    )


def test_a_contract_that_ends() -> None:
    assert ID.contract("14/2026", "Nusantara Net", date(2026, 12, 22), 30, 4, 5) == (
        "KONTRAK · Nusantara Net · berakhir 30 hari lagi\n"
        "Kontrak 14/2026 berakhir 22 Des; 4 lokasi dan 5 link bergantung padanya. "
        "Siapkan perpanjangan atau penggantinya."
    )


@pytest.mark.parametrize("wording", [ID, EN], ids=["id", "en"])
def test_times_carry_the_zone_and_another_day_its_date(wording: Wording) -> None:
    east = Wording(wording.language, ZoneInfo("Asia/Jayapura"))
    text = east.message(told(CUT, NoticeReason.REPEAT, at(10, 0, day=23)), AROUND)
    assert "22 Nov 16" in text
    assert "WIT" in text
