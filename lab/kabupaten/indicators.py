"""The master plan of the simulated office: promises for each half-year; figures that somebody typed are invented."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from domain.evaluation.indicators import Level, Measure, Pillar, PlanIndicator
from lab.kabupaten.history import ALL

HALVES: Final = ("2019-H1", "2019-H2", "2020-H1", "2020-H2")
SOURCE: Final = "angka simulasi"
OWNER: Final = "Diskominfo"


class _Measured(NamedTuple):
    """targets: of the halves, in their order."""

    code: str
    pillar: Pillar
    name: str
    unit: str
    measure: Measure
    targets: tuple[float, float, float, float]
    level: Level = Level.OUTPUT
    lower_is_better: bool = False


class _Typed(NamedTuple):
    """values: of the halves, as the office wrote them down."""

    code: str
    pillar: Pillar
    name: str
    unit: str
    baseline: float
    target: float
    values: tuple[float, float, float, float]
    level: Level = Level.OUTCOME


MEASURED: Final = (
    _Measured("SG-1", Pillar.GOVERNANCE, "Desa terhubung", "desa", Measure.DESA_CONNECTED, (25, 42, 75, 112)),
    _Measured(
        "SG-2", Pillar.GOVERNANCE, "Desa terlayani", "desa", Measure.DESA_SERVED, (25, 42, 75, 112), Level.OUTCOME
    ),
    _Measured("SG-3", Pillar.GOVERNANCE, "Ketersediaan internet OPD", "%", Measure.OPD_AVAILABILITY, (99, 99, 99, 99)),
    _Measured("SL-1", Pillar.LIVING, "Titik CCTV", "titik", Measure.CCTV_SITES, (76, 76, 76, 76), Level.QUICK_WIN),
    _Measured(
        "SS-1", Pillar.SOCIETY, "Ketersediaan internet desa", "%", Measure.DESA_AVAILABILITY, (97, 97, 98, 98),
        Level.OUTCOME,
    ),
    _Measured(
        "SE-1", Pillar.ENVIRONMENT, "Waktu pemulihan gangguan", "jam", Measure.REPAIR_HOURS, (8, 8, 6, 6),
        Level.OUTCOME, lower_is_better=True,
    ),
    _Measured("SP-2", Pillar.SPBE, "Layanan publik daring", "layanan", Measure.PUBLIC_SERVICES, (5, 5, 6, 6)),
)  # fmt: skip
TYPED: Final = (
    _Typed("SB-1", Pillar.BRANDING, "Kunjungan wisata", "ribu orang", 1900, 2500, (1020, 1160, 430, 610)),
    _Typed("SC-1", Pillar.ECONOMY, "UMKM yang berjualan daring", "usaha", 310, 900, (340, 395, 520, 688), Level.IMPACT),
    _Typed("SP-1", Pillar.SPBE, "Indeks SPBE", "indeks", 1.9, 2.6, (1.9, 2.0, 2.1, 2.3)),
)


def indicators(desa: int) -> tuple[PlanIndicator, ...]:
    """One row for each indicator and half-year of the curve's two years; promises of desa are shares of so many."""
    return tuple(sorted(_rows(desa / ALL), key=lambda row: (row.half, row.code)))


def _rows(share: float) -> Iterator[PlanIndicator]:
    for at, half in enumerate(HALVES):
        for each in MEASURED:
            target = float(round(each.targets[at] * share) if each.unit == "desa" else each.targets[at])
            yield PlanIndicator(
                half, each.code, each.pillar, each.name, each.level, each.unit, 0.0, target,
                measured=each.measure, lower_is_better=each.lower_is_better, owner=OWNER,
            )  # fmt: skip
        for row in TYPED:
            yield PlanIndicator(
                half, row.code, row.pillar, row.name, row.level, row.unit, float(row.baseline), float(row.target),
                float(row.values[at]), source=SOURCE, owner="Bappeda",
            )  # fmt: skip
