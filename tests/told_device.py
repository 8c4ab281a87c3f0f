"""A simulated device told by acts without a network: what `DeviceSteps` does over SSH, for tests of what is said."""

import re
from collections.abc import Iterable
from dataclasses import replace

from domain.intent import Configuration, Difference
from domain.secrets import Secret
from lab.cli import SimulatedDevice
from lab.cli.conversation import Login
from provisioning.difference import compare
from provisioning.platforms import PLATFORMS, clean, mask
from provisioning.platforms.pushing import Act, Mark, Pushing, Say, Situation
from provisioning.rendering import fill


class RefusedError(AssertionError):
    """A line that the device did not take, or an answer that nobody knows."""


class ToldDevice:
    """One device, its console, and the job that is told to it. said: every line with its answer."""

    def __init__(
        self, device: SimulatedDevice, pushing: Pushing, wanted: Configuration, *, shared: bool = False
    ) -> None:
        self.device = device
        self.pushing = pushing
        self.platform = PLATFORMS[wanted.platform.value]
        self.said: list[tuple[str, str]] = []
        device.model.add_login("noc", "rahasia", "")
        self.log_in()
        version = self.platform.version_in(self.line(self.platform.asks)) if self.platform.asks else ""
        before = self.read()
        self.at = Situation(Mark("ab12cd", 600), wanted, version, before, before, shared=shared)

    def log_in(self) -> None:
        self.console = self.device.open(Login("noc", self.device.manager, rows=0))
        for line in ("enable", "undo smart") if "olt" in self.platform.name else ():
            self.line(line)

    def line(self, text: str, act: Say | None = None) -> str:
        """Questions are answered as the platform and the act know them."""
        known = (*(act.answers if act else ()), *self.platform.dialect.questions)
        reply = self.device.take(self.console, "noc", text)
        whole = reply.text
        for _turn in range(9):
            last = self.console.prompt().rpartition("\n")[2]
            question = next((each for each in known if re.search(each.pattern, last)), None)
            if question is None:
                break
            reply = self.device.take(self.console, "noc", str(question.answer))
            whole += reply.text
        if reply.restarts:
            self.device.advance(self.device.boot_seconds + 1)
            self.log_in()
        return whole

    def read(self) -> str:
        (part,) = self.platform.reading("").parts
        return mask(self.platform, clean(self.platform, self.line(part)), lambda _secret: "")

    def tell(self, acts: Iterable[Act]) -> None:
        for act in acts:
            assert isinstance(act, Say)
            answer = self.line(fill(act.text, lambda _hole: Secret("Sandi1Kata")).reveal(), act)
            self.said.append((act.text, answer))
            if act.is_refused(answer):
                raise RefusedError(f"{act.text}: {answer}")

    def looked_at(self) -> Situation:
        self.at = replace(self.at, now=self.read())
        return self.at

    def difference(self) -> Difference:
        return compare(self.at.configuration, self.looked_at().now)

    def arm(self) -> None:
        self.tell(self.pushing.arm(self.looked_at()))

    def push(self) -> None:
        difference = self.difference()
        self.at = replace(self.at, sent=(*self.at.sent, *difference.changes))
        self.tell(self.pushing.push(self.at, difference))

    def keep(self) -> None:
        self.tell(self.pushing.disarm(replace(self.at, now="", version="")))
        self.tell(self.pushing.save(self.at))

    def revert(self) -> None:
        """In a conversation of its own, as after any failure."""
        self.log_in()
        self.tell(self.pushing.revert(self.looked_at()))
        self.tell(self.pushing.disarm(self.looked_at()))
        self.tell(self.pushing.tidy(self.at))
