"""Indicators of the master plan as the office keeps them: one row for each half-year.

Pillars are those of the national programme (governance, branding, economy, living, society, environment), the two of
the older set beside them (mobility, people), and SPBE, whose indicators are an annex of their own.
"""

from dataclasses import dataclass
from enum import StrEnum


class Pillar(StrEnum):
    GOVERNANCE = "governance"
    BRANDING = "branding"
    ECONOMY = "economy"
    LIVING = "living"
    SOCIETY = "society"
    ENVIRONMENT = "environment"
    MOBILITY = "mobility"
    PEOPLE = "people"
    SPBE = "spbe"


class Level(StrEnum):
    """How far towards the citizen an indicator looks."""

    OUTPUT = "output"
    OUTCOME = "outcome"
    IMPACT = "impact"
    QUICK_WIN = "quick-win"


class Measure(StrEnum):
    """Figures that Kentongan itself can give, at the last day of a half-year or over it."""

    DESA_CONNECTED = "desa-connected"
    DESA_CONNECTED_PERCENT = "desa-connected-percent"
    DESA_SERVED = "desa-served"
    DESA_SERVED_PERCENT = "desa-served-percent"
    DESA_UNMEASURED = "desa-unmeasured"
    KELURAHAN_CONNECTED = "kelurahan-connected"
    DESA_AVAILABILITY = "desa-availability"
    OPD_AVAILABILITY = "opd-availability"
    PROVIDER_AVAILABILITY = "provider-availability"
    INCIDENTS = "incidents"
    REPAIR_HOURS = "repair-hours"
    ACKNOWLEDGE_MINUTES = "acknowledge-minutes"
    OPD_SITES = "opd-sites"
    PUBLIC_SITES = "public-sites"
    CCTV_SITES = "cctv-sites"
    SERVICES = "services"
    PUBLIC_SERVICES = "public-services"


@dataclass(frozen=True, slots=True)
class PlanIndicator:
    """Key: (half, code). half: `2026-H1`. value: typed by the office, with its source; measured: a figure of ours.

    baseline: where the plan began. None: not known; it is never 0. lower_is_better: of faults and of times.
    """

    half: str
    code: str
    pillar: Pillar
    name: str
    level: Level = Level.OUTPUT
    unit: str = ""
    baseline: float | None = None
    target: float | None = None
    value: float | None = None
    measured: Measure | None = None
    source: str = ""
    lower_is_better: bool = False
    owner: str = ""
    note: str = ""


_WORDS = {
    Pillar.GOVERNANCE: ("tata kelola", "pemerintahan", "birokrasi"),
    Pillar.BRANDING: ("pariwisata", "citra daerah"),
    Pillar.ECONOMY: ("ekonomi", "perekonomian"),
    Pillar.LIVING: ("kehidupan", "hidup", "kesehatan"),
    Pillar.SOCIETY: ("masyarakat", "pendidikan", "sosial"),
    Pillar.ENVIRONMENT: ("lingkungan", "lingkungan hidup"),
    Pillar.MOBILITY: ("mobilitas", "transportasi"),
    Pillar.PEOPLE: ("manusia", "sdm"),
    Pillar.SPBE: ("lampiran spbe", "indeks spbe"),
}


def pillar_words(pillar: Pillar) -> tuple[str, ...]:
    """What else a pillar is called, in small letters."""
    return (f"smart {pillar.value}", *_WORDS[pillar])


def pillar_of(text: str) -> Pillar | None:
    """Which pillar a free text means, as in services.csv; None: nobody can tell."""
    folded = " ".join(text.casefold().replace("-", " ").split())
    for pillar in Pillar:
        if folded == pillar.value or folded in pillar_words(pillar):
            return pillar
    return None


def half_before(half: str) -> str:
    """2026-H1 → 2025-H2."""
    year, _dash, part = half.partition("-")
    return f"{year}-H1" if part == "H2" else f"{int(year) - 1}-H2"
