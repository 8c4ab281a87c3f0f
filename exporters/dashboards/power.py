"""Power: UPS and batteries in the PoPs and in the data centre's room, heat, supply voltage of what stands there."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, curve, figure, listing, row, timeline, to
from exporters.dashboards.vocabulary import (
    BUSY,
    CHARGE,
    GOOD_WHEN_ZERO,
    HEAT,
    ROOM_HEAT,
    STATES,
    WATCH_WHEN_ANY,
    About,
    Unit,
)

_HERE = 'site=~"$site"'
_UPS = f'kentongan_device_info{{{_HERE},role=~"ups|inverter"}}'
_ROOM = 'kentongan_device_info and on (site) kentongan_site_info{kind="datacenter"}'


def _of_ups(kind: str, sensor: str = "") -> str:
    chosen = f'{{sensor=~"{sensor}"}}' if sensor else ""
    return f"kentongan_sensor_{kind}{chosen} and on (device) {_UPS}"


def _in_room(kind: str) -> str:
    return f"kentongan_sensor_{kind} and on (device) ({_ROOM})"


BOARD = Board(
    "kentongan-power",
    "Listrik dan ruang pusat data",
    About(
        "UPS di simpul dan pusat data: PLN ada atau tidak, sisa baterai, suhu ruang.",
        "UPS in PoPs and data centre: mains or not, battery left, heat of the room.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "UPS dengan baterai",
                About(
                    "UPS yang sekarang menghidupi bebannya dari baterai: PLN-nya padam.",
                    "UPS that feed their load from the battery now: their mains is out.",
                ),
                f"count(({_of_ups('runtime_seconds', 'On battery')}) > 0) or vector(0)",
                limits=GOOD_WHEN_ZERO,
            ),
            figure(
                "Sisa baterai terpendek",
                About(
                    "Selama apa UPS terlemah masih bertahan pada bebannya sekarang.",
                    "How long the weakest UPS lasts at its present load.",
                ),
                f"min({_of_ups('runtime_seconds', 'Battery left')})",
                Unit.SECONDS,
            ),
            figure(
                "Baterai terendah",
                About("Isi baterai UPS yang paling kosong.", "Charge of the emptiest UPS."),
                f"min({_of_ups('charge_percent')})",
                Unit.PERCENT,
                CHARGE,
            ),
            figure(
                "Suhu ruang pusat data",
                About(
                    "Suhu baterai UPS pusat data, yang terdekat dengan suhu ruang. Di atas 30 °C umur baterai separuh.",
                    "Battery temperature of the data centre's UPS, nearest to the room's. Beyond 30 °C a battery lives "
                    "half as long.",
                ),
                'max(kentongan_sensor_temperature_celsius{sensor=~"Battery|.*[Aa]mbient.*"} and on (device) '
                f"({_ROOM}))",
                Unit.CELSIUS,
                ROOM_HEAT,
                decimals=0,
            ),
            figure(
                "Situs padam karena listrik",
                About(
                    "Situs yang padam karena gangguan terbuka yang menurut bukti disebabkan listrik.",
                    "Sites that are dark because of open incidents whose evidence says power.",
                ),
                'sum(kentongan_incident_impact{what="sites"} and on (incident) '
                'kentongan_incident_start_timestamp_seconds{verdict="power"}) or vector(0)',
                limits=WATCH_WHEN_ANY,
            ),
        ),
        row(
            "UPS",
            10,
            listing(
                "Tiap UPS",
                About(
                    "Isi, sisa waktu, beban, tegangan masuk. Isi penuh dengan sisa waktu pendek: baterai tua.",
                    "Charge, time left, load, input voltage. Full with little time left: an old battery.",
                ),
                (
                    f"max by (device) ({_of_ups('charge_percent')})",
                    f"min by (device) ({_of_ups('runtime_seconds', 'Battery left')})",
                    f"max by (device) ({_of_ups('load_percent')})",
                    f"max by (device) ({_of_ups('voltage_volts', 'Input.*')})",
                    f"max by (device) ({_of_ups('temperature_celsius')})",
                ),
                (
                    Column("device", "UPS", link=to("kentongan-device", device="${__value.raw}")),
                    Column("Value #A", "baterai", Unit.PERCENT, 0, CHARGE),
                    Column("Value #B", "sisa waktu", Unit.SECONDS, 0),
                    Column("Value #C", "beban", Unit.PERCENT, 0, BUSY),
                    Column("Value #D", "tegangan masuk", Unit.VOLTS, 0),
                    Column("Value #E", "suhu", Unit.CELSIUS, 0, ROOM_HEAT),
                ),
                key="device",
                sort="sisa waktu",
                descending=False,
            ),
            timeline(
                "Keadaan UPS",
                About("Apakah UPS-nya sendiri menjawab.", "Whether the UPS itself answers."),
                f"max by (device) (kentongan_device_state and on (device) {_UPS})",
                "{{device}}",
                STATES,
            ),
        ),
        row(
            "Sepanjang waktu",
            9,
            curve(
                "Tegangan masuk",
                About(
                    "Tegangan PLN di tiap UPS. Di bawah 180 V atau naik turun: adukan ke PLN dengan gambar ini.",
                    "Mains voltage at each UPS. Below 180 V or up and down: take this picture to PLN.",
                ),
                Query(_of_ups("voltage_volts", "Input.*"), "{{device}} {{sensor}}"),
                unit=Unit.VOLTS,
            ),
            curve(
                "Isi baterai",
                About(
                    "Turun selama PLN padam, naik sesudahnya. Yang tidak naik lagi harus diganti.",
                    "Falls while the mains is out, rises after. One that does not rise must be replaced.",
                ),
                Query(_of_ups("charge_percent"), "{{device}}"),
                unit=Unit.PERCENT,
                lowest=0,
                highest=100,
            ),
            curve(
                "Beban UPS",
                About("Di atas 75 % tidak ada ruang untuk alat baru.", "Beyond 75 % nothing new fits."),
                Query(_of_ups("load_percent"), "{{device}} {{sensor}}"),
                unit=Unit.PERCENT,
                limits=BUSY,
                lowest=0,
            ),
        ),
        row(
            "Ruang pusat data",
            9,
            curve(
                "Suhu alat",
                About(
                    "Sensor suhu alat-alat di pusat data; naik bersama berarti pendingin ruangnya.",
                    "Temperatures in the data centre; rising together: its air conditioning.",
                ),
                Query(f"topk(15, {_in_room('temperature_celsius')})", "{{device}} {{sensor}}"),
                unit=Unit.CELSIUS,
                limits=HEAT,
            ),
            curve(
                "Daya",
                About("Yang terukur catu daya dan port PoE.", "As measured by supplies and PoE ports."),
                Query(f"sum by (device) ({_in_room('power_watts')})", "{{device}}"),
                unit=Unit.WATTS,
                lowest=0,
            ),
            curve(
                "Tegangan alat di situs",
                About(
                    "Tegangan catu router dan titik akses, terendah dua puluh: adaptor tua atau kabel PoE terlalu "
                    "panjang.",
                    "Supply voltage of routers and access points, the lowest twenty: an old adapter or too long a PoE "
                    "cable.",
                ),
                Query(
                    'bottomk(20, kentongan_sensor_voltage_volts{sensor="Voltage"} and on (device) '
                    f"kentongan_device_info{{{_HERE}}})",
                    "{{device}}",
                ),
                unit=Unit.VOLTS,
            ),
        ),
    ),
    following=("kentongan-services", "Aplikasi dan sertifikat"),
    variables=(Variable("site", "Situs", 'kentongan_device_info{role=~"ups|inverter"}', several=True),),
    console="/devices?role=ups",
    hours=24,
)
