"""How often one site may push: a bucket of tokens that fills with steady time. Pure; holds known sites only."""

from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class HeartbeatRate:
    """burst: so many at once. refill_seconds: one more after so long. Never more buckets than there are sites."""

    def __init__(self, burst: int = 6, refill_seconds: float = 5.0) -> None:
        self._burst = float(burst)
        self._refill = refill_seconds
        self._buckets: dict[str, _Bucket] = {}

    def admit(self, site: str, steady_seconds: float) -> bool:
        """Whether this push is taken; a refused one costs nothing more."""
        bucket = self._buckets.setdefault(site, _Bucket(self._burst, steady_seconds))
        filled = max(steady_seconds - bucket.at, 0.0) / self._refill
        bucket.left, bucket.at = min(bucket.left + filled, self._burst), steady_seconds
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    @property
    def retry_seconds(self) -> int:
        return max(int(self._refill), 1)
