"""What the live view shows of the service at this moment. How it looks is `live`'s."""

from typing import TYPE_CHECKING

from kentongan.run.live import View

if TYPE_CHECKING:
    from kentongan.run.service import Service

SHOWN_CHANGES = 10
PATHS = ("metrics", "sd/prometheus", "healthz", "readyz")


class Glance:
    """Rates are since the last look."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._counted = (0.0, 0, 0)

    def look(self, title: str, hints: tuple[str, ...]) -> View:
        service = self._service
        tally, summary, codes = service.tally, service.takeover.summary, service.board.codes
        now = service.clock.now()
        before, polls, values = self._counted
        self._counted = (now.steady_seconds, tally.polls, tally.values)
        elapsed = max(now.steady_seconds - before, 1e-3)
        service.count_late()
        return View(
            title=title,
            at=now.utc,
            sites=summary.sites(codes) if summary else {},
            devices=summary.devices(codes) if summary else {},
            polls_per_second=(tally.polls - polls) / elapsed,
            values_per_second=(tally.values - values) / elapsed,
            lost=tally.polls_lost,
            late=tally.polls_late,
            discovering=service.discoverer.queue_length,
            changes=tuple(list(tally.changes)[-SHOWN_CHANGES:][::-1]),
            addresses={path: f"{service.exporter.url}/{path}" for path in PATHS},
            hints=hints,
        )
