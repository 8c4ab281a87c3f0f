"""Reads the region files in this folder: gzip, CSV, columns `code` and `name`, the parent's code between them."""

import csv
import gzip
import io
from collections.abc import Iterator
from importlib.resources import files

from domain.network import Region, RegionCode

FILES = ("provinces.csv.gz", "regencies.csv.gz", "districts.csv.gz", "villages.csv.gz")


def shipped_regions() -> Iterator[Region]:
    """All provinces, then kabupaten and kota, kecamatan, villages: parents before their children."""
    for name in FILES:
        packed = files(__package__).joinpath(name).read_bytes()
        rows = csv.reader(io.StringIO(gzip.decompress(packed).decode("utf-8"), newline=""))
        next(rows)
        for code, *_parent, title in rows:
            yield Region(RegionCode(code), title)
