"""How patient the desk is. Seconds throughout; a site in a hurry sets them lower."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeskRules:
    """settle: a fault must stand this long, so that a generator's change-over pages nobody and a parent may still fall.

    straggle: members that stay dark under another cause, after the rest came back, wait this long for their own
    incident. return_holds: all are back this long before it is over, doubled at each relapse, at most twice; and some
    of them before that is told.
    late: devices of a shared cause fell within this of each other. retell: at most one update per incident in this.
    rethink: another cause, or witnesses that say something else, must stand this long: a port comes up before the
    router behind it has booted, and that is the end of the fault, not another one.
    flap_half_life: in which the penalty of a fall (1.0) halves; flapping from `flap_limit` until `flap_calm`.
    """

    settle_seconds: float = 60.0
    straggle_seconds: float = 300.0
    return_holds_seconds: float = 300.0
    late_seconds: float = 180.0
    retell_seconds: float = 300.0
    rethink_seconds: float = 120.0
    flap_half_life_seconds: float = 900.0
    flap_limit: float = 2.5
    flap_calm: float = 0.8

    def hold_seconds(self, relapses: int) -> float:
        return self.return_holds_seconds * float(2 ** min(relapses, 2))

    def decayed(self, penalty: float, elapsed_seconds: float) -> float:
        return penalty * float(2.0 ** (-max(elapsed_seconds, 0.0) / self.flap_half_life_seconds))
