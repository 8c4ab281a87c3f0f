"""Simulated devices spoken to without a network: what `SshShells` does over SSH, for tests of many conversations."""

import re
from collections.abc import Mapping

from domain.secrets import Secret
from domain.shell import (
    BrokenOffError,
    Command,
    Exchange,
    LoginRefusedError,
    Reading,
    Reply,
    ShellTarget,
    Transcript,
    UnreachableError,
)
from lab.cli import SimulatedDevice
from lab.cli.conversation import Console, Login

OPTIONS = "ct511w4098h"  # as RouterOS takes them after a plus sign: no colours, a wide terminal


class SimulatedShells:
    """Implements Shells. devices: by address; change it while nobody talks."""

    def __init__(self, devices: Mapping[str, SimulatedDevice]) -> None:
        self.devices = dict(devices)

    def open(self, target: ShellTarget) -> "SimulatedShell":
        device = self.devices.get(target.address)
        if device is not None:
            device.settle()
        if device is None or device.dark:
            raise UnreachableError(target.device, f"{target.device} does not answer")
        password = target.login.password
        if not device.accepts(target.login.user, password.reveal() if password else ""):
            raise LoginRefusedError(target.device, f"{target.device} does not take the login")
        return SimulatedShell(target, device)


class SimulatedShell:
    """Implements Shell."""

    def __init__(self, target: ShellTarget, device: SimulatedDevice) -> None:
        self._target = target
        self._device = device
        self._said: list[Exchange] = []
        self._console: Console = device.open(Login(target.login.user, device.manager, OPTIONS, rows=0))

    @property
    def octets(self) -> int:
        return sum(len(each.sent) + len(each.received) for each in self._said)

    def run(self, command: Command) -> Reply:
        text, line = "", command.text
        for _turn in range(9):
            if self._device.dark:
                raise BrokenOffError(self._target.device, f"{self._target.device} is gone")
            reply = self._device.take(self._console, self._target.login.user, line)
            text += reply.text
            last = self._console.prompt().rpartition("\n")[2]
            known = (*command.answers, *self._target.dialect.questions)
            question = next((each for each in known if re.search(each.pattern, last)), None)
            if question is None:
                break
            line = question.answer if isinstance(question.answer, str) else question.answer.reveal()
        self._said.append(Exchange(0.0, command.text, text, 0.0))
        if reply.restarts:
            raise BrokenOffError(self._target.device, f"{self._target.device} restarts")
        return Reply(text, 0.0)

    def read(self, reading: Reading) -> str:
        return "".join(self.run(Command(part)).text for part in reading.parts)

    def send_file(self, path: str, text: Secret) -> None:
        self._device.model.write_file(path, text.reveal(), 0.0)  # type: ignore[attr-defined]

    def transcript(self) -> Transcript:
        return Transcript(self._target.device, tuple(self._said))

    def close(self) -> None:
        self._device.close(self._console)
