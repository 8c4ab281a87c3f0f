"""The simulated kabupaten: one process in which every device of an inventory is an SNMP agent of its own.

`python -m lab.world` serves it (see `__main__`), `Control` orders it about, `users` names who may read it.
"""

from lab.world.control import Control
from lab.world.darkness import can_darken_ping

__all__ = ["Control", "can_darken_ping"]
