"""A village: its users, its traffic in the busy hour against what was bought, its devices."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, curve, figure, listing, row, timeline, to
from exporters.dashboards.vocabulary import AVAILABILITY, FILLING, LOSS, NOT_YET, STATES, About, Colour, Unit

_HERE = 'kecamatan=~"$kecamatan",desa=~"$desa"'
_DEVICES = f"kentongan_device_info{{{_HERE}}}"
_SITES = f"kentongan_site_info{{{_HERE}}}"
_DIRECTIONS = (("receive", "unduh"), ("transmit", "unggah"))
_LINES = f"(kentongan_site_uplink_info and on (site) {_SITES})"
# Of each line what was promised; where there is no contract, what the line can carry.
_BOUGHT = (
    '(8 * sum((max by (link) (kentongan_link_committed_bytes_per_second{direction="receive"}) '
    f"or max by (link) (kentongan_link_capacity_bytes_per_second)) and on (link) {_LINES}))"
)


def _devices_of(role: str) -> str:
    return f'{_DEVICES[:-1]},role="{role}"}}'


def _site(name: str) -> str:
    return f"sum({name} and on (site) {_SITES})"


BOARD = Board(
    "kentongan-desa",
    "Desa",
    About(
        "Sebuah desa: penggunanya, bandwidth pada jam sibuk terhadap kontraknya, perangkatnya.",
        "A village: its users, its bandwidth in the busy hour against its contract, its devices.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Keterjangkauan",
                About("Bagian perangkat desa yang menjawab.", "Share of the village's devices that answer."),
                f"avg(desa:kentongan_up:ratio{{{_HERE}}})",
                Unit.RATIO,
                AVAILABILITY,
                decimals=0,
            ),
            figure(
                "Bulan ini",
                About(
                    "Ketersediaan dalam jam layanan bulan ini, angka `kentongan availability --by desa`.",
                    "Availability in service hours of this month, the figure of `kentongan availability --by desa`.",
                ),
                'avg(kentongan_month_availability_ratio{by="desa",kecamatan=~"$kecamatan",name=~"$desa"}) '
                "or vector(-1)",
                Unit.RATIO,
                AVAILABILITY,
                decimals=2,
                words=NOT_YET,
            ),
            figure(
                "Pengguna Wi-Fi",
                About(
                    "Orang yang sedang terhubung ke titik akses desa.",
                    "People connected to the village's access points now.",
                ),
                f"sum(kentongan_sensor_clients * on (device) group_left () {_devices_of('ap')})",
                spark=True,
            ),
            figure(
                "Jam sibuk, unduh",
                About("Rata-rata jam tersibuk dalam 24 jam terakhir.", "The mean of the busiest hour of the last 24."),
                _site("site:kentongan_receive_bits_per_second:busy_hour1d"),
                Unit.BITS,
            ),
            figure(
                "Terpakai pada jam sibuk",
                About(
                    "Unduhan jam tersibuk terhadap yang dijanjikan kontrak; tanpa kontrak, terhadap kapasitas tautan.",
                    "The busy hour against what the contract promises; without one, against the line's capacity.",
                ),
                f"{_site('site:kentongan_receive_bits_per_second:busy_hour1d')} / {_BOUGHT}",
                Unit.RATIO,
                FILLING,
                decimals=1,
            ),
        ),
        row(
            "Pengguna dan bandwidth",
            9,
            curve(
                "Lalu lintas desa",
                About(
                    "Unduh dan unggah di router desa; garis putus-putus adalah yang dijanjikan atau kapasitasnya.",
                    "Download and upload at the village's router; the dashed line is what was promised or can be "
                    "carried.",
                ),
                Query(_site("site:kentongan_receive_bits_per_second:rate"), "unduh", Colour.NILA),
                Query(_site("site:kentongan_transmit_bits_per_second:rate"), "unggah", Colour.UP),
                Query(_BOUGHT, "kontrak atau kapasitas", Colour.SOGA, dashed=True),
                unit=Unit.BITS,
                lowest=0,
            ),
            curve(
                "Pengguna Wi-Fi",
                About(
                    "Yang terhubung, per titik akses dan jaringan. Tidak ada alamat perangkat warga yang disimpan.",
                    "Who is connected, by access point and network. No address of a citizen's device is kept.",
                ),
                Query(
                    f"sum by (device, sensor) (kentongan_sensor_clients * on (device) group_left () "
                    f"{_devices_of('ap')})",
                    "{{device}} {{sensor}}",
                ),
                stacked=True,
                lowest=0,
            ),
        ),
        row(
            "Jam sibuk semua desa yang dipilih",
            9,
            listing(
                "Bandwidth jam sibuk terhadap kontrak",
                About(
                    "Tiap desa yang dipilih; pilih Semua di atas untuk seluruh kecamatan. Kosong: tidak ada kontrak.",
                    "Each village chosen; choose All above for the whole kecamatan. Blank: no contract.",
                ),
                (
                    f"max by (site, name, kecamatan) ({_SITES})",
                    *(
                        f"max by (site) (site:kentongan_{way}_bits_per_second:busy_hour1d and on (site) {_SITES})"
                        for way, _ in _DIRECTIONS
                    ),
                    "8 * sum by (site) (kentongan_site_uplink_info * on (link) group_left () max by (link) "
                    '(kentongan_link_committed_bytes_per_second{direction="receive"}))',
                    "8 * sum by (site) (kentongan_site_uplink_info * on (link) group_left () max by (link) "
                    "(kentongan_link_capacity_bytes_per_second))",
                    f"sum by (site) (kentongan_sensor_clients * on (device) group_left (site) {_devices_of('ap')})",
                ),
                (
                    Column("name", "situs"),
                    Column("kecamatan", "kecamatan"),
                    Column("Value #B", "unduh jam sibuk", Unit.BITS, 1),
                    Column("Value #C", "unggah jam sibuk", Unit.BITS, 1),
                    Column("Value #D", "kontrak unduh", Unit.BITS, 1),
                    Column("Value #E", "kapasitas", Unit.BITS, 1),
                    Column("Value #F", "pengguna", Unit.COUNT, 0),
                    Column("site", "kode situs", link=to("kentongan-device", site="${__value.raw}")),
                ),
                key="site",
                sort="unduh jam sibuk",
            ),
        ),
        row(
            "Perangkat",
            9,
            timeline(
                "Keadaan perangkat",
                About(
                    "Tiap perangkat desa sepanjang waktu yang dipilih.",
                    "Each device of the village over the time chosen.",
                ),
                f"max by (device) (kentongan_device_state * on (device) group_left () {_DEVICES})",
                "{{device}}",
                STATES,
            ),
            curve(
                "Waktu pulang-pergi",
                About(
                    "Rata-rata ICMP tiap perangkat. Lonjakan pada jam sibuk berarti jalurnya penuh.",
                    "Mean ICMP of each device. A peak in the busy hour: the line is full.",
                ),
                Query(
                    f"max by (device) (kentongan_icmp_round_trip_seconds * on (device) group_left () {_DEVICES})",
                    "{{device}}",
                ),
                unit=Unit.SECONDS,
                lowest=0,
            ),
            curve(
                "Kehilangan paket",
                About(
                    "Bagian ping yang tidak dijawab, lima menit. Mulai 40 % bukan layanan lagi.",
                    "Share of pings not answered, five minutes. From 40 % on it is no service.",
                ),
                Query(
                    f"max by (device) (device:kentongan_icmp_loss:ratio5m * on (device) group_left () {_DEVICES})",
                    "{{device}}",
                ),
                unit=Unit.RATIO,
                limits=LOSS,
                lowest=0,
                highest=1,
            ),
        ),
    ),
    following=("kentongan-opd", "OPD: serat dan bandwidth"),
    variables=(
        Variable("kecamatan", "Kecamatan", 'kentongan_device_info{desa!=""}', several=True),
        Variable("desa", "Desa", 'kentongan_device_info{kecamatan=~"$kecamatan",desa!=""}', several=True),
    ),
    console="/villages",
    hours=24,
)
