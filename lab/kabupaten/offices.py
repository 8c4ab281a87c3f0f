"""Agencies (OPD) on fibre of their own, the public service mall, and a puskesmas per kecamatan."""

import math
from collections.abc import Sequence

from domain.network import Medium, Meter, Operator, PowerSource, Role, SegmentKind, SiteKind
from lab.hardware import ACCESS_POINT, FIBRE_DESA_ROUTER, OFFICE_ROUTER, POE_SWITCH, PortKind
from lab.kabupaten.core import build_fibre_switches, feeder, pop_router
from lab.kabupaten.draft import Area, Draft

AGENCIES = (
    ("setda", "Sekretariat Daerah"),
    ("setwan", "Sekretariat DPRD"),
    ("inspektorat", "Inspektorat Daerah"),
    ("bappeda", "Badan Perencanaan Pembangunan Daerah"),
    ("bkad", "Badan Keuangan dan Aset Daerah"),
    ("bapenda", "Badan Pendapatan Daerah"),
    ("bkpsdm", "Badan Kepegawaian dan Pengembangan SDM"),
    ("bpbd", "Badan Penanggulangan Bencana Daerah"),
    ("kesbangpol", "Badan Kesatuan Bangsa dan Politik"),
    ("dinkes", "Dinas Kesehatan"),
    ("disdik", "Dinas Pendidikan"),
    ("disdukcapil", "Dinas Kependudukan dan Pencatatan Sipil"),
    ("dinsos", "Dinas Sosial"),
    ("dpupr", "Dinas Pekerjaan Umum dan Penataan Ruang"),
    ("disperkim", "Dinas Perumahan dan Kawasan Permukiman"),
    ("dishub", "Dinas Perhubungan"),
    ("dlh", "Dinas Lingkungan Hidup"),
    ("dpmd", "Dinas Pemberdayaan Masyarakat dan Desa"),
    ("dpmptsp", "Dinas Penanaman Modal dan PTSP"),
    ("disnaker", "Dinas Tenaga Kerja"),
    ("disporapar", "Dinas Kepemudaan, Olahraga dan Pariwisata"),
    ("diskan", "Dinas Perikanan dan Peternakan"),
    ("dispangtan", "Dinas Pangan dan Pertanian"),
    ("diskopukm", "Dinas Koperasi, UKM, Perdagangan dan Perindustrian"),
    ("disarpus", "Dinas Kearsipan dan Perpustakaan"),
    ("dp3akb", "Dinas Pengendalian Penduduk, KB dan Perlindungan Anak"),
    ("damkar", "Dinas Pemadam Kebakaran"),
    ("satpolpp", "Satuan Polisi Pamong Praja"),
    ("rsud", "Rumah Sakit Umum Daerah"),
    ("labkesda", "Laboratorium Kesehatan Daerah"),
    ("bag-hukum", "Bagian Hukum"),
    ("bag-pbj", "Bagian Pengadaan Barang dan Jasa"),
    ("bag-prokompim", "Bagian Protokol dan Komunikasi Pimpinan"),
    ("bag-organisasi", "Bagian Organisasi"),
    ("bag-kesra", "Bagian Kesejahteraan Rakyat"),
    ("rumah-dinas", "Rumah Dinas Bupati"),
    ("pendopo", "Pendopo Kabupaten"),
    ("gudang-farmasi", "Instalasi Farmasi Kabupaten"),
    ("uptd-pasar", "UPTD Pasar Daerah"),
    ("uptd-pkb", "UPTD Pengujian Kendaraan Bermotor"),
)
_PER_SWITCH = 15
_PER_TRUNK = 8
_WITH_GENERATOR = ("rsud", "labkesda", "pendopo", "damkar")
MALLS = {"32.14": "MPP Bale Madukara"}


def build_offices(draft: Draft, seat: Area) -> None:
    """Every OPD with a router on its own fibre to the data centre, and the MPP."""
    switches = build_fibre_switches(draft, math.ceil((len(AGENCIES) + 1) / _PER_SWITCH))
    for number, (slug, name) in enumerate(AGENCIES):
        site = draft.add_site(
            f"opd-{slug}",
            name,
            SiteKind.OPD if not slug.startswith("uptd") else SiteKind.UPTD,
            seat,
            organisation=name,
            access_note="jam kerja, lapor satpam",
            power=(PowerSource.PLN, PowerSource.GENERATOR) if slug in _WITH_GENERATOR else (PowerSource.PLN,),
            power_feeder=feeder(draft, seat),
            meter=Meter.POSTPAID,
            service_hours="Mon-Fri 07:30-16:00",
            operator=Operator.DISKOMINFO,
            counts_for_coverage=False,
            criticality=2,
            contact=f"Admin TI {name}",
        )
        router = draft.add_device(
            f"rtr-{slug}", site.slug, OFFICE_ROUTER, Role.ROUTER, uplink=(switches[number // _PER_SWITCH],)
        )
        trunk = number // _PER_TRUNK + 1
        _own_fibre(draft, f"fo-opd-{slug}", router.name, switches[number // _PER_SWITCH], name, trunk)
    _build_mall(draft, seat, switches[-1])


def build_clinics(draft: Draft, areas: Sequence[Area]) -> None:
    """One puskesmas per kecamatan, on fibre from the PoP's router."""
    for area in areas:
        port = draft.free_port(pop_router(area), PortKind.SFP)
        if port is None:
            continue
        site = draft.add_site(
            f"puskesmas-{area.slug}",
            f"Puskesmas {area.name}",
            SiteKind.PUSKESMAS,
            area,
            organisation="Dinas Kesehatan",
            power=(PowerSource.PLN, PowerSource.GENERATOR),
            power_feeder=feeder(draft, area),
            meter=Meter.POSTPAID,
            service_hours="24x7",
            operator=Operator.DISKOMINFO,
            counts_for_coverage=False,
            criticality=2,
            contact=f"Admin Puskesmas {area.name}",
        )
        router = draft.add_device(
            f"rtr-puskesmas-{area.slug}", site.slug, FIBRE_DESA_ROUTER, Role.ROUTER, uplink=(pop_router(area),)
        )
        cable = draft.add_cable(f"kabel-puskesmas-{area.slug}", f"PoP {area.name}", site.name)
        draft.add_link(
            f"fo-puskesmas-{area.slug}",
            (router.name, "sfp1"),
            (pop_router(area), port),
            Medium.FIBRE,
            capacity_mbps=1_000.0,
            segments=(cable,),
        )


def _build_mall(draft: Draft, seat: Area, fibre_switch: str) -> None:
    name = MALLS.get(draft.code, f"Mal Pelayanan Publik {draft.kabupaten}")
    site = draft.add_site(
        "mpp-bale-madukara" if draft.code in MALLS else "mpp",
        name,
        SiteKind.MPP,
        seat,
        organisation="DPMPTSP",
        power=(PowerSource.PLN, PowerSource.UPS, PowerSource.GENERATOR),
        power_feeder=feeder(draft, seat),
        meter=Meter.POSTPAID,
        service_hours="Mon-Sat 08:00-16:00",
        operator=Operator.DISKOMINFO,
        counts_for_coverage=False,
        criticality=1,
        contact="Admin MPP",
    )
    router = draft.add_device("rtr-mpp", site.slug, OFFICE_ROUTER, Role.ROUTER, uplink=(fibre_switch,))
    _own_fibre(draft, "fo-mpp", router.name, fibre_switch, name, 1)
    switch = draft.add_device("sw-mpp-1", site.slug, POE_SWITCH, Role.SWITCH, uplink=(router.name,))
    draft.patch("utp-sw-mpp-1", (switch.name, "ether1"), (router.name, "ether1"))
    for number in (1, 2, 3):
        ap = draft.add_device(f"ap-mpp-{number}", site.slug, ACCESS_POINT, Role.AP, uplink=(switch.name,))
        draft.patch(f"utp-{ap.name}", (ap.name, "ether1"), (switch.name, f"ether{number + 1}"))


def _own_fibre(draft: Draft, name: str, router: str, switch: str, place: str, number: int) -> None:
    """Cores of their own in a cable of eight to a closure in town, then a cable of their own."""
    trunk = draft.add_cable(f"kabel-kota-{number}", "Pusat Data", f"Simpul Kota {number}")
    closure = draft.add_segment(
        f"closure-kota-{number}", SegmentKind.CLOSURE, "Diskominfo", f"Simpul Kota {number}", f"Simpul Kota {number}"
    )
    cable = draft.add_cable(f"kabel-{name[3:]}", closure, place)
    draft.add_link(
        name,
        (router, "sfp-sfpplus1"),
        (switch, draft.take_port(switch, PortKind.SFP)),
        Medium.FIBRE,
        capacity_mbps=10_000.0,
        segments=(trunk, closure, cable),
    )
