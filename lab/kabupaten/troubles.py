"""What goes wrong in a simulated kabupaten, month by month: cables dug up, feeders, tokens, providers, the weather.

The same for the same seed and month, however long the history is that it belongs to. Pure; times are unix seconds.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from domain.incidents import ClosingCause
from domain.network import Check, Inventory, Link, Medium, Meter, Role, SegmentKind, Site, SiteKind

HOUR: Final = 3600.0
DAY: Final = 86_400.0
_VILLAGE: Final = (SiteKind.DESA, SiteKind.KELURAHAN)
_WET: Final = frozenset({11, 12, 1, 2, 3})
_POOR_SHARE: Final = 0.35
"""Of the villages' lines to providers: so many are out for days, month after month."""

_USUAL: Final = 106
"""Village sites of the kabupaten for which the rates are written."""


class Deed(StrEnum):
    """What happens; the words of the simulated world's orders where it has one."""

    CUT = "cut"
    FEEDER = "power-feeder-off"
    POWER = "power-off"
    HANG = "reboot"
    DIM = "dim"


@dataclass(frozen=True, slots=True)
class Trouble:
    """names: links, segments, feeders, sites or devices, by the deed. found, words: what the people say who mend it.

    party: the provider. planned: our own work, announced. db: how much light is gone at the end.
    """

    at: float
    until: float
    deed: Deed
    names: tuple[str, ...]
    found: ClosingCause
    words: str = ""
    party: str = ""
    planned: bool = False
    db: float = 0.0


_CABLE: Final = (
    (ClosingCause.GALIAN, 0.42, ("kabel putus tergali proyek jalan", "terkena galian pipa PDAM", "tergali alat berat")),
    (ClosingCause.POHON, 0.24, ("kabel tertimpa pohon tumbang", "dahan menimpa kabel")),
    (ClosingCause.TIKUS, 0.14, ("kabel digigit tikus di closure",)),
    (ClosingCause.VANDAL, 0.08, ("kabel dipotong orang",)),
    (ClosingCause.PENCURIAN, 0.05, ("kabel dicuri sepanjang 80 m",)),
    (ClosingCause.KONFIGURASI, 0.07, ("konektor lepas di ODP", "patch cord longgar")),
)
_DEVICE: Final = (
    (ClosingCause.PETIR, 0.3, ("adaptor terbakar kena petir", "port rusak kena petir")),
    (ClosingCause.KONFIGURASI, 0.4, ("router hang, dinyalakan ulang", "konfigurasi dipulihkan")),
    (ClosingCause.TIDAK_DITEMUKAN, 0.3, ("normal sendiri sebelum diperiksa",)),
)


@dataclass(slots=True)
class _Places:
    """Where something may happen."""

    access: list[str] = field(default_factory=list)
    ring: list[str] = field(default_factory=list)
    feeders: list[str] = field(default_factory=list)
    prepaid: list[str] = field(default_factory=list)
    villages: list[str] = field(default_factory=list)
    devices: list[str] = field(default_factory=list)
    radios: list[str] = field(default_factory=list)
    lines: dict[str, str] = field(default_factory=dict)  # a village's line → its provider
    poor: list[str] = field(default_factory=list)  # lines that are out for days
    fibres: list[str] = field(default_factory=list)  # links whose light may fade
    servers: list[str] = field(default_factory=list)
    server_lines: list[str] = field(default_factory=list)
    pushing: list[str] = field(default_factory=list)  # sites that are known by their heartbeats

    @property
    def scale(self) -> float:
        return len(self.villages) / _USUAL


class Calendar:
    """`month` gives what begins in it. begins: site → the day it is in use; before it nothing happens there."""

    def __init__(self, inventory: Inventory, seed: int, zone: tzinfo, begins: Mapping[str, date]) -> None:
        self.seed, self._zone, self._begins = seed, zone, begins
        self._site_of = {device.name: device.site for device in inventory.devices}
        self._sites_of = _sites_by_name(inventory, self._site_of)
        self._places = _places(inventory, seed, self._site_of)

    def month(self, first: date) -> tuple[Trouble, ...]:
        """By their beginning. first: of the month."""
        rng = random.Random(f"{self.seed}:{first:%Y-%m}")
        busy: dict[str, float] = {}
        found: list[Trouble] = []
        for make, rate in self._rates(first):
            for _number in range(times_of(rate, rng)):
                trouble = make(first, rng)
                if trouble is not None and not any(busy.get(name, 0.0) > trouble.at for name in trouble.names):
                    busy |= dict.fromkeys(trouble.names, trouble.until + HOUR)
                    found.append(trouble)
        return tuple(sorted(found, key=lambda each: (each.at, each.names)))

    def last(self, until: datetime) -> tuple[Trouble, ...]:
        """What goes on at the end, so that there is something to see: a cut, and a light that has faded for weeks."""
        places, rng = self._places, random.Random(f"{self.seed}:last:{until:%Y-%m-%d}")
        day, end = until.date(), until.timestamp()
        found: list[Trouble] = []
        cable = self._one(places.access, day, rng)
        if cable:
            found.append(
                Trouble(
                    end - 2.2 * HOUR,
                    end + 5 * HOUR,
                    Deed.CUT,
                    (cable,),
                    ClosingCause.GALIAN,
                    "kabel putus tergali proyek jalan",
                )
            )
        fibre = self._one(places.fibres, day - timedelta(days=60), rng)
        if fibre:
            found.append(
                Trouble(
                    end - 48 * DAY,
                    end + 9 * DAY,
                    Deed.DIM,
                    (fibre,),
                    ClosingCause.KONFIGURASI,
                    "konektor kotor, dibersihkan",
                    db=17.0,
                )
            )
        return tuple(found)

    # -- kinds ------------------------------------------------------------------------------------------------------

    def _rates(self, first: date) -> list[tuple[Callable[[date, random.Random], Trouble | None], float]]:
        """How often a month, for a kabupaten of the usual size."""
        wet = first.month in _WET
        scale, poor = self._places.scale, len(self._places.poor)
        return [
            (self._access_cut, (8.0 if wet else 5.0) * scale),
            (self._ring_cut, 1.4 * scale),
            (self._feeder, (9.0 if wet else 4.0) * scale),
            (self._token, 7.0 * scale),
            (self._switched_off, 4.0 * scale),
            (self._hang, (6.0 if wet else 3.0) * scale),
            (self._provider, 0.7),
            (self._line, 0.8 * len(self._places.lines)),
            (self._poor_line, 2.6 * poor),
            (self._rain, (6.0 if wet else 0.8) * min(1.0, len(self._places.radios) / 4)),
            (self._isolir, 0.25),
            (self._fading, 0.3),
            (self._work, 1.0),
            (self._server, 0.4 if self._places.servers else 0.0),
            (self._server_line, 0.15 if self._places.server_lines else 0.0),
            (self._night, 0.2 * len(self._places.pushing)),
        ]

    def _access_cut(self, first: date, rng: random.Random) -> Trouble | None:
        return self._cut(self._places.access, first, rng)

    def _ring_cut(self, first: date, rng: random.Random) -> Trouble | None:
        return self._cut(self._places.ring, first, rng)

    def _cut(self, cables: Sequence[str], first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 8, 17) if rng.random() < 0.7 else self._moment(first, rng, 0, 24)
        name, hours = self._one(cables, self._day(at), rng), rng.lognormvariate(1.4, 0.5)
        found, words = _drawn(_CABLE, rng)
        return Trouble(at, at + min(hours, 40.0) * HOUR, Deed.CUT, (name,), found, words) if name else None

    def _feeder(self, first: date, rng: random.Random) -> Trouble | None:
        at, name = self._moment(first, rng, 5, 23), self._one(self._places.feeders, first, rng)
        seconds = rng.lognormvariate(0.0, 0.7) * HOUR
        words = "penyulang padam, PLN"
        return Trouble(at, at + min(seconds, 7 * HOUR), Deed.FEEDER, (name,), ClosingCause.PLN, words) if name else None

    def _token(self, first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 16, 24)
        name, hours = self._one(self._places.prepaid, self._day(at), rng), rng.uniform(10, 40)
        words = "token listrik habis, sudah diisi"
        return Trouble(at, at + hours * HOUR, Deed.POWER, (name,), ClosingCause.TOKEN_HABIS, words) if name else None

    def _switched_off(self, first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 9, 18)
        name, hours = self._one(self._places.villages, self._day(at), rng), rng.uniform(0.5, 16)
        words = "perangkat dicabut petugas desa"
        cause = ClosingCause.DICABUT_PENGGUNA
        return Trouble(at, at + hours * HOUR, Deed.POWER, (name,), cause, words) if name else None

    def _hang(self, first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 0, 24)
        name, hours = self._one(self._places.devices, self._day(at), rng), rng.lognormvariate(1.1, 0.8)
        found, words = _drawn(_DEVICE, rng)
        return Trouble(at, at + min(hours, 60.0) * HOUR, Deed.HANG, (name,), found, words) if name else None

    def _provider(self, first: date, rng: random.Random) -> Trouble | None:
        """All lines of one provider."""
        providers = sorted(set(self._places.lines.values()))
        if not providers:
            return None
        at, provider = self._moment(first, rng, 0, 24), rng.choice(providers)
        lines = [line for line, of in self._places.lines.items() if of == provider and self._is_in_use(line, first)]
        until, words = at + rng.uniform(1, 6) * HOUR, "gangguan jaringan penyedia"
        return Trouble(at, until, Deed.CUT, tuple(lines), ClosingCause.PROVIDER, words, provider) if lines else None

    def _line(self, first: date, rng: random.Random) -> Trouble | None:
        at, hours = self._moment(first, rng, 0, 24), rng.lognormvariate(0.6, 0.8)
        return self._line_out(list(self._places.lines), at, min(hours, 30.0) * HOUR, ClosingCause.PROVIDER, rng)

    def _poor_line(self, first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 0, 24)
        return self._line_out(self._places.poor, at, rng.uniform(1.2, 4.0) * DAY, ClosingCause.PROVIDER, rng)

    def _isolir(self, first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 8, 10)
        return self._line_out(list(self._places.lines), at, rng.uniform(7, 13) * DAY, ClosingCause.ISOLIR, rng)

    def _line_out(
        self, lines: Sequence[str], at: float, seconds: float, found: ClosingCause, rng: random.Random
    ) -> Trouble | None:
        name = self._one(lines, self._day(at), rng)
        words = "isolir, tagihan belum dibayar" if found is ClosingCause.ISOLIR else "sinyal penyedia hilang"
        party = self._places.lines[name] if name else ""
        return Trouble(at, at + seconds, Deed.CUT, (name,), found, words, party) if name else None

    def _rain(self, first: date, rng: random.Random) -> Trouble | None:
        at, name = self._moment(first, rng, 14, 20), self._one(self._places.radios, first, rng)
        until, words = at + rng.uniform(0.3, 1.6) * HOUR, "hujan deras, radio pulih sendiri"
        return Trouble(at, until, Deed.CUT, (name,), ClosingCause.RADIO_CUACA, words) if name else None

    def _fading(self, first: date, rng: random.Random) -> Trouble | None:
        """A light that falls for weeks, until somebody cleans the connector."""
        at, name = self._moment(first, rng, 8, 17), self._one(self._places.fibres, first, rng)
        until, words = at + rng.uniform(40, 65) * DAY, "konektor kotor, dibersihkan"
        if not name:
            return None
        return Trouble(at, until, Deed.DIM, (name,), ClosingCause.KONFIGURASI, words, db=rng.uniform(11, 18))

    def _work(self, first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 22, 23)
        name = self._one(self._places.access, self._day(at), rng)
        words = "penyambungan ulang kabel"
        until, cause = at + rng.uniform(1.0, 3.0) * HOUR, ClosingCause.KONFIGURASI
        return Trouble(at, until, Deed.CUT, (name,), cause, words, planned=True) if name else None

    def _server(self, first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 0, 24)
        name, hours = self._one(self._places.servers, self._day(at), rng), rng.lognormvariate(-0.3, 0.7)
        words = rng.choice(("server macet, dinyalakan ulang", "memori server diganti", "cakram penuh, dibersihkan"))
        cause = ClosingCause.KONFIGURASI
        return Trouble(at, at + min(hours, 8.0) * HOUR, Deed.HANG, (name,), cause, words) if name else None

    def _server_line(self, first: date, rng: random.Random) -> Trouble | None:
        at = self._moment(first, rng, 8, 17)
        name, hours = self._one(self._places.server_lines, self._day(at), rng), rng.uniform(0.3, 2.0)
        words = "kabel tambal server lepas"
        return Trouble(at, at + hours * HOUR, Deed.CUT, (name,), ClosingCause.KONFIGURASI, words) if name else None

    def _night(self, first: date, rng: random.Random) -> Trouble | None:
        """A village that pushes, switched off when the office was locked."""
        at = self._moment(first, rng, 20.5, 22)
        name, hours = self._one(self._places.pushing, self._day(at), rng), rng.uniform(8, 10)
        words = "perangkat dimatikan malam hari oleh penjaga"
        cause = ClosingCause.DICABUT_PENGGUNA
        return Trouble(at, at + hours * HOUR, Deed.POWER, (name,), cause, words) if name else None

    # -- where and when ---------------------------------------------------------------------------------------------

    def _moment(self, first: date, rng: random.Random, from_hour: float, to_hour: float) -> float:
        midnight = datetime(first.year, first.month, first.day, tzinfo=self._zone)
        days = (_next_month(first) - first).days
        return midnight.timestamp() + rng.randrange(days) * DAY + rng.uniform(from_hour, to_hour) * HOUR

    def _day(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._zone).date()

    def _one(self, names: Sequence[str], day: date, rng: random.Random) -> str:
        """One of them where something is in use by then; "" if there is none."""
        for _try in range(6):
            name = rng.choice(names) if names else ""
            if name and self._is_in_use(name, day):
                return name
        return ""

    def _is_in_use(self, name: str, day: date) -> bool:
        sites = self._sites_of.get(name, ())
        return not sites or any(self._begins.get(site, date.min) < day for site in sites)


def _next_month(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def times_of(rate: float, rng: random.Random) -> int:
    """Around so many: by exponential waits (a Poisson number)."""
    count, at = 0, rng.expovariate(1.0)
    while at < rate:
        count += 1
        at += rng.expovariate(1.0)
    return count


def _drawn(table: Sequence[tuple[ClosingCause, float, Sequence[str]]], rng: random.Random) -> tuple[ClosingCause, str]:
    cause, _weight, words = rng.choices(table, [weight for _cause, weight, _words in table])[0]
    return cause, rng.choice(words)


def _places(inventory: Inventory, seed: int, site_of: Mapping[str, str]) -> _Places:
    sites = {site.slug: site for site in inventory.sites}
    equipped = {device.site for device in inventory.devices}
    villages = [site for site in inventory.sites if site.kind in _VILLAGE and site.slug in equipped]
    lines = {link.name: link.provider for link in inventory.links if _is_line(link, sites, site_of)}
    ranked = sorted(lines, key=lambda name: random.Random(f"{seed}:poor:{name}").random())
    poor = ranked[: round(_POOR_SHARE * len(lines))]
    cables = {each.name for each in inventory.segments if each.kind in (SegmentKind.CABLE, SegmentKind.POLE)}
    ring = {name for link in inventory.links if _is_ring(link) for name in link.segments if name in cables}
    used = {name for link in inventory.links for name in link.segments if name in cables}
    servers = [device.name for device in inventory.devices if device.role is Role.SERVER]
    return _Places(
        access=sorted(used - ring),
        ring=sorted(ring),
        feeders=sorted({each.power_feeder for each in inventory.sites if each.power_feeder}),
        prepaid=[site.slug for site in villages if site.meter is Meter.PREPAID],
        villages=[site.slug for site in villages],
        devices=[
            device.name
            for device in inventory.devices
            if device.role in (Role.ROUTER, Role.AP, Role.RADIO) and not device.name.startswith(("rtr-inti", "rtr-pop"))
        ],
        radios=[link.name for link in inventory.links if link.medium is Medium.RADIO],
        lines=lines,
        poor=poor,
        fibres=[
            link.name for link in inventory.links if link.medium is Medium.FIBRE and link.name.startswith("fo-desa")
        ]
        or [link.name for link in inventory.links if link.medium is Medium.FIBRE and link.z_device],
        servers=servers,
        server_lines=[link.name for link in inventory.links if {link.a_device, link.z_device}.intersection(servers)],
        pushing=sorted({device.site for device in inventory.devices if device.check is Check.PUSH}),
    )


def _is_line(link: Link, sites: Mapping[str, Site], site_of: Mapping[str, str]) -> bool:
    site = sites.get(site_of.get(link.a_device, ""))
    return not link.z_device and site is not None and site.kind in _VILLAGE


def _is_ring(link: Link) -> bool:
    ends = (link.a_device, link.z_device)
    return all(name.startswith(("rtr-inti", "rtr-pop")) for name in ends)


def _sites_by_name(inventory: Inventory, site_of: Mapping[str, str]) -> dict[str, set[str]]:
    """Sites at the ends of a link, over a segment, of a device, and a site itself."""
    found: dict[str, set[str]] = {site.slug: {site.slug} for site in inventory.sites}
    found |= {name: {site} for name, site in site_of.items()}
    for link in inventory.links:
        near = {site_of[link.a_device]}
        for name in (link.name, *link.segments):
            found.setdefault(name, set()).update(near)
    return found
