"""Whatever hours a week has: what is shown of them reads as the same hours, and in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language import speaking
from domain.time import WeeklyHours
from domain.time.hours import DAY_MINUTES
from domain.time.hours_said import hours_said, said

times = st.integers(0, DAY_MINUTES - 1)


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    if draw(st.booleans()):
        return ()
    edges = sorted(draw(st.sets(times, min_size=2, max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    if draw(st.booleans()) and pairs[0][0] > 0:  # the last one goes past midnight
        begin = pairs[-1][0]
        pairs[-1] = (begin, DAY_MINUTES + draw(st.integers(0, begin - 1)) if begin else DAY_MINUTES)
    return tuple(pairs)


@given(st.lists(spans(), min_size=7, max_size=7).filter(any), st.booleans(), st.sampled_from(("id", "en")))
def test_it_reads_as_the_same_hours(days: list[tuple[tuple[int, int], ...]], holidays: bool, language: str) -> None:
    hours = WeeklyHours(tuple(days), holidays)
    with speaking(language):
        assert WeeklyHours.parse(said(hours)) == hours


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Mon-Fri 07:30-16:00", "Mon–Fri 07.30–16.00"),
        ("Senin s.d. Jumat 7.30-16", "Mon–Fri 07.30–16.00"),
        ("24x7", "24 hours"),
        ("06-18", "06.00–18.00"),
        ("Sen,Rab 8-12; Sab 22.00-06.00", "Mon, Wed 08.00–12.00; Sat 22.00–06.00"),
        ("Sen-Jum 8-16 termasuk libur", "Mon–Fri 08.00–16.00, also on holidays"),
        ("24 jam kecuali libur", "24 hours, except holidays"),
        ("as it pleases", "as it pleases"),
        ("  ", ""),
    ],
)
def test_it_is_written_alike(text: str, want: str) -> None:
    with speaking("en"):
        assert hours_said(text) == want
