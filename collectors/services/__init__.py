"""Makes all service checks in their time: spread over the interval, so many at once, again soon if in doubt."""

from collectors.services.rounds import Checkers, RoundCounts, ServiceRounds
from collectors.services.timetable import Timetable

__all__ = ["Checkers", "RoundCounts", "ServiceRounds", "Timetable"]
