"""All agents of the world behind one door: a datagram in, a datagram or silence out. No sockets here."""

from lab.errors import BerError
from lab.world import ber
from lab.world.mibs import table_of
from lab.world.model import World
from lab.world.pdu import V1, V2C, V3, Request, Responder
from lab.world.users import COMMUNITY, USERS
from lab.world.usm import Engine, Usm, engine_id

MAX_DATAGRAM = 1472  # what one Ethernet frame carries


class Agents:
    """Answers for every device of the world; a device's table is made when it is first asked, or by `prepare`."""

    def __init__(self, world: World, community: str = COMMUNITY) -> None:
        self._world = world
        self._community = community.encode()
        self._usm = Usm(USERS)
        self._responders: dict[int, Responder] = {}
        self._engines = [engine_id(node.device.address) for node in world.wiring.nodes]

    def prepare(self) -> None:
        """Make every table now, so that the first questions of a whole fleet are answered as fast as the later ones."""
        for node in self._world.wiring.nodes:
            if node.has_agent:
                self._responder(node.index)

    def answer(self, address: str, data: bytes, now: float) -> bytes | None:
        """What the device at `address` says to `data`; None for silence: nobody there, dark, no agent, not for us."""
        node = self._world.wiring.by_address.get(address)
        if node is None or not self._world.wiring.nodes[node].has_agent or not self._world.answers(node):
            return None
        try:
            return self._answer(node, data, now)
        except BerError:
            return None  # as real agents do: count it and keep silent

    def _answer(self, node: int, data: bytes, now: float) -> bytes | None:
        at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
        version, after = ber.read_integer(data, at, end)
        if version == V3:
            engine = Engine(
                self._engines[node], self._world.boots(node), int(self._world.uptime_seconds(node, now)) & 0x7FFFFFFF
            )

            def respond(request: Request, room: int) -> bytes:
                return self._responder(node).respond(request, self._world.view(node, now), room)

            return self._usm.answer(data, engine, respond, MAX_DATAGRAM)
        if version not in (V1, V2C):
            return None
        start, stop = ber.expect(data, after, end, ber.OCTETS)
        if data[start:stop] != self._community:
            return None
        request = Request.read(data, stop, end, version)
        head = data[at:stop]
        pdu = self._responder(node).respond(request, self._world.view(node, now), MAX_DATAGRAM - len(head) - 4)
        return ber.wrap(ber.SEQUENCE, head + pdu)

    def _responder(self, node: int) -> Responder:
        known = self._responders.get(node)
        if known is None:
            table = table_of(self._world.wiring.nodes[node], self._world.wiring)
            known = self._responders[node] = Responder(table)
        return known
