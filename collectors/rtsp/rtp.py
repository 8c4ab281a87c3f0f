"""Whether a stream's own time goes on (RTP, RFC 3550 section 5.1). Pure; time comes as an argument."""

from dataclasses import dataclass, field

_MODULUS = 1 << 32
_HEADER_OCTETS = 12


@dataclass(slots=True)
class StreamWatch:
    """Takes packets of one payload type. A frozen camera sends nothing, or the same moment again and again."""

    payload: int
    packets: int = 0
    octets: int = 0
    pictures: int = 0  # moments that differ
    first_at: float | None = None
    last_at: float | None = None
    kept: list[bytes] = field(default_factory=list)
    _stamp: int | None = None

    def take(self, packet: bytes, at_seconds: float, *, keep: int = 0) -> bool:
        """keep: so many octets of packets are held for a decoder. False: no packet of this stream."""
        if len(packet) < _HEADER_OCTETS or packet[0] >> 6 != 2 or packet[1] & 0x7F != self.payload:
            return False
        stamp = int.from_bytes(packet[4:8], "big")
        self.packets += 1
        self.octets += len(packet)
        self.first_at = at_seconds if self.first_at is None else self.first_at
        if self._stamp is None or 0 < (stamp - self._stamp) % _MODULUS < _MODULUS // 2:
            self.pictures += 1
            self._stamp = stamp
            self.last_at = at_seconds
        if self.octets <= keep:
            self.kept.append(packet)
        return True

    @property
    def advances(self) -> bool:
        """Three moments in order: one picture held in a camera's memory, sent once, is no stream."""
        return self.pictures >= 3
