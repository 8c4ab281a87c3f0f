"""Villages of a history that push: as long as theirs are lit, their heartbeats come, as their receiver takes them."""

import hashlib
from datetime import datetime
from typing import Final
from zlib import crc32

from collectors.store.heartbeat_tokens import SqlTokenStore
from domain.network import Check, Inventory
from domain.secrets import Secret
from domain.services import Heartbeat, PathTest, hash_of, make_token
from domain.services.heartbeat_board import Pulse
from domain.time import Moment
from kentongan.history.clock import FastClock
from kentongan.history.sight import WorldSight
from kentongan.installation import Installation
from kentongan.run.service import Service

_POOL: Final = 200
_MOST_USERS: Final = 22
_BUSY: Final = (1, 1, 0, 0, 0, 1, 2, 4, 7, 8, 8, 8, 7, 7, 7, 7, 7, 8, 9, 10, 10, 9, 6, 3)
"""By hour, out of ten."""


class Hearts:
    """`know` an inventory, `beat` at each turn before the world changes, wake at `next_at`.

    Who would say again what he said is heard only so often that nobody misses him.
    """

    def __init__(self, service: Service, clock: FastClock, sight: WorldSight, seed: int) -> None:
        self._service, self._clock, self._sight, self._seed = service, clock, sight, seed
        self._every = float(service.installation.loaded.settings.heartbeat.interval_seconds)
        self._missed = service.installation.loaded.settings.heartbeat.missed_intervals
        self._senders: dict[str, str] = {}
        self._last: dict[str, float] = {}

    async def know(self, inventory: Inventory) -> None:
        """Whoever pushes has a token."""
        self._senders = {each.site: each.name for each in inventory.devices if each.check is Check.PUSH}
        store = tokens_of(self._service.installation)
        for site in self._senders.keys() - set(store.read()):
            store.put(site, hash_of(token_of(self._seed, site)))
        await self._service.beats.refresh(self._clock.now())

    def beat(self, now: Moment, *, last: bool) -> None:
        """The one that was due last, of everybody who could send it. last: the world is to change now."""
        board = self._service.beats.board
        longest = 0.0 if last else self._every * (self._missed - 1.0)
        for site in self._lit():
            at = now.unix_seconds - (now.unix_seconds - self._phase(site)) % self._every
            known = self._last.get(site, 0.0)
            if at > known and (at - known >= longest or board.pulse(site) is not Pulse.BEATING):
                self._last[site] = at
                self._service.beats.take(self._heartbeat(site, at))

    @property
    def next_at(self) -> float:
        """When one is awaited that has not come yet, or one that is missing will be missed; unix seconds."""
        now, board, lit = self._clock.unix_seconds, self._service.beats.board, self._lit()
        waits = [float("inf")]
        for site in self._senders:
            pulse = board.pulse(site)
            if site in lit and pulse is not Pulse.BEATING:
                waits.append(now + self._every - (now - self._phase(site)) % self._every)
            elif site not in lit and pulse is Pulse.BEATING and site in self._last:
                waits.append(max(self._last[site] + self._every * self._missed, now) + 1.0)
        return min(waits)

    def _lit(self) -> set[str]:
        fleet, lit = self._service.fleet, self._sight.lit
        return {
            site
            for site, name in self._senders.items()
            if name in fleet and fleet.index(name) < len(lit) and lit[fleet.index(name)]
        }

    def _phase(self, site: str) -> float:
        return self._every * (crc32(site.encode()) % 1000) / 1000

    def _heartbeat(self, site: str, at: float) -> Heartbeat:
        hour = datetime.fromtimestamp(at, self._service.zone).hour
        users = _BUSY[hour] * (_MOST_USERS - crc32(site.encode()) % 8) // 10
        return Heartbeat(
            site,
            Moment(self._clock.steady(at), at),
            internet=(PathTest("1.1.1.1", 0.0, 0.046),),
            dns=(PathTest("dns.example", 0.0, 0.051),),
            dhcp_leases=min(3 * users, _POOL),
            dhcp_pool=_POOL,
            hotspot_users=users,
        )


def token_of(seed: int, site: str) -> Secret:
    """Of a simulated site: the same for the same seed, and worth nothing."""
    return make_token(hashlib.sha256(f"{seed}:heartbeat:{site}".encode()).digest()[:20])


def tokens_of(installation: Installation) -> SqlTokenStore:
    return SqlTokenStore(installation.database.engine, lambda: installation.clock.now().unix_seconds)


def no_heartbeats(installation: Installation, seed: int) -> None:
    """The tokens of the simulated sites are taken back; others stay."""
    store = tokens_of(installation)
    for site in set(store.read()):
        store.remove(hash_of(token_of(seed, site)))
