"""One step of the engine: observations in, changes and wishes out. Pure; all rooms of the alerts hang on this one.

Today it tells states. Root cause, incidents and their settle windows take their place between the board and what is
returned: they will see all changes of a step together with the topology, and hold back by `wake_at`.
"""

from collections.abc import Iterable

from alerts.states import StateBoard, Step
from domain.network import Topology
from domain.polling import PingRound, Sweep
from domain.time import Moment


def step(
    board: StateBoard,
    observations: Iterable[PingRound | Sweep],
    topology: Topology,
    now: Moment,
    *,
    blind: bool = False,
) -> Step:
    """Let the board hear the observations in their order and draw its conclusions.

    blind: we are cut off ourselves (`collectors.ownpath`): nobody's silence counts, everybody is unknown.
    """
    for observation in observations:
        if isinstance(observation, PingRound):
            board.observe_pings(observation, now)
        else:
            board.observe_sweep(observation, now)
    return board.step(now, topology, blind)
