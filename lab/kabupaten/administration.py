"""What people decided: statistics, contracts, applications, prefixes, people and targets. All of it invented.

Names of providers and people, phone numbers (from the block +62 800 0000), prices and populations belong to nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from domain.network import (
    Contract,
    Indicator,
    Internet,
    Person,
    PersonRole,
    Prefix,
    RegionCode,
    Service,
    ServiceClass,
    SiteKind,
    Target,
    TargetKind,
    Village,
    VillageKind,
    village_kind,
)
from lab.kabupaten.core import DATACENTRE, SERVERS
from lab.kabupaten.draft import Area, Draft
from lab.kabupaten.geography import near
from lab.kabupaten.history import ALL, CONNECTED, EARLY, PLANNED
from lab.kabupaten.naming import slug_of
from lab.kabupaten.offices import AGENCIES

_GENERAL = (
    ("portal", "Portal Kabupaten"),
    ("berita", "Portal Berita"),
    ("ppid", "PPID"),
    ("jdih", "JDIH"),
    ("opendata", "Satu Data"),
    ("lapor", "Pengaduan Masyarakat"),
    ("email", "Surel Pemerintah"),
    ("webmail", "Surel Web"),
    ("sso", "Masuk Tunggal"),
    ("esign", "Tanda Tangan Elektronik"),
    ("eoffice", "Tata Naskah Dinas"),
    ("eplanning", "Perencanaan"),
    ("ebudgeting", "Penganggaran"),
    ("ekinerja", "Kinerja Pegawai"),
    ("eabsensi", "Presensi Pegawai"),
    ("simpeg", "Kepegawaian"),
    ("sakip", "Akuntabilitas Kinerja"),
    ("simaset", "Aset Daerah"),
    ("eproc", "Pengadaan"),
    ("pajak", "Pajak Daerah"),
    ("retribusi", "Retribusi Daerah"),
    ("perizinan", "Perizinan"),
    ("antrian", "Antrean MPP"),
    ("siskeudes", "Keuangan Desa"),
    ("webdesa", "Situs Desa"),
    ("peta", "Geoportal"),
    ("cctv", "Pantauan CCTV"),
    ("wifi", "Portal WiFi Publik"),
    ("vcon", "Konferensi Video"),
    ("arsip", "Arsip Digital"),
    ("pustaka", "Perpustakaan Digital"),
    ("wisata", "Wisata"),
    ("umkm", "UMKM"),
    ("dns", "DNS Pemerintah"),
)
_PILLARS = ("governance", "branding", "economy", "living", "society", "environment")
_SPECIAL = ("layanan", "laporan", "data")
GENERAL, SPECIAL = 34, 81
_ONE_IN_PLAIN = 8
_KELURAHAN_RESIDENTS, _DESA_RESIDENTS = (6_000, 16_000), (1_800, 9_500)


def add_statistics(draft: Draft, areas: Sequence[Area], slugs: Mapping[RegionCode, str]) -> None:
    """Every village with an invented population; the internet of those that are not connected is a guess too."""
    for area in areas:
        for village in area.villages:
            low, high = _KELURAHAN_RESIDENTS if village_kind(village.code) is VillageKind.KELURAHAN else _DESA_RESIDENTS
            population = draft.rng.randint(low, high)
            site = draft.sites.get(slugs[village.code])
            served = site is not None and site.stage.value in ("active", "handed-over")
            point = near(draft.code, area.centre, draft.rng)
            at = (site.latitude, site.longitude) if site is not None else point or (None, None)
            internet = draft.rng.choices((Internet.OWN, Internet.BAKTI, Internet.NONE, Internet.UNKNOWN), (5, 2, 2, 3))[
                0
            ]
            draft.villages.append(
                Village(
                    village.code,
                    2020,
                    population,
                    round(population / draft.rng.uniform(3.0, 3.9)),
                    at[0],
                    at[1],
                    Internet.UNKNOWN if served else internet,
                )
            )


def add_contracts(draft: Draft) -> None:
    for number, (identifier, provider, sla, price) in enumerate(
        (
            ("K-INTERNET-1", "Nusa Lintas Data", 99.5, 185_000_000),
            ("K-INTERNET-2", "Serat Parahyangan", 99.0, 92_000_000),
            ("K-DESA-1", "Serat Parahyangan", 98.0, 21_600_000),
            ("K-LTE-1", "Seluler Pasundan", 95.0, 9_900_000),
            ("K-LEO-1", "Orbit Rendah", 97.0, 14_400_000),
            ("K-VSAT-1", "Satelit Nusa", 95.0, 17_500_000),
        ),
        1,
    ):
        draft.contracts.append(
            Contract(
                identifier,
                provider,
                date(2026, 1, 2),
                date(2026, 12, 31),
                sla,
                "24x7",
                Decimal(price),
                "5 % biaya bulan per 1 % di bawah SLA",
                f"+6280000001{number:02d}",
                f"noc@{slug_of(provider)}.example",
                f"2.16.02.2.01.{number:02d}",
                False,
            )
        )


def add_services(draft: Draft) -> None:
    """34 general applications and 81 special ones of the agencies, on the servers of the data centre.

    Each has the server's address and a port of its own; one in eight special ones is old and speaks without TLS.
    """
    special = [(f"{slug}-{word}", f"{word.capitalize()} {name}", name) for word in _SPECIAL for slug, name in AGENCIES][
        :SPECIAL
    ]
    rows = [(code, name, "Diskominfo", ServiceClass.UMUM) for code, name in _GENERAL]
    rows += [(code, name, owner, ServiceClass.KHUSUS) for code, name, owner in special]
    for number, (code, name, owner, class_) in enumerate(rows):
        host = SERVERS[number % len(SERVERS)]
        scheme = "http" if class_ is ServiceClass.KHUSUS and number % _ONE_IN_PLAIN == 0 else "https"
        draft.services.append(
            Service(
                code,
                name,
                class_,
                _PILLARS[number % len(_PILLARS)],
                owner,
                f"Admin {owner}",
                f"{scheme}://{draft.devices[host].address}:{draft.web_port + number}/",
                class_ is ServiceClass.UMUM,
                host,
                DATACENTRE,
                200,
                expect_text=name,
                interval=60 if class_ is ServiceClass.UMUM else 300,
            )
        )


def add_prefixes(draft: Draft, areas: Sequence[Area]) -> None:
    """A management prefix per kecamatan, a LAN per village site, one public prefix (TEST-NET-3)."""
    draft.prefixes.append(Prefix("203.0.113.0/27", 10, "publik", DATACENTRE, "203.0.113.1", public=True))
    draft.prefixes.append(Prefix("10.9.0.0/24", 11, "server", DATACENTRE, "10.9.0.1"))
    for area in areas:
        second = 10 + area.index
        draft.prefixes.append(Prefix(f"10.{second}.0.0/24", 100, "manajemen", f"pop-{area.slug}", f"10.{second}.0.1"))
        homes = [
            site
            for site in draft.sites.values()
            if site.kind in (SiteKind.DESA, SiteKind.KELURAHAN)
            and draft.area_of(site.slug) is area
            and site.stage.value in ("active", "handed-over")
        ]
        for third, site in enumerate(homes, 1):
            net = f"10.{second}.{third}"
            draft.prefixes.append(
                Prefix(f"{net}.0/24", 200, "wifi-desa", site.slug, f"{net}.1", f"{net}.50", f"{net}.250")
            )


def add_people(draft: Draft, areas: Sequence[Area]) -> None:
    rows: list[tuple[str, PersonRole, str, tuple[RegionCode, ...], str]] = [
        ("Kepala Bidang Simulasi", PersonRole.APPROVER, "Diskominfo", (draft.code,), "Mon-Fri 07:30-16:00"),
        ("Perencana Simulasi", PersonRole.PLANNER, "Bappeda", (draft.code,), "Mon-Fri 07:30-16:00"),
        ("Admin Simulasi", PersonRole.ADMIN, "Diskominfo", (draft.code,), "24x7"),
        ("Piket NOC Pagi", PersonRole.NOC, "Diskominfo", (draft.code,), "Mon-Sun 07:00-15:00"),
        ("Piket NOC Siang", PersonRole.NOC, "Diskominfo", (draft.code,), "Mon-Sun 15:00-23:00"),
        ("Piket NOC Malam", PersonRole.NOC, "Diskominfo", (draft.code,), "Mon-Sun 23:00-07:00"),
    ]
    for start in range(0, len(areas), 6):
        members = areas[start : start + 6]
        rows.append(
            (
                f"Tim Serat {members[0].name}",
                PersonRole.ENGINEER,
                "Diskominfo",
                tuple(area.region.code for area in members),
                "Mon-Sat 07:30-17:00",
            )
        )
    for number, (name, role, organisation, codes, hours) in enumerate(rows, 1):
        draft.people.append(
            Person(name, role, organisation, codes, f"+628000000{number:04d}", "telegram", hours, date(2027, 12, 31))
        )


def add_targets(draft: Draft, desa: int) -> None:
    """Coverage promised to the end of 2023, carried over from Purwakarta's 42 and 112 of 183. 2021 was revised."""
    for due, of_all, kind, decided in (
        (date(2019, 11, 30), EARLY, TargetKind.RKPD, date(2018, 12, 28)),
        (date(2020, 12, 31), PLANNED, TargetKind.RKPD, date(2019, 12, 27)),
        (date(2021, 12, 31), 147, TargetKind.RPJMD, date(2018, 12, 28)),
        (date(2021, 12, 31), 125, TargetKind.REVISION, date(2021, 6, 30)),
        (date(2023, 12, 31), ALL, TargetKind.RPJMD, date(2018, 12, 28)),
    ):
        value = round(desa * of_all / ALL)
        draft.targets.append(
            Target(draft.code, due, Indicator.DESA, value, kind, f"{kind.value.upper()} {due.year}", decided)
        )
    for indicator, value in (
        (Indicator.OPD, len(AGENCIES)),
        (Indicator.CCTV, 76),
        (Indicator.WIFI, round(desa * CONNECTED / ALL)),
    ):
        due = date(2020, 12, 31)
        draft.targets.append(
            Target(draft.code, due, indicator, value, TargetKind.RPJMD, "RPJMD 2018-2023", date(2018, 12, 28))
        )
