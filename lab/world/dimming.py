"""Light and signal that somebody took away: how many dB less arrive over a strand, at once or by and by. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dimming:
    """From `start_db` at `began` to `end_db` after `seconds`."""

    start_db: float
    end_db: float
    began: float
    seconds: float

    def db(self, now: float) -> float:
        if self.seconds <= 0 or now >= self.began + self.seconds:
            return self.end_db
        return self.start_db + (self.end_db - self.start_db) * max(0.0, now - self.began) / self.seconds
