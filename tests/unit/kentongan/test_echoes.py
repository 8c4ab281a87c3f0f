"""Who is asked together: devices whose class waits equally long for an answer."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from domain.network import PollClassName
from domain.polling import DEFAULT_CLASSES, PingRound
from domain.time import Moment
from kentongan.run import echoes
from kentongan.run.echoes import Echoes

NOW = Moment(1000.0, 1_800_000_000.0)


@dataclass
class Asked:
    rounds: list[tuple[list[int], float | None]] = field(default_factory=list)
    way: str = "raw"
    why: str = ""

    def open(self) -> "Asked":
        return self

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def assign(self, device: int, address: str) -> None: ...

    def release(self, device: int) -> None: ...

    def round(self, devices: np.ndarray, now: Moment, timeout_seconds: float | None = None) -> None:
        self.rounds.append((devices.tolist(), timeout_seconds))

    def step(self, now: Moment) -> PingRound | None:
        return None


def test_each_class_is_waited_for_as_long_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    monkeypatch.setattr(echoes, "choose", lambda: asked)
    patient = DEFAULT_CLASSES[PollClassName.FIBRE]
    hasty = replace(patient, icmp_timeout_seconds=0.3)
    made = Echoes()
    made.start()
    for device, poll_class in enumerate((patient, hasty, patient)):
        made.put(device, f"r{device}", f"10.0.0.{device}", poll_class, NOW)
    made.ask(np.array([0, 1, 2]), NOW)
    made.ask(np.array([1]), NOW)
    assert asked.rounds == [([1], 0.3), ([0, 2], 3.0)], "and nobody twice while he is being asked"
