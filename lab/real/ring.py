"""A ring of routers with the collector inside the network it watches: what a cut darkens, the collector cannot reach.

    nms ── core ── r1 ── r2 ── … ── rN ── core        a desa's switch d1 … dN behind each router of the ring
                          └── p1 ── d(N+1)            and one at the end of a spur

Pure, as the other layout. In the inventory uplinks may not lead in circles: the ring is written as two arms that meet
in the router farthest from the core, which has both ways; the links say the rest.
"""

from itertools import pairwise

from domain.network import RegionCode, Role, SiteKind
from lab.real.layout import COLLECTOR, KECAMATAN, HostPlan, Layout, LinkPlan

CORE, SPUR = "core", "p1"
_DESA = "32.14.03.20{:02}"  # the desa of Jatiluhur
_DESA_COUNT = 10
_CREDENTIAL = "lab-v2c"


def ring_layout(routers: int = 4) -> Layout:
    """`routers` beside the core in the ring. Raises ValueError outside 3 … 9."""
    if not 3 <= routers < _DESA_COUNT:
        raise ValueError(f"a ring has 3 to {_DESA_COUNT - 1} routers beside the core, not {routers}")
    ring = [f"r{number}" for number in range(1, routers + 1)]
    desa = [f"d{number}" for number in range(1, routers + 2)]
    middle = len(ring) // 2
    carries = dict(zip(desa, (*ring, SPUR), strict=True))
    around = [CORE, *ring, CORE]
    cables = [(COLLECTOR, CORE), *pairwise(around), (ring[middle - 1], SPUR)]
    routed = tuple(f"{a}-{z}" for a, z in cables[1:])
    links = _plugged([*cables, *((router, site) for site, router in carries.items())])
    uplinks = {
        CORE: (),
        **{name: (around[at],) for at, name in enumerate(ring[:middle])},
        **{name: (around[middle + at + 2],) for at, name in enumerate(ring[middle:])},
        SPUR: (ring[middle - 1],),
        **{site: (router,) for site, router in carries.items()},
    }
    uplinks[ring[middle]] = (*uplinks[ring[middle]], ring[middle - 1])
    hosts = [_host(name, number, ups, desa) for number, (name, ups) in enumerate(uplinks.items())]
    return Layout({host.name: host for host in hosts}, {link.name: link for link in links}, routed, in_band=True)


def _plugged(cables: list[tuple[str, str]]) -> list[LinkPlan]:
    """Each end goes into the next free port of its host."""
    used: dict[str, int] = {}

    def port(host: str) -> str:
        used[host] = used.get(host, 0) + 1
        return f"e{used[host]}"

    return [LinkPlan(number, a, port(a), z, port(z)) for number, (a, z) in enumerate(cables)]


def _host(name: str, number: int, uplinks: tuple[str, ...], desa: list[str]) -> HostPlan:
    if name in desa:
        region = RegionCode(_DESA.format(desa.index(name) + 1))
        return HostPlan(name, number, Role.SWITCH, uplinks, _CREDENTIAL, SiteKind.DESA, region)
    site = SiteKind.DATACENTER if name == CORE else SiteKind.POP
    return HostPlan(name, number, Role.ROUTER, uplinks, _CREDENTIAL, site, KECAMATAN)
