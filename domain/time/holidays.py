"""Public holidays as data, and the reader of an office's own list (local holidays, later years).

A year that is not in the list has no holidays here; `knows` says so, so that a report can say it too.
"""

import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO
from types import MappingProxyType
from typing import Final

from domain.language import _

# Keputusan Bersama Menteri Agama, Menteri Ketenagakerjaan dan Menteri PANRB No. 1497/2025, 2/2025 and 5/2025:
# 17 national holidays and 8 days of collective leave (cuti bersama), on which offices are closed as well.
_2026: Final = """
2026-01-01 Tahun Baru 2026 Masehi
2026-01-16 Isra Mikraj Nabi Muhammad SAW
2026-02-16 Cuti bersama Tahun Baru Imlek
2026-02-17 Tahun Baru Imlek 2577 Kongzili
2026-03-18 Cuti bersama Hari Suci Nyepi
2026-03-19 Hari Suci Nyepi (Tahun Baru Saka 1948)
2026-03-20 Cuti bersama Idulfitri
2026-03-21 Idulfitri 1447 Hijriah
2026-03-22 Idulfitri 1447 Hijriah
2026-03-23 Cuti bersama Idulfitri
2026-03-24 Cuti bersama Idulfitri
2026-04-03 Wafat Yesus Kristus
2026-04-05 Kebangkitan Yesus Kristus (Paskah)
2026-05-01 Hari Buruh Internasional
2026-05-14 Kenaikan Yesus Kristus
2026-05-15 Cuti bersama Kenaikan Yesus Kristus
2026-05-27 Iduladha 1447 Hijriah
2026-05-28 Cuti bersama Iduladha
2026-05-31 Hari Raya Waisak 2570 BE
2026-06-01 Hari Lahir Pancasila
2026-06-16 1 Muharam, Tahun Baru Islam 1448 Hijriah
2026-08-17 Proklamasi Kemerdekaan
2026-08-25 Maulid Nabi Muhammad SAW
2026-12-24 Cuti bersama Natal
2026-12-25 Kelahiran Yesus Kristus
"""

NATIONAL: Final[Mapping[date, str]] = MappingProxyType(
    {date.fromisoformat(line[:10]): line[11:] for line in _2026.strip().splitlines()}
)


def knows(year: int, holidays: Mapping[date, str] = NATIONAL) -> bool:
    return any(day.year == year for day in holidays)


def read_holidays(text: str) -> dict[date, str]:
    """An office's own list: one line each, `2027-01-01,Tahun Baru` (comma or semicolon; a header is skipped).

    Raises ValueError that names the line.
    """
    found: dict[date, str] = {}
    rows = csv.reader(StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    for number, row in enumerate(rows, 1):
        if not row or not row[0].strip() or (number == 1 and not row[0].strip()[:1].isdigit()):
            continue
        try:
            day = date.fromisoformat(row[0].strip())
        except ValueError:
            raise ValueError(
                _("holidays, line {number}: '{text}' is not a date. Write 2027-01-31.").format(
                    number=number, text=row[0]
                )
            ) from None
        found[day] = row[1].strip() if len(row) > 1 else ""
    return found
