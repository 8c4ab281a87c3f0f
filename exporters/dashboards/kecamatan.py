"""A kecamatan: its villages, its PoP, its lines."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, curve, figure, listing, place_of, row, timeline, to
from exporters.dashboards.vocabulary import AVAILABILITY, FILLING, NOT_YET, STATES, About, Unit

_HERE = 'kecamatan=~"$kecamatan"'
_DEVICES = f"kentongan_device_info{{{_HERE}}}"
_MONTH = f'kentongan_month_availability_ratio{{by="desa",{_HERE}}}'
_SITES = f"kentongan_site_info{{{_HERE}}}"


BOARD = Board(
    "kentongan-kecamatan",
    "Kecamatan",
    About(
        "Desa-desa sebuah kecamatan, simpulnya dan tautannya.", "The villages of a kecamatan, its PoP and its lines."
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Keterjangkauan",
                About(
                    "Bagian perangkat yang hidup di kecamatan yang dipilih.",
                    "Share of the devices that are up in the kecamatan chosen.",
                ),
                f"avg(kecamatan:kentongan_up:ratio{{{_HERE}}})",
                Unit.RATIO,
                AVAILABILITY,
                decimals=1,
            ),
            figure(
                "Desa dengan perangkat",
                About(
                    "Desa dan kelurahan yang punya perangkat yang ditanyai di sini.",
                    "Villages that have a device here that is asked.",
                ),
                f'count(count by (kecamatan, desa) ({_DEVICES[:-1]},desa!=""}})) or vector(0)',
            ),
            figure(
                "Ketersediaan bulan ini",
                About(
                    "Ketersediaan dalam jam layanan bulan ini sampai sekarang, angka yang sama dengan "
                    "`kentongan availability --by kecamatan`.",
                    "Availability in service hours of this month so far, the figure of "
                    "`kentongan availability --by kecamatan`.",
                ),
                'avg(kentongan_month_availability_ratio{by="kecamatan",name=~"$kecamatan"}) or vector(-1)',
                Unit.RATIO,
                AVAILABILITY,
                decimals=2,
                words=NOT_YET,
            ),
            figure(
                "Pengguna Wi-Fi",
                About(
                    "Orang yang sedang terhubung ke titik akses di kecamatan ini.",
                    "People connected to access points in this kecamatan now.",
                ),
                f'sum(kentongan_sensor_clients * on (device) group_left () {_DEVICES[:-1]},role="ap"}})',
                spark=True,
            ),
        ),
        row(
            "Desa",
            10,
            listing(
                "Desa di kecamatan ini",
                About(
                    "Keterjangkauan sekarang, ketersediaan satu hari dan bulan ini. Desa tanpa kecamatannya tidak "
                    "pernah disebut: namanya sering kembar.",
                    "Reachability now, availability of a day and of this month. A village is never named without its "
                    "kecamatan: names repeat.",
                ),
                (
                    f"max by (place, desa, kecamatan) ({place_of(f'desa:kentongan_up:ratio{{{_HERE}}}')})",
                    f"max by (place) ({place_of(f'desa:kentongan_availability:ratio1d{{{_HERE}}}')})",
                    f"max by (place) ({place_of(_MONTH, 'name')})",
                ),
                (
                    Column(
                        "desa",
                        "desa",
                        link=to("kentongan-desa", desa="${__value.raw}", kecamatan="${__data.fields.kecamatan}"),
                    ),
                    Column("kecamatan", "kecamatan"),
                    Column("Value #A", "sekarang", Unit.RATIO, 0, AVAILABILITY),
                    Column("Value #B", "sehari", Unit.RATIO, 2, AVAILABILITY),
                    Column("Value #C", "bulan ini", Unit.RATIO, 2, AVAILABILITY),
                ),
                key="place",
                sort="sekarang",
                descending=False,
            ),
            timeline(
                "Perangkat",
                About(
                    "Keadaan tiap perangkat di kecamatan ini sepanjang waktu yang dipilih.",
                    "The state of each device of this kecamatan over the time chosen.",
                ),
                f"max by (device) (kentongan_device_state and on (device) {_DEVICES})",
                "{{device}}",
                STATES,
            ),
        ),
        row(
            "Tautan",
            9,
            curve(
                "Lalu lintas situs",
                About("Unduhan terbesar sepuluh situs di kecamatan ini.", "Download of the ten busiest sites here."),
                Query(
                    f"topk(10, max by (site) (site:kentongan_receive_bits_per_second:rate and on (site) {_SITES}))",
                    "{{site}}",
                ),
                unit=Unit.BITS,
                lowest=0,
            ),
            listing(
                "Tautan terpenuh",
                About(
                    "Tautan situs-situs di sini dan berapa bagian kapasitasnya terpakai.",
                    "Links of the sites here and how much of their capacity is used.",
                ),
                (
                    f"topk(20, max by (link) (link:kentongan_utilisation:ratio and on (site) {_SITES}))",
                    "max by (link) (link:kentongan_optical_receive_dbm:min)",
                ),
                (
                    Column("link", "tautan", link=to("kentongan-link", link="${__value.raw}")),
                    Column("Value #A", "terisi", Unit.RATIO, 1, FILLING),
                    Column("Value #B", "optik terima", Unit.DBM, 1),
                ),
                key="link",
                sort="terisi",
            ),
        ),
    ),
    following=("kentongan-desa", "Desa"),
    variables=(Variable("kecamatan", "Kecamatan", 'kentongan_device_info{kecamatan!=""}', several=True),),
    console="/villages",
)
