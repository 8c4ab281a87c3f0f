"""What a test or a trainer orders to go wrong on a simulated command line. Data only."""

from dataclasses import dataclass

from lab.cli.conversation import Ordered


@dataclass(frozen=True, slots=True)
class Faults:
    """All off by default; set anew at any time by `device.faults = Faults(...)`.

    Patterns are regular expressions searched in the whole line typed. Counts begin anew with each session.
    """

    ignores: str = ""
    """Lines accepted without a word that change nothing (an OLT that says yes and does nothing)."""
    reboots_at: str = ""
    """The device restarts while this line runs; the line still takes effect."""
    reboots_after_lines: int | None = None
    """The device restarts after so many lines of one session (a reboot in the middle of a push)."""
    drops_after_output_lines: int | None = None
    """The connection breaks off after so many lines of output."""
    drops_after_lines: int | None = None
    """The connection breaks off after so many lines typed, before the answer."""
    truncates_output_lines: int | None = None
    """Each answer ends after so many lines, and the prompt comes as if it were whole."""
    seconds_per_line: float = 0.0
    """Slow output: a pause before each line."""
    asks: str = ""
    """Lines before which the device asks 'are you sure? [y/N]'."""
    hangs_at: str = ""
    """After this line nothing comes any more, the connection stays open."""
    pages: bool = False
    """Pages even where the session has switched paging off."""
    disk_full: bool = False
    """Nothing can be saved."""
    serial: str = ""
    """Another serial number than the record's: somebody has put in another box."""
    refuses_login: bool = False
    """Every password and key is wrong."""

    def ordered(self) -> Ordered:
        """The part that only the model can play."""
        return Ordered(self.ignores, self.disk_full, self.serial)
