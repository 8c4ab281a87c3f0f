"""Ranks what may have ended some ways: the chosen cause first, what cannot be told from it, the rest, the refuted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import exp

from alerts.rootcause.graph import NetworkGraph
from alerts.rootcause.likelihood import Likelihood
from alerts.rootcause.refutation import STANDS
from alerts.rootcause.zones import End
from domain.incidents import Cause, Suspect

MOST_SUSPECTS = 16
MOST_REFUTED = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen cause, the ends it accounts for, and those of them that no other chosen cause accounts for."""

    cause: int
    ends: tuple[End, ...]
    own: tuple[End, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Causes by number, kept as numbers until somebody reads them: in a storm nobody reads most.

    standing: the chosen one, then by price; out: refuted, with what refutes each. same: not to be told from the chosen.
    """

    graph: NetworkGraph = field(compare=False, repr=False)
    standing: tuple[int, ...]
    explains: tuple[int, ...]
    prices: tuple[float, ...]
    same: tuple[int, ...]
    out: tuple[int, ...]
    out_explains: tuple[int, ...]
    witnesses: tuple[int, ...]

    @property
    def indistinct(self) -> tuple[Cause, ...]:
        return tuple(self.graph.causes.cause(number) for number in self.same)

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        """A suspect's score is its share of belief among those that stand."""
        name, best = self.graph.causes.cause, min(self.prices)
        weights = [exp(best - price) for price in self.prices]
        whole = sum(weights)
        standing = zip(self.standing, self.explains, weights, strict=True)
        found = [Suspect(name(cause), count, round(weight / whole, 4)) for cause, count, weight in standing]
        out = zip(self.out, self.out_explains, self.witnesses, strict=True)
        found += [Suspect(name(cause), count, 0.0, (self._named(witness),)) for cause, count, witness in out]
        return tuple(found)

    def _named(self, witness: int) -> str:
        return self.graph.names[witness] if witness >= 0 else self.graph.links[-2 - witness]


def rank(choice: Choice, graph: NetworkGraph, refuted: Callable[[int], int], cost: Callable[[int], float]) -> Ranking:
    """All causes that were considered. Each end that a cause does not explain costs it one cause more."""
    chosen, total = choice.cause, len(choice.ends)
    explains = _counts(choice.ends)
    explains.setdefault(chosen, total)
    prices: dict[int, float] = {}
    out: dict[int, int] = {}
    for cause, count in explains.items():
        witness = refuted(cause)
        if witness == STANDS or cause == chosen:
            prices[cause] = cost(cause) + Likelihood.EACH * (total - count)
        else:
            out[cause] = witness
    ranked = sorted(prices, key=lambda each: (prices[each], each))
    ranked.remove(chosen)
    limit = cost(chosen) + Likelihood.TELLS_APART
    common = ranked if total == 1 else _in_all(choice.own, ranked)
    standing = (chosen, *ranked[: MOST_SUSPECTS - 1])
    gone = sorted(out, key=lambda each: (-explains[each], each))[:MOST_REFUTED]
    return Ranking(
        graph,
        standing,
        tuple([explains[each] for each in standing]),
        tuple([prices[each] for each in standing]),
        tuple([each for each in common if cost(each) <= limit]),
        tuple(gone),
        tuple([explains[each] for each in gone]),
        tuple([out[each] for each in gone]),
    )


def rank_one(
    end: End, graph: NetworkGraph, refuted: Callable[[int], int], cost: Callable[[int], float]
) -> Ranking | None:
    """As `rank` where one way ended and nothing else did: its cheapest cause is the chosen one. None if none stands."""
    prices: list[tuple[float, int]] = []
    out: list[int] = []
    for cause in end.causes:
        if refuted(cause) == STANDS:
            prices.append((cost(cause), cause))
        else:
            out.append(cause)
    if not prices:
        return None
    prices.sort()
    limit = prices[0][0] + Likelihood.TELLS_APART
    same = tuple([cause for price, cause in prices[1:] if price <= limit])
    del prices[MOST_SUSPECTS:]
    gone = tuple(sorted(out)[:MOST_REFUTED])
    standing = tuple([cause for _, cause in prices])
    return Ranking(
        graph,
        standing,
        (1,) * len(standing),
        tuple([price for price, _ in prices]),
        same,
        gone,
        (1,) * len(gone),
        tuple([refuted(cause) for cause in gone]),
    )


def _counts(ends: Sequence[End]) -> dict[int, int]:
    explains: dict[int, int] = {}
    for end in ends:
        for cause in end.causes:
            explains[cause] = explains.get(cause, 0) + 1
    return explains


def _in_all(ends: Sequence[End], causes: Sequence[int]) -> list[int]:
    shared = frozenset(ends[0].causes).intersection(*(end.causes for end in ends[1:]))
    return [cause for cause in causes if cause in shared]
