"""NOC: what is wrong now, whose it is, how much of it there is."""

from exporters.dashboards.board import Board
from exporters.dashboards.panels import Column, Query, bars, curve, figure, listing, row, timeline, to
from exporters.dashboards.vocabulary import (
    AVAILABILITY,
    GOOD_WHEN_ZERO,
    SEEING,
    STATES,
    WATCH_WHEN_ANY,
    About,
    Unit,
    state_colour,
    state_word,
)

_START = "kentongan_incident_start_timestamp_seconds"
# When nothing is wrong the table says so, instead of being empty as if it were broken.
_NOTHING = "tidak ada gangguan terbuka"
_NONE = (
    f'label_replace(label_replace(vector(time()), "cause", "{_NOTHING}", "", ""), "incident", "–", "", "") '
    f"unless on () count({_START}) > 0"
)
_BY = "incident, condition, kind, cause, verdict, owner"


def _impact(what: str) -> str:
    none = f'label_replace(vector(0), "incident", "–", "", "") unless on () count({_START}) > 0'
    return f'max by (incident) (kentongan_incident_impact{{what="{what}"}}) or {none}'


BOARD = Board(
    "kentongan-noc",
    "NOC: ringkasan",
    About(
        "Apa yang sedang terganggu, milik siapa, seluas apa. Mulai dari sini, lalu turun ke kecamatan dan perangkat.",
        "What is wrong now, whose it is and how wide. Begin here, then go down to kecamatan and device.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Gangguan terbuka",
                About(
                    "Semua gangguan yang belum selesai. Satu kerusakan dihitung satu, berapa pun yang ikut padam.",
                    "Incidents that are open. One fault counts once, however much it makes dark.",
                ),
                "sum(kentongan_incidents_open)",
                limits=GOOD_WHEN_ZERO,
                link="${console}/incidents",
            ),
            figure(
                "Desa tanpa layanan",
                About(
                    "Desa yang padam karena gangguan yang sedang terbuka; yang hanya menurun tidak dihitung.",
                    "Villages that are dark because of an outage that is open; what is only degraded is not counted.",
                ),
                'sum(kentongan_incident_impact{what="villages"} and on (incident) '
                'kentongan_incident_start_timestamp_seconds{condition="outage"}) or vector(0)',
                limits=GOOD_WHEN_ZERO,
            ),
            figure(
                "Perangkat mati",
                About(
                    "Perangkat yang mati oleh kerusakannya sendiri; yang terhalang dihitung di sebelah.",
                    "Devices that are down by their own fault; those behind another's are counted beside.",
                ),
                'kentongan_devices{state="down"}',
                limits=GOOD_WHEN_ZERO,
            ),
            figure(
                "Terhalang",
                About(
                    "Perangkat yang gelap karena sesuatu di depannya mati. Tidak perlu didatangi.",
                    "Devices that are dark because something before them is down. Nobody has to go there.",
                ),
                'kentongan_devices{state="unreachable"}',
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Menurun",
                About(
                    "Perangkat yang melayani, tetapi tidak sehat: kehilangan paket, optik lemah, SNMP diam.",
                    "Devices that serve but are not well: loss, weak light, silent SNMP.",
                ),
                'kentongan_devices{state="degraded"}',
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Kentongan",
                About(
                    "Buta berarti tidak ada jawaban dari siapa pun dan jalur kita sendiri putus: status lain tidak "
                    "berlaku.",
                    "Blind means that nobody answers and our own way is cut: no other state counts.",
                ),
                "max(kentongan_blind)",
                words=SEEING,
            ),
        ),
        row(
            "Gangguan terbuka",
            9,
            listing(
                "Menurut dampak",
                About(
                    "Sebab, jenis kerusakan, pihak yang bertindak dan dampaknya; terbesar di atas. Pilih sebuah "
                    "gangguan "
                    "untuk membukanya di konsol.",
                    "Cause, kind of fault, who acts and its impact; the widest on top. Choose one to open it in the "
                    "console.",
                ),
                (
                    f"(max by ({_BY}) ({_START}) or {_NONE}) * 1000",
                    _impact("villages"),
                    _impact("opd"),
                    _impact("devices"),
                ),
                (
                    Column("cause", "sebab"),
                    Column("kind", "pada"),
                    Column("verdict", "jenis"),
                    Column("owner", "pihak"),
                    Column("condition", "keadaan"),
                    Column("Value #A", "sejak", Unit.AGO),
                    Column("Value #B", "desa", limits=GOOD_WHEN_ZERO),
                    Column("Value #C", "OPD", limits=GOOD_WHEN_ZERO),
                    Column("Value #D", "perangkat", limits=GOOD_WHEN_ZERO),
                    Column(
                        "incident", "gangguan", link="${console}/incidents/${__value.raw}", link_title="Buka di konsol"
                    ),
                ),
                key="incident",
                sort="desa",
            ),
        ),
        row(
            "Enam jam terakhir",
            8,
            curve(
                "Perangkat menurut keadaan",
                About(
                    "Berapa perangkat mati, terhalang, menurun atau tak diketahui. Garis datar di nol adalah hari yang "
                    "baik.",
                    "How many devices are down, unreachable, degraded or unknown. Flat at zero is a good day.",
                ),
                *(
                    Query(f'kentongan_devices{{state="{state}"}}', state_word(state), state_colour(state))
                    for state in ("down", "unreachable", "degraded", "unknown")
                ),
                lowest=0,
            ),
            curve(
                "Gangguan terbuka",
                About(
                    "Menurut keadaan: padam, menurun, aplikasi, jalur pengelolaan.",
                    "By condition: outage, degraded, application, management.",
                ),
                Query("sum by (condition) (kentongan_incidents_open)", "{{condition}}"),
                stacked=True,
                lowest=0,
            ),
        ),
        row(
            "Menurut kecamatan",
            9,
            bars(
                "Keterjangkauan sekarang",
                About(
                    "Bagian perangkat yang hidup di tiap kecamatan; yang terburuk di atas.",
                    "Share of the devices that are up in each kecamatan; the worst on top.",
                ),
                "bottomk(12, kecamatan:kentongan_up:ratio)",
                "{{kecamatan}}",
                Unit.RATIO,
                AVAILABILITY,
                highest=1,
                width=10,
            ),
            timeline(
                "Keadaan simpul kecamatan",
                About(
                    "Router PoP tiap kecamatan. Bila satu padam, semua di belakangnya terhalang.",
                    "The PoP router of each kecamatan. If one is dark, all behind it is unreachable.",
                ),
                "max by (device) (kentongan_device_state * on (device) group_left () "
                'kentongan_device_info{site=~"pop-.*|.*pop.*",role="router"})',
                "{{device}}",
                STATES,
            ),
        ),
        row(
            "Yang perlu dilihat",
            8,
            listing(
                "Kehilangan paket",
                About(
                    "Perangkat dengan kehilangan paket terbesar lima menit terakhir. Pilih untuk melihat perangkatnya.",
                    "Devices with the most loss in five minutes. Choose one to see it.",
                ),
                ("topk(15, device:kentongan_icmp_loss:ratio5m)",),
                (
                    Column("device", "perangkat", link=to("kentongan-device", device="${__value.raw}")),
                    Column("Value", "hilang", Unit.RATIO, 1),
                ),
                key="device",
                sort="hilang",
            ),
            listing(
                "Tautan terpenuh",
                About(
                    "Tautan yang paling penuh sekarang, arah yang lebih ramai.",
                    "The fullest links now, the busier direction.",
                ),
                ("topk(15, max by (link) (link:kentongan_utilisation:ratio))",),
                (
                    Column("link", "tautan", link=to("kentongan-link", link="${__value.raw}")),
                    Column("Value", "terisi", Unit.RATIO, 1),
                ),
                key="link",
                sort="terisi",
            ),
            figure(
                "Pesan belum terkirim",
                About(
                    "Pesan yang menunggu penerimanya. Lebih dari nol berarti seseorang belum tahu.",
                    "Messages that wait for their receiver. More than none: somebody does not know yet.",
                ),
                "kentongan_notifications_waiting",
                limits=WATCH_WHEN_ANY,
                width=4,
            ),
        ),
    ),
    following=("kentongan-map", "Peta kabupaten"),
    console="/",
)
