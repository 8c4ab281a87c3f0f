"""The machine's two clocks, read at the rim only."""

import time

from domain.time import Moment


class SystemClock:
    def now(self) -> Moment:
        return Moment(time.monotonic(), time.time())
