"""When sites and lines were in service: their stages, day by day. What was not yet, or not any more, is not counted.

A month that is looked at again a year later has the sites it had: those that came since were not in service then.
Suspended ones stay, for they are dark to those who used them. Pure.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from domain.availability.spans import Micros, Spans, common, micros_of, spans_of
from domain.coverage.stages import in_order
from domain.network import Inventory, Link, Site, Stage, StageEntry

IN_SERVICE: Final = frozenset({Stage.ACTIVE, Stage.HANDED_OVER, Stage.SUSPENDED})


class ServiceDays:
    """One inventory in one period. zone: of the days of documents."""

    def __init__(self, inventory: Inventory, zone: tzinfo, span: tuple[Micros, Micros]) -> None:
        self._inventory, self._zone, self._span = inventory, zone, span
        self._entries: dict[str, list[StageEntry]] = defaultdict(list)
        for entry in inventory.stages:
            self._entries[entry.slug].append(entry)
        self._site_of = {device.name: device.site for device in inventory.devices}
        self._found: dict[str, Spans] = {}

    def of_site(self, site: Site) -> Spans:
        """Inside the period; empty if it was not in service in it. Without a date it always was what it is."""
        found = self._found.get(site.slug)
        if found is None:
            found = self._found[site.slug] = common(self._since(site), (self._span,))
        return found

    def of_sites(self, sites: Sequence[Site]) -> Spans:
        """When any of them was."""
        return spans_of(span for site in sites for span in self.of_site(site))

    def of_link(self, link: Link) -> Spans:
        """When the places at its ends were, as far as they are known."""
        found: Spans = (self._span,)
        for name in (link.a_device, link.z_device):
            site = self._inventory.site_by_slug.get(self._site_of.get(name, ""))
            if site is not None:
                found = common(found, self.of_site(site))
        return found

    def _since(self, site: Site) -> Spans:
        entries = in_order(self._entries.get(site.slug, ()))
        if not entries:
            start = self._midnight(site.stage_date) if site.stage_date else self._span[0]
            return ((start, self._span[1]),) if site.stage in IN_SERVICE and start < self._span[1] else ()
        starts = [self._midnight(entry.on) for entry in entries]
        ends = [*starts[1:], max(self._span[1], starts[-1])]
        return spans_of(
            (start, end) for entry, start, end in zip(entries, starts, ends, strict=True) if entry.stage in IN_SERVICE
        )

    def _midnight(self, day: date) -> Micros:
        return micros_of(datetime(day.year, day.month, day.day, tzinfo=self._zone))
