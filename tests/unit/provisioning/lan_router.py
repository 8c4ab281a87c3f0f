"""A simulated RouterOS behind the Shell port, without SSH: what is said to it, and what stands on its LAN."""

from domain.shell import BrokenOffError, Command, Reply, Transcript
from lab.cli import SimulatedDevice
from lab.cli.conversation import Login
from lab.cli.routeros import Router


class LanRouter:
    """`run` as a shell does. asked: every line that was said."""

    def __init__(self, version: str = "7.16", *, alert: bool = True) -> None:
        self.device = SimulatedDevice.routeros(version)
        assert isinstance(self.device.model, Router)
        self.model = self.device.model
        self.asked: list[str] = []
        self.broken = ""
        self.closed = 0
        self.model.add_login("admin", "rahasia", "")
        self._console = self.device.open(Login("admin", self.device.manager, rows=0))
        self.say("/ip pool add name=lan ranges=192.168.88.10-192.168.88.19 next-pool=none")
        self.say("/ip dhcp-server add name=lan interface=ether2 address-pool=lan disabled=no")
        if alert:
            self.say("/ip dhcp-server alert add interface=ether2 disabled=no")

    def say(self, line: str) -> str:
        return self.device.take(self._console, "admin", line).text

    def give(self, count: int) -> None:
        for number in range(count):
            self.model.lan.lease(f"192.168.88.{10 + number}", f"AA:00:00:00:00:{number:02X}", "lan", interface="ether2")

    # -- Shell

    def run(self, command: Command) -> Reply:
        if self.broken:
            raise BrokenOffError("rtr-a", self.broken)
        self.asked.append(command.text)
        return Reply(self.say(command.text), 0.0)

    def read(self, reading: object) -> str:
        raise NotImplementedError

    def send_file(self, path: str, text: object) -> None:
        raise NotImplementedError

    @property
    def octets(self) -> int:
        return sum(map(len, self.asked))

    def transcript(self) -> Transcript:
        return Transcript("rtr-a")

    def close(self) -> None:
        self.closed += 1
