"""From ways that ended to explanations: one per independent fault, with its suspects ranked and what is dark by it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from alerts.rootcause.cover import cheapest_cover
from alerts.rootcause.lights import Lights, Port
from alerts.rootcause.likelihood import Likelihood
from alerts.rootcause.redundancy import LostRedundancy, one_way_only
from alerts.rootcause.refutation import STANDS
from alerts.rootcause.suspects import Choice, Ranking, rank, rank_one
from alerts.rootcause.zones import End, Part
from domain.incidents import Cause, CauseKind, Suspect

_PUTS_OUT = frozenset({CauseKind.DEVICE, CauseKind.SITE, CauseKind.FEEDER})
_BUILDINGS = frozenset({CauseKind.SITE, CauseKind.FEEDER})


@dataclass(frozen=True, slots=True)
class Explanation:
    """One fault. Names are sorted; `members` is what is dark because of it, and of these:

    roots border on something alive; `down` are put out by the cause itself or those `together` with it (the device; the
    devices without power), for which no way is cut; `unknown` are those that we only cannot look at; all others are
    unreachable.
    indistinct: causes that explain the same ways and that nothing tells from `cause`, likeliest first.
    together: other faults without which the members would be lit (the other cut of a ring).
    others: how the causes `together` rank. links: the links with a way that ended or a port that is down by it.
    management: only our way to look is lost. topology_known: the inventory has a way from us to the roots.
    silent_alone: what lies behind it is lit, so it forwards and only does not answer itself.
    """

    cause: Cause
    members: tuple[str, ...]
    roots: tuple[str, ...]
    ranking: Ranking
    down: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    together: tuple[Cause, ...] = ()
    others: tuple[Ranking, ...] = ()
    links: tuple[str, ...] = ()
    management: bool = False
    topology_known: bool = True
    silent_alone: bool = False

    @property
    def indistinct(self) -> tuple[Cause, ...]:
        return self.ranking.indistinct

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        return self.ranking.suspects

    @property
    def own(self) -> tuple[str, ...]:
        """Roots that may as well be their own fault."""
        # a device's own cause has its number
        suspected = {each for one in (self.ranking, *self.others) for each in (one.standing[0], *one.same)}
        index = self.ranking.graph.index
        return tuple([name for name in self.roots if index[name] in suspected])

    @property
    def unreachable(self) -> tuple[str, ...]:
        aside = {*self.down, *self.unknown}
        return tuple(name for name in self.members if name not in aside)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is believed beside the pattern. prior: by cause, units of e in its favour. standing: causes of a lost
    redundancy that was told before: where a second fault completes an outage, the second one is its cause."""

    prior: Mapping[int, float]
    standing: frozenset[int]


class Explaining:
    """Explains one cluster: the parts of zones that share a cause which may be true."""

    def __init__(self, lights: Lights, refuted: Callable[[int], int], outlook: Outlook) -> None:
        self._lights, self._graph, self._refuted, self._outlook = lights, lights.graph, refuted, outlook

    def explain(self, parts: Sequence[Part]) -> tuple[tuple[Explanation, ...], tuple[LostRedundancy, ...]]:
        if len(parts) == 1 and len(parts[0].ends) == 1 and parts[0].devices:  # most of a storm
            ranking = rank_one(parts[0].ends[0], self._graph, self._refuted, self.cost)
            if ranking is not None:
                choice = Choice(ranking.standing[0], parts[0].ends, parts[0].ends)
                return (self._explanation(choice, ranking, parts, {}),), ()
        every = [end for part in parts for end in part.ends]
        open_ = [self._standing(end) for end in every]
        known = any(self._was_told(cause) for way in open_ for cause in way) if self._outlook.standing else False
        chosen = cheapest_cover(open_, self.cost, one_is_best=not (self._outlook.prior or known))
        choices = self._assign(chosen, every, open_)
        holds: dict[int, list[Part]] = {cause: [] for cause in chosen}
        together: dict[int, set[int]] = {cause: set() for cause in chosen}
        owner = {end: choice.cause for choice in choices.values() for end in choice.ends}
        of_part = [(part, sorted({owner[end] for end in part.ends})) for part in parts]
        alone = {cause: sum(len(p.devices) for p, own in of_part if own == [cause]) for cause in chosen}
        for part, own in of_part:
            if not part.devices:
                continue
            main = min(own, key=lambda each: (self._was_told(each), -alone[each], self.cost(each), each))
            holds[main].append(part)
            together[main].update(cause for cause in own if cause != main)
        explanations, lost = [], []
        for cause in chosen:
            if holds[cause]:
                ranking = rank(choices[cause], self._graph, self._refuted, self.cost)
                others = {
                    other: rank(choices[other], self._graph, self._refuted, self.cost) for other in together[cause]
                }
                explanations.append(self._explanation(choices[cause], ranking, holds[cause], others))
            else:
                lost.append(self._lost(choices[cause]))
        return tuple(explanations), tuple(lost)

    def cost(self, cause: int) -> float:
        """What it costs to believe in a cause here and now. What was told before and stands is believed already."""
        if self._was_told(cause):
            return Likelihood.LEAST
        causes, price = self._graph.causes, self._graph.causes.cost[cause]
        ports = self._lights.port
        if ports:
            if not causes.management[cause] and any(ports.get(link) is Port.DOWN for link in causes.links[cause]):
                single = causes.kind[cause] is CauseKind.LINK
                price += Likelihood.PORT_DOWN if single else Likelihood.PORT_DOWN_SEGMENT
            if causes.kind[cause] in _BUILDINGS and self._shows_light(cause):
                price += Likelihood.PORT_UP_FAR_SITE
        if self._outlook.prior:
            price -= self._outlook.prior.get(cause, 0.0)
        price += Likelihood.EACH
        return price if price > Likelihood.LEAST else Likelihood.LEAST

    def _was_told(self, cause: int) -> bool:
        return cause in self._outlook.standing

    def _standing(self, end: End) -> tuple[int, ...]:
        """The causes of an end that nothing refutes; where all are, what it stands at is blamed itself."""
        standing = tuple([cause for cause in end.causes if self._refuted(cause) == STANDS])
        if standing:
            return standing
        return (end.node,) if end.node >= 0 else end.causes[:1]

    def _assign(
        self, chosen: Sequence[int], ends: Sequence[End], open_: Sequence[tuple[int, ...]]
    ) -> dict[int, Choice]:
        """Each end goes to the chosen cause that explains most of all."""
        if len(chosen) == 1:
            return {chosen[0]: Choice(chosen[0], tuple(ends), tuple(ends))}
        fits = [[cause for cause in chosen if cause in way] for way in open_]
        count = {cause: sum(cause in fit for fit in fits) for cause in chosen}
        taken: dict[int, list[End]] = {cause: [] for cause in chosen}
        own: dict[int, list[End]] = {cause: [] for cause in chosen}
        for end, fit in zip(ends, fits, strict=True):
            taken[min(fit, key=lambda each: (-count[each], each))].append(end)
            if len(fit) == 1:
                own[fit[0]].append(end)
        return {cause: Choice(cause, tuple(taken[cause]), tuple(own[cause] or taken[cause])) for cause in chosen}

    def _explanation(
        self, choice: Choice, ranking: Ranking, parts: Sequence[Part], together: Mapping[int, Ranking]
    ) -> Explanation:
        graph, causes = self._graph, self._graph.causes
        names = graph.names
        if len(parts) == 1:
            members: Sequence[int] = parts[0].devices
            looked: Collection[int] = parts[0].looked_through
        else:
            members = sorted([node for part in parts for node in part.devices])
            looked = {node for part in parts for node in part.looked_through}
        within = frozenset(members)
        cause = causes.cause(choice.cause)
        roots = sorted({end.node for part in parts for end in part.ends})
        putting_out = [each for each in (choice.cause, *together) if causes.kind[each] in _PUTS_OUT]
        put_out = sorted({node for each in putting_out for node in causes.nodes[each] if node in within})
        if causes.management[choice.cause]:
            looked = within
        management = all(node in looked or node in graph.concentrators for node in members)
        if management and cause.kind is CauseKind.DEVICE:
            cause = Cause(CauseKind.MANAGEMENT, cause.name)
        return Explanation(
            cause=cause,
            members=tuple([names[node] for node in members]),
            roots=tuple([names[node] for node in roots]),
            ranking=ranking,
            down=tuple([names[node] for node in put_out if node not in looked]),
            unknown=tuple([names[node] for node in members if node in looked]) if looked else (),
            together=tuple(sorted(causes.cause(other) for other in together)) if together else (),
            others=tuple(together.values()) if together else (),
            links=self._links(choice),
            management=management,
            topology_known=all(bool(graph.known[node]) for node in roots),
            silent_alone=any(part.silent_alone for part in parts),
        )

    def _lost(self, choice: Choice) -> LostRedundancy:
        graph = self._graph
        links = self._links(choice)
        edges = {edge for name in links for edge in graph.edges_of_link[graph.link_index[name]]}
        return LostRedundancy(
            cause=graph.causes.cause(choice.cause),
            ranking=rank(choice, graph, self._refuted, self.cost),
            links=links,
            stands_alone=tuple(graph.names[node] for node in one_way_only(edges, self._lights)),
            observed=any(end.node < 0 for end in choice.ends),
        )

    def _links(self, choice: Choice) -> tuple[str, ...]:
        """Links of the strands that ended, and those whose port is down by it."""
        graph, ports = self._graph, self._lights.port
        found = {graph.link[end.edge] if end.edge >= 0 else -2 - end.edge for end in choice.ends}
        if ports:
            found.update(link for link in graph.causes.links[choice.cause] if ports.get(link) is Port.DOWN)
        return tuple(sorted(graph.links[link] for link in found if link >= 0))

    def _shows_light(self, cause: int) -> bool:
        """Whether a port towards what the cause puts out is up."""
        graph, ports = self._graph, self._lights.port
        return any(
            ports.get(graph.link[edge]) is Port.UP
            for node in graph.causes.nodes[cause]
            for edge in graph.edge[graph.start[node] : graph.start[node + 1]]
        )
