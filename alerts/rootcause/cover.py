"""The cheapest set of causes of which at least one explains each way that ended. Pure combinatorics.

Exact while the question is small, greedy (and then thinned) where it is not; the same answer for the same question in
whatever order it is put.
"""

from collections.abc import Callable, Sequence

_EXACT_MOST_WAYS = 14
_EXACT_MOST_STEPS = 4_000


def cheapest_cover(
    ways: Sequence[tuple[int, ...]], cost: Callable[[int], float], *, one_is_best: bool = False
) -> tuple[int, ...]:
    """ways: for each, the causes that explain it, at least one. Returns causes sorted by number.

    one_is_best: no two causes together cost less than a single one, so where a single one will do nothing is searched.
    """
    if one_is_best or len(ways) == 1:
        common = frozenset(ways[0]).intersection(*ways[1:])
        if common:
            return (min(common, key=lambda cause: (cost(cause), cause)),)
    ways = sorted({tuple(sorted(way)) for way in ways})
    explains: dict[int, set[int]] = {}
    for at, way in enumerate(ways):
        for cause in way:
            explains.setdefault(cause, set()).add(at)
    prices = {cause: cost(cause) for cause in explains}
    useful = _without_dominated(explains, prices)
    every = frozenset(range(len(ways)))
    greedy = _greedy(every, useful, prices)
    if len(greedy) == 1 or len(every) > _EXACT_MOST_WAYS:
        return tuple(sorted(greedy))
    return tuple(sorted(_Search(every, useful, prices, greedy).best))


def _without_dominated(explains: dict[int, set[int]], prices: dict[int, float]) -> dict[int, frozenset[int]]:
    """Of causes that explain exactly the same, only the cheapest."""
    best: dict[frozenset[int], int] = {}
    for cause, ways in explains.items():
        key = frozenset(ways)
        other = best.get(key)
        if other is None or (prices[cause], cause) < (prices[other], other):
            best[key] = cause
    return {cause: ways for ways, cause in best.items()}


def _greedy(every: frozenset[int], useful: dict[int, frozenset[int]], prices: dict[int, float]) -> set[int]:
    left = set(every)
    chosen: list[int] = []
    gain = {cause: len(ways) for cause, ways in useful.items()}
    of_way: dict[int, list[int]] = {}
    for cause, ways in useful.items():
        for way in ways:
            of_way.setdefault(way, []).append(cause)
    while left:
        cause = min((each for each in gain if gain[each]), key=lambda each: (prices[each] / gain[each], each))
        chosen.append(cause)
        for way in useful[cause] & left:
            for other in of_way[way]:
                gain[other] -= 1
        left -= useful[cause]
    for cause in sorted(chosen, key=lambda each: (-prices[each], each)):
        rest = set().union(*(useful[other] for other in chosen if other != cause))
        if rest >= every:
            chosen.remove(cause)
    return set(chosen)


class _Search:
    """Branch and bound: the way with fewest causes first, cheapest causes first."""

    def __init__(
        self,
        every: frozenset[int],
        useful: dict[int, frozenset[int]],
        prices: dict[int, float],
        start: set[int],
    ) -> None:
        self._useful, self._prices = useful, prices
        self.best = tuple(sorted(start))
        self._best_price = sum(prices[cause] for cause in start)
        self._steps = 0
        self._most = max(len(ways) for ways in useful.values())
        self._cheapest = min(prices.values())
        self._try(every, (), 0.0)

    def _try(self, left: frozenset[int], chosen: tuple[int, ...], price: float) -> None:
        self._steps += 1
        if not left:
            found = tuple(sorted(chosen))
            if (round(price, 9), found) < (round(self._best_price, 9), self.best):
                self.best, self._best_price = found, price
            return
        least = price + self._cheapest * -(-len(left) // self._most)
        if self._steps > _EXACT_MOST_STEPS or least > self._best_price + 1e-9:
            return
        way = min(left, key=lambda each: (sum(each in ways for ways in self._useful.values()), each))
        fitting = [cause for cause, ways in self._useful.items() if way in ways]
        for cause in sorted(fitting, key=lambda each: (self._prices[each], each)):
            self._try(left - self._useful[cause], (*chosen, cause), price + self._prices[cause])
