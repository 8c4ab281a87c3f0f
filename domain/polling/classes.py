"""How often a device is asked, by what its link may cost: the four poll classes and their traffic."""

from dataclasses import dataclass

from domain.network import PollClassName

SECONDS_PER_MONTH = 30 * 86400
ECHO_BYTES = 84  # IPv4 header 20, ICMP header 8, payload 56, as ping sends


@dataclass(frozen=True, slots=True)
class PollClass:
    """Intervals in seconds; `month_megabytes` is the traffic a device of this class may cost (0: no limit).

    icmp_timeout: an echo that is not answered within this is lost. icmp_recheck: lost echoes count that are at least so
    far apart, and a device that has lost one is asked again at once; 0: only those that keep the interval count, and
    asking again can save a device but not condemn it.
    """

    name: PollClassName
    icmp_seconds: float
    icmp_misses: int
    snmp_seconds: float
    snmp_misses: int
    discovery_seconds: float
    month_megabytes: float = 0.0
    icmp_timeout_seconds: float = 3.0  # longer than a satellite's 0.6 s and a crowded LTE cell's second
    icmp_recheck_seconds: float = 0.0

    def icmp_megabytes(self) -> float:
        """Traffic of the echo requests and replies of one device in a month of 30 days."""
        return 2 * ECHO_BYTES * SECONDS_PER_MONTH / self.icmp_seconds / 1e6

    def snmp_megabytes(self, bytes_per_poll: float) -> float:
        return bytes_per_poll * SECONDS_PER_MONTH / self.snmp_seconds / 1e6


DEFAULT_CLASSES: dict[PollClassName, PollClass] = {
    poll_class.name: poll_class
    for poll_class in (
        PollClass(PollClassName.FIBRE, 20, 4, 60, 3, 6 * 3600),
        PollClass(PollClassName.RADIO, 20, 4, 60, 3, 6 * 3600),
        PollClass(PollClassName.METERED, 120, 3, 900, 3, 7 * 86400, month_megabytes=30),
        PollClass(PollClassName.SLOW, 300, 3, 3600, 2, 7 * 86400, month_megabytes=10),
    )
}
