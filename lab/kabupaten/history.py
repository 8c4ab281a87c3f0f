"""How the villages came to be connected: each site's way from plan to use, by Purwakarta's published curve."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.network import Funding, Region, RegionCode, Stage, StageEntry

# Purwakarta's published figures: 102 of 183 desa connected, 42 of them by November 2019, 112 planned for 2020.
CONNECTED, EARLY, PLANNED, ALL = 102, 42, 112, 183
_LATE_PAPER = 20  # of so many documents one takes two months to arrive
_BEFORE = ((Stage.PLANNED, 300, "RKPD"), (Stage.FUNDED, 210, "DPA"), (Stage.BUILT, 14, "BAPP"))


@dataclass(frozen=True, slots=True)
class Choice:
    """The villages in the order of their connection, and what stands where."""

    connected: tuple[Region, ...]
    planned: tuple[Region, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One site's: where it stands, and since when it is in use or foreseen."""

    stage: Stage
    on: date
    number: int
    active: date | None = None
    document: str = ""
    funding: Funding = Funding.APBD

    def entries(self, slug: str) -> Iterator[StageEntry]:
        """Each stage with its document; most papers arrive within a week."""
        if self.active is not None:
            for stage, days, paper in _BEFORE:
                on = self.active - timedelta(days=days)
                yield StageEntry(slug, stage, on, f"{paper}/{self.number:03d}/{on.year}", on + timedelta(days=7))
            yield StageEntry(slug, Stage.ACTIVE, self.active, "", self.active)
        elif self.stage is Stage.FUNDED:
            on = self.on - timedelta(days=90)
            yield StageEntry(slug, Stage.PLANNED, on, f"RKPD/{self.number:03d}/{on.year}", on + timedelta(days=7))
        if self.stage is not Stage.ACTIVE:
            late = 60 if self.number % _LATE_PAPER == 0 else 7
            yield StageEntry(slug, self.stage, self.on, self.document, self.on + timedelta(days=late))


def stages_of(choice: Choice) -> dict[RegionCode, Way]:
    """42 of 102 in the two years before the end of November 2019, the rest in the year after; later ones ahead."""
    early = math.ceil(len(choice.connected) * EARLY / CONNECTED)
    late = len(choice.connected) - early
    ways = {}
    for number, village in enumerate(choice.connected):
        if number < early:
            day = date(2017, 12, 4) + timedelta(days=round(716 * number / max(early - 1, 1)))
        else:
            day = date(2019, 12, 9) + timedelta(days=round(330 * (number - early) / max(late - 1, 1)))
        signed = day + timedelta(days=21)
        handed_over = number < early + late // 2
        ways[village.code] = Way(
            Stage.HANDED_OVER if handed_over else Stage.ACTIVE,
            signed if handed_over else day,
            number + 1,
            day,
            f"BAST/{number + 1:03d}/DISKOMINFO/{signed.year}" if handed_over else "",
            Funding.DANA_DESA if number % 4 == 3 else Funding.APBD,
        )
    for number, village in enumerate(choice.planned):
        funded = number % 2 == 0
        ways[village.code] = Way(Stage.FUNDED if funded else Stage.PLANNED, date(2020, 12, 1), number + 1)
    return ways
