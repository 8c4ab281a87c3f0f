"""Questions to one device beside the regular polls: what it is, and what an OLT says of its ONUs."""

from collections.abc import Callable

from collectors.discovery import discover
from collectors.onu_states import Onu, OnuLook, look_at_onus
from collectors.profiles import Profiles
from collectors.snmp.client import SnmpClient
from collectors.snmp.engines import EngineBook
from collectors.snmp.keys import KeyRing
from domain.polling import Discovery, Endpoint
from kentongan.run.roster import Member, Roster

DISCOVERY_SECONDS = 300.0
"""Of one device. What its slowest tables did not tell by then is asked for at the next look."""


class Asking:
    """engines, keys: shared with whoever else asks by SNMPv3. platform_of: by the name of a device.

    client: makes what a device is asked with.
    """

    def __init__(
        self,
        roster: Roster,
        profiles: Profiles,
        engines: EngineBook,
        keys: KeyRing,
        platform_of: Callable[[str], str],
    ) -> None:
        self._roster = roster
        self._profiles = profiles
        self._platform_of = platform_of
        self.client: Callable[[Endpoint], SnmpClient] = lambda endpoint: SnmpClient(
            endpoint, engines=engines, keys=keys
        )

    async def discover(self, member: Member) -> Discovery:
        assert member.endpoint is not None
        async with self.client(member.endpoint) as client:
            return await discover(client, self._profiles, member.device.platform, DISCOVERY_SECONDS)

    async def look_at_onus(self, olt: str, onus: tuple[Onu, ...]) -> OnuLook:
        """Nothing of an OLT that cannot be asked."""
        if olt not in self._roster or self._roster[olt].endpoint is None:
            return OnuLook()
        endpoint = self._roster[olt].endpoint
        assert endpoint is not None
        profile = self._profiles.get(self._platform_of(olt))
        async with self.client(endpoint) as client:
            return await look_at_onus(client, profile, onus=onus)
