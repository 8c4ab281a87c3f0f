"""`commit trial` of VRP 8: a configuration that stays only if it is committed in time."""

from dataclasses import dataclass

from lab.cli.lines.tree import Tree


@dataclass(frozen=True, slots=True)
class Trial:
    """Unless committed by `until`, `before` comes back."""

    until: float
    before: Tree


def trial_of(until: float, before: Tree) -> Trial:
    return Trial(until, before.copy())
