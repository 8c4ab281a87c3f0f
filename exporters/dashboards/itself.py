"""Kentongan itself: is it seeing, is it in time, does it get its messages away."""

from exporters.dashboards.board import Board
from exporters.dashboards.panels import Query, curve, figure, row
from exporters.dashboards.vocabulary import GOOD_WHEN_ZERO, SEEING, TRUSTED, WATCH_WHEN_ANY, About, Colour, Unit


def _quantile(metric: str, share: float) -> str:
    return f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket[5m])))"


def _pace(counter: str, by: str) -> Query:
    return Query(f"sum by ({by}) (rate({counter}[5m]))", "{{" + by + "}}")


BOARD = Board(
    "kentongan-itself",
    "Kentongan sendiri",
    About(
        "Apakah Kentongan melihat, tepat waktu dan menyampaikan pesannya.",
        "Whether Kentongan sees, is in time, and gets its messages away.",
    ),
    (
        row(
            "Sekarang",
            4,
            figure(
                "Penglihatan",
                About(
                    "Buta: tidak ada jawaban dari siapa pun dan jalur kita sendiri tidak ada.",
                    "Blind: nobody answers and our own way is gone.",
                ),
                "max(kentongan_blind)",
                words=SEEING,
            ),
            figure(
                "Jam dipercaya",
                About(
                    "Mini PC yang bangun di tahun 2021 tidak dipercaya jamnya.",
                    "The clock of a mini PC that wakes in 2021 is not believed.",
                ),
                "min(kentongan_clock_trusted)",
                words=TRUSTED,
            ),
            figure(
                "Perangkat ditanyai", About("Semua yang diawasi.", "All that are watched."), "sum(kentongan_devices)"
            ),
            figure(
                "Polling per detik",
                About("SNMP dan ICMP bersama.", "SNMP and ICMP together."),
                "sum(rate(kentongan_polls_total[5m]))",
                Unit.PER_SECOND,
                spark=True,
            ),
            figure(
                "Pesan menunggu",
                About("Umur pesan tertua ada di bawah.", "The age of the oldest stands below."),
                "kentongan_notifications_waiting",
                limits=WATCH_WHEN_ANY,
            ),
            figure(
                "Gagal menulis sejam",
                About(
                    "Transaksi basis data yang gagal dan diulang.",
                    "Database transactions that failed and are repeated.",
                ),
                "sum(increase(kentongan_database_failures_total[1h]))",
                limits=GOOD_WHEN_ZERO,
                decimals=0,
            ),
            figure(
                "Versi",
                About("Versi yang berjalan.", "The version that runs."),
                "kentongan_build_info",
                legend="{{version}}",
                named=True,
            ),
        ),
        row(
            "Polling",
            9,
            curve(
                "Polling",
                About("Per jenis.", "By kind."),
                _pace("kentongan_polls_total", "kind"),
                unit=Unit.PER_SECOND,
                lowest=0,
            ),
            curve(
                "Terlambat dan dilewati",
                About(
                    "Lebih dari satu dari dua puluh: mesinnya tidak sanggup.",
                    "More than one in twenty: the machine cannot keep up.",
                ),
                Query("sum by (kind) (rate(kentongan_polls_late_total[5m]))", "terlambat {{kind}}", Colour.DEGRADED),
                Query("sum by (kind) (rate(kentongan_polls_skipped_total[5m]))", "dilewati {{kind}}", Colour.DOWN),
                unit=Unit.PER_SECOND,
                lowest=0,
            ),
            curve(
                "Hasil polling SNMP",
                About("Menurut hasil.", "By outcome."),
                _pace("kentongan_poll_outcomes_total", "outcome"),
                unit=Unit.PER_SECOND,
                stacked=True,
                lowest=0,
            ),
        ),
        row(
            "",
            9,
            curve(
                "Nilai dan yang ditolak",
                About(
                    "Nilai yang dibaca per detik, dan yang tidak mungkin benar sehingga tidak ditampilkan.",
                    "Values read a second, and those that cannot be true and are not shown.",
                ),
                Query("sum(rate(kentongan_polled_values_total[5m]))", "dibaca", Colour.NILA),
                Query(
                    "sum by (reason) (rate(kentongan_polled_values_rejected_total[5m]))",
                    "ditolak {{reason}}",
                    Colour.DEGRADED,
                ),
                unit=Unit.PER_SECOND,
                lowest=0,
            ),
            curve(
                "Jawaban yang tidak dipercaya",
                About(
                    "Datagram yang tiba tetapi bukan jawaban kita: alamat, nomor atau OID salah.",
                    "Datagrams that came but are no answer of ours: wrong address, number or OID.",
                ),
                _pace("kentongan_answers_rejected_total", "reason"),
                unit=Unit.PER_SECOND,
                lowest=0,
            ),
            curve(
                "Antrean",
                About("Panjang dan yang terbuang.", "Length and what was dropped."),
                Query("kentongan_queue_length", "{{queue}}"),
                Query("rate(kentongan_queue_drops_total[5m])", "terbuang {{queue}}", Colour.DOWN),
                lowest=0,
            ),
        ),
        row(
            "Waktu",
            9,
            curve(
                "Keterlambatan putaran",
                About(
                    "Seberapa terlambat putaran peristiwa bangun. Di atas 0,5 detik ada yang menyita prosesor.",
                    "How late the event loop wakes. Beyond 0.5 s something takes the processor.",
                ),
                Query(_quantile("kentongan_loop_lag_seconds", 0.5), "median"),
                Query(_quantile("kentongan_loop_lag_seconds", 0.99), "99 %", Colour.DEGRADED),
                unit=Unit.SECONDS,
                lowest=0,
            ),
            curve(
                "Menulis ke basis data",
                About("Lama tiap transaksi, dan berapa yang gagal.", "Time of each transaction, and how many fail."),
                Query(_quantile("kentongan_database_write_seconds", 0.5), "median"),
                Query(_quantile("kentongan_database_write_seconds", 0.99), "99 %", Colour.DEGRADED),
                Query("rate(kentongan_database_failures_total[5m])", "gagal per detik", Colour.DOWN),
                unit=Unit.SECONDS,
                lowest=0,
            ),
            curve(
                "Menjawab scrape",
                About("Lama menulis satu jawaban /metrics.", "Time to write one answer of /metrics."),
                Query(_quantile("kentongan_exposition_seconds", 0.5), "median"),
                Query(_quantile("kentongan_exposition_seconds", 0.99), "99 %", Colour.DEGRADED),
                Query(
                    "rate(kentongan_sweep_handling_seconds_total[5m]) / rate(kentongan_sweeps_total[5m])",
                    "satu sapuan",
                    Colour.NILA,
                ),
                unit=Unit.SECONDS,
                lowest=0,
            ),
        ),
        row(
            "Pesan dan catatan",
            9,
            curve(
                "Pesan",
                About("Nasib pesan dalam sejam.", "What became of messages within an hour."),
                Query("sum by (fate) (increase(kentongan_notifications_total[1h]))", "{{fate}}"),
                stacked=True,
                lowest=0,
            ),
            curve(
                "Pesan tertua yang menunggu",
                About("Di atas seperempat jam gerbangnya bermasalah.", "Beyond a quarter of an hour a gateway fails."),
                Query("kentongan_notifications_oldest_seconds", "menunggu"),
                unit=Unit.SECONDS,
                lowest=0,
            ),
            curve(
                "Perubahan keadaan",
                About("Per menit, menurut keadaan baru.", "A minute, by the new state."),
                Query("60 * sum by (to) (rate(kentongan_state_changes_total[5m]))", "{{to}}"),
                stacked=True,
                lowest=0,
            ),
            curve(
                "Cadangan konfigurasi",
                About(
                    "Segar, usang, belum pernah; dan kegagalan menurut sebab.",
                    "Fresh, stale, never; and failures by cause.",
                ),
                Query("kentongan_config_backups", "{{state}}"),
                Query("kentongan_config_backup_failures", "gagal {{cause}}", Colour.DOWN),
                lowest=0,
            ),
        ),
        row(
            "Mesin",
            8,
            curve(
                "Memori",
                About("Proses Kentongan.", "Kentongan's process."),
                Query('process_resident_memory_bytes{job="kentongan"}', "memori"),
                unit=Unit.BYTES,
                lowest=0,
            ),
            curve(
                "Prosesor",
                About("Satu berarti satu inti penuh.", "One is a whole core."),
                Query('rate(process_cpu_seconds_total{job="kentongan"}[5m])', "inti"),
                lowest=0,
            ),
            curve(
                "Deret dan scrape",
                About("Deret yang siap, dan lama scrape Prometheus.", "Series prepared, and how long scrapes take."),
                Query("kentongan_exposition_series", "deret"),
                lowest=0,
            ),
            curve(
                "Penerimaan yang terbuang",
                About(
                    "Jawaban yang dibuang kernel karena penyangga penuh.",
                    "Answers the kernel dropped because a buffer was full.",
                ),
                Query("rate(kentongan_receive_buffer_drops_total[5m])", "{{socket}}", Colour.DOWN),
                unit=Unit.PER_SECOND,
                lowest=0,
            ),
        ),
    ),
    following=("kentongan-noc", "NOC: ringkasan"),
    console="/system",
)
