"""How often one known sender may send: a bucket of tokens each, which fills with steady time. Pure."""

from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Rate:
    """burst: so many at once. refill_seconds: one more after so long. Never more buckets than there are senders."""

    def __init__(self, burst: int, refill_seconds: float) -> None:
        self._burst = float(burst)
        self._refill = refill_seconds
        self._buckets: dict[str, _Bucket] = {}

    def admit(self, sender: str, steady_seconds: float) -> bool:
        """Whether this one is taken; a refused one costs nothing more."""
        bucket = self._buckets.get(sender)
        if bucket is None:
            bucket = self._buckets[sender] = _Bucket(self._burst, steady_seconds)
        filled = max(steady_seconds - bucket.at, 0.0) / self._refill
        bucket.left, bucket.at = min(bucket.left + filled, self._burst), steady_seconds
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True

    def forget(self, senders: set[str]) -> None:
        """Senders that are not known any more."""
        for gone in senders & self._buckets.keys():
            del self._buckets[gone]

    @property
    def retry_seconds(self) -> int:
        return max(int(self._refill), 1)
