"""The rows of an availability report: by village, kecamatan, agency, link or provider.

Pure. A row of several things is the sum of their times, each weighing alike. Texts in
the inventory that cannot be read (service hours, penalty rules) are named beside the figures, and not guessed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, tzinfo
from enum import StrEnum

from domain.availability.figures import Figure, figure_of, together
from domain.availability.hours import PowerProfile, hours_text
from domain.availability.in_service import ServiceDays
from domain.availability.lines import Line, Restitution, line_of, restitution
from domain.availability.records import History, Records
from domain.availability.spans import Spans, common, datetime_of, micros_of
from domain.availability.timeline import Timeline
from domain.language import _
from domain.network import Contract, Link, LinkPurpose, Site, SiteKind, parent_of
from domain.time import ALWAYS, HoursError, WeeklyHours


class By(StrEnum):
    DESA = "desa"
    KECAMATAN = "kecamatan"
    OPD = "opd"
    LINK = "link"
    PROVIDER = "provider"


VILLAGES = frozenset({SiteKind.DESA, SiteKind.KELURAHAN})
AGENCIES = frozenset({SiteKind.OPD, SiteKind.UPTD})


@dataclass(frozen=True, slots=True)
class Row:
    """key: region code, agency, link or provider. kecamatan: empty where it makes no sense."""

    key: str
    name: str
    kecamatan: str
    figure: Figure
    restitutions: tuple[Restitution, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """rows: sorted by key. problems: what of the inventory could not be read, in words."""

    by: By
    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Reporter:
    """One period of one kabupaten. names: region code → name. holidays: days on which offices are closed."""

    records: Records
    names: Mapping[str, str]
    zone: tzinfo
    holidays: Collection[date] = ()
    history: History = field(init=False)
    in_service: ServiceDays = field(init=False)
    _spans: dict[WeeklyHours, Spans] = field(init=False, default_factory=dict)
    _problems: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.history = History(self.records)
        self.in_service = ServiceDays(self.records.inventory, self.zone, self.records.span)

    def report(self, by: By) -> Report:
        self._problems = []
        make: Mapping[By, Callable[[], Iterable[Row]]] = {
            By.DESA: self._villages,
            By.KECAMATAN: self._districts,
            By.OPD: self._agencies,
            By.LINK: self._links,
            By.PROVIDER: self._providers,
        }
        rows = tuple(sorted(make[by](), key=lambda row: row.key))
        return Report(by, rows, tuple(dict.fromkeys(self._problems)))

    def _villages(self) -> Iterable[Row]:
        for code, sites in self._sites(VILLAGES, lambda site: site.region_code or site.slug).items():
            name = self.names.get(code) or sites[0].name
            yield Row(code, name, self._district(sites[0]), self._of_place(sites))

    def _districts(self) -> Iterable[Row]:
        inside: dict[str, list[Figure]] = defaultdict(list)
        for row in self._villages():
            inside[parent_of(row.key) or ""].append(row.figure)
        for code, figures in inside.items():
            yield Row(code, self.names.get(code, code), "", together(figures))

    def _agencies(self) -> Iterable[Row]:
        for name, sites in self._sites(AGENCIES, lambda site: site.organisation or site.name).items():
            kecamatan = self._district(sites[0]) if len(sites) == 1 else ""
            yield Row(name, name, kecamatan, together(self._of_place([site]) for site in sites))

    def _links(self) -> Iterable[Row]:
        for line in self._lines():
            yield Row(line.link.name, line.link.circuit_id or line.link.name, "", line.figure)

    def _providers(self) -> Iterable[Row]:
        contracts = {contract.id: contract for contract in self.records.inventory.contracts}
        lines: dict[str, list[Line]] = defaultdict(list)
        for line in self._lines():
            provider = _provider(line.link, contracts)
            if provider:
                lines[provider].append(line)
        start, end = (datetime_of(micros) for micros in self.records.span)
        days = start.astimezone(self.zone).date(), (end - timedelta(microseconds=1)).astimezone(self.zone).date()
        for provider, own in lines.items():
            paid: dict[str, list[Line]] = defaultdict(list)
            for line in own:
                paid[line.link.contract].append(line)
            owed = tuple(restitution(contracts[id_], paid[id_], *days) for id_ in sorted(paid) if id_ in contracts)
            yield Row(provider, provider, "", together(line.figure for line in own), owed)

    def _lines(self) -> Iterable[Line]:
        contracts = {contract.id: contract for contract in self.records.inventory.contracts}
        for link in self.records.inventory.links:
            days = self.in_service.of_link(link) if link.purpose is LinkPurpose.SERVICE else ()
            if days:
                contract = contracts.get(link.contract)
                hours = self._hours(link.contract, contract.service_hours if contract else "")
                yield line_of(link, self.history, common(hours, days), contract)

    def _sites(self, kinds: Collection[SiteKind], key: Callable[[Site], str]) -> Mapping[str, list[Site]]:
        found: dict[str, list[Site]] = defaultdict(list)
        for site in self.records.inventory.sites:
            if site.kind in kinds and self.in_service.of_site(site):
                found[key(site)].append(site)
        return found

    def of_place(self, sites: Sequence[Site]) -> tuple[Timeline, Spans]:
        """What the figure of a village or an agency is made of: how it stood, and when it was to work."""
        carriers, _named, hours = self._counted(sites)
        return self.history.of_devices(carriers), hours

    def _of_place(self, sites: Sequence[Site]) -> Figure:
        carriers, named, hours = self._counted(sites)
        dark = PowerProfile.of(named).expected_dark
        return figure_of(
            self.history.of_devices(carriers),
            hours,
            self.history.held(carriers),
            self._spans_of(dark) if dark else (),
        )

    def _counted(self, sites: Sequence[Site]) -> tuple[list[str], Site, Spans]:
        """Of one village or agency: up where any of its sites is, in the hours of the first that has some."""
        counted = [site for site in sites if site.counts_for_coverage] or sites
        named = next((site for site in counted if site.service_hours), counted[0])
        hours = self._hours(named.slug, hours_text(named, self._contract_of(named)))
        carriers = [device.name for site in counted for device in self.history.carriers(site.slug)]
        return carriers, named, common(hours, self.in_service.of_sites(counted))

    def _contract_of(self, site: Site) -> Contract | None:
        return next((each for each in self.records.inventory.contracts if each.id == site.contract), None)

    def _district(self, site: Site) -> str:
        code = (
            parent_of(site.region_code) if site.region_code and site.region_code.count(".") == 3 else site.region_code
        )
        return self.names.get(code or "", "")

    def _hours(self, whose: str, text: str) -> Spans:
        try:
            return self._spans_of(WeeklyHours.parse(text))
        except HoursError as error:
            self._problems.append(
                _("{name}: {problem} Counted round the clock until it is mended.").format(name=whose, problem=error)
            )
            return self._spans_of(ALWAYS)

    def _spans_of(self, hours: WeeklyHours) -> Spans:
        found = self._spans.get(hours)
        if found is None:
            start, end = (datetime_of(micros) for micros in self.records.span)
            pairs = hours.intervals(start, end, self.zone, self.holidays)
            found = self._spans[hours] = tuple((micros_of(begin), micros_of(until)) for begin, until in pairs)
        return found


def _provider(link: Link, contracts: Mapping[str, Contract]) -> str:
    contract = contracts.get(link.contract)
    return link.provider or (contract.provider if contract else "")
