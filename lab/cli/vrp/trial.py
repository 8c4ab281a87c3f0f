"""`commit trial` of VRP 8: a configuration that stays only if it is committed in time.

Source: Huawei NetEngine 8000 Command Reference, commit: with a persistence ID the trial outlives its session and is
confirmed by `commit persist ID`; without one it ends with the session.
"""

from dataclasses import dataclass

from lab.cli.lines.tree import Tree


@dataclass(frozen=True, slots=True)
class Trial:
    """Unless committed by `until`, `before` comes back. persist: '' for one that belongs to the session `owner`."""

    until: float
    before: Tree
    persist: str
    owner: int

    def belongs_to(self, persist: str, owner: int) -> bool:
        return self.persist == persist and (bool(persist) or self.owner == owner)


def trial_of(until: float, before: Tree, persist: str, owner: int) -> Trial:
    return Trial(until, before.copy(), persist, owner)
