"""Capacity: the 95th percentile, when a line is full, what is left of a quota."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, bars, curve, figure, listing, row, to
from exporters.dashboards.vocabulary import FILLING, NOT_FORETOLD, WATCH_WHEN_ANY, About, Colour, Unit

_M = 'medium=~"$medium",purpose="service"'
_QUOTA = "kentongan_link_quota_bytes"
_SPENT = "link:kentongan_metered_bytes:increase30d"
_LINKS = f"max by (link) (kentongan_link_info{{{_M}}})"
_FORECAST = f"max by (link) (link:kentongan_utilisation:forecast90d{{{_M}}})"

BOARD = Board(
    "kentongan-capacity",
    "Kapasitas",
    About(
        "Tautan yang penuh atau segera penuh, dan kuota yang segera habis. Untuk merencanakan, bukan untuk memanggil.",
        "Lines that are full or soon will be, and quotas about to be spent. For planning, not for paging.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Tautan di atas 80 %",
                About("Persentil ke-95 seminggu di atas 80 %.", "95th percentile of a week beyond 80 %."),
                f"count(link:kentongan_utilisation:p95_7d{{{_M}}} > 0.8) or vector(0)",
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Penuh dalam 90 hari",
                About(
                    "Menurut garis lurus lewat empat minggu; sebelum seminggu data selalu nol.",
                    "By a straight line through four weeks; none before a week of data.",
                ),
                f"count({_FORECAST} > 1) or vector(0)",
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Kuota terpakai terbanyak",
                About("Dalam 30 hari, dari jalur berkuota.", "In 30 days, of lines with a quota."),
                f"max({_SPENT} / on (link) group_left () {_QUOTA})",
                Unit.RATIO,
                FILLING,
                decimals=1,
            ),
            figure(
                "Internet kabupaten, persentil 95",
                About("Jalur ke internet, seminggu.", "The lines to the internet, a week."),
                "sum(link:kentongan_receive_bits_per_second:p95_7d and on (site) kentongan_site_info"
                '{kind="datacenter"} and on (link) kentongan_link_info{provider!=""})',
                Unit.BITS,
            ),
        ),
        row(
            "Menurut persentil ke-95",
            12,
            listing(
                "Tautan",
                About(
                    "Persentil ke-95 dari rata-rata lima menit selama seminggu, jam tersibuk, dan ramalan. −1: belum "
                    "seminggu data.",
                    "95th percentile of a week's five-minute averages, the busiest hour, and the forecast. −1: less "
                    "than "
                    "a week of data.",
                ),
                (
                    f"max by (link, medium, site) (kentongan_link_info{{{_M}}})",
                    f"max by (link) (link:kentongan_utilisation:p95_7d{{{_M}}})",
                    f"max by (link) (link:kentongan_receive_bits_per_second:p95_7d{{{_M}}})",
                    f"max by (link) (link:kentongan_transmit_bits_per_second:p95_7d{{{_M}}})",
                    f"max by (link) (link:kentongan_receive_bits_per_second:busy_hour1d{{{_M}}})",
                    "8 * max by (link) (kentongan_link_capacity_bytes_per_second)",
                    f"{_FORECAST} or {_LINKS} * 0 - 1",
                ),
                (
                    Column("link", "tautan", link=to("kentongan-link", link="${__value.raw}")),
                    Column("medium", "medium"),
                    Column("site", "situs"),
                    Column("Value #B", "terisi p95", Unit.RATIO, 1, FILLING),
                    Column("Value #C", "terima p95", Unit.BITS, 1),
                    Column("Value #D", "kirim p95", Unit.BITS, 1),
                    Column("Value #E", "jam sibuk", Unit.BITS, 1),
                    Column("Value #F", "kapasitas", Unit.BITS, 0),
                    Column("Value #G", "90 hari lagi", Unit.RATIO, 0, words=NOT_FORETOLD),
                ),
                key="link",
                sort="terisi p95",
            ),
        ),
        row(
            "Arah",
            10,
            curve(
                "Sepuluh tautan terpenuh",
                About(
                    "Persentil ke-95 harian; garis ini yang diperpanjang ramalan.",
                    "Daily 95th percentiles; the line that the forecast extends.",
                ),
                Query(f"topk(10, max by (link) (link:kentongan_utilisation:p95_1d{{{_M}}}))", "{{link}}"),
                Query("vector(0.8)", "batas 80 %", Colour.SOGA, dashed=True),
                unit=Unit.RATIO,
                lowest=0,
            ),
            bars(
                "Terisi 90 hari lagi",
                About(
                    "Lima belas tertinggi; −1 berarti belum seminggu data.",
                    "The fifteen highest; −1: less than a week of data.",
                ),
                f"sort_desc(topk(15, {_FORECAST} or {_LINKS} * 0 - 1))",
                "{{link}}",
                Unit.RATIO,
                FILLING,
                words=NOT_FORETOLD,
            ),
        ),
        row(
            "Kuota dan jalur internet",
            9,
            bars(
                "Kuota terpakai",
                About(
                    "Bagian kuota sebulan yang terpakai dalam 30 hari terakhir.",
                    "Share of a month's quota carried in the last 30 days.",
                ),
                f"sort_desc(max by (link) ({_SPENT} / on (link) group_left () {_QUOTA}))",
                "{{link}}",
                Unit.RATIO,
                FILLING,
                highest=1,
            ),
            curve(
                "Jalur internet",
                About(
                    "Yang masuk dari tiap penyedia di pusat data; garis putus-putus yang dijanjikan.",
                    "What comes in from each provider at the data centre; dashed what was promised.",
                ),
                Query(
                    "max by (link, provider) (link:kentongan_receive_bits_per_second:rate and on (site) "
                    'kentongan_site_info{kind="datacenter"} and on (link) kentongan_link_info{provider!=""})',
                    "{{provider}}",
                    Colour.NILA,
                ),
                Query(
                    '8 * max by (link) (kentongan_link_committed_bytes_per_second{direction="receive"} and on (link) '
                    '(kentongan_link_info and on (site) kentongan_site_info{kind="datacenter"}))',
                    "dijanjikan {{link}}",
                    Colour.SOGA,
                    dashed=True,
                ),
                unit=Unit.BITS,
                lowest=0,
            ),
            listing(
                "Sisa kuota",
                About("Byte yang terpakai dan kuotanya.", "Bytes carried and the quota."),
                (f"max by (link) ({_SPENT})", f"max by (link) ({_QUOTA})"),
                (
                    Column("link", "jalur", link=to("kentongan-link", link="${__value.raw}")),
                    Column("Value #A", "terpakai", Unit.BYTES, 1),
                    Column("Value #B", "kuota", Unit.BYTES, 0),
                ),
                key="link",
                sort="terpakai",
            ),
        ),
    ),
    following=("kentongan-itself", "Kentongan sendiri"),
    variables=(Variable("medium", "Medium", 'kentongan_link_info{purpose="service"}', several=True),),
    console="/links",
    hours=168,
)
