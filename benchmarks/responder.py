"""The responder in C on the other core."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks import machine
from benchmarks.target import Target, running


@contextmanager
def responding(
    port: int, *, delay_milliseconds: float = 0, jitter_milliseconds: float = 0, loss_percent: float = 0
) -> Iterator[Target]:
    """Answers after delay … delay + jitter; loses so many of its answers."""
    named = {"--delay": delay_milliseconds, "--jitter": jitter_milliseconds, "--loss": loss_percent}
    options = [word for name, number in named.items() if number for word in (name, str(number))]
    machine.pin(machine.TARGET_CORE)
    with running(port, *options) as target:
        machine.pin(machine.POLLER_CORE)
        yield target
