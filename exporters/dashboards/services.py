"""Applications: whether they serve, how quickly, how long their certificates last."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, bars, curve, figure, listing, row, timeline
from exporters.dashboards.vocabulary import (
    AVAILABILITY,
    DAYS_LEFT,
    GOOD_WHEN_ZERO,
    SERVES,
    WATCH_WHEN_ANY,
    About,
    Unit,
)

_INFO = 'kentongan_service_info{class=~"$class",owner=~"$owner"}'
_CERTIFICATE = "kentongan_service_certificate_expiry_timestamp_seconds"


def _chosen(expr: str) -> str:
    return f"{expr} and on (service) {_INFO}"


def _phase(name: str) -> str:
    return f'kentongan_service_phase_seconds{{phase="{name}"}}'


BOARD = Board(
    "kentongan-services",
    "Aplikasi dan sertifikat",
    About(
        "Aplikasi pemerintah: melayani atau tidak, secepat apa, sertifikatnya sampai kapan.",
        "Applications of the government: whether they serve, how quickly, until when their certificates last.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Melayani",
                About(
                    "Aplikasi yang jawabannya benar: status, isi dan sertifikat.",
                    "Applications whose answer is right: status, content and certificate.",
                ),
                f"sum({_chosen('kentongan_service_up')})",
            ),
            figure(
                "Gagal",
                About(
                    "Aplikasi yang gagal. Yang servernya gelap tidak dihitung: itu gangguan jaringan.",
                    "Applications that fail. Those whose server is dark are not counted: that is the network's.",
                ),
                f"count({_chosen('kentongan_service_up == 0')}) or vector(0)",
                limits=GOOD_WHEN_ZERO,
            ),
            figure(
                "Ketersediaan sehari",
                About("Rata-rata 24 jam semua yang dipilih.", "Mean of 24 hours over all chosen."),
                f"avg({_chosen('avg_over_time(kentongan_service_up[1d])')})",
                Unit.RATIO,
                AVAILABILITY,
                decimals=2,
            ),
            figure(
                "Sertifikat berikutnya habis",
                About(
                    "Yang paling dekat habis, penerbit dan pengalihan ikut dihitung.",
                    "The nearest end, issuers and redirects included.",
                ),
                f"min({_chosen(_CERTIFICATE)}) - time()",
                Unit.SECONDS,
                DAYS_LEFT,
            ),
            figure(
                "Habis dalam 30 hari",
                About("Berapa sertifikat yang harus diperbarui bulan ini.", "How many are to be renewed this month."),
                f"count({_chosen(f'{_CERTIFICATE} - time() < 2592000')}) or vector(0)",
                limits=WATCH_WHEN_ANY,
            ),
        ),
        row(
            "Tiap aplikasi",
            12,
            listing(
                "Aplikasi",
                About(
                    "Pemilik, server, waktu jawab dan sisa sertifikat; yang gagal di atas.",
                    "Owner, server, answer time and what is left of the certificate; the failing on top.",
                ),
                (
                    f"max by (service, name, owner, class, host) ({_INFO})",
                    f"max by (service) ({_chosen('kentongan_service_up')})",
                    f"max by (service) ({_chosen('avg_over_time(kentongan_service_up[1d])')})",
                    f"max by (service) ({_chosen(_phase('total'))})",
                    f"max by (service) ({_chosen(_CERTIFICATE)}) - time()",
                ),
                (
                    Column("name", "aplikasi"),
                    Column("owner", "pemilik"),
                    Column("class", "kelas"),
                    Column("host", "server"),
                    Column("Value #B", "keadaan", words=SERVES),
                    Column("Value #C", "sehari", Unit.RATIO, 2, AVAILABILITY),
                    Column("Value #D", "jawab", Unit.SECONDS, 2),
                    Column("Value #E", "sertifikat", Unit.SECONDS, 0, DAYS_LEFT),
                    Column("service", "kode"),
                ),
                key="service",
                sort="keadaan",
                descending=False,
            ),
        ),
        row(
            "Sepanjang waktu",
            10,
            timeline(
                "Melayani atau gagal",
                About(
                    "Dua puluh lima sehalaman; celah berarti tidak dinilai, misalnya saat servernya gelap.",
                    "Twenty-five a page; a gap means not judged, as while its server was dark.",
                ),
                f"max by (service) ({_chosen('kentongan_service_up')})",
                "{{service}}",
                SERVES,
            ),
            curve(
                "Yang paling lambat",
                About("Waktu seluruh jawaban, sepuluh terlambat.", "Time of the whole answer, the ten slowest."),
                Query(f"topk(10, {_chosen(_phase('total'))})", "{{service}}"),
                unit=Unit.SECONDS,
                lowest=0,
            ),
        ),
        row(
            "",
            9,
            curve(
                "Bagian waktu jawab",
                About(
                    "Rata-rata per tahap: mencari nama, menyambung, TLS, byte pertama. Byte pertama yang lama: "
                    "aplikasinya; "
                    "menyambung yang lama: jaringannya.",
                    "Mean by step: name, connect, TLS, first byte. A slow first byte is the application; a slow "
                    "connect "
                    "is the network.",
                ),
                Query(
                    'avg by (phase) (kentongan_service_phase_seconds{phase!="total"} and on (service) ' + _INFO + ")",
                    "{{phase}}",
                ),
                unit=Unit.SECONDS,
                stacked=True,
                lowest=0,
            ),
            bars(
                "Sertifikat yang segera habis",
                About("Lima belas yang terdekat.", "The fifteen nearest."),
                f"sort(bottomk(15, max by (service) ({_chosen(_CERTIFICATE)}) - time()))",
                "{{service}}",
                Unit.SECONDS,
                DAYS_LEFT,
            ),
        ),
    ),
    following=("kentongan-cctv", "CCTV"),
    variables=(
        Variable("class", "Kelas", "kentongan_service_info", several=True),
        Variable("owner", "Pemilik", 'kentongan_service_info{class=~"$class"}', several=True),
    ),
    console="/services",
    hours=24,
)
