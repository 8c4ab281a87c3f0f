"""A device: its state, its ports, its parts."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, Query, curve, figure, listing, row, timeline
from exporters.dashboards.vocabulary import (
    BUSY,
    HEAT,
    LOSS,
    PORTS,
    RECEIVED_LIGHT,
    STATES,
    About,
    Colour,
    Unit,
)

_D = 'device=~"$device"'
_RATE = "device_interface:kentongan_{}_bits_per_second:rate"


def _sensor(kind: str) -> Query:
    return Query(f"kentongan_sensor_{kind}{{{_D}}}", "{{device}} {{sensor}}")


def _discards(way: str, what: str) -> str:
    return f"topk(10, rate(kentongan_interface_{way}_{what}_total{{{_D}}}[15m] offset 1m))"


BOARD = Board(
    "kentongan-device",
    "Perangkat",
    About(
        "Satu perangkat: keadaannya, portnya, suhunya, beban pollingnya.",
        "One device: its state, its ports, its heat, what polling costs it.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Keadaan",
                About(
                    "Keadaan sekarang. Terhalang: gelap karena sesuatu di depannya, bukan kerusakannya.",
                    "State now. Unreachable: dark because of something before it, not its own fault.",
                ),
                f"kentongan_device_state{{{_D}}}",
                words=STATES,
                legend="{{device}}",
                width=8,
            ),
            figure(
                "Menyala sejak",
                About(
                    "Lama agen berjalan; mulai lagi dari nol setelah 497 hari.",
                    "How long the agent has run; begins anew after 497 days.",
                ),
                f"max(kentongan_device_uptime_seconds{{{_D}}})",
                Unit.SECONDS,
            ),
            figure(
                "Pulang-pergi",
                About("Rata-rata ICMP terakhir.", "Mean ICMP of the last requests."),
                f"max(kentongan_icmp_round_trip_seconds{{{_D}}})",
                Unit.SECONDS,
                spark=True,
            ),
            figure(
                "Kehilangan paket",
                About("Lima menit terakhir.", "Of the last five minutes."),
                f"max(device:kentongan_icmp_loss:ratio5m{{{_D}}})",
                Unit.RATIO,
                LOSS,
                decimals=1,
            ),
            figure(
                "Umur polling",
                About(
                    "Sejak polling SNMP terakhir dijawab; di atas tiga kali selangnya berarti diam.",
                    "Since the last SNMP poll was answered; beyond three times its interval it is silent.",
                ),
                f"max(kentongan_device_poll_age_seconds{{{_D}}})",
                Unit.SECONDS,
            ),
        ),
        row(
            "Keadaan dan jawaban",
            8,
            timeline(
                "Riwayat keadaan",
                About("Keadaan sepanjang waktu yang dipilih.", "State over the time chosen."),
                f"kentongan_device_state{{{_D}}}",
                "{{device}}",
                STATES,
            ),
            curve(
                "ICMP dan SNMP",
                About(
                    "Waktu jawab ping dan polling. SNMP yang jauh lebih lambat berarti prosesor perangkat sibuk.",
                    "Answer times of ping and poll. SNMP much slower than ping: the device's processor is busy.",
                ),
                Query(f"kentongan_icmp_round_trip_seconds{{{_D}}}", "ICMP {{device}}"),
                Query(f"kentongan_snmp_round_trip_seconds{{{_D}}}", "SNMP {{device}}"),
                unit=Unit.SECONDS,
                lowest=0,
            ),
        ),
        row(
            "Port",
            10,
            listing(
                "Port",
                About(
                    "Status, kecepatan dan lalu lintas tiap port sekarang.",
                    "Status, speed and traffic of each port now.",
                ),
                tuple(
                    f'label_join(max by (device, interface) ({expr}), "port", " ", "device", "interface")'
                    for expr in (
                        f"kentongan_interface_oper_status{{{_D}}}",
                        f"kentongan_interface_admin_status{{{_D}}}",
                        f"8 * kentongan_interface_speed_bytes_per_second{{{_D}}}",
                        f"{_RATE.format('receive')}{{{_D}}}",
                        f"{_RATE.format('transmit')}{{{_D}}}",
                    )
                ),
                (
                    Column("port", "port"),
                    Column("Value #A", "status", words=PORTS),
                    Column("Value #B", "dikehendaki", words=PORTS),
                    Column("Value #C", "kecepatan", Unit.BITS, 0),
                    Column("Value #D", "terima", Unit.BITS, 1),
                    Column("Value #E", "kirim", Unit.BITS, 1),
                ),
                key="port",
                sort="terima",
                width=10,
            ),
            curve(
                "Lalu lintas per port",
                About("Terima; sepuluh port teramai.", "Received; the ten busiest ports."),
                Query(f"topk(10, {_RATE.format('receive')}{{{_D}}})", "{{device}} {{interface}}"),
                unit=Unit.BITS,
                lowest=0,
            ),
            curve(
                "Kirim per port",
                About("Kirim; sepuluh port teramai.", "Sent; the ten busiest ports."),
                Query(f"topk(10, {_RATE.format('transmit')}{{{_D}}})", "{{device}} {{interface}}"),
                unit=Unit.BITS,
                lowest=0,
            ),
        ),
        row(
            "",
            8,
            curve(
                "Kesalahan",
                About(
                    "Paket rusak per detik. Bukan nol: kabel, konektor atau duplex.",
                    "Broken packets a second. Not zero: cable, connector or duplex.",
                ),
                Query(_discards("receive", "errors"), "terima {{device}} {{interface}}", Colour.DOWN),
                Query(_discards("transmit", "errors"), "kirim {{device}} {{interface}}", Colour.DEGRADED),
                unit=Unit.PACKETS,
                lowest=0,
            ),
            curve(
                "Dibuang",
                About(
                    "Paket baik yang dibuang per detik: antrean penuh.",
                    "Good packets dropped a second: a queue is full.",
                ),
                Query(_discards("receive", "discards"), "terima {{device}} {{interface}}"),
                Query(_discards("transmit", "discards"), "kirim {{device}} {{interface}}"),
                unit=Unit.PACKETS,
                lowest=0,
            ),
            curve(
                "Optik",
                About(
                    "Daya terima dan kirim tiap port optik. Terima di bawah −25 dBm rawan.",
                    "Received and sent light of each optical port. Received below −25 dBm is at risk.",
                ),
                _sensor("optical_power_dbm"),
                unit=Unit.DBM,
                limits=RECEIVED_LIGHT,
            ),
        ),
        row(
            "Bagian-bagian",
            8,
            curve(
                "Prosesor",
                About("Tiap inti atau kartu.", "Each core or card."),
                _sensor("cpu_percent"),
                unit=Unit.PERCENT,
                limits=BUSY,
                lowest=0,
                highest=100,
            ),
            curve(
                "Memori",
                About("Bagian memori atau penyimpanan yang terpakai.", "Share of memory or storage in use."),
                _sensor("memory_percent"),
                unit=Unit.PERCENT,
                limits=BUSY,
                lowest=0,
                highest=100,
            ),
            curve(
                "Suhu",
                About("Semua sensor suhu.", "All temperature sensors."),
                _sensor("temperature_celsius"),
                unit=Unit.CELSIUS,
                limits=HEAT,
            ),
            curve(
                "Tegangan",
                About(
                    "Turun pelan berarti baterai atau catu daya; jatuh ke nol berarti PLN.",
                    "Falling slowly: battery or supply; falling to zero: the mains.",
                ),
                _sensor("voltage_volts"),
                unit=Unit.VOLTS,
            ),
        ),
        row(
            "Polling dan konfigurasi",
            7,
            curve(
                "Hasil polling",
                About(
                    "Polling per detik menurut hasilnya: ok, sebagian, diam, ditolak.",
                    "Polls a second by how they ended: ok, partial, silent, refused.",
                ),
                Query(f"sum by (outcome) (rate(kentongan_poll_outcomes_total{{{_D}}}[5m]))", "{{outcome}}"),
                unit=Unit.PER_SECOND,
                stacked=True,
                lowest=0,
            ),
            figure(
                "Biaya polling sehari",
                About(
                    "Yang dihabiskan polling pada jalur perangkat ini dalam 24 jam.",
                    "What polling cost this device's line in 24 hours.",
                ),
                f"sum(increase(kentongan_device_traffic_bytes_total{{{_D}}}[1d]))",
                Unit.BYTES,
                width=5,
            ),
            figure(
                "Cadangan konfigurasi",
                About(
                    "Sejak konfigurasi terakhir dibaca utuh. Minus satu: belum pernah, atau tidak dijadwalkan.",
                    "Since the configuration was last read whole. Minus one: never, or not scheduled.",
                ),
                f"max(kentongan_config_backup_age_seconds{{{_D}}}) or vector(-1)",
                Unit.SECONDS,
                width=5,
            ),
        ),
    ),
    following=("kentongan-link", "Tautan"),
    variables=(
        Variable("site", "Situs", "kentongan_device_info", several=True),
        Variable("device", "Perangkat", 'kentongan_device_info{site=~"$site"}'),
    ),
    console="/devices/${device:percentencode}",
)
