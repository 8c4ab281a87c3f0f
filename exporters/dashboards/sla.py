"""Providers: what they promised, what came, what is about to end."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, bars, curve, figure, listing, row, timeline, to
from exporters.dashboards.vocabulary import (
    AVAILABILITY,
    COMPLETENESS,
    REACHED,
    WATCH_WHEN_ANY,
    About,
    Colour,
    Limits,
    Unit,
)

_P = 'provider=~"$provider"'
_LEFT = f"kentongan_contract_end_timestamp_seconds{{{_P}}} - time()"
_TWO_MONTHS = Limits(Colour.DOWN, ((14 * 86400, Colour.DEGRADED), (60 * 86400, Colour.UP)))


def _month(what: str) -> str:
    month = f'kentongan_month_{what}_ratio{{by="provider",key=~"$provider"}}'
    return f'label_replace({month}, "provider", "$1", "key", "(.+)")'


BOARD = Board(
    "kentongan-sla",
    "SLA per penyedia",
    About(
        "Yang dijanjikan penyedia dan yang datang. Angka bulan ini sama dengan `kentongan availability --by provider`; "
        "ganti rugi ada di lembarnya.",
        "What providers promised and what came. This month's figure is that of `kentongan availability --by provider`; "
        "restitution is on its sheet.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Jalur penyedia hidup",
                About(
                    "Bagian situs di jalur penyedia yang menjawab sekarang.",
                    "Share of sites on providers' lines that answer now.",
                ),
                f"avg(provider:kentongan_up:ratio{{{_P}}})",
                Unit.RATIO,
                AVAILABILITY,
                decimals=1,
            ),
            figure(
                "Di bawah SLA bulan ini",
                About(
                    "Penyedia yang bulan ini di bawah janji terendahnya.",
                    "Providers below their lowest promise this month.",
                ),
                f"count(max by (provider) ({_month('availability')}) < on (provider) "
                f"min by (provider) (kentongan_contract_sla_ratio{{{_P}}})) or vector(0)",
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Kontrak berikutnya berakhir",
                About("Pengadaan butuh dua bulan.", "Procurement takes two months."),
                f"min({_LEFT})",
                Unit.SECONDS,
                _TWO_MONTHS,
            ),
            figure(
                "Gangguan penyedia terbuka",
                About("Gangguan terbuka yang ditanggung penyedia.", "Incidents open for which a provider is liable."),
                'count(kentongan_incident_start_timestamp_seconds{owner="provider"}) or vector(0)',
                limits=WATCH_WHEN_ANY,
            ),
        ),
        row(
            "Tiap penyedia",
            9,
            listing(
                "Bulan ini terhadap janji",
                About(
                    "Dalam jam layanan kontrak. Kelengkapan di bawah 90 %: angkanya belum dapat dipakai menagih.",
                    "In the contract's service hours. Completeness below 90 %: no claim can stand on it.",
                ),
                (
                    f"max by (provider) ({_month('availability')})",
                    f"max by (provider) ({_month('completeness')})",
                    f"min by (provider) (kentongan_contract_sla_ratio{{{_P}}})",
                    f"avg by (provider) (provider:kentongan_up:ratio{{{_P}}})",
                    f'count by (provider) (kentongan_link_info{{end="a",{_P}}})',
                ),
                (
                    Column("provider", "penyedia"),
                    Column("Value #A", "bulan ini", Unit.RATIO, 3, AVAILABILITY),
                    Column("Value #B", "kelengkapan", Unit.RATIO, 1, COMPLETENESS),
                    Column("Value #C", "dijanjikan", Unit.RATIO, 1),
                    Column("Value #D", "sekarang", Unit.RATIO, 0, AVAILABILITY),
                    Column("Value #E", "jalur", Unit.COUNT, 0),
                ),
                key="provider",
                sort="bulan ini",
                descending=False,
                width=14,
            ),
            bars(
                "Kontrak berakhir",
                About("Sisa waktu tiap kontrak, terdekat di atas.", "Time left of each contract, the nearest on top."),
                f"sort(max by (contract, provider) ({_LEFT}))",
                "{{contract}} {{provider}}",
                Unit.SECONDS,
                _TWO_MONTHS,
            ),
        ),
        row(
            "Sepanjang waktu",
            10,
            curve(
                "Jalur hidup per penyedia",
                About(
                    "Jatuh bersama berarti gangguan di penyedianya, bukan di desa. Garis putus-putus: yang dijanjikan.",
                    "Falling together: the provider's fault, not the village's. Dashed: what was promised.",
                ),
                Query(f"provider:kentongan_up:ratio{{{_P}}}", "{{provider}} {{contract}}"),
                Query(f"kentongan_contract_sla_ratio{{{_P}}}", "janji {{contract}}", Colour.SOGA, dashed=True),
                unit=Unit.RATIO,
                lowest=0,
                highest=1,
            ),
            timeline(
                "Jalur penyedia",
                About(
                    "Hidup matinya tiap jalur seperti terlihat di router situsnya.",
                    "Each line as its site's router sees it.",
                ),
                f'max by (link) (kentongan_link_info{{end="a",{_P}}} * on (device) group_left () '
                f"device:kentongan_up:bool)",
                "{{link}}",
                REACHED,
            ),
        ),
        row(
            "Yang dibeli dan yang dipakai",
            10,
            listing(
                "Tiap jalur",
                About(
                    "Persentil ke-95 seminggu terhadap yang dijanjikan. Jauh di bawah: terlalu besar dibeli; di atas: "
                    "terlalu kecil.",
                    "95th percentile of a week against what was promised. Far below: bought too large; above: too "
                    "small.",
                ),
                (
                    f'max by (link, provider, contract, site) (kentongan_link_info{{end="a",{_P}}})',
                    f"max by (link) (link:kentongan_receive_bits_per_second:p95_7d{{{_P}}})",
                    '8 * max by (link) (kentongan_link_committed_bytes_per_second{direction="receive"})',
                    f"max by (link) (link:kentongan_receive_bits_per_second:p95_7d{{{_P}}}) / on (link) (8 * max by "
                    f"(link) "
                    '(kentongan_link_committed_bytes_per_second{direction="receive"}))',
                ),
                (
                    Column("link", "jalur", link=to("kentongan-link", link="${__value.raw}")),
                    Column("provider", "penyedia"),
                    Column("contract", "kontrak"),
                    Column("site", "situs"),
                    Column("Value #B", "persentil 95", Unit.BITS, 1),
                    Column("Value #C", "dijanjikan", Unit.BITS, 1),
                    Column("Value #D", "terpakai", Unit.RATIO, 0),
                ),
                key="link",
                sort="terpakai",
            ),
        ),
    ),
    following=("kentongan-capacity", "Kapasitas"),
    variables=(Variable("provider", "Penyedia", 'kentongan_link_info{provider!=""}', several=True),),
    console="/contracts",
    hours=168,
)
