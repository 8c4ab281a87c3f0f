"""SNMPv3 agents on the loopback for tests of the sweep's secure lane.

The user-based security is the simulated world's, written apart from the collectors: an error in ours would otherwise
be right on both sides. Its protocols are SHA-1 and SHA-256, AES-128 and AES-256.
"""

import socket
from collections.abc import Callable

from domain.polling import Budget, Endpoint
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser
from lab.errors import BerError
from lab.world.pdu import Request
from lab.world.usm import Engine, Usm
from tests import scripted_agents as agents
from tests.unit.collectors.sweep_network import Network, columns_of_router, table_of_router

NOBODY = SnmpUser("n", "nobody")
SIGNED = SnmpUser("a", "signer", AuthProtocol.SHA1, Secret("authpassword"))
STRONG = SnmpUser("s", "strong", AuthProtocol.SHA1, Secret("authpassword"), PrivProtocol.AES128, Secret("privpassword"))
STRONGER = SnmpUser(
    "t", "stronger", AuthProtocol.SHA256, Secret("authpassword"), PrivProtocol.AES256, Secret("privpassword")
)
USERS = (NOBODY, SIGNED, STRONG, STRONGER)
ENGINE_ID = bytes.fromhex("80001f8804") + b"desa"
ROOM = 60_000

Tamper = Callable[["SecureAgent", bytes, bytes], "list[bytes]"]
"""Agent, request and true answer to what is sent instead."""


class SecureAgent:
    """Answers SNMPv3 at `address`. `status` by OIDs may refuse; `tamper` may change what is sent."""

    def __init__(self, address: str, table: dict[str, agents.Value], users: tuple[SnmpUser, ...] = USERS) -> None:
        self.table, self.address = table, address
        self.usm = Usm(users)
        self.engine = Engine(ENGINE_ID + socket.inet_aton(address), 5, 1000)
        self.status: Callable[[list[str]], int] = lambda _oids: 0
        self.tamper: Tamper = lambda _agent, _request, answer: [answer]
        self.silent: Callable[[bytes], bool] = lambda _request: False
        self.heard: list[bytes] = []
        self.asked: list[list[str]] = []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]

    def close(self) -> None:
        self.socket.close()

    def serve(self) -> int:
        count = 0
        while True:
            try:
                data, source = self.socket.recvfrom(65536)
            except BlockingIOError:
                return count
            count += 1
            self.heard.append(data)
            if self.silent(data):
                continue
            try:
                answer = self.usm.answer(data, self.engine, self.respond, ROOM)
            except BerError:
                continue  # as agents do that cannot decipher
            for message in self.tamper(self, data, answer) if answer else []:
                self.socket.sendto(message, source)

    def respond(self, request: Request, _room: int) -> bytes:
        oids = [agents.oid_text(agents.split(each)[0][1]) for _tag, each in agents.split(request.bindings)]
        self.asked.append(oids)
        status = self.status(oids)
        values = [(oid, self.table.get(oid, (agents.NO_SUCH_INSTANCE, b""))) for oid in oids]
        varbinds = b"".join(
            agents.tlv(0x30, agents.tlv(6, agents.oid_octets(oid)) + agents.tlv(*value)) for oid, value in values
        )
        numbers = agents.tlv(2, agents.signed(status)) + b"\x02\x01\x00"
        return agents.tlv(0xA2, request.request_id + numbers + agents.tlv(0x30, varbinds))

    def set_clock(self, boots: int, seconds: int) -> None:
        self.engine = Engine(self.engine.id, boots, seconds)


class SecureNetwork(Network):
    def add_secure(
        self,
        access: SnmpUser = STRONG,
        table: dict[str, agents.Value] | None = None,
        users: tuple[SnmpUser, ...] = USERS,
        budget: Budget | None = None,
    ) -> int:
        number = len(self.agents)
        agent = SecureAgent(f"127.79.0.{number + 1}", table_of_router() if table is None else table, users)
        device = self.fleet.put(f"device-{number}", self.plans.intern(columns_of_router(), budget or Budget()))
        self.agents[device] = agent  # type: ignore[assignment]
        self.give(device, access)
        return device

    def give(self, device: int, access: SnmpUser) -> None:
        agent = self.agents[device]
        self.sweeper.assign(device, Endpoint(agent.address, agent.port, access))

    def agent(self, device: int) -> SecureAgent:
        found = self.agents[device]
        assert isinstance(found, SecureAgent)
        return found
