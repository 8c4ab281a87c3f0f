"""gufo-snmp 0.13, asyncio, a session kept for every device: three multi-gets, one after the other."""

from gufo.snmp.aio import SnmpSession

from benchmarks.peers.python import PollerOf, run


class Gufo(PollerOf):
    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._sessions: dict[str, SnmpSession] = {}

    async def poll(self, address: str) -> int:
        session = self._sessions.get(address)
        if session is None:
            session = self._sessions[address] = SnmpSession(address, port=self.port, community="public", timeout=5.0)
        return sum([len(await session.get_many(oids)) for oids in self.instances])


if __name__ == "__main__":
    run(Gufo, str(__doc__))
