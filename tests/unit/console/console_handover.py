"""A shift in memory: somebody has Plered's incident until soon, work runs in Tegalwaru."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from console.ports.handover import TakenOver, Work
from domain.incidents import MACHINE, Act, ActKind
from tests.unit.console.console_office import EVIL, NOW, PLERED, TEGALWARU

HOUR = timedelta(hours=1)


@dataclass
class MemoryShifts:
    kept: list[Act] = field(
        default_factory=lambda: [
            Act("plrd-0001", NOW - HOUR, MACHINE, ActKind.OPENED),
            Act("plrd-0001", NOW - HOUR / 2, "asep", ActKind.ACKNOWLEDGED, f"jalan{EVIL}",
                {"until": (NOW + 2 * HOUR).isoformat()}),
            Act("tgwr-0001", NOW - 2.5 * HOUR, "budi", ActKind.ACKNOWLEDGED, "",
                {"until": (NOW - HOUR).isoformat()}),
            Act("gone-0001", NOW - HOUR, "cici", ActKind.NOTE, "of an incident that nobody sees"),
        ]
    )  # fmt: skip
    took: list[TakenOver] = field(default_factory=lambda: [TakenOver(NOW - 8 * HOUR, "dewi", (TEGALWARU,), "=1+1")])
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)

    def begins(self) -> Sequence[time]:
        return (time(7), time(15), time(23))

    def acts(self, since: datetime, until: datetime) -> Sequence[Act]:
        self.asked.append((since, until))
        return [act for act in self.kept if since <= act.at < until]

    def works(self, since: datetime, until: datetime) -> Sequence[Work]:
        return [
            Work("m-1", "own", (("site", "desa-cadassari"),), NOW - HOUR, None, EVIL, "", "budi"),
            Work("m-2", "pln", (("area", PLERED),), NOW + HOUR, NOW + 2 * HOUR, "gardu", "", "asep"),
            Work("m-3", "provider", (("link", "fo-1"),), NOW + HOUR, NOW + 2 * HOUR, "", "Telkom", "asep"),
        ]

    def taken(self, since: datetime) -> Sequence[TakenOver]:
        return self.took

    def take(self, taken: TakenOver) -> None:
        self.took.insert(0, taken)

    def on_duty(self) -> Sequence[str]:
        return ["Asep", EVIL]
