"""Radio links, access points and LTE: signal, quality, who hangs on them."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, curve, figure, listing, row, to
from exporters.dashboards.vocabulary import BUSY, CHARGE, RADIO_SIGNAL, WATCH_WHEN_ANY, About, Unit

_R = 'device=~"$radio"'
_RADIOS = f'kentongan_device_info{{{_R},role="radio"}}'
_SIGNAL = f'kentongan_sensor_signal_dbm{{{_R},sensor!~".*noise floor"}}'


def _of_radios(expr: str) -> str:
    return f"{expr} and on (device) {_RADIOS}"


BOARD = Board(
    "kentongan-radio",
    "Radio",
    About(
        "Radio antarmenara, titik akses dan LTE: sinyal, mutu, kapasitas udara.",
        "Radios between towers, access points and LTE: signal, quality, airtime.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Sinyal terlemah",
                About("Radio antarmenara yang paling lemah.", "The weakest radio between towers."),
                f"min({_of_radios(_SIGNAL)})",
                Unit.DBM,
                RADIO_SIGNAL,
            ),
            figure(
                "Di bawah −72 dBm",
                About(
                    "Radio yang sinyalnya kurang untuk modulasi penuh.",
                    "Radios whose signal is too weak for full modulation.",
                ),
                f"count({_of_radios(f'{_SIGNAL} < -72')}) or vector(0)",
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Mutu terendah",
                About("Mutu menurut radionya sendiri.", "Quality as the radio itself rates it."),
                f"min({_of_radios(f'kentongan_sensor_quality_percent{{{_R}}}')})",
                Unit.PERCENT,
                CHARGE,
            ),
            figure(
                "Pengguna Wi-Fi",
                About("Semua titik akses.", "All access points."),
                'sum(kentongan_sensor_clients and on (device) kentongan_device_info{role="ap"})',
                spark=True,
            ),
        ),
        row(
            "Radio antarmenara",
            10,
            listing(
                "Tiap radio",
                About(
                    "Sinyal, mutu dan udara yang terpakai. Sinyal baik tetapi mutu buruk: gangguan, ganti kanal.",
                    "Signal, quality and airtime. Good signal with bad quality: interference, change the channel.",
                ),
                (
                    f"max by (device) ({_of_radios(_SIGNAL)})",
                    f"min by (device) ({_of_radios(f'kentongan_sensor_quality_percent{{{_R}}}')})",
                    f"max by (device) ({_of_radios(f'kentongan_sensor_load_percent{{{_R}}}')})",
                    f"sum by (device) ({_of_radios(f'kentongan_sensor_clients{{{_R}}}')})",
                ),
                (
                    Column("device", "radio", link=to("kentongan-device", device="${__value.raw}")),
                    Column("Value #A", "sinyal", Unit.DBM, 0, RADIO_SIGNAL),
                    Column("Value #B", "mutu", Unit.PERCENT, 0, CHARGE),
                    Column("Value #C", "udara terpakai", Unit.PERCENT, 0, BUSY),
                    Column("Value #D", "stasiun", Unit.COUNT, 0),
                ),
                key="device",
                sort="sinyal",
                descending=False,
                width=10,
            ),
            curve(
                "Sinyal",
                About(
                    "Turun bersama saat hujan; turun sendiri berarti antena bergeser atau pohon tumbuh.",
                    "Falling together: rain; alone: an antenna moved or a tree grew.",
                ),
                Query(_of_radios(_SIGNAL), "{{device}} {{sensor}}"),
                unit=Unit.DBM,
                limits=RADIO_SIGNAL,
            ),
        ),
        row(
            "",
            8,
            curve(
                "Mutu",
                About("CCQ dan mutu airMAX.", "CCQ and airMAX quality."),
                Query(_of_radios(f"kentongan_sensor_quality_percent{{{_R}}}"), "{{device}} {{sensor}}"),
                unit=Unit.PERCENT,
                lowest=0,
                highest=100,
            ),
            curve(
                "Udara terpakai",
                About(
                    "Di atas 75 % sektor itu penuh, apa pun kapasitas kabelnya.",
                    "Beyond 75 % the sector is full, whatever its cable can do.",
                ),
                Query(_of_radios(f"kentongan_sensor_load_percent{{{_R}}}"), "{{device}} {{sensor}}"),
                unit=Unit.PERCENT,
                limits=BUSY,
                lowest=0,
                highest=100,
            ),
            curve(
                "Lalu lintas radio",
                About("Tautan bermedium radio.", "Links whose medium is radio."),
                Query(
                    'topk(10, max by (link) (link:kentongan_receive_bits_per_second:rate{medium="radio"}))', "{{link}}"
                ),
                unit=Unit.BITS,
                lowest=0,
            ),
        ),
        row(
            "Titik akses dan LTE",
            8,
            curve(
                "Pengguna per titik akses",
                About("Lima belas yang teramai.", "The fifteen busiest."),
                Query(
                    "topk(15, sum by (device) (kentongan_sensor_clients and on (device) "
                    'kentongan_device_info{role="ap"}))',
                    "{{device}}",
                ),
                lowest=0,
            ),
            curve(
                "Derau",
                About(
                    "Lantai derau di titik akses; naik berarti ada pemancar lain.",
                    "Noise floor at access points; rising: another transmitter.",
                ),
                Query('topk(15, kentongan_sensor_signal_dbm{sensor=~".*noise floor"})', "{{device}} {{interface}}"),
                unit=Unit.DBM,
            ),
            curve(
                "LTE",
                About(
                    "RSRP tiap modem. Di bawah −110 dBm LTE tidak dapat diandalkan.",
                    "RSRP of each modem. Below −110 dBm LTE cannot be relied on.",
                ),
                Query('kentongan_sensor_signal_dbm{sensor=~".*RSRP"}', "{{device}}"),
                unit=Unit.DBM,
            ),
            curve(
                "LTE: sinyal di atas derau",
                About("SINR dan RSRQ.", "SINR and RSRQ."),
                Query("kentongan_sensor_snr_db", "{{device}} {{sensor}}"),
                unit=Unit.DB,
            ),
        ),
    ),
    following=("kentongan-power", "Listrik dan ruang pusat data"),
    variables=(Variable("radio", "Radio", 'kentongan_device_info{role="radio"}', label="device", several=True),),
    console="/devices?role=radio",
)
