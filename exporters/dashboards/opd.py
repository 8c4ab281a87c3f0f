"""Agencies: uptime and bandwidth of their fibre, apart even where several share a port."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, curve, figure, listing, row, timeline, to
from exporters.dashboards.vocabulary import (
    AVAILABILITY,
    COMPLETENESS,
    REACHED,
    RECEIVED_LIGHT,
    WATCH_WHEN_ANY,
    About,
    Unit,
)

_SITES = 'kentongan_site_info{kind=~"opd|uptd|mpp|puskesmas",organisation=~"$opd"}'
_PORT_USERS = (
    'count by (device, interface) (kentongan_link_info{end="z",medium="fibre",purpose="service"} and on (site) '
    'kentongan_site_info{kind=~"opd|uptd|mpp|puskesmas"})'
)
_SHARED = (
    'max by (site) (kentongan_link_info{end="z",medium="fibre",purpose="service"} * on (device, interface) '
    f"group_left () {_PORT_USERS})"
)


def _of(expr: str) -> str:
    return f"max by (site) ({expr} and on (site) {_SITES})"


def _rate(direction: str, kind: str = "rate") -> str:
    return _of(f"site:kentongan_{direction}_bits_per_second:{kind}")


BOARD = Board(
    "kentongan-opd",
    "OPD: serat dan bandwidth",
    About(
        "Serat tiap OPD: hidup, terpakai, cahayanya. Bandwidth diukur di router OPD sendiri, jadi OPD yang berbagi "
        "port "
        "pun punya angkanya; yang tanpa router diukur pada VLAN-nya di ujung kita.",
        "The fibre of each agency: up, used, its light. Bandwidth is measured at the agency's own router, so that "
        "those "
        "that share a port have their own; one without a router is measured at its VLAN at our end.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "OPD terjangkau",
                About("Bagian OPD yang routernya menjawab.", "Share of agencies whose router answers."),
                f"avg({_of('site:kentongan_up:ratio')})",
                Unit.RATIO,
                AVAILABILITY,
                decimals=1,
            ),
            figure(
                "Serat putus",
                About("Tautan serat OPD yang portnya mati.", "Fibre links of agencies whose port is down."),
                f'count(link:kentongan_up:bool{{medium="fibre"}} == 0 and on (site) {_SITES}) or vector(0)',
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Unduhan semua OPD",
                About("Jumlah yang diterima semua OPD sekarang.", "What all agencies receive now."),
                f"sum({_rate('receive')})",
                Unit.BITS,
                spark=True,
            ),
            figure(
                "Unggahan semua OPD",
                About("Jumlah yang dikirim semua OPD sekarang.", "What all agencies send now."),
                f"sum({_rate('transmit')})",
                Unit.BITS,
                spark=True,
            ),
        ),
        row(
            "Tiap OPD",
            13,
            listing(
                "OPD, serat dan bandwidth",
                About(
                    "Ketersediaan bulan ini sama dengan `kentongan availability --by opd`. Berbagi port: berapa OPD di "
                    "port yang sama di ujung kita.",
                    "This month's availability is that of `kentongan availability --by opd`. Sharing: how many "
                    "agencies "
                    "are on the same port at our end.",
                ),
                (
                    f"max by (site, name, organisation) ({_SITES})",
                    _of("site:kentongan_up:ratio"),
                    _of("site:kentongan_availability:ratio1d"),
                    _rate("receive"),
                    _rate("transmit"),
                    _rate("receive", "busy_hour1d"),
                    _of("max by (site) (link:kentongan_optical_receive_dbm:min)"),
                    f"{_SHARED} and on (site) {_SITES}",
                ),
                (
                    Column("name", "OPD"),
                    Column("Value #B", "sekarang", Unit.RATIO, 0, AVAILABILITY),
                    Column("Value #C", "sehari", Unit.RATIO, 2, AVAILABILITY),
                    Column("Value #D", "terima", Unit.BITS, 1),
                    Column("Value #E", "kirim", Unit.BITS, 1),
                    Column("Value #F", "jam sibuk", Unit.BITS, 1),
                    Column("Value #G", "optik", Unit.DBM, 1, RECEIVED_LIGHT),
                    Column("Value #H", "berbagi port", Unit.NONE, 0),
                    Column("site", "situs", link=to("kentongan-device", site="${__value.raw}")),
                ),
                key="site",
                sort="jam sibuk",
            ),
        ),
        row(
            "Sepanjang waktu",
            10,
            curve(
                "Unduhan per OPD",
                About(
                    "Sepuluh OPD teramai; pilih OPD di atas untuk melihat satu saja.",
                    "The ten busiest agencies; choose one above to see it alone.",
                ),
                Query(f"topk(10, {_rate('receive')})", "{{site}}"),
                unit=Unit.BITS,
                lowest=0,
            ),
            timeline(
                "Serat OPD",
                About("Hidup matinya port serat tiap OPD.", "Whether the fibre port of each agency is up."),
                f'min by (link) (link:kentongan_up:bool{{medium="fibre"}} and on (site) {_SITES})',
                "{{link}}",
                REACHED,
            ),
        ),
        row(
            "Optik dan bulan ini",
            9,
            curve(
                "Optik terima per tautan",
                About(
                    "Sepuluh serat terlemah. Di bawah −25 dBm rawan, di bawah −27 dBm hampir putus.",
                    "The ten weakest fibres. Below −25 dBm is at risk, below −27 dBm nearly dark.",
                ),
                Query(
                    f'bottomk(10, max by (link) (link:kentongan_optical_receive_dbm:min{{medium="fibre"}} '
                    f"and on (site) {_SITES}))",
                    "{{link}}",
                ),
                unit=Unit.DBM,
                limits=RECEIVED_LIGHT,
            ),
            listing(
                "Ketersediaan bulan ini",
                About(
                    "Dalam jam layanan OPD; kelengkapan mengatakan berapa bagian jam itu yang terlihat.",
                    "In the agency's service hours; completeness says how much of them was seen.",
                ),
                (
                    'max by (key) (kentongan_month_availability_ratio{by="opd",key=~"$opd"})',
                    'max by (key) (kentongan_month_completeness_ratio{by="opd",key=~"$opd"})',
                ),
                (
                    Column("key", "OPD"),
                    Column("Value #A", "bulan ini", Unit.RATIO, 3, AVAILABILITY),
                    Column("Value #B", "kelengkapan", Unit.RATIO, 1, COMPLETENESS),
                ),
                key="key",
                sort="bulan ini",
                descending=False,
            ),
        ),
    ),
    following=("kentongan-device", "Perangkat"),
    variables=(
        Variable(
            "opd",
            "OPD",
            'kentongan_site_info{kind=~"opd|uptd|mpp|puskesmas",organisation!=""}',
            label="organisation",
            several=True,
        ),
    ),
    console="/devices",
)
