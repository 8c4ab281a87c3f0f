"""Cameras: whether they answer, whether their streams show anything."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, bars, curve, figure, listing, row, timeline, to
from exporters.dashboards.vocabulary import AVAILABILITY, GOOD_WHEN_ZERO, SERVES, STATES, WATCH_WHEN_ANY, About, Unit

_CAMERAS = 'kentongan_device_info{role=~"camera|nvr",kecamatan=~"$kecamatan"}'


def _stream(expr: str) -> str:
    """A camera's stream is a service of the camera's name."""
    return f'label_replace({expr}, "device", "$1", "service", "(.+)") and on (device) {_CAMERAS}'


def _state(expr: str = "kentongan_device_state") -> str:
    return f"{expr} and on (device) {_CAMERAS}"


BOARD = Board(
    "kentongan-cctv",
    "CCTV",
    About(
        "Kamera: menjawab atau tidak, dan apakah gambarnya ada.",
        "Cameras: whether they answer, and whether there is a picture.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Kamera", About("Kamera dan NVR yang dipakai.", "Cameras and recorders in use."), f"count({_CAMERAS})"
            ),
            figure(
                "Mati atau terhalang",
                About("Tidak menjawab ping.", "Do not answer ping."),
                f"count({_state('(kentongan_device_state == 1 or kentongan_device_state == 2)')}) or vector(0)",
                limits=GOOD_WHEN_ZERO,
            ),
            figure(
                "Menjawab tanpa gambar",
                About(
                    "Kamera yang menjawab ping tetapi alirannya gagal: kata sandi, mati sebagian, atau lensa.",
                    "Cameras that answer ping but whose stream fails: password, half dead, or lens.",
                ),
                f"count({_stream('kentongan_service_up == 0')}) or vector(0)",
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Terjangkau sehari",
                About("Rata-rata 24 jam.", "Mean of 24 hours."),
                f"avg({_state('device:kentongan_availability:ratio1d')})",
                Unit.RATIO,
                AVAILABILITY,
                decimals=2,
            ),
        ),
        row(
            "Kamera",
            12,
            listing(
                "Tiap kamera",
                About(
                    "Keadaan, aliran gambar, sehari terakhir. Tanpa kata sandi kameranya, aliran tidak diperiksa.",
                    "State, stream, the last day. Without the camera's password its stream is not checked.",
                ),
                (
                    f"max by (device, site, kecamatan) ({_CAMERAS})",
                    f"max by (device) ({_state()})",
                    f"max by (device) ({_stream('kentongan_service_up')})",
                    f"max by (device) ({_state('device:kentongan_availability:ratio1d')})",
                    f"max by (device) ({_state('kentongan_icmp_round_trip_seconds')})",
                ),
                (
                    Column("device", "kamera", link=to("kentongan-device", device="${__value.raw}")),
                    Column("kecamatan", "kecamatan"),
                    Column("Value #B", "keadaan", words=STATES),
                    Column("Value #C", "gambar", words=SERVES),
                    Column("Value #D", "sehari", Unit.RATIO, 2, AVAILABILITY),
                    Column("Value #E", "pulang-pergi", Unit.SECONDS, 3),
                ),
                key="device",
                sort="keadaan",
                descending=False,
                width=13,
            ),
            timeline(
                "Sepanjang waktu",
                About(
                    "Mati setiap malam berarti listriknya ikut lampu jalan.",
                    "Down each night: its power hangs on the street lights.",
                ),
                f"max by (device) ({_state()})",
                "{{device}}",
                STATES,
            ),
        ),
        row(
            "Menurut kecamatan",
            9,
            bars(
                "Kamera hidup",
                About("Bagian kamera yang hidup di tiap kecamatan.", "Share of cameras up in each kecamatan."),
                f"sort(avg by (kecamatan) (device:kentongan_up:bool * on (device) group_left (kecamatan) {_CAMERAS}))",
                "{{kecamatan}}",
                Unit.RATIO,
                AVAILABILITY,
                highest=1,
            ),
            curve(
                "Lalu lintas kamera",
                About(
                    "Yang diterima jaringan dari port kamera; nol sementara ping hidup: kamera beku.",
                    "Received from the cameras' ports; none while ping lives: a frozen camera.",
                ),
                Query(
                    'topk(10, max by (peer) (kentongan_link_info{peer=~"cam-.*"} * on (device, interface) group_left '
                    "() "
                    "device_interface:kentongan_receive_bits_per_second:rate))",
                    "{{peer}}",
                ),
                unit=Unit.BITS,
                lowest=0,
            ),
            curve(
                "Waktu pemeriksaan aliran",
                About("Sampai gambar pertama.", "Until the first picture."),
                Query(
                    _stream('kentongan_service_phase_seconds{phase="total"}'),
                    "{{device}}",
                ),
                unit=Unit.SECONDS,
                lowest=0,
            ),
        ),
    ),
    following=("kentongan-sla", "SLA per penyedia"),
    variables=(
        Variable("kecamatan", "Kecamatan", 'kentongan_device_info{role=~"camera|nvr",kecamatan!=""}', several=True),
    ),
    console="/cameras",
    hours=24,
)
