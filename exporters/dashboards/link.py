"""A link: how full, how bright, how long it will do."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, curve, figure, listing, row, timeline, to
from exporters.dashboards.vocabulary import FILLING, NOT_FORETOLD, REACHED, RECEIVED_LIGHT, About, Colour, Unit

_L = 'link=~"$link"'
_INFO = f"kentongan_link_info{{{_L}}}"
_ENDS = f"max by (device, interface) ({_INFO})"
_LIGHT = f'kentongan_sensor_optical_power_dbm{{sensor=~".*Rx"}} and on (device, interface) {_INFO}'
_FORETOLD = f"max by (link) (link:kentongan_utilisation:forecast90d{{{_L}}}) or max by (link) ({_INFO} * 0 - 1)"

BOARD = Board(
    "kentongan-link",
    "Tautan",
    About(
        "Satu tautan: lalu lintas, terisi berapa, cahaya di kedua ujung dan arahnya beberapa minggu.",
        "One link: traffic, how full, the light at both ends and where it has gone in weeks.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Port",
                About("Mati bila salah satu ujungnya mati.", "Down if either end is."),
                f"min(link:kentongan_up:bool{{{_L}}})",
                words=REACHED,
            ),
            figure(
                "Terima",
                About("Seperti dilihat situs di ujung a.", "As the site at its a end sees it."),
                f"sum(link:kentongan_receive_bits_per_second:rate{{{_L}}})",
                Unit.BITS,
                spark=True,
            ),
            figure(
                "Kirim",
                About("Seperti dilihat situs di ujung a.", "As the site at its a end sees it."),
                f"sum(link:kentongan_transmit_bits_per_second:rate{{{_L}}})",
                Unit.BITS,
                spark=True,
            ),
            figure(
                "Terisi",
                About("Arah yang lebih ramai terhadap kapasitas.", "The busier direction against capacity."),
                f"max(link:kentongan_utilisation:ratio{{{_L}}})",
                Unit.RATIO,
                FILLING,
                decimals=1,
            ),
            figure(
                "Optik terlemah",
                About("Ujung yang lebih gelap.", "The darker end."),
                f"min(link:kentongan_optical_receive_dbm:min{{{_L}}})",
                Unit.DBM,
                RECEIVED_LIGHT,
                decimals=1,
            ),
        ),
        row(
            "Lalu lintas",
            10,
            curve(
                "Lalu lintas terhadap kapasitas",
                About(
                    "Garis putus-putus adalah kapasitas dan yang dijanjikan kontrak.",
                    "The dashed lines are the capacity and what the contract promises.",
                ),
                Query(f"link:kentongan_receive_bits_per_second:rate{{{_L}}}", "terima {{link}}", Colour.NILA),
                Query(f"link:kentongan_transmit_bits_per_second:rate{{{_L}}}", "kirim {{link}}", Colour.UP),
                Query(
                    f"8 * kentongan_link_capacity_bytes_per_second{{{_L}}}",
                    "kapasitas {{link}}",
                    Colour.SOGA,
                    dashed=True,
                ),
                unit=Unit.BITS,
                lowest=0,
                width=16,
            ),
            timeline(
                "Hidup matinya port",
                About("Tiap ujung yang kita tanyai.", "Each end that we ask."),
                f"max by (device, interface) (({_INFO} * 0 + 1) * on (device, interface) group_left () "
                "(kentongan_interface_oper_status == bool 1))",
                "{{device}} {{interface}}",
                REACHED,
            ),
        ),
        row(
            "Optik",
            10,
            curve(
                "Tren optik terima",
                About(
                    "Cahaya yang diterima tiap ujung. Turun satu dB seminggu berarti konektor kotor atau serat "
                    "tertekuk; "
                    "di bawah −25 dBm rawan.",
                    "Light received at each end. Losing a dB a week: a dirty connector or a bent fibre; below −25 "
                    "dBm it "
                    "is at risk.",
                ),
                Query(_LIGHT, "{{device}} {{sensor}}", Colour.NILA),
                unit=Unit.DBM,
                limits=RECEIVED_LIGHT,
                width=14,
            ),
            listing(
                "Serat yang memudar",
                About(
                    "Perubahan per minggu dari dua hari terakhir, di semua tautan; yang paling cepat turun di atas. "
                    "Belum "
                    "berarti pada jam-jam pertama.",
                    "Change a week as of the last two days, over all links; the fastest to fall on top. It means "
                    "little "
                    "in the first hours.",
                ),
                (
                    "bottomk(20, max by (link) (deriv(link:kentongan_optical_receive_dbm:min[2d])) * 604800)",
                    "max by (link) (link:kentongan_optical_receive_dbm:min)",
                ),
                (
                    Column("link", "tautan", link=to("kentongan-link", link="${__value.raw}")),
                    Column("Value #A", "per minggu", Unit.DB, 2),
                    Column("Value #B", "sekarang", Unit.DBM, 1, RECEIVED_LIGHT),
                ),
                key="link",
                sort="per minggu",
                descending=False,
            ),
        ),
        row(
            "Kesehatan dan ramalan",
            8,
            curve(
                "Kesalahan dan buangan",
                About(
                    "Di kedua ujung, per detik. Kesalahan adalah kabel; buangan adalah penuh.",
                    "At both ends, a second. Errors are the cable; discards are fullness.",
                ),
                Query(
                    "rate(kentongan_interface_receive_errors_total[15m] offset 1m) * on (device, interface) "
                    f"group_left () {_ENDS}",
                    "salah {{device}} {{interface}}",
                    Colour.DOWN,
                ),
                Query(
                    "rate(kentongan_interface_transmit_discards_total[15m] offset 1m) * on (device, interface) "
                    f"group_left () {_ENDS}",
                    "buang {{device}} {{interface}}",
                    Colour.DEGRADED,
                ),
                unit=Unit.PACKETS,
                lowest=0,
                width=14,
            ),
            figure(
                "Persentil ke-95 seminggu",
                About(
                    "Rata-rata lima menit; lima persen waktu teramai dibuang. Inilah ukuran yang dipakai penyedia.",
                    "Of five-minute averages; the busiest five per cent left out. It is what providers bill by.",
                ),
                f"max(link:kentongan_utilisation:p95_7d{{{_L}}})",
                Unit.RATIO,
                FILLING,
                decimals=1,
            ),
            figure(
                "Terisi 90 hari lagi",
                About(
                    "Garis lurus lewat empat minggu terakhir. Sebelum seminggu data tidak ada ramalan.",
                    "A straight line through four weeks. Before a week of data nothing is foretold.",
                ),
                f"max({_FORETOLD})",
                Unit.RATIO,
                FILLING,
                words=NOT_FORETOLD,
                decimals=0,
            ),
        ),
    ),
    following=("kentongan-olt", "OLT dan ONU"),
    variables=(
        Variable("medium", "Medium", "kentongan_link_info", several=True),
        Variable("link", "Tautan", 'kentongan_link_info{medium=~"$medium"}'),
    ),
    console="/links/${link:percentencode}",
    hours=24,
)
