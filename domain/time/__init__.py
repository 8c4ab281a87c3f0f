"""Time as an argument: pure code is handed a `Moment`, only the rim reads a clock. Hours of a week, and holidays."""

from domain.time.holidays import NATIONAL, knows, read_holidays
from domain.time.hours import ALWAYS, HoursError, WeeklyHours
from domain.time.moment import Clock, Moment

__all__ = ["ALWAYS", "NATIONAL", "Clock", "HoursError", "Moment", "WeeklyHours", "knows", "read_holidays"]
