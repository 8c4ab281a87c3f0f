"""What goes wrong with the applications of a history, month by month, and until when their certificates hold.

The same for the same seed and month, however long the history is. Pure; times are unix seconds.
"""

import heapq
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from domain.incidents import ClosingCause
from domain.network import Inventory
from lab.kabupaten.story import month_after
from lab.kabupaten.troubles import times_of
from lab.services.faults import Fault
from lab.services.plan import AppPlan, services_plan

HOUR: Final = 3600.0
DAY: Final = 86_400.0
VALID_DAYS, RENEWED_DAYS, WARNED_DAYS = 365, 40, 30
"""A certificate holds for so long, and is renewed and warned of so long before its end."""

LATE_SHARE: Final = 0.03
"""Of the renewals: forgotten until the last days, or until nobody could look away."""

LOOK_BACK: Final = timedelta(days=75)
REMEMBERED_SECONDS: Final = 3 * DAY
_USUAL: Final = 115  # applications of the kabupaten for which the rates are written
_FIRST: Final = 946_684_800.0  # 1 January 2000 UTC
_CYCLE: Final = (VALID_DAYS - RENEWED_DAYS) * DAY
_CERTIFICATE: Final = "sertifikat lupa diperpanjang, sudah diganti"

# fault, times a month, from hour to hour, median hours, words
_KINDS: Final = (
    (Fault.ERROR, 1.3, 7, 22, 1.2, ("basis data penuh", "pembaruan aplikasi gagal, dikembalikan")),
    (Fault.SLOW, 0.8, 8, 15, 1.6, ("laporan akhir bulan membebani basis data", "kueri lambat, indeks ditambah")),
    (Fault.REFUSED, 0.6, 0, 24, 0.8, ("layanan web mati, dinyalakan ulang", "memori habis, proses dihentikan")),
    (Fault.SILENT, 0.4, 0, 24, 1.0, ("aplikasi macet, dinyalakan ulang",)),
    (Fault.TEXT_GONE, 0.2, 8, 17, 1.5, ("templat halaman rusak, dipulihkan",)),
    (Fault.DEFACED, 0.08, 0, 6, 5.0, ("situs diretas, dipulihkan dari cadangan, sandi diganti",)),
)  # fmt: skip
_EXPIRY: Final = frozenset({Fault.EXPIRING, Fault.EXPIRED})


@dataclass(frozen=True, slots=True)
class AppTrouble:
    """found, words: what the people say who mend it."""

    at: float
    until: float
    code: str
    fault: Fault
    words: str
    found: ClosingCause = ClosingCause.KONFIGURASI


@dataclass(frozen=True, slots=True)
class Holding:
    """From when to when a certificate is valid."""

    begins: float
    ends: float


class AppCalendar:
    """`month` gives what begins in it, `certificate` what an application shows at a time."""

    def __init__(self, inventory: Inventory, seed: int, zone: tzinfo) -> None:
        self.apps = {app.code: app for app in services_plan(inventory).apps}
        self.zone = zone
        self._seed = seed

    def month(self, first: date) -> tuple[AppTrouble, ...]:
        """By their beginning. first: of the month."""
        rng, codes = self._dice(f"applications:{first:%Y-%m}"), sorted(self.apps)
        begins, ends = (self._midnight(day) for day in (first, month_after(first)))
        busy: dict[str, float] = {}
        found = [each for code in codes for each in self._late(code, begins, ends)]
        for fault, rate, from_hour, to_hour, hours, words in _KINDS:
            for _number in range(times_of(rate * len(codes) / _USUAL, rng)):
                day = rng.randrange(round((ends - begins) / DAY))
                at = begins + day * DAY + rng.uniform(from_hour, to_hour) * HOUR
                until = at + min(hours * rng.lognormvariate(0.0, 0.7), 48.0) * HOUR
                trouble = AppTrouble(at, until, rng.choice(codes), fault, rng.choice(words))
                if busy.get(trouble.code, 0.0) < at:
                    busy[trouble.code] = until + HOUR
                    found.append(trouble)
        return tuple(sorted(found, key=lambda each: (each.at, each.code)))

    def certificate(self, code: str, at: float) -> Holding | None:
        """None: it speaks without TLS."""
        if not self.apps[code].tls:
            return None
        base = self._base(code)
        number = int((at - base) // _CYCLE)
        if at < base + number * _CYCLE + self._delay(code, number):
            number -= 1
        begins = base + number * _CYCLE
        return Holding(begins, begins + VALID_DAYS * DAY)

    def _late(self, code: str, begins: float, ends: float) -> Iterator[AppTrouble]:
        """What visitors see of renewals that were forgotten, so far as it begins between two times."""
        if not self.apps[code].tls:
            return
        base = self._base(code)
        for number in range(int((begins - base) // _CYCLE), int((ends - base) // _CYCLE) + 1):
            delay = self._delay(code, number)
            if delay:
                over = base + number * _CYCLE + RENEWED_DAYS * DAY
                renewed = base + number * _CYCLE + delay
                soon = AppTrouble(over - WARNED_DAYS * DAY, min(over, renewed), code, Fault.EXPIRING, _CERTIFICATE)
                told = (
                    [soon] if renewed <= over else [soon, AppTrouble(over, renewed, code, Fault.EXPIRED, _CERTIFICATE)]
                )
                yield from (each for each in told if begins <= each.at < ends)

    def _base(self, code: str) -> float:
        return _FIRST + self._dice(f"certificate:{code}").random() * _CYCLE

    def _delay(self, code: str, number: int) -> float:
        """How long after its time a certificate was renewed, in seconds."""
        dice = self._dice(f"certificate:{code}:{number}")
        if dice.random() >= LATE_SHARE:
            return 0.0
        return (RENEWED_DAYS + dice.choice((-3.3, -1.6, 0.9, 2.4))) * DAY

    def _midnight(self, day: date) -> float:
        return datetime.combine(day, time(), self.zone).timestamp()

    def _dice(self, what: str) -> random.Random:
        return random.Random(f"{self._seed}:{what}")


class AppCourse:
    """How the applications stand: `do` moves it on to a time and names whom that touched; `fault` says what is so."""

    def __init__(self, calendar: AppCalendar, now: float) -> None:
        self.calendar = calendar
        self._waiting: list[tuple[float, int, AppTrouble, bool]] = []
        self._standing: list[AppTrouble] = []
        self._recent: list[AppTrouble] = []
        self._count = 0
        self._month = (datetime.fromtimestamp(now, calendar.zone) - LOOK_BACK).date().replace(day=1)
        self.do(now)

    @property
    def next_at(self) -> float:
        begins = datetime.combine(self._month, time(), self.calendar.zone).timestamp()
        return min(begins, self._waiting[0][0]) if self._waiting else begins

    def do(self, now: float) -> frozenset[str]:
        """Codes of the applications that are otherwise than before."""
        while datetime.combine(self._month, time(), self.calendar.zone).timestamp() <= now:
            for trouble in self.calendar.month(self._month):
                for at, begins in ((trouble.at, True), (trouble.until, False)):
                    self._count += 1
                    heapq.heappush(self._waiting, (at, self._count, trouble, begins))
            self._month = month_after(self._month)
        touched = set()
        while self._waiting and self._waiting[0][0] <= now:
            at, _number, trouble, begins = heapq.heappop(self._waiting)
            touched.add(trouble.code)
            if begins:
                self._standing.append(trouble)
                self._recent = [each for each in self._recent if each.until > at - REMEMBERED_SECONDS]
                self._recent.append(trouble)
            else:
                self._standing.remove(trouble)
        return frozenset(touched)

    def fault(self, code: str) -> Fault | None:
        """What fails it; what its certificate says comes last."""
        found = [each.fault for each in self._standing if each.code == code]
        return min(found, key=lambda each: each in _EXPIRY, default=None)

    @property
    def spoilt(self) -> frozenset[str]:
        """Codes of those that something stands of."""
        return frozenset(each.code for each in self._standing)

    def cause_of(self, names: Iterable[str], since: float) -> AppTrouble | None:
        """The latest trouble that explains that one of these failed at some time after `since`."""
        wanted = set(names)
        fitting = [each for each in self._recent if each.until >= since and each.code in wanted]
        return max(fitting, key=lambda each: each.at, default=None)

    def app(self, code: str) -> AppPlan:
        return self.calendar.apps[code]
