"""The kabupaten on a map: each site at its place, in the colour of what it has now."""

from exporters.dashboards.board import Board, Variable
from exporters.dashboards.panels import Column, figure, listing, map_of, row, to
from exporters.dashboards.vocabulary import WATCH_WHEN_ANY, About, Colour, Limits, Unit

_CHOSEN = 'kentongan_site_info{kind=~"$kind",kecamatan=~"$kecamatan"}'
_REACHED = Limits(Colour.UNKNOWN, ((0, Colour.DOWN), (0.01, Colour.DEGRADED), (1, Colour.UP)))
_WHERE = "max by (site, name, kind, desa, kecamatan)"
# -1: nothing of it is known, because nobody is asked there.
_UP = f"max by (site) (site:kentongan_up:ratio and on (site) {_CHOSEN}) or max by (site) ({_CHOSEN} * 0 - 1)"


def _villages(state: str) -> str:
    return f'sum(kentongan_villages{{kind="desa",state="{state}"}})'


BOARD = Board(
    "kentongan-map",
    "Peta kabupaten",
    About(
        "Semua situs pada peta. Merah: tidak ada perangkat yang menjawab; kuning: sebagian; abu-abu: tak diketahui.",
        "All sites on the map. Red: no device answers; amber: some do; grey: not known.",
    ),
    (
        row(
            "Cakupan desa",
            4,
            *(
                figure(title, about, _villages(state), link="${console}/coverage")
                for title, state, about in (
                    (
                        "Terhubung",
                        "connected",
                        About(
                            "Desa yang menurut dokumen terhubung: situsnya aktif atau sudah diserahterimakan.",
                            "Villages connected by documents: their site is active or handed over.",
                        ),
                    ),
                    (
                        "Terlayani",
                        "served",
                        About(
                            "Desa yang menurut ukuran 30 hari benar-benar dilayani. Kosong sebelum ada ukuran.",
                            "Villages that are really served, as measured over 30 days. None before it is measured.",
                        ),
                    ),
                    (
                        "Tidak terlayani",
                        "not-served",
                        About(
                            "Desa yang diukur dan tidak cukup terlayani.",
                            "Villages that were measured and are not served well enough.",
                        ),
                    ),
                    (
                        "Tidak terukur",
                        "unmeasured",
                        About(
                            "Desa dengan penyedia sendiri, BAKTI, tanpa internet, atau tanpa cara mengukurnya.",
                            "Villages with a provider of their own, BAKTI, no internet, or no way to measure.",
                        ),
                    ),
                )
            ),
            figure(
                "Target tertinggi",
                About(
                    "Desa terhubung yang dijanjikan, angka tertinggi dari semua target.",
                    "Connected villages that were promised, the highest of all targets.",
                ),
                "max(kentongan_villages_target)",
                limits=Limits(Colour.SOGA),
            ),
        ),
        row(
            "Peta",
            20,
            map_of(
                "Situs",
                About(
                    "Tiap titik satu situs di koordinat dari sites.csv. Pilih titik untuk membuka desa atau "
                    "perangkatnya. Peta dasar diambil dari internet; tanpa itu titiknya tetap tampil.",
                    "A point for each site, where sites.csv has it. Choose one to open its devices. The base map comes "
                    "from the internet; without it the points remain.",
                ),
                (
                    f"{_WHERE} ({_CHOSEN})",
                    f"max by (site) (kentongan_site_latitude_degrees and on (site) {_CHOSEN})",
                    f"max by (site) (kentongan_site_longitude_degrees and on (site) {_CHOSEN})",
                    _UP,
                ),
                (
                    Column("name", "nama"),
                    Column("kind", "jenis"),
                    Column("desa", "desa"),
                    Column("kecamatan", "kecamatan"),
                    Column("site", "situs"),
                    Column("Value #B", "latitude"),
                    Column("Value #C", "longitude"),
                    Column("Value #D", "terjangkau", Unit.RATIO, 0, _REACHED),
                ),
                key="site",
                colour="terjangkau",
                link=to("kentongan-device", site="${__data.fields.situs}"),
            ),
        ),
        row(
            "Yang tidak hijau",
            9,
            listing(
                "Situs yang terganggu",
                About(
                    "Situs yang perangkatnya tidak semua menjawab; tanpa gangguan tampil yang terendah.",
                    "Sites of which not all devices answer; without any, the lowest.",
                ),
                (
                    f"max by (site, name, kecamatan) ({_CHOSEN} and on (site) (bottomk(30, site:kentongan_up:ratio)))",
                    "bottomk(30, max by (site) (site:kentongan_up:ratio))",
                ),
                (
                    Column("name", "nama"),
                    Column("kecamatan", "kecamatan"),
                    Column("Value #B", "terjangkau", Unit.RATIO, 0, _REACHED),
                    Column("site", "situs", link=to("kentongan-device", site="${__value.raw}")),
                ),
                key="site",
                sort="terjangkau",
                descending=False,
                width=16,
            ),
            figure(
                "Situs tanpa koordinat",
                About(
                    "Situs yang tidak dapat digambar: lengkapi latitude dan longitude di sites.csv.",
                    "Sites that cannot be drawn: give them latitude and longitude in sites.csv.",
                ),
                "count(kentongan_site_info unless on (site) kentongan_site_latitude_degrees) or vector(0)",
                limits=WATCH_WHEN_ANY,
            ),
        ),
    ),
    following=("kentongan-kecamatan", "Kecamatan"),
    variables=(
        Variable("kind", "Jenis situs", "kentongan_site_info", several=True),
        Variable("kecamatan", "Kecamatan", 'kentongan_site_info{kecamatan!=""}', several=True),
    ),
    console="/coverage",
)
