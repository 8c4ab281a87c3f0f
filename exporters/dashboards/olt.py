"""OLTs and their ONUs: light both ways, ports, cards."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, bars, curve, figure, listing, row, timeline, to
from exporters.dashboards.vocabulary import BUSY, HEAT, PORTS, RECEIVED_LIGHT, WATCH_WHEN_ANY, About, Unit

_OLT = 'device=~"$olt"'
_ONU = 'sensor=~"ON[UT] .* Rx"'
_AT_OLT = 'sensor=~"ON[UT] .* at OLT"'
_LIGHT = f"kentongan_sensor_optical_power_dbm{{{_OLT},{_ONU}}}"
_BACK = f"kentongan_sensor_optical_power_dbm{{{_OLT},{_AT_OLT}}}"


def _named(expr: str, ending: str) -> str:
    """ONUs by OLT and their place, as the OLT says it."""
    place = f'label_replace({expr}, "onu", "$1", "sensor", "(ON[UT] .*) {ending}")'
    return f'max by (onu_at, device, onu) (label_join({place}, "onu_at", " ", "device", "onu"))'


BOARD = Board(
    "kentongan-olt",
    "OLT dan ONU",
    About(
        "Cahaya di ONU dan di OLT, port PON, kartu. Setiap ONU adalah sebuah desa atau kantor.",
        "Light at the ONU and at the OLT, PON ports, cards. Each ONU is a village or an office.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "ONU terbaca",
                About("ONU yang cahayanya terbaca OLT.", "ONUs whose light the OLT can read."),
                f"count({_LIGHT})",
            ),
            figure(
                "ONU di bawah −25 dBm",
                About(
                    "Rawan putus saat hujan atau panas; bersihkan konektor atau periksa splitter.",
                    "May fail in rain or heat; clean the connector or look at the splitter.",
                ),
                f"count({_LIGHT} < -25) or vector(0)",
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Terlemah",
                About("ONU yang paling gelap.", "The darkest ONU."),
                f"min({_LIGHT})",
                limits=RECEIVED_LIGHT,
                unit=Unit.DBM,
                decimals=1,
            ),
            figure(
                "Suhu tertinggi OLT",
                About("Kartu atau modul terpanas.", "The hottest card or module."),
                f"max(kentongan_sensor_temperature_celsius{{{_OLT}}})",
                Unit.CELSIUS,
                HEAT,
                decimals=0,
            ),
        ),
        row(
            "ONU",
            12,
            listing(
                "Cahaya tiap ONU",
                About(
                    "Terima di ONU (turun) dan di OLT (naik). Beda besar antara keduanya: laser ONU tua.",
                    "Received at the ONU (down) and at the OLT (up). Far apart: an old laser in the ONU.",
                ),
                (_named(_LIGHT, "Rx"), f"max by (onu_at) ({_named(_BACK, 'at OLT')})"),
                (
                    Column("onu", "ONU"),
                    Column("device", "OLT", link=to("kentongan-device", device="${__value.raw}")),
                    Column("Value #A", "di ONU", Unit.DBM, 1, RECEIVED_LIGHT),
                    Column("Value #B", "di OLT", Unit.DBM, 1, RECEIVED_LIGHT),
                ),
                key="onu_at",
                sort="di ONU",
                descending=False,
                width=10,
            ),
            curve(
                "Sepuluh ONU terlemah",
                About(
                    "Turun bersama dalam satu port berarti kabel pengumpan atau splitter; sendiri berarti kabel drop.",
                    "Falling together on one port: feeder cable or splitter; alone: the drop cable.",
                ),
                Query(f"bottomk(10, {_LIGHT})", "{{device}} {{sensor}}"),
                unit=Unit.DBM,
                limits=RECEIVED_LIGHT,
            ),
        ),
        row(
            "PON dan kartu",
            9,
            curve(
                "Lalu lintas port PON",
                About("Yang dikirim OLT ke ONU; sepuluh port teramai.", "Sent to the ONUs; the ten busiest ports."),
                Query(
                    "topk(10, device_interface:kentongan_transmit_bits_per_second:rate"
                    f'{{{_OLT},interface=~"(?i).*pon.*"}})',
                    "{{device}} {{interface}}",
                ),
                unit=Unit.BITS,
                lowest=0,
            ),
            timeline(
                "Port PON",
                About("Status tiap port PON yang dipakai.", "Status of each PON port in use."),
                f'max by (device, interface) (kentongan_interface_oper_status{{{_OLT},interface=~"(?i).*pon.*"}} '
                "and on (device, interface) kentongan_link_info)",
                "{{device}} {{interface}}",
                PORTS,
            ),
            bars(
                "ONU per port PON",
                About(
                    "ONU yang tersambung di tiap port, dari inventaris. Satu port, satu splitter, satu nasib.",
                    "ONUs on each port, as the inventory has it. One port, one splitter, one fate.",
                ),
                f"sort_desc(count by (device, interface) "
                f'(kentongan_link_info{{{_OLT},end="z",interface=~"(?i).*pon.*"}}))',
                "{{device}} {{interface}}",
            ),
        ),
        row(
            "",
            8,
            curve(
                "Prosesor kartu",
                About(
                    "Polling optik yang terlalu sering dapat mematikan kartu tua: lihat ini dulu.",
                    "Reading optics too often can bring an old card down: look here first.",
                ),
                Query(f"kentongan_sensor_cpu_percent{{{_OLT}}}", "{{device}} {{sensor}}"),
                unit=Unit.PERCENT,
                limits=BUSY,
                lowest=0,
                highest=100,
            ),
            curve(
                "Daya kirim port PON",
                About(
                    "Laser OLT. Turun berarti modulnya menua, semua ONU di port itu ikut.",
                    "The OLT's laser. Falling: its module ages, and all ONUs on that port with it.",
                ),
                Query(
                    f'kentongan_sensor_optical_power_dbm{{{_OLT},sensor=~".* Tx",sensor!~"ON[UT] .*"}}',
                    "{{device}} {{sensor}}",
                ),
                unit=Unit.DBM,
            ),
            curve(
                "Kipas",
                About("Kipas yang melambat mendahului panas.", "A fan that slows comes before the heat."),
                Query(f"kentongan_sensor_fanspeed_rpm{{{_OLT}}}", "{{device}} {{sensor}}"),
                unit=Unit.RPM,
                lowest=0,
            ),
        ),
    ),
    following=("kentongan-radio", "Radio"),
    variables=(Variable("olt", "OLT", 'kentongan_device_info{role="olt"}', label="device", several=True),),
    console="/devices?role=olt",
    hours=24,
)
