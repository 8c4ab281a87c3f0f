"""pysnmp, hlapi.v3arch.asyncio, without MIB look-ups: three GETs, one after the other, one engine for all."""

from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    get_cmd,
)

from benchmarks.peers.python import PollerOf, run


class Pysnmp(PollerOf):
    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._engine = SnmpEngine()
        self._community = CommunityData("public", mpModel=1)  # noqa: S508

    async def poll(self, address: str) -> int:
        target = await UdpTransportTarget.create((address, self.port), timeout=5.0, retries=0)
        count = 0
        for oids in self.instances:
            error, status, _index, varbinds = await get_cmd(
                self._engine,
                self._community,
                target,
                ContextData(),
                *(ObjectType(ObjectIdentity(oid)) for oid in oids),
                lookupMib=False,
            )
            if error or status:
                raise RuntimeError(str(error or status))
            count += len(varbinds)
        return count


if __name__ == "__main__":
    run(Pysnmp, str(__doc__))
