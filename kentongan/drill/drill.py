"""One drill: every scenario on the random network of a seed, each on a stage of its own, judged by the truth."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alerts.dispatch.writing import Writer
from kentongan.drill.faults import SCENARIOS, Place
from kentongan.drill.network import Network, random_network
from kentongan.drill.oracle import Oracle
from kentongan.drill.plot import Plot, differences
from kentongan.drill.stage import BEGAN, Stage, Told, make_writer
from kentongan.drill.truth import Truth
from kentongan.drill.world import World

ROUND_SECONDS = 20.0  # of pings: everybody on fibre is asked in one turn


@dataclass(frozen=True, slots=True)
class Played:
    """differences: what was told otherwise than expected, in words."""

    plot: Plot
    told: tuple[Told, ...]
    differences: tuple[str, ...]

    @property
    def as_expected(self) -> bool:
        return not self.differences

    def plain(self) -> dict[str, Any]:
        return {
            "name": self.plot.name,
            "injected": [order.plain() for order in self.plot.orders],
            "notifications": [told.body for told in self.told],
            "expected": [wanted for story in self.plot.stories for wanted in story.plain()],
            "asExpected": self.as_expected,
        }


def plots_of(seed: int) -> tuple[Network, Truth, tuple[Plot, ...]]:
    """The same for the same seed. Networks differ in what can happen in them: a kind of fault may be missing."""
    network = random_network(seed)
    truth = Truth(network.inventory)
    oracle = Oracle.of(truth, ((segment.name, segment.kind) for segment in network.inventory.segments))
    plots = []
    for number, scenario in enumerate(SCENARIOS):
        rng = random.Random(f"drill:{seed}:{number}")  # noqa: S311 - dice, no secret
        plot = scenario(Place(oracle, rng))
        if plot is not None:
            plots.append(plot)
    return network, truth, tuple(plots)


def play(
    network: Network,
    truth: Truth,
    plot: Plot,
    seed: int,
    writer: Writer | None = None,
    wake_seconds: float = ROUND_SECONDS,
) -> Played:
    stage = Stage(network, World(truth, BEGAN.timestamp()), seed=seed, writer=writer, wake_seconds=wake_seconds)
    for order in plot.orders:
        stage.run_to(order.at)
        if order.turn_seconds is None:
            stage.world.order(order.verb, order.name, stage.unix)
        else:
            stage.world.flap(order.name, order.turn_seconds, stage.unix)
    stage.run_to(plot.until)
    told = tuple(stage.told)
    return Played(plot, told, tuple(differences(plot.stories, (each.body for each in told))))


def drill(seed: int, writer: Writer | None = None, wake_seconds: float = ROUND_SECONDS) -> Iterator[Played]:
    """writer: one for many seeds. wake_seconds: the poller's; shorter takes longer, and orders events otherwise."""
    writer = writer or make_writer()
    network, truth, plots = plots_of(seed)
    for plot in plots:
        yield play(network, truth, plot, seed, writer, wake_seconds)
