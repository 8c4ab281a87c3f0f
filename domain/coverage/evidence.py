"""What is measured of a village's service, and what is made of it: served, not served, or not to be said.

Evidence is per village and day; a judgement looks at a window of days. Nothing here knows a person or a device of one:
users are counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.coverage.columns import Days, day_number
from domain.network import Internet, PollClassName

WINDOW: Final = timedelta(days=30)
CLASSES: Final = tuple(PollClassName)


class Reason(StrEnum):
    """Why a village counts as served or not, or why nobody can say. The first one of its kind that holds."""

    SERVED = "served"
    UNAVAILABLE = "unavailable"  # too little of its service hours
    UNUSED = "unused"  # up, but nobody uses it as far as we see, and no speed was measured
    UNSEEN = "unseen"  # too little of the time was seen
    NOTHING = "nothing"  # nobody watches it
    OWN = "own"
    BAKTI = "bakti"
    NONE = "none"
    UNKNOWN = "unknown"


REASONS: Final = tuple(Reason)
NOT_SERVED: Final = frozenset({Reason.UNAVAILABLE, Reason.UNUSED})
OF_OTHERS: Final = (Reason.OWN, Reason.BAKTI, Reason.NONE, Reason.UNKNOWN)
"""Of a village that is not connected and shows no evidence: whose internet it has, in the order of `Internet`."""
UNMEASURED: Final = frozenset({Reason.UNSEEN, Reason.NOTHING, *OF_OTHERS})


@dataclass(frozen=True, slots=True)
class EvidenceDay:
    """Of one village on one day of its own zone, in its service hours.

    service_seconds: how long it was to work; up_seconds, dark_seconds: how long it did and did not; the rest was not
    seen, or planned work. used: there was traffic beyond our own polling, with clients. class_: what it hangs on.
    """

    region_code: str
    day: date
    service_seconds: int
    up_seconds: int
    dark_seconds: int
    used: bool = False
    speed_mbps: float | None = None
    class_: PollClassName = PollClassName.FIBRE


@dataclass(frozen=True, slots=True)
class UseDay:
    """How many used a village's network on one day, at most at one time; None: nobody told. octets: both ways."""

    region_code: str
    day: date
    leases: int | None = None
    hotspot: int | None = None
    pppoe: int | None = None
    wifi: int | None = None
    users: int | None = None
    octets: int = 0


@dataclass(frozen=True, slots=True)
class Demands:
    """What must be seen for a village to count as served.

    percent: availability in service hours, by class. seen_percent: of the service hours that must have been seen.
    use_days: so many days of the window with clients and traffic; a speed measured not more than speed_days ago
    stands in for them.
    """

    percent: Mapping[PollClassName, float] = field(
        default_factory=lambda: MappingProxyType(
            {
                PollClassName.FIBRE: 95.0,
                PollClassName.RADIO: 90.0,
                PollClassName.METERED: 85.0,
                PollClassName.SLOW: 80.0,
            }
        )
    )
    seen_percent: float = 50.0
    use_days: int = 5
    speed_days: int = 90
    window_days: int = WINDOW.days


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """n villages over a stretch of days: seconds, days with use, the day of the last speed test (0: none).

    class_: place in CLASSES. known: whether anything was kept of the village. last: the newest day there is, None if
    there is none.
    """

    service: NDArray[np.int64]
    up: NDArray[np.int64]
    dark: NDArray[np.int64]
    use_days: NDArray[np.int64]
    speed_on: Days
    class_: NDArray[np.uint8]
    known: NDArray[np.bool_]
    last: date | None = None

    @classmethod
    def empty(cls, villages: int) -> "Window":
        none, day = np.zeros(villages, np.int64), np.zeros(villages, np.int32)
        return cls(none, none, none, none, day, np.zeros(villages, np.uint8), np.zeros(villages, np.bool_))

    @property
    def percent(self) -> NDArray[np.float64]:
        """Availability in service hours of the time that was seen; NaN where nothing was."""
        with np.errstate(invalid="ignore", divide="ignore"):
            found: NDArray[np.float64] = 100.0 * self.up / (self.up + self.dark)
        return found


def judge(
    window: Window, connected: NDArray[np.bool_], internet: NDArray[np.uint8], on: date, demands: Demands
) -> NDArray[np.uint8]:
    """For each village a place in REASONS. internet: place in `Internet` of what others bring it.

    A village that is not connected and not served either is one of others: what we see of it blames nobody.
    """
    limit = np.array([demands.percent[each] for each in CLASSES])[window.class_]
    seen = window.up + window.dark
    enough = seen * 100.0 >= window.service * demands.seen_percent
    fast = (window.speed_on > 0) & (window.speed_on > day_number(on) - demands.speed_days)
    used = (window.use_days >= demands.use_days) | fast
    up = window.percent >= limit
    of_others = np.array([REASONS.index(Reason(each.value)) for each in Internet], np.int64)[internet]
    served = window.known & (seen > 0) & enough & up & used
    found = np.select(
        [served, ~connected, ~window.known | (window.service == 0), ~enough | (seen == 0), ~up],
        [
            REASONS.index(Reason.SERVED),
            of_others,
            REASONS.index(Reason.NOTHING),
            REASONS.index(Reason.UNSEEN),
            REASONS.index(Reason.UNAVAILABLE),
        ],
        REASONS.index(Reason.UNUSED),
    )
    return found.astype(np.uint8)
