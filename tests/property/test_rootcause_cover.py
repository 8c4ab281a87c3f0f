"""The cheapest set of causes against all sets there are, and the same answer in whatever order it is asked."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from alerts.rootcause.cover import cheapest_cover

WAYS = st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True).map(tuple), min_size=1, max_size=8)
PRICES = st.lists(st.floats(0.5, 14.0), min_size=8, max_size=8)


@given(WAYS, PRICES)
def test_no_set_is_cheaper(ways: list[tuple[int, ...]], prices: list[float]) -> None:
    found = cheapest_cover(ways, prices.__getitem__)
    sets = (each for count in range(1, 9) for each in combinations(range(8), count))
    best = min(sum(prices[c] for c in each) for each in sets if all(set(each) & set(way) for way in ways))
    assert all(set(found) & set(way) for way in ways)
    assert sum(prices[c] for c in found) <= best + 1e-6


@given(WAYS, PRICES)
def test_the_order_of_the_question_does_not_matter(ways: list[tuple[int, ...]], prices: list[float]) -> None:
    shuffled = [tuple(reversed(way)) for way in reversed(ways)]
    assert cheapest_cover(ways, prices.__getitem__) == cheapest_cover(shuffled, prices.__getitem__)


@given(st.integers(20, 200))
def test_a_large_question_is_answered_without_what_is_superfluous(count: int) -> None:
    ways = [(at, 1000 + at // 10) for at in range(count)]
    found = cheapest_cover(ways, lambda cause: 10.0 + (cause >= 1000))
    assert all(set(found) & set(way) for way in ways)
    for cause in found:
        assert not all((set(found) - {cause}) & set(way) for way in ways)
