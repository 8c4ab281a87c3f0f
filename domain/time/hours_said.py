"""Hours of a week as they are shown: alike in one language, in whichever they were written down."""

from itertools import groupby

from domain.language import _
from domain.time.hours import DAY_MINUTES, HoursError, Spans, WeeklyHours

WHOLE_DAY = ((0, DAY_MINUTES),)


def hours_said(text: str) -> str:
    """'Mon-Fri 07:30-16:00' → 'Sen–Jum 07.30–16.00'. Empty stays empty; what cannot be read stays as it was written."""
    try:
        return said(WeeklyHours.parse(text)) if text.strip() else ""
    except HoursError:
        return text


def said(hours: WeeklyHours) -> str:
    """It reads as the same hours again."""
    every_day = all(each == hours.days[0] for each in hours.days)
    if every_day:
        parts = [_spans(hours.days[0])]
    else:
        named: dict[Spans, list[int]] = {}
        for day, spans in enumerate(hours.days):
            if spans:
                named.setdefault(spans, []).append(day)
        parts = [f"{_days(days)} {_spans(spans)}" for spans, days in named.items()]
    text = "; ".join(parts)
    if hours.on_holidays is all(hours.days):
        return text
    return f"{text}, " + (_("also on holidays") if hours.on_holidays else _("except holidays"))


def _days(days: list[int]) -> str:
    """'Sen–Rab, Jum'"""
    words = _("Mon Tue Wed Thu Fri Sat Sun").split()
    runs = [[day for _place, day in run] for _gap, run in groupby(enumerate(days), lambda each: each[1] - each[0])]
    return ", ".join(words[run[0]] if len(run) == 1 else f"{words[run[0]]}–{words[run[-1]]}" for run in runs)


def _spans(spans: Spans) -> str:
    if spans == WHOLE_DAY:
        return _("24 hours")
    return ", ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in spans)


def _clock(minutes: int) -> str:
    within = minutes if minutes <= DAY_MINUTES else minutes - DAY_MINUTES
    return f"{within // 60:02d}.{within % 60:02d}"
