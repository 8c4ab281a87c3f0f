"""Coverage of the country: 83,762 villages with a site each, four years of stages, evidence of service of both ends of
every window that is asked for. Read from SQLite as the command does, then any date, whole and by kecamatan.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import insert

from domain.coverage.evidence import Demands
from domain.coverage.picture import CoverageHistory, Sort
from domain.coverage.villages import VillageBook
from domain.network import Internet, PollClassName, RegionCode, Site, SiteKind, Stage, Village
from inventory.regions import shipped_regions
from inventory.store import SqlInventoryStore
from inventory.store.coverage import SqlCoverageStore
from inventory.store.coverage_tables import village_evidence
from inventory.store.tables import stages
from kentongan.database import Database
from kentongan.store.schema import upgrade

VILLAGES = 83_762
BEGIN, TODAY = date(2022, 11, 22), date(2026, 11, 22)
DATES = tuple(TODAY - timedelta(days=180 * number) for number in range(6))
WAY = (Stage.PLANNED, Stage.FUNDED, Stage.BUILT, Stage.ACTIVE, Stage.HANDED_OVER)
BATCH = 50_000


def measure(folder: Path, villages: int) -> dict[str, object]:
    database = Database(f"sqlite:///{folder / 'coverage.db'}")
    database.start()
    try:
        upgrade(database.engine)
        codes = [region.code for region in shipped_regions()]
        written = _fill(database, [code for code in codes if code.count(".") == 3][:villages])
        return {"villages": villages, "entries": written, **_ask(database, codes)}
    finally:
        database.stop()


def _ask(database: Database, codes: Sequence[str]) -> dict[str, object]:
    store, demands = SqlCoverageStore(database.engine), Demands()
    began, cpu = time.perf_counter(), time.process_time()
    book = VillageBook.of(codes, store.statistics())
    ground, rows = store.ground()
    history = CoverageHistory.of(book, ground, rows)
    opened = time.perf_counter() - began, time.process_time() - cpu
    answers, spent, connected = [], [], 0
    for on in DATES:
        began, cpu = time.perf_counter(), time.process_time()
        window = store.window(history.codes, on, demands.window_days)
        picture = history.picture(on, TODAY, window, demands)
        connected = picture.counts(picture.mask(Sort.DESA)).connected
        districts = sum(1 for sort in Sort for _code, _counts in picture.by_district(sort))
        answers.append(time.perf_counter() - began)
        spent.append(time.process_time() - cpu)
    return {
        "openSeconds": round(opened[0], 2),
        "openCpuSeconds": round(opened[1], 2),
        "dateSeconds": [round(each, 3) for each in answers],
        "dateCpuSeconds": [round(each, 3) for each in spent],
        "slowestDateSeconds": round(max(answers), 3),
        "slowestDateCpuSeconds": round(max(spent), 3),
        "dates": len(DATES),
        "districts": districts,
        "connectedFirst": connected,
    }


def _fill(database: Database, codes: Sequence[str]) -> int:
    dice = random.Random(1)
    inventory = SqlInventoryStore(database.engine)
    sites = [Site(f"s-{code}", code, SiteKind.DESA, RegionCode(code)) for code in codes]
    people = [Village(RegionCode(code), 2024, 4_000, internet=dice.choice(list(Internet))) for code in codes]
    inventory.write([*sites, *people])
    entries = []
    for code in codes:
        on = BEGIN + timedelta(days=dice.randrange(1_200))
        for number, stage in enumerate(WAY[: dice.randint(1, 5)]):
            on += timedelta(days=dice.randrange(5, 60))
            row = {
                "slug": f"s-{code}",
                "stage": stage,
                "on": on,
                "document_no": f"D/{number}/{code}",
                "recorded_on": on,
            }
            entries.append(row)
    with database.engine.begin() as connection:
        for first in range(0, len(entries), BATCH):
            connection.execute(insert(stages), entries[first : first + BATCH])
        for on in sorted({each for day in DATES for each in (day, day - timedelta(days=30))}):
            connection.execute(insert(village_evidence), [_evidence(code, on, dice) for code in codes])
    return len(entries)


def _evidence(code: str, on: date, dice: random.Random) -> dict[str, object]:
    days = (on - BEGIN).days + 200
    up = 36_000 * days - dice.randrange(90_000)
    return {
        "day": on,
        "region_code": code,
        "service_total": 36_000 * days,
        "up_total": up,
        "dark_total": 36_000 * days - up,
        "use_days_total": days * dice.randrange(2),
        "speed_on": None,
        "speed_mbps": None,
        "class_": PollClassName.FIBRE,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--villages", type=int, default=VILLAGES)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kentongan-coverage-") as folder:
        print(json.dumps(measure(Path(folder), options.villages)))


if __name__ == "__main__":
    main()
